from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Ratings are counted by when they were first given, decisions by when they were made."""

    atomic = False
    dependencies = [("feedback", "0013_refuse_truncate")]

    operations = [
        AddIndexConcurrently("rating", models.Index(fields=["created_at"], name="rating_created")),
        AddIndexConcurrently(
            "reviewdecision", models.Index(fields=["created_at"], name="decision_created")
        ),
    ]
