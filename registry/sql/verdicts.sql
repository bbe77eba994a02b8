-- A verdict is of a completed run, and passes only what the engine it names has answered, example by example.
-- What it counts is counted in registry/evaluation/gate.py.

CREATE FUNCTION registry_guard_verdict() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_evaluationrun r
        WHERE r.id = NEW.run_id AND r.ending = 'completed'
            AND r.version_id = NEW.version_id AND r.dataset_version_id = NEW.dataset_version_id
    ) THEN
        RAISE EXCEPTION 'a verdict is of a completed run of its version on its examples'
            USING ERRCODE = 'restrict_violation';
    ELSIF NEW.passed AND EXISTS (
        SELECT FROM registry_exampleresult x LEFT JOIN registry_inferencecall c ON c.id = x.call_id
        WHERE x.run_id = NEW.run_id AND x.output IS NOT NULL AND c.engine IS DISTINCT FROM NEW.engine
    ) THEN
        RAISE EXCEPTION 'a verdict is of the engine that answered' USING ERRCODE = 'restrict_violation';
    ELSIF NEW.passed AND EXISTS (
        SELECT FROM registry_example e
        WHERE e.dataset_version_id = NEW.dataset_version_id AND NOT EXISTS (
            SELECT FROM registry_exampleresult x WHERE x.run_id = NEW.run_id AND x.example_id = e.id
        )
    ) THEN
        RAISE EXCEPTION 'what has passed was asked every example' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.created_at := clock_timestamp(); -- The newest counts: a date of its own would outlast all others.
    RETURN NEW;
END $$;

CREATE TRIGGER registry_verdict_guarded BEFORE INSERT ON registry_verdict
    FOR EACH ROW EXECUTE FUNCTION registry_guard_verdict();
ALTER TABLE registry_verdict ENABLE ALWAYS TRIGGER registry_verdict_guarded;

-- The only way in for a role that may not insert into the table: it runs as the owner. See docs/security.md.
CREATE FUNCTION registry_append_verdict(
    judged bigint, answered_by text, has_passed boolean, reasons jsonb, counted jsonb, required jsonb, rival bigint
) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO registry_verdict (
        run_id, version_id, dataset_version_id, engine, passed, failures, figures, thresholds, compared_with_id
    )
    SELECT r.id, r.version_id, r.dataset_version_id, answered_by, has_passed, reasons, counted, required, rival
    FROM registry_evaluationrun r WHERE r.id = judged
    RETURNING id;
$$;
REVOKE EXECUTE ON FUNCTION registry_append_verdict(bigint, text, boolean, jsonb, jsonb, jsonb, bigint) FROM PUBLIC;
