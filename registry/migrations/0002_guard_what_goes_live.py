from django.conf import settings
from django.db import migrations

from registry.sql import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_create_versions_and_verdicts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunSqlFile("append_only.sql"),
        RunSqlFile("outcomes.sql"),
        RunSqlFile("evaluations.sql"),
        RunSqlFile("superusers.sql"),
        RunSqlFile("datasets.sql"),
        RunSqlFile("verdicts.sql"),
        RunSqlFile("gate.sql"),
        RunSqlFile("production_alias.sql"),
        RunSqlFile("history.sql"),
        RunSqlFile("canaries.sql"),
    ]
