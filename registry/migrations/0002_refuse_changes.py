"""Versions and deployments are append-only: the database itself refuses to change or delete one."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION registry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: make a new row instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
"""

DROP = "DROP TRIGGER {table}_append_only ON {table};"

TABLES = ["registry_promptversion", "registry_deployment"]


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_create_registry")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION registry_refuse_change();"),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), DROP.format(table=table))
            for table in TABLES
        ],
    ]
