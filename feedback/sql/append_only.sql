-- What reviewers decided stays as they said it: who changes their mind adds a row that takes the other back.

CREATE TRIGGER feedback_reviewdecision_append_only BEFORE UPDATE OR DELETE ON feedback_reviewdecision
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE feedback_reviewdecision ENABLE ALWAYS TRIGGER feedback_reviewdecision_append_only;
