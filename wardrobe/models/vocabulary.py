"""The words a garment is described with: the draft that the admin edits, and its revisions."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class VocabularyTerm(models.Model):
    """A word of the draft. It reaches forms, prompts, schemas and the gate when it is published."""

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
        SLEEVE = "sleeve", "Sleeve"
        LENGTH = "length", "Length"
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
        help_text="For a type: clo per warmth. For a colour: hex. For an event: formality, met. "
        "For a sleeve or a length: the slots that have one.",
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


class VocabularyRevision(models.Model):
    """All active terms at a moment; the database refuses to change one.

    Versions of prompts pin it by `sha256`, the digest of the canonical JSON of `terms`. A draft that
    returns to what it was makes a revision with the same digest again.
    """

    number = models.PositiveIntegerField(unique=True)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    terms = models.JSONField(help_text="kind, value, label, slot, order and details of each term.")
    notes = models.CharField(max_length=300, blank=True, help_text="What changed, and why.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Vocabulary {self.number}"

    @property
    def short_sha(self) -> str:
        return self.sha256[:7]
