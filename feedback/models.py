"""What people said about the stylist's work: corrections of garments, ratings of outfits."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from styling.models import Suggestion
from wardrobe.models import Garment


class Correction(models.Model):
    """An attribute that a model set and its wearer changed, with what the model had said."""

    class Review(models.TextChoices):
        PENDING = "pending", "To review"
        ACCEPTED = "accepted", "Accepted"
        DISMISSED = "dismissed", "Dismissed"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="corrections"
    )
    garment = models.ForeignKey(
        Garment, null=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    field = models.CharField(max_length=32)
    model_value = models.JSONField(null=True)
    user_value = models.JSONField(null=True)
    confidence = models.FloatField(null=True, help_text="The model's, 0 to 1.")
    version = models.ForeignKey(
        "registry.PromptVersion", on_delete=models.PROTECT, related_name="corrections"
    )
    call = models.ForeignKey(
        "registry.InferenceCall", on_delete=models.PROTECT, related_name="corrections"
    )
    review = models.CharField(max_length=16, choices=Review, default=Review.PENDING)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["version", "field"], name="correction_version_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.model_value} → {self.user_value}"


class Rating(models.Model):
    """What a wearer said of one suggestion; one row a suggestion, the last word counts."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Worn"
        REJECTED = "rejected", "Not for me"

    class Reason(models.TextChoices):
        TOO_WARM = "too_warm", "Too warm"
        TOO_COLD = "too_cold", "Too cold"
        TOO_DRESSED_UP = "too_dressed_up", "Too dressed up"
        NOT_DRESSED_UP = "not_dressed_up", "Not dressed up enough"
        COLOURS = "colours", "Colours"
        WORN_LATELY = "worn_lately", "Wore it lately"
        ONE_PIECE = "one_piece", "One piece"
        MOOD = "mood", "Not my mood"

    suggestion = models.OneToOneField(Suggestion, on_delete=models.CASCADE, related_name="rating")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ratings"
    )
    version = models.ForeignKey(
        "registry.PromptVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="ratings",
    )
    verdict = models.CharField(max_length=16, choices=Verdict)
    reasons = models.JSONField(default=list, blank=True)
    comment = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.suggestion}"
