-- The deployments only tell of moves that the alias has made.

CREATE FUNCTION registry_guard_deployment() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    -- A made-up move would let its version pass as one that was live before.
    IF NOT EXISTS (
        SELECT FROM registry_alias a
        WHERE a.prompt_id = NEW.prompt_id AND a.name = NEW.alias
            AND a.version_id = NEW.to_version_id AND a.epoch = NEW.epoch
    ) THEN
        RAISE EXCEPTION 'the history only has moves that were made' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_deployment_guarded BEFORE INSERT ON registry_deployment
    FOR EACH ROW EXECUTE FUNCTION registry_guard_deployment();
ALTER TABLE registry_deployment ENABLE ALWAYS TRIGGER registry_deployment_guarded;
