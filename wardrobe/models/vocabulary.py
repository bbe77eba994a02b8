"""The words a garment is described with. The same rows feed forms, prompts and JSON schemas."""

from django.db import models


class VocabularyTerm(models.Model):
    class Kind(models.TextChoices):
        SLOT = "slot", "Slot"
        TYPE = "type", "Type"
        COLOUR = "colour", "Colour"
        PATTERN = "pattern", "Pattern"
        MATERIAL = "material", "Material"
        WARMTH = "warmth", "Warmth"
        LAYERING = "layering", "Layering"
        SEASON = "season", "Season"
        FORMALITY = "formality", "Formality"
        FIT = "fit", "Fit"
        STYLE = "style", "Style"
        EVENT = "event", "Event"

    kind = models.CharField(max_length=16, choices=Kind)
    value = models.SlugField(max_length=32)
    label = models.CharField(max_length=48)
    slot = models.SlugField(
        max_length=32, blank=True, help_text="For a type: the slot it is worn in."
    )
    order = models.PositiveSmallIntegerField(
        default=0, help_text="Position; for warmth and formality also the scale."
    )
    details = models.JSONField(
        default=dict,
        blank=True,
        help_text="For a type: clo per warmth. For a colour: hex. For an event: formality, met.",
    )
    source = models.CharField(max_length=200, blank=True, help_text="Where its values come from.")
    fixture_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the file entry it was last loaded from.",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "order", "value"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="vocabulary_term_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.label}"
