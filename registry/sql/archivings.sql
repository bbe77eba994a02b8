-- Drafts that were put away: what was before wearers is never archived, and what is archived comes before nobody until
-- it is restored. The service says both first, in better words.

-- The newest row of a version counts.
CREATE FUNCTION registry_is_archived(candidate bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce((
        SELECT a.kind = 'archive' FROM registry_versionarchiving a
        WHERE a.version_id = candidate ORDER BY a.created_at DESC, a.id DESC LIMIT 1
    ), false);
$$;

CREATE FUNCTION registry_guard_archiving() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.created_at := clock_timestamp(); -- The newest counts: a date of its own would outlast all others.
    IF NEW.kind = 'archive' AND (
        EXISTS (SELECT FROM registry_alias l WHERE l.version_id = NEW.version_id)
        OR EXISTS (SELECT FROM registry_deployment d WHERE d.to_version_id = NEW.version_id)
        OR EXISTS (SELECT FROM registry_canary c WHERE c.version_id = NEW.version_id)
        OR registry_has_override(NEW.version_id)
    ) THEN
        RAISE EXCEPTION 'version % was before wearers or may go there: it is not archived', NEW.version_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_versionarchiving_guarded BEFORE INSERT ON registry_versionarchiving
    FOR EACH ROW EXECUTE FUNCTION registry_guard_archiving();
ALTER TABLE registry_versionarchiving ENABLE ALWAYS TRIGGER registry_versionarchiving_guarded;

CREATE TRIGGER registry_versionarchiving_append_only BEFORE UPDATE OR DELETE ON registry_versionarchiving
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_versionarchiving ENABLE ALWAYS TRIGGER registry_versionarchiving_append_only;

CREATE TRIGGER registry_versionarchiving_no_truncate BEFORE TRUNCATE ON registry_versionarchiving
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_versionarchiving ENABLE ALWAYS TRIGGER registry_versionarchiving_no_truncate;

CREATE FUNCTION registry_refuse_archived() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF registry_is_archived(NEW.version_id) THEN
        RAISE EXCEPTION 'version % is archived: restore it first', NEW.version_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_alias_not_archived BEFORE INSERT OR UPDATE ON registry_alias
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_archived();
ALTER TABLE registry_alias ENABLE ALWAYS TRIGGER registry_alias_not_archived;

CREATE TRIGGER registry_canary_not_archived BEFORE INSERT ON registry_canary
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_archived();
ALTER TABLE registry_canary ENABLE ALWAYS TRIGGER registry_canary_not_archived;

CREATE TRIGGER registry_override_not_archived BEFORE INSERT ON registry_override
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_archived();
ALTER TABLE registry_override ENABLE ALWAYS TRIGGER registry_override_not_archived;
