-- A call has one outcome: once written, it stays. Other columns may still be filled in.

CREATE FUNCTION registry_keep_outcome() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'call % has ended: it keeps the outcome %', OLD.id, OLD.outcome
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_inferencecall_keep_outcome BEFORE UPDATE ON registry_inferencecall
    FOR EACH ROW WHEN (OLD.outcome IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome)
    EXECUTE FUNCTION registry_keep_outcome();
ALTER TABLE registry_inferencecall ENABLE ALWAYS TRIGGER registry_inferencecall_keep_outcome;
