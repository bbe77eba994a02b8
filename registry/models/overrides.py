"""What lets a version pass: overrides, and the thresholds of the gate."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from registry.models.prompts import Alias, Deployment, Prompt, PromptVersion


class OverrideQuerySet(models.QuerySet["Override"]):
    def open(self) -> "OverrideQuerySet":
        """Those that let their version go live: not expired, and not used up by having it taken back."""
        moves = Deployment.objects.filter(
            from_version=OuterRef("version"), alias=Alias.Name.PRODUCTION
        )
        left = moves.order_by("-created_at").values("created_at")[:1]
        still = self.filter(expires_at__gt=Now()).annotate(left_at=Subquery(left))
        return still.filter(Q(left_at=None) | Q(created_at__gte=F("left_at")))


class Override(models.Model):
    """Leave to make a version live that has not passed: append-only, the database refuses to change one.

    It is used up when its version is taken back. Whether it is resolved is no column: it is, once a run of the
    version passes.
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
    defaults of `registry.evaluation.thresholds`. The database dates the rows, and refuses to change one.
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
