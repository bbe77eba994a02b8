from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The page of photos that were sent together finds them."""

    atomic = False
    dependencies = [("wardrobe", "0014_keep_acts_and_batches")]

    operations = [
        AddIndexConcurrently("photo", models.Index(fields=["owner", "batch"], name="photo_batch"))
    ]
