"""The gate in the database also refuses what is significantly worse than the live version.

As `registry/gate.py` has it: the newest completed runs of both on the same examples, field by field, by
McNemar's exact test (Q. McNemar, Psychometrika 12, 1947). What decided so far keeps its text under another
name, and is asked first.
"""

from django.db import migrations

FIELDS = """
CREATE FUNCTION registry_answered_fields(run bigint)
RETURNS TABLE (sha256 text, subject text, name text, correct boolean) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (1, 2, 3)
        x.sha256::text, f->>'subject', f->>'name', (f->>'correct')::boolean
    FROM registry_exampleresult r JOIN registry_example x ON x.id = r.example_id,
        jsonb_array_elements(r.fields) AS f
    WHERE r.run_id = run AND f->>'name' <> 'extra'
    ORDER BY 1, 2, 3, r.id DESC;
$$;
"""

# Summed in logarithms: 2^-n is too small for a float from 1,075 fields on, and exp() then raises.
WORSE = """
CREATE FUNCTION registry_explain_worse(candidate bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
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
"""

GATE = """
ALTER FUNCTION registry_explain_not_passed(bigint) RENAME TO registry_explain_below_thresholds;

CREATE FUNCTION registry_explain_not_passed(candidate bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    failure text := registry_explain_below_thresholds(candidate);
BEGIN
    RETURN CASE WHEN failure <> '' THEN failure ELSE registry_explain_worse(candidate) END;
END $$;
"""

FORMER_GATE = """
DROP FUNCTION registry_explain_not_passed(bigint);
ALTER FUNCTION registry_explain_below_thresholds(bigint) RENAME TO registry_explain_not_passed;
"""

# A temporary table is found first unless it is named last: one called like ours would answer for it.
SEARCH_PATH = """
DO $$
DECLARE
    guard text;
BEGIN
    FOREACH guard IN ARRAY ARRAY[
        'registry_answered_fields(bigint)', 'registry_explain_worse(bigint)',
        'registry_explain_not_passed(bigint)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', guard, current_schema());
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_guard_what_the_gate_reads")]

    operations = [
        migrations.RunSQL(FIELDS, "DROP FUNCTION registry_answered_fields(bigint);"),
        migrations.RunSQL(WORSE, "DROP FUNCTION registry_explain_worse(bigint);"),
        migrations.RunSQL(GATE, FORMER_GATE),
        migrations.RunSQL(SEARCH_PATH, migrations.RunSQL.noop),
    ]
