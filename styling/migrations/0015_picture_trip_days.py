from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import styling.models.trips


class Migration(migrations.Migration):
    """Days of trips have the picture of what is worn; a column with a default of the database rewrites no row."""

    atomic = False
    dependencies = [("styling", "0014_find_what_a_job_looks_for")]

    operations = [
        migrations.AddField(
            model_name="tripoccasion",
            name="picture",
            field=models.ImageField(
                blank=True,
                db_default="",
                default="",
                help_text="The pieces as they lie.",
                max_length=200,
                upload_to=styling.models.trips.occasion_path,
            ),
        ),
        AddIndexConcurrently(
            "tripoccasion",
            models.Index(fields=["-day"], name="trip_unpictured", condition=models.Q(picture="")),
        ),
    ]
