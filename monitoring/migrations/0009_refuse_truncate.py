from pathlib import Path

from django.db import migrations

from registry.sql import RunSqlFile

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Guarded tables are not emptied at once."""

    dependencies = [
        ("monitoring", "0008_count_errors"),
        ("registry", "0010_refuse_truncate"),
    ]

    operations = [RunSqlFile("whole_tables.sql", SQL)]
