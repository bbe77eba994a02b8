"""Overrides, thresholds and golden datasets are what opens the gate: the database asks who writes them.

An override and a row of thresholds name an active superuser, or come from the role that owns the tables (an
upgrade). A dataset's `current` only moves along a change that was logged; one that asks less, or by other
thresholds, takes the same. A process whose role owns nothing can still name a superuser: see docs/security.md.
"""

from typing import Any

from django.conf import settings
from django.db import migrations

MAY_LOOSEN = """
CREATE FUNCTION registry_may_loosen(actor bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF actor IS NOT NULL THEN
        RETURN EXISTS (SELECT FROM {users} u WHERE u.id = actor AND u.is_active AND u.is_superuser);
    END IF;
    RETURN (
        SELECT pg_has_role(current_user, c.relowner, 'USAGE')
        FROM pg_class c WHERE c.oid = 'registry_override'::regclass
    );
END $$;
"""

OVERRIDE = """
CREATE FUNCTION registry_guard_override() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

THRESHOLDS = """
CREATE FUNCTION registry_guard_thresholds() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

CHANGE = """
CREATE FUNCTION registry_guard_dataset_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

DATASET = """
CREATE FUNCTION registry_guard_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

APPEND_ONLY = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
"""

# A temporary table is found first unless it is named last: one called like ours would answer for it.
SEARCH_PATH = """
DO $$
DECLARE
    guard text;
BEGIN
    FOREACH guard IN ARRAY ARRAY[
        'registry_may_loosen(bigint)', 'registry_guard_override()', 'registry_guard_thresholds()',
        'registry_guard_dataset_change()', 'registry_guard_dataset()'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', guard, current_schema());
    END LOOP;
END $$;
"""


def ask_superusers(apps: Any, schema_editor: Any) -> None:
    """The table of users is another app's, by whatever name."""
    users = apps.get_model(settings.AUTH_USER_MODEL)._meta.db_table
    schema_editor.execute(MAY_LOOSEN.format(users=schema_editor.quote_name(users)))


def ask_nobody(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP FUNCTION registry_may_loosen(bigint);")


def drop(table: str, function: str) -> str:
    return f"DROP TRIGGER {table}_guarded ON {table}; DROP FUNCTION {function}();"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0013_gate_thresholds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(ask_superusers, ask_nobody),
        migrations.RunSQL(OVERRIDE, drop("registry_override", "registry_guard_override")),
        migrations.RunSQL(THRESHOLDS, drop("registry_gatethresholds", "registry_guard_thresholds")),
        migrations.RunSQL(CHANGE, drop("registry_datasetchange", "registry_guard_dataset_change")),
        migrations.RunSQL(DATASET, drop("registry_dataset", "registry_guard_dataset")),
        *[
            migrations.RunSQL(
                APPEND_ONLY.format(table=table), f"DROP TRIGGER {table}_append_only ON {table};"
            )
            for table in ("registry_gatethresholds", "registry_datasetchange")
        ],
        migrations.RunSQL(SEARCH_PATH, migrations.RunSQL.noop),
    ]
