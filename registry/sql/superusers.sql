-- Overrides and thresholds open the gate: they name an active superuser, or come from the role that owns the
-- tables (a release's own commands). Whoever writes rows as another role can still name a superuser: see
-- docs/security.md. {users} is the table of AUTH_USER_MODEL.

CREATE FUNCTION registry_may_loosen(actor bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    IF actor IS NOT NULL THEN
        RETURN EXISTS (SELECT FROM {users} u WHERE u.id = actor AND u.is_active AND u.is_superuser);
    END IF;
    RETURN (
        SELECT pg_has_role(current_user, c.relowner, 'USAGE')
        FROM pg_class c WHERE c.oid = 'registry_override'::regclass
    );
END $$;

CREATE FUNCTION registry_guard_override() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT registry_may_loosen(NEW.actor_id) THEN
        RAISE EXCEPTION 'an override takes an active superuser' USING ERRCODE = 'restrict_violation';
    ELSIF NEW.created_at > clock_timestamp() OR NEW.expires_at > now() + interval '30 days' THEN
        RAISE EXCEPTION 'an override begins now and lasts 30 days at most'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_override_guarded BEFORE INSERT ON registry_override
    FOR EACH ROW EXECUTE FUNCTION registry_guard_override();
ALTER TABLE registry_override ENABLE ALWAYS TRIGGER registry_override_guarded;

CREATE FUNCTION registry_guard_thresholds() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT registry_may_loosen(NEW.actor_id) THEN
        RAISE EXCEPTION 'thresholds are set by an active superuser' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.created_at := clock_timestamp(); -- The newest counts: a date of its own would outlast all others.
    RETURN NEW;
END $$;

CREATE TRIGGER registry_gatethresholds_guarded BEFORE INSERT ON registry_gatethresholds
    FOR EACH ROW EXECUTE FUNCTION registry_guard_thresholds();
ALTER TABLE registry_gatethresholds ENABLE ALWAYS TRIGGER registry_gatethresholds_guarded;
