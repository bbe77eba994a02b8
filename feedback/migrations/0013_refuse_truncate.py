from pathlib import Path

from django.db import migrations

from registry.sql import RunSqlFile

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Guarded tables are not emptied at once."""

    dependencies = [
        ("feedback", "0012_guard_holdout_once"),
        ("registry", "0010_refuse_truncate"),
    ]

    operations = [RunSqlFile("whole_tables.sql", SQL)]
