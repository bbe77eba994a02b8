-- A published revision of the vocabulary stays as it was: versions of prompts name it by its digest.
-- Enabled ALWAYS, for session_replication_role = replica passes by the others.

CREATE TRIGGER wardrobe_vocabularyrevision_append_only BEFORE UPDATE OR DELETE ON wardrobe_vocabularyrevision
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE wardrobe_vocabularyrevision ENABLE ALWAYS TRIGGER wardrobe_vocabularyrevision_append_only;
