-- What is guarded row by row is not emptied at once (registry/sql/whole_tables.sql).

CREATE TRIGGER feedback_artefact_no_truncate BEFORE TRUNCATE ON feedback_artefact
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE feedback_artefact ENABLE ALWAYS TRIGGER feedback_artefact_no_truncate;

CREATE TRIGGER feedback_fewshotexample_no_truncate BEFORE TRUNCATE ON feedback_fewshotexample
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE feedback_fewshotexample ENABLE ALWAYS TRIGGER feedback_fewshotexample_no_truncate;

CREATE TRIGGER feedback_reviewdecision_no_truncate BEFORE TRUNCATE ON feedback_reviewdecision
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE feedback_reviewdecision ENABLE ALWAYS TRIGGER feedback_reviewdecision_no_truncate;

CREATE TRIGGER feedback_trainingrow_no_truncate BEFORE TRUNCATE ON feedback_trainingrow
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE feedback_trainingrow ENABLE ALWAYS TRIGGER feedback_trainingrow_no_truncate;

CREATE TRIGGER feedback_trainingset_no_truncate BEFORE TRUNCATE ON feedback_trainingset
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE feedback_trainingset ENABLE ALWAYS TRIGGER feedback_trainingset_no_truncate;
