-- What was learned from stays as it was, and is never what a version is judged by: near-duplicates of the locked holdout
-- are refused here, and near-duplicates of training rows there. Ten bits of 64, as in registry/sql/collected.sql,
-- whose lock both take.

CREATE TRIGGER feedback_trainingset_append_only BEFORE UPDATE OR DELETE ON feedback_trainingset
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE feedback_trainingset ENABLE ALWAYS TRIGGER feedback_trainingset_append_only;

CREATE TRIGGER feedback_trainingrow_append_only BEFORE UPDATE OR DELETE ON feedback_trainingrow
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE feedback_trainingrow ENABLE ALWAYS TRIGGER feedback_trainingrow_append_only;

CREATE TRIGGER feedback_artefact_append_only BEFORE UPDATE OR DELETE ON feedback_artefact
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE feedback_artefact ENABLE ALWAYS TRIGGER feedback_artefact_append_only;

CREATE FUNCTION feedback_guard_trainingrow() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('registry_collectedexample'));
    IF EXISTS (
        SELECT FROM registry_collectedexample c
        JOIN registry_dataset d ON d.id = c.dataset_id
        JOIN registry_prompt p ON p.id = d.prompt_id
        WHERE c.split = 'holdout' AND p.name = 'digitize_photo'
            AND bit_count(('x' || c.fingerprint)::bit(64) # ('x' || NEW.fingerprint)::bit(64)) <= 10
    ) THEN
        RAISE EXCEPTION 'a near-duplicate is in the locked holdout' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER feedback_trainingrow_guarded BEFORE INSERT ON feedback_trainingrow
    FOR EACH ROW EXECUTE FUNCTION feedback_guard_trainingrow();
ALTER TABLE feedback_trainingrow ENABLE ALWAYS TRIGGER feedback_trainingrow_guarded;

CREATE FUNCTION feedback_guard_holdout() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.split = 'holdout' AND EXISTS (
        SELECT FROM registry_dataset d JOIN registry_prompt p ON p.id = d.prompt_id
        WHERE d.id = NEW.dataset_id AND p.name = 'digitize_photo'
    ) THEN
        PERFORM pg_advisory_xact_lock(hashtext('registry_collectedexample'));
        IF EXISTS (
            SELECT FROM feedback_trainingrow r
            WHERE bit_count(('x' || r.fingerprint)::bit(64) # ('x' || NEW.fingerprint)::bit(64)) <= 10
        ) THEN
            RAISE EXCEPTION 'a near-duplicate was learned from' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_collectedexample_unlearned BEFORE INSERT ON registry_collectedexample
    FOR EACH ROW EXECUTE FUNCTION feedback_guard_holdout();
ALTER TABLE registry_collectedexample ENABLE ALWAYS TRIGGER registry_collectedexample_unlearned;
