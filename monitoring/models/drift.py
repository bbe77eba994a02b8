"""What was found out about drift, and when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now


class DriftReport(models.Model):
    """The windows compared once. `findings` is a list of what `monitoring.drift.findings.Finding` holds."""

    created_at = models.DateTimeField(db_default=Now(), db_index=True)
    findings = models.JSONField(default=list)
    mixes = models.JSONField(
        db_default=Value([], models.JSONField()),
        default=list,
        help_text="People’s questions and photos beside golden ones, see `monitoring.coverage.gaps.Mix`.",
    )
    reviewed = models.JSONField(
        db_default=Value([], models.JSONField()),
        default=list,
        help_text="How often the model is right, see `feedback.review.accuracy.FieldEstimate`.",
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Drift as of {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def one_of(self) -> int:
        """One of so many wearers was read; 1 of a report of an earlier release."""
        return max((one.get("one_of", 1) for one in self.findings), default=1)


class DriftComparison(models.Model):
    """The days from `since` up to, and without, `until` against the 28 days before them: asked for by an operator, found
    out by a job. `findings` are as those of a report; none as long as it is at work.
    """

    since = models.DateTimeField()
    until = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now(), db_index=True)
    findings = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["since", "until"], name="comparison_once"),
            models.CheckConstraint(name="comparison_has_time", condition=Q(since__lt=F("until"))),
        ]

    def __str__(self) -> str:
        return f"Drift from {self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M}"


class GoldenPicture(models.Model):
    """What a golden photo looks like, measured once: the same as of an upload, of the same rendition."""

    file = models.CharField(max_length=200, unique=True, help_text="Its name in the storage.")
    megapixels = models.FloatField(help_text="As it is kept.")
    brightness = models.FloatField(help_text="Mean luma, 0 to 255.")
    blur = models.FloatField(help_text="Variance of the Laplacian: lower is more blurred.")

    def __str__(self) -> str:
        return self.file
