from django.db import migrations

from registry.sql import RunSqlFile


class Migration(migrations.Migration):
    """Guarded tables are not emptied at once, and the answer of a finished call is not rewritten."""

    dependencies = [
        ("registry", "0009_blank_withdrawn_examples"),
    ]

    operations = [RunSqlFile("whole_tables.sql")]
