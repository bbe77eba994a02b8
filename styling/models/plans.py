"""What became of outfits that were planned: moved, called off, or no longer right for the sky."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from styling.models.suggestions import Suggestion


class Plan(models.Model):
    """What is known of a planned outfit beyond that it was chosen. There is none before something happened to it.

    `revision` counts the times that its day changed, it was called off or came back. An outfit that is called off has no
    verdict, but keeps its place in the calendar. `forecast` is the snapshot that the outfit was last compared with, and `turned` what that asks
    otherwise; the wearer may keep the outfit all the same (`is_kept`), until the sky turns again.
    """

    class Turned(models.TextChoices):
        NOT = "", "Still right"
        COLDER = "colder", "Colder"
        WARMER = "warmer", "Warmer"
        WETTER = "wetter", "Wetter"

    suggestion = models.OneToOneField(
        Suggestion, primary_key=True, on_delete=models.CASCADE, related_name="plan"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plans"
    )
    revision = models.PositiveSmallIntegerField(default=0)
    is_copy = models.BooleanField(
        "a copy", default=False, help_text="Of an outfit of another day; no stylist was asked."
    )
    called_off_at = models.DateTimeField(null=True, blank=True)
    forecast = models.JSONField(default=dict, blank=True)
    turned = models.CharField(max_length=8, choices=Turned, default=Turned.NOT, blank=True)
    is_kept = models.BooleanField("kept all the same", default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When the wearer was told that the sky turned."
    )
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["owner"], name="plan_to_tell", condition=~Q(turned="") & Q(told_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"Plan of {self.suggestion_id}"

    @property
    def wants_another(self) -> bool:
        return bool(self.turned) and not self.is_kept and self.called_off_at is None
