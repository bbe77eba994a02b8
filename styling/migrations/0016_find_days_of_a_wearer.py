from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Outfits of some days are found without a look at all others of their wearer."""

    atomic = False
    dependencies = [("styling", "0015_picture_trip_days")]

    operations = [
        AddIndexConcurrently(
            "event", models.Index(fields=["owner", "date"], name="event_of_owner_by_day")
        ),
    ]
