"""Versions on trial with a share of the wearers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from registry.models.calls import InferenceCall
from registry.models.prompts import Prompt, PromptVersion


class CanaryQuerySet(models.QuerySet["Canary"]):
    def running(self) -> "CanaryQuerySet":
        return self.filter(state=Canary.State.RUNNING)


class Canary(models.Model):
    """A version that answers a share of the wearers, watched against the live one.

    The row is its own log: who began it and why, who ended it (nobody: it reverted by itself) and why. Once
    ended it never changes; the database refuses that, and candidates that may not go live.

    `evidence` is what the guards have found so far, by name (see `registry.canary.guards.Evidence`).
    """

    TELLS_FROM = 120
    """Calls of the candidate after which silence says something: so many it has, at a share of a tenth, when five times the
    violations revert it in 95 of 100 simulations (`tests/registry/test_canary_simulations.py`)."""

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
    def can_tell(self) -> bool:
        """Whether it has been asked often enough for its silence to say something."""
        return self.calls >= self.TELLS_FROM

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
