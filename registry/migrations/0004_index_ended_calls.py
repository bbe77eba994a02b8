from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Without a lock on a table that calls are written to meanwhile."""

    atomic = False

    dependencies = [("registry", "0003_keep_call_requests")]

    operations = [
        AddIndexConcurrently("inferencecall", models.Index(F("finished_at"), name="call_finished")),
        AddIndexConcurrently(
            "inferencecall",
            models.Index(
                F("finished_at").desc(), name="call_failed", condition=Q(outcome="failed")
            ),
        ),
    ]
