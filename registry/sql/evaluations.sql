-- A run only shows that it is alive and ends, once.

CREATE FUNCTION registry_end_run_once() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL
        AND (to_jsonb(NEW) - '{ending,ended_at,heartbeat_at}'::text[])
            = (to_jsonb(OLD) - '{ending,ended_at,heartbeat_at}'::text[])
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an evaluation can only be ended, and once'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_evaluationrun_ends_once BEFORE UPDATE OR DELETE ON registry_evaluationrun
    FOR EACH ROW EXECUTE FUNCTION registry_end_run_once();
ALTER TABLE registry_evaluationrun ENABLE ALWAYS TRIGGER registry_evaluationrun_ends_once;
