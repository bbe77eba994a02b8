-- A canary's version passes the gate that a promotion passes; what has ended stays as it ended.

CREATE FUNCTION registry_guard_canary() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    unfinished text[] := '{state,evidence,calls,live_calls,checked_at,ended_at,ended_by_id,ending}';
    live bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a canary is ended, never deleted' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.state <> 'running' THEN
            RAISE EXCEPTION 'canary % has ended: it stays as it is', OLD.id
                USING ERRCODE = 'restrict_violation';
        ELSIF (to_jsonb(NEW) - unfinished) <> (to_jsonb(OLD) - unfinished) THEN
            RAISE EXCEPTION 'a canary can only be watched and ended' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;

    SELECT a.version_id INTO live FROM registry_alias a
    WHERE a.prompt_id = NEW.prompt_id AND a.name = 'production';
    IF NEW.state <> 'running' THEN
        RAISE EXCEPTION 'a canary begins by running' USING ERRCODE = 'restrict_violation';
    ELSIF NOT EXISTS (
        SELECT FROM registry_promptversion v WHERE v.id = NEW.version_id AND v.prompt_id = NEW.prompt_id
    ) THEN
        RAISE EXCEPTION 'version % is of another prompt', NEW.version_id
            USING ERRCODE = 'restrict_violation';
    ELSIF live IS NULL OR live <> NEW.live_version_id OR live = NEW.version_id THEN
        RAISE EXCEPTION 'a canary is compared with the live version, which is another one'
            USING ERRCODE = 'restrict_violation';
    ELSIF registry_has_passed(NEW.version_id) OR registry_has_override(NEW.version_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION
        'version % may not answer wearers: it has passed with no engine, and no override is open',
        NEW.version_id USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_canary_guarded BEFORE INSERT OR UPDATE OR DELETE ON registry_canary
    FOR EACH ROW EXECUTE FUNCTION registry_guard_canary();
ALTER TABLE registry_canary ENABLE ALWAYS TRIGGER registry_canary_guarded;
