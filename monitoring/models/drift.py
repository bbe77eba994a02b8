"""What was found out about drift, and when."""

from django.db import models
from django.db.models import Value
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
