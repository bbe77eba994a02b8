"""Datasets, examples and results are append-only; a run may only be ended, and once."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
"""

DROP = "DROP TRIGGER {table}_append_only ON {table};"

END_ONCE = """
CREATE FUNCTION registry_end_run_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL
        AND (to_jsonb(NEW) - 'ending' - 'ended_at') = (to_jsonb(OLD) - 'ending' - 'ended_at')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an evaluation can only be ended, and once'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_evaluationrun_ends_once BEFORE UPDATE OR DELETE ON registry_evaluationrun
    FOR EACH ROW EXECUTE FUNCTION registry_end_run_once();
ALTER TABLE registry_evaluationrun ENABLE ALWAYS TRIGGER registry_evaluationrun_ends_once;
"""

DROP_END_ONCE = """
DROP TRIGGER registry_evaluationrun_ends_once ON registry_evaluationrun;
DROP FUNCTION registry_end_run_once();
"""

TABLES = ["registry_datasetversion", "registry_example", "registry_exampleresult"]


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_keep_golden_datasets")]

    operations = [
        *[
            migrations.RunSQL(TRIGGER.format(table=table), DROP.format(table=table))
            for table in TABLES
        ],
        migrations.RunSQL(END_ONCE, DROP_END_ONCE),
    ]
