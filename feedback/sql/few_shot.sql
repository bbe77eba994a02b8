-- A photo that a model is shown stays as it was, and is never what a version is judged by: near-duplicates of the locked
-- holdout are refused here, and near-duplicates of these there, as in training.sql.

CREATE TRIGGER feedback_fewshotexample_append_only BEFORE UPDATE OR DELETE ON feedback_fewshotexample
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE feedback_fewshotexample ENABLE ALWAYS TRIGGER feedback_fewshotexample_append_only;

CREATE TRIGGER feedback_fewshotexample_guarded BEFORE INSERT ON feedback_fewshotexample
    FOR EACH ROW EXECUTE FUNCTION feedback_guard_trainingrow();
ALTER TABLE feedback_fewshotexample ENABLE ALWAYS TRIGGER feedback_fewshotexample_guarded;

CREATE FUNCTION feedback_guard_holdout_shown() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.split = 'holdout' AND EXISTS (
        SELECT FROM registry_dataset d JOIN registry_prompt p ON p.id = d.prompt_id
        WHERE d.id = NEW.dataset_id AND p.name = 'digitize_photo'
    ) THEN
        PERFORM pg_advisory_xact_lock(hashtext('registry_collectedexample'));
        IF EXISTS (
            SELECT FROM feedback_fewshotexample e
            WHERE bit_count(('x' || e.fingerprint)::bit(64) # ('x' || NEW.fingerprint)::bit(64)) <= 10
        ) THEN
            RAISE EXCEPTION 'a near-duplicate is shown to a model' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_collectedexample_unshown BEFORE INSERT ON registry_collectedexample
    FOR EACH ROW EXECUTE FUNCTION feedback_guard_holdout_shown();
ALTER TABLE registry_collectedexample ENABLE ALWAYS TRIGGER registry_collectedexample_unshown;
