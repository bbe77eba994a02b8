"""The database lets production move only to a version that has passed, was live before, or has an override.

"Passed" is counted here from the append-only results, as `registry/gate.py` counts it, so that the admin, a
shell, `loaddata`, COPY and SQL by hand meet the same gate. The service says it first, in better words.
"""

from django.db import migrations

GATE = """
CREATE FUNCTION registry_explain_not_passed(candidate bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
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
            coalesce((v.thresholds->>'accuracy')::float8, 0.95) AS accuracy,
            coalesce((v.thresholds->>'slice_floor')::float8, 0.85) AS slice_floor,
            v.thresholds->'slice_floors' AS slice_floors
        FROM registry_dataset d JOIN registry_datasetversion v ON v.id = d.current_id
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
        ELSIF found.broken > 0 THEN
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
"""

ALIAS = """
CREATE FUNCTION registry_guard_alias() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    failure text;
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
    ELSIF EXISTS (
        SELECT FROM registry_deployment d
        WHERE d.prompt_id = NEW.prompt_id AND d.alias = NEW.name AND d.to_version_id = NEW.version_id
    ) THEN
        RETURN NEW; -- It was live before: a rollback.
    ELSIF EXISTS (
        SELECT FROM registry_override o WHERE o.version_id = NEW.version_id AND o.expires_at > now()
    ) THEN
        RETURN NEW;
    END IF;
    failure := registry_explain_not_passed(NEW.version_id);
    IF failure <> '' THEN
        RAISE EXCEPTION 'version % may not go live: %', NEW.version_id, failure
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_alias_guarded BEFORE INSERT OR UPDATE OR DELETE ON registry_alias
    FOR EACH ROW EXECUTE FUNCTION registry_guard_alias();
ALTER TABLE registry_alias ENABLE ALWAYS TRIGGER registry_alias_guarded;
"""

DEPLOYMENT = """
CREATE FUNCTION registry_guard_deployment() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

# A temporary table is found first unless it is named last: one called like ours would answer for it.
SEARCH_PATH = """
DO $$
DECLARE
    guard text;
BEGIN
    FOREACH guard IN ARRAY ARRAY[
        'registry_explain_not_passed(bigint)', 'registry_guard_alias()', 'registry_guard_deployment()'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', guard, current_schema());
    END LOOP;
END $$;
"""

OVERRIDE = """
CREATE TRIGGER registry_override_append_only BEFORE UPDATE OR DELETE ON registry_override
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_override ENABLE ALWAYS TRIGGER registry_override_append_only;
"""

RUN = """
CREATE OR REPLACE FUNCTION registry_end_run_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL
        AND (to_jsonb(NEW) - '{unfinished}'::text[]) = (to_jsonb(OLD) - '{unfinished}'::text[])
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an evaluation can only be ended, and once'
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def allow(columns: str) -> str:
    """The function that refuses all changes of a run but those of `columns`, while it has not ended."""
    return RUN.replace("{unfinished}", f"{{{columns}}}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_record_overrides_and_lost_evaluations")]

    operations = [
        migrations.RunSQL(GATE, "DROP FUNCTION registry_explain_not_passed(bigint);"),
        migrations.RunSQL(
            ALIAS,
            "DROP TRIGGER registry_alias_guarded ON registry_alias; DROP FUNCTION registry_guard_alias();",
        ),
        migrations.RunSQL(
            DEPLOYMENT,
            "DROP TRIGGER registry_deployment_guarded ON registry_deployment;"
            " DROP FUNCTION registry_guard_deployment();",
        ),
        migrations.RunSQL(SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(
            OVERRIDE, "DROP TRIGGER registry_override_append_only ON registry_override;"
        ),
        migrations.RunSQL(allow("ending,ended_at,heartbeat_at"), allow("ending,ended_at")),
    ]
