-- A dataset's current version only moves along a change that was logged; one that asks less of a version, or by
-- other thresholds, takes a superuser.

CREATE FUNCTION registry_guard_dataset_change() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    current_version bigint;
    asks_less boolean;
BEGIN
    SELECT d.current_id INTO current_version FROM registry_dataset d
    WHERE d.id = NEW.dataset_id FOR UPDATE;
    IF NEW.from_version_id IS DISTINCT FROM current_version OR NOT EXISTS (
        SELECT FROM registry_datasetversion v
        WHERE v.id = NEW.to_version_id AND v.dataset_id = NEW.dataset_id
    ) THEN
        RAISE EXCEPTION 'a change leads from the current version to another one of the same dataset'
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT later.thresholds <> former.thresholds
        OR (SELECT count(*) FROM registry_example x WHERE x.dataset_version_id = later.id)
            < (SELECT count(*) FROM registry_example x WHERE x.dataset_version_id = former.id)
    INTO asks_less
    FROM registry_datasetversion later, registry_datasetversion former
    WHERE later.id = NEW.to_version_id AND former.id = NEW.from_version_id;
    IF asks_less AND NOT registry_may_loosen(NEW.actor_id) THEN
        RAISE EXCEPTION 'fewer examples or other thresholds take an active superuser'
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.created_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER registry_datasetchange_guarded BEFORE INSERT ON registry_datasetchange
    FOR EACH ROW EXECUTE FUNCTION registry_guard_dataset_change();
ALTER TABLE registry_datasetchange ENABLE ALWAYS TRIGGER registry_datasetchange_guarded;

CREATE FUNCTION registry_guard_dataset() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    last record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.current_id IS NOT NULL THEN
            RAISE EXCEPTION 'a dataset begins empty' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    ELSIF NEW.prompt_id <> OLD.prompt_id THEN
        RAISE EXCEPTION 'a dataset stays with its prompt' USING ERRCODE = 'restrict_violation';
    ELSIF NEW.current_id IS NOT DISTINCT FROM OLD.current_id THEN
        RETURN NEW;
    END IF;
    SELECT c.from_version_id, c.to_version_id INTO last FROM registry_datasetchange c
    WHERE c.dataset_id = NEW.id ORDER BY c.created_at DESC, c.id DESC LIMIT 1;
    IF NEW.current_id IS DISTINCT FROM last.to_version_id
        OR OLD.current_id IS DISTINCT FROM last.from_version_id
    THEN
        RAISE EXCEPTION 'a dataset changes along its log' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_dataset_guarded BEFORE INSERT OR UPDATE ON registry_dataset
    FOR EACH ROW EXECUTE FUNCTION registry_guard_dataset();
ALTER TABLE registry_dataset ENABLE ALWAYS TRIGGER registry_dataset_guarded;
