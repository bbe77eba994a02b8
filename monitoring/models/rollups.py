"""What happened to calls, counted by period."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value

from registry.models import PromptVersion


def counts_field(**options: Any) -> "ArrayField[Any, Any]":
    return ArrayField(models.IntegerField(), default=list, **options)


class Rollup(models.Model):
    """The closed calls of one period, task, version, engine and side of a canary; those of evaluations are left out.

    A call belongs to the period of its `finished_at`. Times are histograms of succeeded calls, in
    milliseconds: `first` is the index of the first bucket and `counts` what is in it and in those that
    follow (see `monitoring.figures.buckets`). Rows are derived: the job may delete and insert them anew.
    """

    class Grain(models.TextChoices):
        FIVE_MINUTES = "5m", "5 minutes"
        HOUR = "1h", "Hour"
        DAY = "1d", "Day"

    class Side(models.TextChoices):
        NONE = "", "No canary"
        LIVE = "live", "Live version"
        CANDIDATE = "candidate", "Candidate"

    grain = models.CharField(max_length=2, choices=Grain)
    starts_at = models.DateTimeField(help_text="Days are those of UTC.")
    task = models.CharField(max_length=64)
    version = models.ForeignKey(
        PromptVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    engine = models.CharField(max_length=32, blank=True)
    side = models.CharField(max_length=9, choices=Side, blank=True)
    calls = models.PositiveIntegerField()
    succeeded = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    stopped = models.PositiveIntegerField(help_text="Cancelled or superseded.")
    within_goal = models.PositiveIntegerField(
        help_text="Succeeded within the task's goal for the whole answer."
    )
    shown_with_fault = models.PositiveIntegerField(help_text="Calls that showed something wrong.")
    stopped_by_check = models.PositiveIntegerField(
        help_text="Calls in which something was withheld."
    )
    shown = models.JSONField(default=dict, help_text="Calls that showed it, by violation.")
    withheld = models.JSONField(
        default=dict, help_text="Calls in which it was withheld, by violation."
    )
    errors = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Failed calls, by error code.",
    )
    input_tokens = models.PositiveBigIntegerField()
    output_tokens = models.PositiveBigIntegerField()
    latency_first = models.SmallIntegerField(default=0)
    latency_counts = counts_field()
    first_word_first = models.SmallIntegerField(default=0)
    first_word_counts = counts_field()
    word_gap_first = models.SmallIntegerField(default=0)
    word_gap_counts = counts_field()
    queue_wait_first = models.SmallIntegerField(default=0, db_default=0)
    queue_wait_counts = counts_field(db_default=[])
    step_calls = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Succeeded calls in which a step was timed, by step.",
    )
    step_us = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Microseconds of a step in all of them together, by step.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "starts_at", "task", "version", "engine", "side"],
                name="rollup_once",
            ),
            models.CheckConstraint(
                name="rollup_adds_up",
                condition=Q(calls=F("succeeded") + F("failed") + F("stopped")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}, {self.get_grain_display()} from {self.starts_at:%d %b %H:%M}"


class RollupProgress(models.Model):
    """How far the rollups have come: one row, made by the first run of the job."""

    built_until = models.DateTimeField(help_text="All calls that ended before were counted.")
    late_calls = models.PositiveBigIntegerField(
        default=0, help_text="Seen only after their period had been built, and counted then."
    )

    def __str__(self) -> str:
        return f"Until {self.built_until:%d %b %H:%M:%S}"
