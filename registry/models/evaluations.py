"""Versions asked golden examples, and what they answered."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from registry.models.calls import InferenceCall
from registry.models.datasets import DatasetVersion, Example
from registry.models.prompts import PromptVersion


class EvaluationRunQuerySet(models.QuerySet["EvaluationRun"]):
    def running(self) -> "EvaluationRunQuerySet":
        return self.filter(ending="")

    def stale(self, seconds: float) -> "EvaluationRunQuerySet":
        """Running ones whose process has not been heard of for `seconds`, by database time."""
        return self.running().filter(heartbeat_at__lt=Now() - timedelta(seconds=seconds))


class EvaluationRun(models.Model):
    """One version asked every example of one version of a dataset.

    Whether it passed is no column: a completed run has a `Verdict`, and the newest counts.
    """

    class Ending(models.TextChoices):
        COMPLETED = "completed", "Completed"
        CANCELLED = "cancelled", "Cancelled"
        LOST = "lost", "Lost"

    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="evaluations")
    dataset_version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, related_name="evaluations"
    )
    engine = models.CharField(max_length=32, help_text="The engine that was asked.")
    repeats = models.PositiveSmallIntegerField(
        default=1, help_text="How often each example is asked."
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(db_default=Now())
    heartbeat_at = models.DateTimeField(db_default=Now())
    ending = models.CharField(max_length=16, choices=Ending, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EvaluationRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["version", "dataset_version"], name="evaluation_of_version")
        ]
        constraints = [
            models.CheckConstraint(
                name="evaluation_ending_is_whole",
                condition=Q(ending="", ended_at__isnull=True)
                | (~Q(ending="") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} on {self.dataset_version}"


class ExampleResult(models.Model):
    """How a version answered one example once: append-only, the database refuses to change one.

    `attempt` counts from 1 to the run's `repeats`; each has a seed of its own. `fields` are `FieldScore`s as JSON. Without an answer `error_code` says why and all fields are wrong.
    """

    run = models.ForeignKey(EvaluationRun, on_delete=models.PROTECT, related_name="results")
    example = models.ForeignKey(Example, on_delete=models.PROTECT, related_name="results")
    attempt = models.PositiveSmallIntegerField(default=1)
    call = models.ForeignKey(
        InferenceCall, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    output = models.JSONField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    violations = models.JSONField(default=list, blank=True)
    fields = models.JSONField(default=list)
    correct = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    latency_ms = models.FloatField("latency (ms)", null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["run", "example__ordinal", "attempt"]
        constraints = [
            models.UniqueConstraint(fields=["run", "example", "attempt"], name="result_once"),
            models.CheckConstraint(name="attempt_from_one", condition=Q(attempt__gte=1)),
            models.CheckConstraint(
                name="result_counts_agree",
                condition=Q(correct__lte=F("total"))
                & Q(matched__lte=F("wanted"))
                & Q(matched__lte=F("answered")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.example} {self.correct}/{self.total}"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def newest(self) -> "VerdictQuerySet":
        """Of each version, engine and dataset the one that counts: on the newest examples that were judged."""
        kinds = ("version_id", "engine", "dataset_version__dataset_id")
        newest_first = ("-dataset_version__number", "-created_at", "-pk")
        return self.order_by(*kinds, *newest_first).distinct(*kinds)


class Verdict(models.Model):
    """Whether a completed run lets its version pass with an engine: append-only, made by
    `registry.evaluation.gate` when the run ends.

    Where what decides has changed since (thresholds, the live version), the run is judged again and gets
    another verdict: the newest counts. The database dates the rows.
    """

    run = models.ForeignKey(EvaluationRun, on_delete=models.PROTECT, related_name="verdicts")
    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="verdicts")
    dataset_version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, related_name="verdicts"
    )
    engine = models.CharField(max_length=32, help_text="The engine that answered.")
    passed = models.BooleanField()
    failures = models.JSONField(default=list, blank=True, help_text="In sentences, why not.")
    figures = models.JSONField(default=dict, blank=True)
    thresholds = models.JSONField(default=dict, blank=True, help_text="What it had to reach.")
    compared_with = models.ForeignKey(
        PromptVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The version that was live, where it had answered the same.",
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                F("version"), F("engine"), F("created_at").desc(), name="verdict_of_version"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="verdict_says_why",
                condition=Q(passed=True, failures=[]) | (Q(passed=False) & ~Q(failures=[])),
            ),
        ]

    def __str__(self) -> str:
        word = "passed" if self.passed else "has not passed"
        return f"{self.version} {word} with {self.engine}"
