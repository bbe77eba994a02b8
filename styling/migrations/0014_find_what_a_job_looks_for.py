from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Jobs of all wearers find what they look for, however many rows there are."""

    atomic = False
    dependencies = [("styling", "0013_index_candidates")]

    operations = [
        AddIndexConcurrently("event", models.Index(fields=["date"], name="event_by_day")),
        AddIndexConcurrently(
            "suggestion",
            models.Index(
                fields=["-created_at"],
                name="suggestion_unpictured",
                condition=models.Q(picture=""),
            ),
        ),
        AddIndexConcurrently(
            "look",
            models.Index(
                fields=["-created_at"], name="look_unpictured", condition=models.Q(picture="")
            ),
        ),
    ]
