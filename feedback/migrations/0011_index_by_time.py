from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The accuracy page counts corrections and ratings of a period."""

    atomic = False
    dependencies = [("feedback", "0010_log_wears")]

    operations = [
        AddIndexConcurrently(
            "correction", models.Index(fields=["created_at"], name="correction_created")
        ),
        AddIndexConcurrently("rating", models.Index(fields=["updated_at"], name="rating_updated")),
    ]
