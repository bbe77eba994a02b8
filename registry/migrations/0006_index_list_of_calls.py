import django.db.models.deletion
from django.contrib.postgres.indexes import HashIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Now

IS_EVALUATION = Q(subject__startswith="example:")
HAS_FAULT = ~Q(violations=[])
INDEXES = [
    models.Index(F("task"), F("finished_at"), name="call_task_finished"),
    models.Index(F("version"), F("finished_at"), name="call_version_finished"),
    models.Index(F("engine"), F("finished_at"), name="call_engine_finished"),
    models.Index(F("finished_at"), name="call_people", condition=~IS_EVALUATION),
    models.Index(F("finished_at"), name="call_evaluations", condition=IS_EVALUATION),
    models.Index(
        F("finished_at"),
        name="call_stopped",
        condition=Q(outcome__in=["cancelled", "superseded"]),
    ),
    models.Index(F("finished_at"), name="call_with_fault", condition=HAS_FAULT),
    models.Index(
        F("finished_at"),
        name="call_shown",
        condition=Q(violations__contains=[{"shown": True}]),
    ),
    HashIndex(fields=["subject"], name="call_subject"),
]


class Migration(migrations.Migration):
    """Without a lock on a table that calls are written to meanwhile; the old indexes go last."""

    atomic = False

    dependencies = [("registry", "0005_record_steps")]

    operations = [
        *(AddIndexConcurrently("inferencecall", index) for index in INDEXES),
        RemoveIndexConcurrently("inferencecall", "call_task_started"),
        RemoveIndexConcurrently("inferencecall", "call_finished"),
        migrations.AlterField(
            model_name="inferencecall",
            name="started_at",
            field=models.DateTimeField(db_default=Now()),
        ),
        migrations.AlterField(
            model_name="inferencecall",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="registry.promptversion",
            ),
        ),
    ]
