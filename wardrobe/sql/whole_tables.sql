-- What is guarded row by row is not emptied at once (registry/sql/whole_tables.sql).

CREATE TRIGGER wardrobe_vocabularyrevision_no_truncate BEFORE TRUNCATE ON wardrobe_vocabularyrevision
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE wardrobe_vocabularyrevision ENABLE ALWAYS TRIGGER wardrobe_vocabularyrevision_no_truncate;
