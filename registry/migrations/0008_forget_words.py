from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import Q

WHOLE = (
    Q(outcome__isnull=True, finished_at__isnull=True, output__isnull=True)
    | Q(outcome="succeeded", finished_at__isnull=False, output__isnull=False)
    | Q(
        outcome="succeeded",
        finished_at__isnull=False,
        output__isnull=True,
        forgotten_at__isnull=False,
    )
    | (
        Q(outcome__in=["failed", "cancelled", "superseded"], output__isnull=True)
        & Q(finished_at__isnull=False)
    )
)


class Migration(migrations.Migration):
    """A call may be without its answer once that was forgotten. Nothing is locked while the rows are read."""

    atomic = False

    dependencies = [("registry", "0007_collect_examples")]

    operations = [
        migrations.AddField(
            model_name="inferencecall",
            name="forgotten_at",
            field=models.DateTimeField(
                help_text="When what it answered, and what checks quote of it, was removed.",
                null=True,
            ),
        ),
        migrations.RemoveConstraint(model_name="inferencecall", name="call_outcome_is_whole"),
        AddConstraintNotValid(
            model_name="inferencecall",
            constraint=models.CheckConstraint(condition=WHOLE, name="call_outcome_is_whole"),
        ),
        ValidateConstraint(model_name="inferencecall", name="call_outcome_is_whole"),
        AddIndexConcurrently(
            "inferencecall",
            models.Index(
                fields=["finished_at"],
                name="call_with_words",
                condition=Q(output__isnull=False) & ~Q(subject__startswith="example:"),
            ),
        ),
    ]
