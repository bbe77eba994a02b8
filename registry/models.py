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
        permissions = [
            ("evaluate_prompt", "Can evaluate versions of a prompt"),
            ("promote_prompt", "Can promote a version that has passed"),
            ("roll_back_prompt", "Can roll a prompt back"),
        ]

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
        API = "api", "API"

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
        OVERRIDE = "override", "Promoted without a pass"
        ROLLBACK = "rollback", "Rolled back"

    class InFlight(models.TextChoices):
        """What happens to answers that are being written when a version goes."""

        DRAIN = "drain", "They end as they began"
        RESTART = "restart", "They begin anew on the restored version"
        STOP = "stop", "They are broken off"

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
    evaluation = models.ForeignKey(
        "EvaluationRun",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The run that let it pass.",
    )
    override = models.ForeignKey(
        "Override", null=True, blank=True, on_delete=models.PROTECT, related_name="deployments"
    )
    in_flight = models.CharField(
        max_length=8, choices=InFlight, default=InFlight.DRAIN, db_default=InFlight.DRAIN
    )
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


class OverrideQuerySet(models.QuerySet["Override"]):
    def valid(self) -> "OverrideQuerySet":
        return self.filter(expires_at__gt=Now())


class Override(models.Model):
    """Leave to promote a version that has not passed: append-only, the database refuses to change one.

    Whether it is resolved is no column: it is, once a run of the version passes.
    """

    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="overrides")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="A superuser; empty when this release cannot run the live version any more.",
    )
    reason = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(help_text="After this it lets nothing pass.")

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="override_expires", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.CheckConstraint(name="override_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Override for {self.version}"


class GateThresholds(models.Model):
    """What versions of a prompt must reach from now on, as shares from 0 to 1: append-only.

    The newest row of a prompt counts, as a whole; without one its datasets' own thresholds do, or the
    defaults of `registry.thresholds`. The database dates the rows, and refuses to change one.
    """

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="thresholds")
    accuracy = models.FloatField(help_text="Of all fields that are right.")
    validity = models.FloatField(help_text="Of the answers that are well-formed.")
    slice_floor = models.FloatField(help_text="Of the fields that are right in each slice.")
    slice_floors = models.JSONField(
        default=dict, blank=True, help_text="Of slices that have their own."
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "gate thresholds"
        constraints = [
            models.CheckConstraint(
                name="thresholds_are_shares",
                condition=Q(
                    accuracy__range=(0, 1), validity__range=(0, 1), slice_floor__range=(0, 1)
                ),
            ),
            models.CheckConstraint(name="thresholds_say_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.prompt.name}: {self.accuracy:.1%} of all fields"


EXAMPLE_SUBJECT = "example:"


class InferenceCallQuerySet(models.QuerySet["InferenceCall"]):
    def for_people(self) -> "InferenceCallQuerySet":
        """Calls that somebody waited for: not those of evaluations."""
        return self.exclude(subject__startswith=EXAMPLE_SUBJECT)

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


class CanaryQuerySet(models.QuerySet["Canary"]):
    def running(self) -> "CanaryQuerySet":
        return self.filter(state=Canary.State.RUNNING)


class Canary(models.Model):
    """A version that answers a share of the wearers, watched against the live one.

    The row is its own log: who began it and why, who ended it (nobody: it reverted by itself) and why. Once
    ended it never changes; the database refuses that, and candidates that may not go live.

    `evidence` is what the guards have found so far, by name (see `registry.guards.Evidence`).
    """

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        PROMOTED = "promoted", "Promoted"
        REVERTED = "reverted", "Reverted by itself"
        STOPPED = "stopped", "Stopped"

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="canaries")
    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="canaries")
    live_version = models.ForeignKey(
        PromptVersion,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What was live when it began: the one it is compared with.",
    )
    share = models.FloatField(help_text="Of the wearers, above 0 and up to 0.5.")
    state = models.CharField(max_length=16, choices=State, default=State.RUNNING)
    evaluation = models.ForeignKey(
        "EvaluationRun",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The run that let it pass.",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    started_at = models.DateTimeField(db_default=Now())
    evidence = models.JSONField(default=dict, blank=True)
    calls = models.PositiveIntegerField(default=0, help_text="Of the candidate, when last checked.")
    live_calls = models.PositiveIntegerField(
        default=0, help_text="Of the live version meanwhile, when last checked."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ending = models.TextField(blank=True, help_text="Why it ended.")

    objects = CanaryQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name_plural = "canaries"
        constraints = [
            models.UniqueConstraint(
                fields=["prompt"], name="canary_running_once", condition=Q(state="running")
            ),
            models.CheckConstraint(
                name="canary_share_is_small", condition=Q(share__gt=0, share__lte=0.5)
            ),
            models.CheckConstraint(name="canary_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="canary_ending_is_whole",
                condition=Q(state="running", ended_at__isnull=True, ending="")
                | (~Q(state="running") & Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} for {100 * self.share:g} %"

    @property
    def percent(self) -> float:
        return 100 * self.share

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING


class CanaryCall(models.Model):
    """On which side of a canary a call was made, and for which wearer.

    `wearer` is a number that is the wearer's in this canary alone, and says nothing outside it.
    """

    call = models.OneToOneField(
        InferenceCall, primary_key=True, on_delete=models.CASCADE, related_name="canary_call"
    )
    canary = models.ForeignKey(Canary, on_delete=models.CASCADE, related_name="members")
    wearer = models.BigIntegerField()
    is_candidate = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.canary}: {'candidate' if self.is_candidate else 'live'}"


class Dataset(models.Model):
    """Golden examples for one prompt: what an operator knows to be right."""

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="datasets")
    name = models.SlugField(max_length=64)
    current = models.ForeignKey(
        "DatasetVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    source_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the files that were imported last: the same ones are not read again.",
    )

    class Meta:
        ordering = ["prompt", "name"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "name"], name="dataset_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.prompt.name}"


class DatasetVersion(models.Model):
    """An immutable set of examples; the database refuses to change one.

    `sha256` is the digest of its examples' digests. `thresholds` decide which evaluations pass, until others
    are set for the prompt: `accuracy` of all fields, `slice_floor`, and `slice_floors` for slices that
    have their own.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    thresholds = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["dataset", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="dataset_number_once"),
            models.UniqueConstraint(fields=["dataset", "sha256"], name="dataset_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset.name} {self.number} for {self.dataset.prompt.name}"


class DatasetChange(models.Model):
    """One change of what a dataset holds: append-only, and without one its `current` does not move.

    Fewer examples, or other thresholds, take a superuser, or the role that owns the tables.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="changes")
    from_version = models.ForeignKey(
        DatasetVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.dataset} → {self.to_version.number}"


def example_path(example: "Example", filename: str) -> str:
    """By content: the same picture in ten versions is one file."""
    return f"datasets/{filename}"


class Example(models.Model):
    """One question and what is right, in one version of a dataset; the database refuses to change it.

    `sha256` is the digest of input, expectation and file: a result holds for every example that has it.
    """

    dataset_version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, related_name="examples"
    )
    ordinal = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    input = models.JSONField()
    expected = models.JSONField()
    slices = models.JSONField(default=list, blank=True)
    file = models.FileField(upload_to=example_path, blank=True, max_length=200)

    class Meta:
        ordering = ["dataset_version", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["dataset_version", "key"], name="example_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class EvaluationRunQuerySet(models.QuerySet["EvaluationRun"]):
    def running(self) -> "EvaluationRunQuerySet":
        return self.filter(ending="")

    def stale(self, seconds: float) -> "EvaluationRunQuerySet":
        """Running ones whose process has not been heard of for `seconds`, by database time."""
        return self.running().filter(heartbeat_at__lt=Now() - timedelta(seconds=seconds))


class EvaluationRun(models.Model):
    """One version asked every example of one version of a dataset.

    Whether it passed is no column: it follows from the results, which are append-only.
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
    """How a version answered one example: append-only, the database refuses to change one.

    `fields` are `FieldScore`s as JSON. Without an answer `error_code` says why and all fields are wrong.
    """

    run = models.ForeignKey(EvaluationRun, on_delete=models.PROTECT, related_name="results")
    example = models.ForeignKey(Example, on_delete=models.PROTECT, related_name="results")
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
        ordering = ["run", "example__ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["run", "example"], name="result_once"),
            models.CheckConstraint(
                name="result_counts_agree",
                condition=Q(correct__lte=F("total"))
                & Q(matched__lte=F("wanted"))
                & Q(matched__lte=F("answered")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.example} {self.correct}/{self.total}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> "ApiTokenQuerySet":
        """Those that open the API now, by database time."""
        return self.filter(revoked_at=None, expires_at__gt=Now(), owner__is_active=True)


class ApiToken(models.Model):
    """What a program shows to act as its owner. The token itself is kept nowhere, only its digest."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100, help_text="What it is for.")
    sha256 = models.CharField("SHA-256", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(
        null=True, blank=True, help_text="To the minute, for not every request writes it."
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="api_token_expires", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.CheckConstraint(name="api_token_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.owner}"
