from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The accuracy page counts what versions described in a period."""

    atomic = False
    dependencies = [("wardrobe", "0008_count_washing")]

    operations = [
        AddIndexConcurrently(
            "garment",
            models.Index(
                fields=["created_at"],
                name="garment_described",
                condition=models.Q(call__isnull=False),
            ),
        )
    ]
