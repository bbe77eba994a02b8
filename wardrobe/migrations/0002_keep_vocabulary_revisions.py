from pathlib import Path

from django.conf import settings
from django.db import migrations

from registry.sql import RunSqlFile

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("wardrobe", "0001_create_wardrobe"),
        ("registry", "0002_guard_what_goes_live"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [RunSqlFile("append_only.sql", SQL)]
