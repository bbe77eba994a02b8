from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The overview counts the photos of a day that failed."""

    atomic = False
    dependencies = [("wardrobe", "0011_refuse_truncate")]

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
