"""Prompts, their immutable versions, the pointers to them, their history, and every call made."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Prompt(models.Model):
    """The prompt of one task."""

    name = models.SlugField(max_length=64, unique=True, help_text="The name of its task.")
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        permissions = [("roll_back_prompt", "Can roll a prompt back")]

    def __str__(self) -> str:
        return self.name

    def production(self) -> "Alias | None":
        return self.aliases.select_related("version").filter(name=Alias.Name.PRODUCTION).first()


class PromptVersionQuerySet(models.QuerySet["PromptVersion"]):
    def once_live(self, prompt: Prompt) -> "PromptVersionQuerySet":
        """Versions that production can be rolled back to: live before, not live now."""
        moves = Deployment.objects.filter(prompt=prompt, alias=Alias.Name.PRODUCTION)
        live = Alias.objects.filter(prompt=prompt, name=Alias.Name.PRODUCTION)
        return self.filter(pk__in=moves.values("to_version")).exclude(pk__in=live.values("version"))


class PromptVersion(models.Model):
    """An immutable bundle of all that decides behaviour; the database refuses to change one.

    `bundle` holds `system`, `user` (string.Template texts), `engine`, `model` (id, revision,
    adapter), `sampling`, `enable_thinking`, `parameters` (the built-in engine's), `image`
    (preprocessing), `schema_revision`, `vocabulary_revision` and `examples` (few-shot).
    `sha256` is the digest of its canonical JSON.
    """

    class Source(models.TextChoices):
        FILE = "file", "File"
        ADMIN = "admin", "Admin"

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    bundle = models.JSONField()
    notes = models.CharField(max_length=300, blank=True, help_text="What changed, and why.")
    source = models.CharField(max_length=8, choices=Source, default=Source.FILE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = PromptVersionQuerySet.as_manager()

    class Meta:
        ordering = ["prompt", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["prompt", "sha256"], name="version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prompt.name} {self.number}"

    @property
    def short_sha(self) -> str:
        return self.sha256[:7]

    @property
    def parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = self.bundle.get("parameters", {})
        return parameters


class Alias(models.Model):
    """The only mutable pointer: which version of a prompt is live."""

    class Name(models.TextChoices):
        PRODUCTION = "production", "Production"

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=16, choices=Name, default=Name.PRODUCTION)
    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="aliases")
    epoch = models.PositiveIntegerField(default=1, help_text="Rises by one with every move.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["prompt", "name"], name="alias_once_per_prompt")
        ]

    def __str__(self) -> str:
        return f"{self.prompt.name} {self.name}"


class Deployment(models.Model):
    """One move of an alias: append-only, the database refuses to change one."""

    class Kind(models.TextChoices):
        INITIAL = "initial", "First version"
        PROMOTE = "promote", "Promoted"
        ROLLBACK = "rollback", "Rolled back"

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="deployments")
    alias = models.CharField(max_length=16, choices=Alias.Name)
    kind = models.CharField(max_length=16, choices=Kind)
    from_version = models.ForeignKey(
        PromptVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-epoch"]
        constraints = [
            models.UniqueConstraint(
                fields=["prompt", "alias", "epoch"], name="deployment_epoch_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prompt.name} {self.alias} → {self.to_version.number}"


class InferenceCallQuerySet(models.QuerySet["InferenceCall"]):
    def unfinished(self) -> "InferenceCallQuerySet":
        return self.filter(outcome__isnull=True)

    def stale(self, seconds: float) -> "InferenceCallQuerySet":
        """Unfinished calls whose process has not been heard of for `seconds`, by database time."""
        return self.unfinished().filter(heartbeat_at__lt=Now() - timedelta(seconds=seconds))


class InferenceCall(models.Model):
    """One call of an engine: opened before the first byte, closed with exactly one outcome."""

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        SUPERSEDED = "superseded", "Superseded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trace_id = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    task = models.CharField(max_length=64)
    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="calls")
    epoch = models.PositiveIntegerField(help_text="The alias's epoch when the call began.")
    subject = models.CharField(max_length=80, help_text="The row it was made for, e.g. photo:ID.")
    input_sha256 = models.CharField(max_length=64)
    engine = models.CharField(max_length=32, blank=True, help_text="The engine that answered.")
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
    started_at = models.DateTimeField(db_default=Now(), db_index=True)
    heartbeat_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    objects = InferenceCallQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(F("task"), F("started_at").desc(), name="call_task_started"),
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
