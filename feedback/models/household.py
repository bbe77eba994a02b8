"""Outfits that a wearer shows to their household, and what the others say of them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.text.fields import TypedCharField
from styling.models import Suggestion


class ShownOutfit(models.Model):
    """An outfit that everybody in its owner's household may look at, and say something of."""

    suggestion = models.OneToOneField(
        Suggestion, primary_key=True, on_delete=models.CASCADE, related_name="shown_outfit"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shown_outfits"
    )
    shown_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-shown_at"]

    def __str__(self) -> str:
        return f"{self.suggestion_id} for the household"


class HouseholdOpinion(models.Model):
    """What one of the household says of an outfit; one row a person, the last word counts. Nothing is learned of it:
    what suits somebody is for them to say.
    """

    class Verdict(models.TextChoices):
        GOOD = "good", _("Looks good")
        RATHER_NOT = "rather_not", _("Rather not")

    shown = models.ForeignKey(ShownOutfit, on_delete=models.CASCADE, related_name="opinions")
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="household_opinions"
    )
    verdict = models.CharField(max_length=16, choices=Verdict)
    words = TypedCharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["updated_at"]
        constraints = [models.UniqueConstraint(fields=["shown", "rater"], name="opinion_once")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.shown_id}"
