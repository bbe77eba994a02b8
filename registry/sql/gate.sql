-- What a version must reach to go live, counted from the append-only results, as registry/gate.py counts it: so the
-- admin, a shell, loaddata, COPY and SQL by hand meet the same gate. The service says it first, in better words.
-- Each function returns why the version may not pass, or ''.

CREATE FUNCTION registry_explain_below_thresholds(candidate bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    version registry_promptversion;
    golden record;
    judged bigint;
    found record;
    slice record;
    datasets integer := 0;
BEGIN
    SELECT * INTO version FROM registry_promptversion WHERE id = candidate;
    FOR golden IN
        SELECT d.name, v.id, v.number,
            coalesce(t.accuracy, (v.thresholds->>'accuracy')::float8, 0.95) AS accuracy,
            coalesce(t.validity, 1.0) AS validity,
            coalesce(t.slice_floor, (v.thresholds->>'slice_floor')::float8, 0.85) AS slice_floor,
            coalesce(t.slice_floors, v.thresholds->'slice_floors') AS slice_floors
        FROM registry_dataset d JOIN registry_datasetversion v ON v.id = d.current_id
        LEFT JOIN LATERAL (
            SELECT * FROM registry_gatethresholds g WHERE g.prompt_id = d.prompt_id
            ORDER BY g.created_at DESC, g.id DESC LIMIT 1
        ) t ON true
        WHERE d.prompt_id = version.prompt_id
    LOOP
        datasets := datasets + 1;

        -- The newest whole evaluation on the current examples by the engine that the version names.
        SELECT e.id INTO judged FROM registry_evaluationrun e
        WHERE e.version_id = candidate AND e.dataset_version_id = golden.id
            AND e.ending = 'completed' AND e.engine = version.bundle->>'engine'
        ORDER BY e.started_at DESC, e.id DESC LIMIT 1;
        IF judged IS NULL THEN
            RETURN format('no evaluation on %s %s has been completed', golden.name, golden.number);
        END IF;

        SELECT count(*) AS asked, sum(r.correct)::float8 AS correct, sum(r.total) AS total,
            count(*) FILTER (WHERE r.output IS NULL) AS broken,
            count(*) FILTER (WHERE r.violations @> '[{"code": "unowned_item"}]') AS unowned
        INTO found FROM registry_exampleresult r WHERE r.run_id = judged;
        IF found.asked < (
            SELECT count(*) FROM registry_example x WHERE x.dataset_version_id = golden.id
        ) THEN
            RETURN format('not every example of %s %s was asked', golden.name, golden.number);
        ELSIF found.asked > 0
            AND (found.asked - found.broken)::float8 / found.asked < golden.validity
        THEN
            RETURN format('%s answers are not well-formed', found.broken);
        ELSIF found.unowned > 0 THEN
            RETURN format('%s answers name things that were not offered', found.unowned);
        ELSIF found.total > 0 AND found.correct / found.total < golden.accuracy THEN
            RETURN format('%s of %s fields are right, not %s of them',
                found.correct, found.total, golden.accuracy);
        END IF;

        SELECT s.name, sum(r.correct)::float8 / sum(r.total) AS share INTO slice
        FROM registry_exampleresult r JOIN registry_example x ON x.id = r.example_id,
            jsonb_array_elements_text(x.slices) AS s(name)
        WHERE r.run_id = judged
        GROUP BY s.name
        HAVING sum(r.total) > 0 AND sum(r.correct)::float8 / sum(r.total)
            < coalesce((golden.slice_floors->>s.name)::float8, golden.slice_floor)
        LIMIT 1;
        IF slice.name IS NOT NULL THEN
            RETURN format('slice %s is below its floor', slice.name);
        END IF;
    END LOOP;
    RETURN CASE WHEN datasets = 0 THEN 'its prompt has no golden dataset' ELSE '' END;
END $$;

-- The fields of a run's answers, each once.
CREATE FUNCTION registry_answered_fields(run bigint)
RETURNS TABLE (sha256 text, subject text, name text, correct boolean)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT DISTINCT ON (1, 2, 3)
        x.sha256::text, f->>'subject', f->>'name', (f->>'correct')::boolean
    FROM registry_exampleresult r JOIN registry_example x ON x.id = r.example_id,
        jsonb_array_elements(r.fields) AS f
    WHERE r.run_id = run AND f->>'name' <> 'extra'
    ORDER BY 1, 2, 3, r.id DESC;
$$;

-- Significantly worse than the live version: the newest completed runs of both on the same examples, field by
-- field, by McNemar's exact test (Q. McNemar, Psychometrika 12, 1947).
CREATE FUNCTION registry_explain_worse(candidate bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    pair record;
    only_this bigint;
    only_live bigint;
    log_term float8;
    tail float8;
BEGIN
    FOR pair IN
        SELECT mine.id AS mine, theirs.id AS theirs, live.number AS number
        FROM registry_promptversion v
        JOIN registry_dataset d ON d.prompt_id = v.prompt_id AND d.current_id IS NOT NULL
        JOIN registry_alias a ON a.prompt_id = v.prompt_id AND a.name = 'production'
        JOIN registry_promptversion live ON live.id = a.version_id AND live.id <> v.id
        JOIN LATERAL (
            SELECT e.id FROM registry_evaluationrun e
            WHERE e.version_id = v.id AND e.dataset_version_id = d.current_id
                AND e.ending = 'completed' AND e.engine = v.bundle->>'engine'
            ORDER BY e.started_at DESC, e.id DESC LIMIT 1
        ) mine ON true
        JOIN LATERAL (
            SELECT e.id FROM registry_evaluationrun e
            WHERE e.version_id = live.id AND e.dataset_version_id = d.current_id
                AND e.ending = 'completed' AND e.engine = live.bundle->>'engine'
            ORDER BY e.started_at DESC, e.id DESC LIMIT 1
        ) theirs ON true
        WHERE v.id = candidate
    LOOP
        SELECT count(*) FILTER (WHERE mine.correct AND NOT theirs.correct),
            count(*) FILTER (WHERE theirs.correct AND NOT mine.correct)
        INTO only_this, only_live
        FROM registry_answered_fields(pair.mine) mine
        JOIN registry_answered_fields(pair.theirs) theirs USING (sha256, subject, name);
        CONTINUE WHEN only_this >= only_live;

        -- Summed in logarithms: 2^-n is too small for a float from 1,075 fields on, and exp() then raises.
        tail := 0;
        log_term := -(only_this + only_live) * ln(2::float8);
        FOR k IN 0..only_this LOOP
            IF k > 0 THEN
                log_term := log_term
                    + ln((only_this + only_live - k + 1)::float8) - ln(k::float8);
            END IF;
            IF log_term > -700 THEN
                tail := tail + exp(log_term);
            END IF;
        END LOOP;
        IF 2 * tail < 0.01 THEN
            RETURN format('it is worse than the live version %s: %s fields are right there alone, %s here',
                pair.number, only_live, only_this);
        END IF;
    END LOOP;
    RETURN '';
END $$;

CREATE FUNCTION registry_explain_not_passed(candidate bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    failure text := registry_explain_below_thresholds(candidate);
BEGIN
    RETURN CASE WHEN failure <> '' THEN failure ELSE registry_explain_worse(candidate) END;
END $$;
