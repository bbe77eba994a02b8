-- Words of a wearer who is gone are taken out of what otherwise never changes. A golden example of theirs, and what
-- versions answered to it, may be blanked: strings become empty, and nothing else is added, removed or changed, so that
-- it is still the same question and every count stays. registry/services/forgetting.py says which strings.

CREATE FUNCTION registry_is_blanked(before jsonb, after jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $$
BEGIN
    IF before IS NOT DISTINCT FROM after THEN
        RETURN true;
    ELSIF jsonb_typeof(before) IS DISTINCT FROM jsonb_typeof(after) THEN
        RETURN false;
    ELSIF jsonb_typeof(before) = 'string' THEN
        RETURN after = '""'::jsonb;
    ELSIF jsonb_typeof(before) = 'object' THEN
        RETURN ARRAY(SELECT jsonb_object_keys(before)) = ARRAY(SELECT jsonb_object_keys(after)) AND NOT EXISTS (
            SELECT FROM jsonb_each(before) b WHERE NOT registry_is_blanked(b.value, after -> b.key)
        );
    ELSIF jsonb_typeof(before) = 'array' THEN
        RETURN jsonb_array_length(before) = jsonb_array_length(after) AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(before) WITH ORDINALITY b(value, place)
            WHERE NOT registry_is_blanked(b.value, after -> (b.place - 1)::integer)
        );
    END IF;
    RETURN false;
END $$;

CREATE FUNCTION registry_is_withdrawn(digest text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM registry_collectedexample c
        WHERE c.sha256 = digest AND (c.withdrawn_at IS NOT NULL OR c.owner_id IS NULL)
    );
END $$;

CREATE FUNCTION registry_keep_example() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND registry_is_withdrawn(OLD.sha256)
        AND (to_jsonb(NEW) - '{input,expected}'::text[]) = (to_jsonb(OLD) - '{input,expected}'::text[])
        AND registry_is_blanked(OLD.input, NEW.input) AND registry_is_blanked(OLD.expected, NEW.expected)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: make a new row instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_example_append_only BEFORE UPDATE OR DELETE ON registry_example
    FOR EACH ROW EXECUTE FUNCTION registry_keep_example();
ALTER TABLE registry_example ENABLE ALWAYS TRIGGER registry_example_append_only;

CREATE FUNCTION registry_keep_result() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
            SELECT registry_is_withdrawn(e.sha256) FROM registry_example e WHERE e.id = OLD.example_id
        )
        AND (to_jsonb(NEW) - '{output,violations,fields,error}'::text[])
            = (to_jsonb(OLD) - '{output,violations,fields,error}'::text[])
        AND registry_is_blanked(OLD.output, NEW.output)
        AND registry_is_blanked(OLD.violations, NEW.violations)
        AND registry_is_blanked(OLD.fields, NEW.fields)
        AND NEW.error IN (OLD.error, '')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: make a new row instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_exampleresult_append_only BEFORE UPDATE OR DELETE ON registry_exampleresult
    FOR EACH ROW EXECUTE FUNCTION registry_keep_result();
ALTER TABLE registry_exampleresult ENABLE ALWAYS TRIGGER registry_exampleresult_append_only;

-- The only ways in for a role that may not update these tables: they run as the owner, and the triggers judge all the
-- same. See docs/deployment.md.
CREATE FUNCTION registry_blank_example(pk bigint, new_input jsonb, new_expected jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE registry_example SET input = new_input, expected = new_expected WHERE id = pk;
$$;
REVOKE EXECUTE ON FUNCTION registry_blank_example(bigint, jsonb, jsonb) FROM PUBLIC;

CREATE FUNCTION registry_blank_result(pk bigint, new_output jsonb, new_violations jsonb, new_fields jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE registry_exampleresult
    SET output = new_output, violations = new_violations, fields = new_fields, error = '' WHERE id = pk;
$$;
REVOKE EXECUTE ON FUNCTION registry_blank_result(bigint, jsonb, jsonb, jsonb) FROM PUBLIC;
