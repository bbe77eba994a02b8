from pathlib import Path

from django.db import migrations

from registry.sql import RunSqlFile

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Guarded tables are not emptied at once."""

    dependencies = [
        ("wardrobe", "0010_fill_doubts_and_washing"),
        ("registry", "0010_refuse_truncate"),
    ]

    operations = [RunSqlFile("whole_tables.sql", SQL)]
