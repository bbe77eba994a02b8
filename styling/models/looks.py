"""Outfits that a wearer keeps under a name, and pieces that they never want for an occasion."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from accounts.text.fields import TypedCharField
from styling.models.shown import ShownManager
from styling.models.suggestions import Suggestion
from wardrobe.models import Garment


def look_path(row: "Look", filename: str) -> str:
    return f"looks/{row.owner_id}/{row.pk}/{filename}"


class LookQuerySet(models.QuerySet["Look"]):
    def for_owner(self, owner: User) -> "LookQuerySet":
        return self.filter(owner=owner)

    def for_season(self, season: str) -> "LookQuerySet":
        """Those without a piece that is told to be for other seasons alone."""
        others = Garment.objects.exclude(seasons=[]).exclude(seasons__contains=[season])
        return self.exclude(pieces__garment__in=others)


class Look(models.Model):
    """Pieces that lie together: built by hand, or kept of an answer (`suggestion`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks"
    )
    name = TypedCharField(max_length=60)
    suggestion = models.ForeignKey(
        Suggestion,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="looks",
        help_text="The answer that it was kept of.",
    )
    picture = models.ImageField(upload_to=look_path, blank=True, max_length=200)
    garments = models.ManyToManyField(Garment, through="LookPiece", related_name="looks")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="look_newest"),
            models.Index(fields=["-created_at"], name="look_unpictured", condition=Q(picture="")),
        ]

    def __str__(self) -> str:
        return self.name


class ShownLookPieces(ShownManager["LookPiece"]):
    outfit = "look"


class LookPiece(models.Model):
    """A garment of a look. Deleting a garment, or taking it off a shared shelf, keeps the rest of the look."""

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="pieces")
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="look_pieces")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(0)])

    objects = ShownLookPieces()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["look", "garment"], name="look_piece_once")]

    def __str__(self) -> str:
        return str(self.garment)


class LeftOutQuerySet(models.QuerySet["LeftOut"]):
    def list_keys(self, owner: User, kind: str) -> set[uuid.UUID]:
        """The keys of the garments that a wearer never wants for a kind of event."""
        return {*self.filter(owner=owner, kind=kind).values_list("garment", flat=True)}


class LeftOut(models.Model):
    """A garment that is never offered for a kind of event, until its wearer takes that back."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="left_out"
    )
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="left_out")
    kind = models.SlugField(max_length=32, help_text="A vocabulary event, e.g. business.")
    created_at = models.DateTimeField(db_default=Now())

    objects = LeftOutQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "garments left out"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "garment", "kind"], name="left_out_of")
        ]

    def __str__(self) -> str:
        return f"{self.garment}, not for {self.kind}"
