from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Jobs of all wearers find what they look for, however many rows there are."""

    atomic = False
    dependencies = [("wardrobe", "0019_share_shelves")]

    operations = [
        AddIndexConcurrently(
            "garment",
            models.Index(
                fields=["-created_at", "ordinal"],
                name="garment_uncut",
                condition=models.Q(cut_out_sureness=None, photo__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            "photo",
            models.Index(
                fields=["created_at"], name="photo_ready", condition=models.Q(status="ready")
            ),
        ),
        AddIndexConcurrently(
            "photoembedding", BrinIndex(fields=["created_at"], name="embedding_by_time")
        ),
    ]
