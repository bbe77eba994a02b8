from django.db import migrations

from registry.sql import RunSqlFile

TABLES = ("registry_example", "registry_exampleresult")
DROP = "DROP TRIGGER {0}_append_only ON {0};"
REFUSE_ALL = """
    CREATE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE ON {0}
        FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
    ALTER TABLE {0} ENABLE ALWAYS TRIGGER {0}_append_only;
"""


class Migration(migrations.Migration):
    """Examples of wearers who are gone, and answers to them, may lose their words; nothing else of them changes."""

    dependencies = [("registry", "0008_forget_words")]

    operations = [
        migrations.RunSQL(
            "".join(DROP.format(table) for table in TABLES),
            "".join(REFUSE_ALL.format(table) for table in TABLES),
        ),
        RunSqlFile("forgetting.sql"),
    ]
