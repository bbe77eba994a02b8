from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The overview counts the photos of a day that failed."""

    atomic = False
    dependencies = [("wardrobe", "0010_fill_doubts_and_washing")]

    operations = [
        AddIndexConcurrently(
            "photo",
            models.Index(
                fields=["created_at"],
                name="photo_failed",
                condition=models.Q(status="failed"),
            ),
        )
    ]
