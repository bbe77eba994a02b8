-- One guard for all that was learned from or is shown to a model: a near-duplicate of any of it never judges. It takes the
-- place of the two of training.sql and few_shot.sql. Ten bits of 64, as in registry/sql/collected.sql, whose lock it takes.

CREATE OR REPLACE FUNCTION feedback_guard_holdout() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.split = 'holdout' AND EXISTS (
        SELECT FROM registry_dataset d JOIN registry_prompt p ON p.id = d.prompt_id
        WHERE d.id = NEW.dataset_id AND p.name = 'digitize_photo'
    ) THEN
        PERFORM pg_advisory_xact_lock(hashtext('registry_collectedexample'));
        IF EXISTS (
            SELECT FROM (
                SELECT fingerprint FROM feedback_trainingrow
                UNION ALL SELECT fingerprint FROM feedback_fewshotexample
            ) known
            WHERE bit_count(('x' || known.fingerprint)::bit(64) # ('x' || NEW.fingerprint)::bit(64)) <= 10
        ) THEN
            RAISE EXCEPTION 'a near-duplicate was learned from' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER registry_collectedexample_unshown ON registry_collectedexample;
DROP FUNCTION feedback_guard_holdout_shown();
