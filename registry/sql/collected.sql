-- Near-duplicates are on one side of the split, whoever writes the rows: what no version may learn from it could
-- otherwise know by heart from a copy. Ten bits of 64, as for photos (wardrobe/identity/policy.py).

CREATE FUNCTION registry_guard_collected() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        NEW.split <> OLD.split OR NEW.fingerprint <> OLD.fingerprint OR NEW.dataset_id <> OLD.dataset_id
        OR NEW.sha256 <> OLD.sha256
    ) THEN
        RAISE EXCEPTION 'a collected example stays what it is, and on its side of the split'
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('registry_collectedexample'));
    IF EXISTS (
        SELECT FROM registry_collectedexample c
        JOIN registry_dataset d ON d.id = c.dataset_id
        JOIN registry_dataset mine ON mine.id = NEW.dataset_id AND mine.prompt_id = d.prompt_id
        WHERE c.split <> NEW.split AND c.id <> NEW.id
            AND bit_count(('x' || c.fingerprint)::bit(64) # ('x' || NEW.fingerprint)::bit(64)) <= 10
    ) THEN
        RAISE EXCEPTION 'a near-duplicate is on the other side of the split'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_collectedexample_guarded BEFORE INSERT OR UPDATE ON registry_collectedexample
    FOR EACH ROW EXECUTE FUNCTION registry_guard_collected();
ALTER TABLE registry_collectedexample ENABLE ALWAYS TRIGGER registry_collectedexample_guarded;

CREATE FUNCTION registry_guard_example_split() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.split <> 'holdout' AND NOT EXISTS (
        SELECT FROM registry_collectedexample c WHERE c.sha256 = NEW.sha256 AND c.split = NEW.split
    ) THEN
        RAISE EXCEPTION 'an example is locked unless it was collected for training'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_example_split BEFORE INSERT ON registry_example
    FOR EACH ROW EXECUTE FUNCTION registry_guard_example_split();
ALTER TABLE registry_example ENABLE ALWAYS TRIGGER registry_example_split;
