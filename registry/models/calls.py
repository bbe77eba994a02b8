"""Every call of an engine."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Func, JSONField, Q, Value
from django.db.models.functions import Now

from registry.models.prompts import PromptVersion

EXAMPLE_SUBJECT = "example:"
PROBE_SUBJECT = "probe:"
IS_EVALUATION = Q(subject__startswith=EXAMPLE_SUBJECT)
IS_PROBE = Q(subject__startswith=PROBE_SUBJECT)
HAS_FAULT = ~Q(violations=[])
SHOWS_FAULT = Q(violations__contains=[{"shown": True}])
NOBODY = (EXAMPLE_SUBJECT, PROBE_SUBJECT)
"""How subjects begin of calls that nobody waited for: of evaluations, and of the probe."""


class InferenceCallQuerySet(models.QuerySet["InferenceCall"]):
    def for_people(self) -> "InferenceCallQuerySet":
        """Calls that somebody waited for: not those of evaluations and of the probe."""
        return self.exclude(IS_EVALUATION | IS_PROBE)

    def for_people_by_another_index(self) -> "InferenceCallQuerySet":
        """The same, in words that the index of people's calls does not know: for reads by another one. PostgreSQL
        takes the calls of a version to be spread over all time, and would look for old ones among all of them."""
        kind = Func(
            F("subject"),
            Value(":"),
            Value(1),
            function="split_part",
            output_field=models.CharField(),
        )
        return self.alias(kind=kind).exclude(kind__in=[one.rstrip(":") for one in NOBODY])

    def for_evaluations(self) -> "InferenceCallQuerySet":
        return self.filter(IS_EVALUATION)

    def for_probe(self) -> "InferenceCallQuerySet":
        return self.filter(IS_PROBE)

    def with_fault(
        self, code: str = "", *, is_shown: bool | None = None
    ) -> "InferenceCallQuerySet":
        """Calls that broke a rule; blank and None are any, shown or withheld."""
        wanted: dict[str, Any] = {"code": code} if code else {}
        if is_shown is not None:
            wanted["shown"] = is_shown
        faulty = SHOWS_FAULT if is_shown else HAS_FAULT
        return self.filter(faulty, violations__contains=[wanted])

    def unfinished(self) -> "InferenceCallQuerySet":
        return self.filter(outcome__isnull=True)

    def stale(self, seconds: float) -> "InferenceCallQuerySet":
        """Unfinished calls whose process has not been heard of for `seconds`, by database time."""
        return self.unfinished().filter(heartbeat_at__lt=Now() - timedelta(seconds=seconds))


class InferenceCall(models.Model):
    """One call of an engine: opened before the first byte, closed with exactly one outcome.

    What it answered goes after a time, and with its wearer's account (`registry.services.forgetting`); all that is
    counted stays.
    """

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        SUPERSEDED = "superseded", "Superseded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trace_id = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    task = models.CharField(max_length=64)
    version = models.ForeignKey(
        PromptVersion, on_delete=models.PROTECT, related_name="calls", db_index=False
    )
    epoch = models.PositiveIntegerField(help_text="The alias's epoch when the call began.")
    subject = models.CharField(max_length=80, help_text="The row it was made for, e.g. photo:ID.")
    input_sha256 = models.CharField(max_length=64)
    engine = models.CharField(
        max_length=32, blank=True, help_text="The engine that answered, or was asked last."
    )
    model = models.CharField(max_length=200, blank=True)
    seed = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, null=True)  # noqa: DJ001 open calls
    error_code = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    finish_reason = models.CharField(max_length=32, blank=True)
    output = models.JSONField(null=True)
    violations = models.JSONField(default=list)
    input_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    ttft_ms = models.FloatField("time to first token (ms)", null=True)
    latency_ms = models.FloatField("latency (ms)", null=True)
    steps_ms = models.JSONField(
        "time by step (ms)",
        db_default=Value({}, JSONField()),
        default=dict,
        help_text="Where the time went: queue and decode before the call, engine, checks and database in it.",
    )
    started_at = models.DateTimeField(db_default=Now())
    heartbeat_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(
        null=True, help_text="When what it answered, and what checks quote of it, was removed."
    )

    objects = InferenceCallQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(F("task"), F("finished_at"), name="call_task_finished"),
            models.Index(F("version"), F("finished_at"), name="call_version_finished"),
            models.Index(F("engine"), F("finished_at"), name="call_engine_finished"),
            models.Index(F("finished_at"), name="call_people", condition=~IS_EVALUATION),
            models.Index(F("finished_at"), name="call_evaluations", condition=IS_EVALUATION),
            models.Index(
                F("finished_at").desc(), name="call_failed", condition=Q(outcome="failed")
            ),
            models.Index(
                F("finished_at"),
                name="call_stopped",
                condition=Q(outcome__in=["cancelled", "superseded"]),
            ),
            models.Index(F("finished_at"), name="call_with_fault", condition=HAS_FAULT),
            models.Index(F("finished_at"), name="call_shown", condition=SHOWS_FAULT),
            HashIndex(fields=["subject"], name="call_subject"),
            models.Index(
                fields=["finished_at"],
                name="call_with_words",
                condition=Q(output__isnull=False) & ~IS_EVALUATION,
            ),
            models.Index(
                F("heartbeat_at"),
                name="call_unfinished",
                condition=Q(outcome__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="call_outcome_is_whole",
                condition=Q(outcome__isnull=True, finished_at__isnull=True, output__isnull=True)
                | Q(outcome="succeeded", finished_at__isnull=False, output__isnull=False)
                | Q(
                    outcome="succeeded",
                    finished_at__isnull=False,
                    output__isnull=True,
                    forgotten_at__isnull=False,
                )
                | (
                    Q(
                        outcome__in=["failed", "cancelled", "superseded"],
                        output__isnull=True,
                    )
                    & Q(finished_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.trace_id.hex[:10]}"

    @property
    def faults_shown(self) -> list[str]:
        """The codes of what somebody saw, each once."""
        return sorted({found["code"] for found in self.violations if found.get("shown", True)})

    @property
    def faults_withheld(self) -> list[str]:
        return sorted({found["code"] for found in self.violations if not found.get("shown", True)})
