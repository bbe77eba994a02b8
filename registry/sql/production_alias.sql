-- Production moves only to a version that has passed the gate, comes back as it had passed, or has an open override.

CREATE FUNCTION registry_guard_alias() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Else the next row would be a first one again.
        RAISE EXCEPTION 'an alias is moved, never deleted' USING ERRCODE = 'restrict_violation';
    ELSIF NOT EXISTS (
        SELECT FROM registry_promptversion v WHERE v.id = NEW.version_id AND v.prompt_id = NEW.prompt_id
    ) THEN
        RAISE EXCEPTION 'version % is of another prompt', NEW.version_id
            USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'UPDATE' AND (NEW.prompt_id, NEW.name, NEW.version_id)
        = (OLD.prompt_id, OLD.name, OLD.version_id)
    THEN
        RETURN NEW;
    ELSIF NEW.name <> 'production' THEN
        RETURN NEW;
    ELSIF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM registry_deployment d WHERE d.prompt_id = NEW.prompt_id AND d.alias = NEW.name
    ) THEN
        RETURN NEW; -- A prompt's first version: without it nobody would be answered at all.
    ELSIF registry_has_passed(NEW.version_id)
        OR registry_passed_when_live(NEW.version_id) -- A rollback.
        OR registry_has_override(NEW.version_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % may not go live: it has passed with no engine, and no override is open',
        NEW.version_id USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_alias_guarded BEFORE INSERT OR UPDATE OR DELETE ON registry_alias
    FOR EACH ROW EXECUTE FUNCTION registry_guard_alias();
ALTER TABLE registry_alias ENABLE ALWAYS TRIGGER registry_alias_guarded;
