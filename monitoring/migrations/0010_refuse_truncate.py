from pathlib import Path

from django.db import migrations

from registry.sql import RunSqlFile

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Guarded tables are not emptied at once."""

    dependencies = [
        ("monitoring", "0009_watch_what_is_never_shown"),
        ("registry", "0010_refuse_truncate"),
    ]

    operations = [RunSqlFile("whole_tables.sql", SQL)]
