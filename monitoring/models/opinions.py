"""What people made of answers, counted by period."""

from typing import Any

from django.db import models
from django.db.models import Q

from registry.models import PromptVersion


def named_field(help_text: str) -> "models.JSONField[Any, Any]":
    return models.JSONField(default=dict, help_text=help_text)


class OpinionRollup(models.Model):
    """The garments, corrections, ratings and decisions of one period, task, version and format of photo.

    A garment belongs to the period in which it was described, a correction and a decision to that in which they were
    made, a rating to that in which it was first given. Corrections, decisions and ratings have no format. Rows of a
    period are added up: `KEPT` counts what is there, and the job may delete and insert it anew; `GONE` counts what was
    removed, as with an account, and is never counted again; `LEAVING` waits to be added to that.
    """

    class Grain(models.TextChoices):
        HOUR = "1h", "Hour"
        DAY = "1d", "Day"

    class State(models.TextChoices):
        KEPT = "kept", "There"
        GONE = "gone", "Removed"
        LEAVING = "leaving", "Removed just now"

    grain = models.CharField(max_length=2, choices=Grain)
    starts_at = models.DateTimeField(help_text="Days are those of UTC.")
    task = models.CharField(max_length=64)
    version = models.ForeignKey(
        PromptVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    format = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=7, choices=State)
    described = models.PositiveIntegerField(default=0, help_text="Garments.")
    asked = models.PositiveIntegerField(
        default=0, help_text="Of these, those of which the wearer was asked to look."
    )
    corrected = models.PositiveIntegerField(
        default=0, help_text="Of these, those of which the wearer changed something."
    )
    rated = models.PositiveIntegerField(default=0, help_text="Outfits with a word on them.")
    worn = models.PositiveIntegerField(default=0, help_text="Of these, those that were worn.")
    changed = named_field("Of the garments described, those of which it was changed, by field.")
    corrections = named_field("Corrections made in the period, by field.")
    swaps = named_field("The same, by field, what was said and what it was changed to, as JSON.")
    decisions = named_field("What reviewers decided in the period, by field.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "starts_at", "task", "version", "format", "state"],
                name="opinions_once",
                condition=~Q(state="leaving"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["starts_at"], name="opinions_leaving", condition=Q(state="leaving")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}, {self.get_grain_display()} from {self.starts_at:%d %b %H:%M}"


class OpinionProgress(models.Model):
    """How far opinions have been counted: one row, made by the first run of the job."""

    built_until = models.DateTimeField(help_text="All that was said before was counted.")

    def __str__(self) -> str:
        return f"Until {self.built_until:%d %b %H:%M:%S}"
