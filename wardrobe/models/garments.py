"""Garments: what a wearer owns."""

import uuid
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text.fields import TypedCharField, TypedTextField
from registry import statements  # noqa: F401 - It has the lookup `one_of`.
from wardrobe.models.photos import Photo

# Below the first a value is unsure; below the second it is likely.
GUESS_BELOW = 0.6
LIKELY_BELOW = 0.85
EMPTY_OBJECT = models.Value({}, models.JSONField())


def tags(**options: Any) -> "ArrayField[Any, Any]":
    return ArrayField(models.SlugField(max_length=32), default=list, blank=True, **options)


def crop_path(garment: "Garment", filename: str) -> str:
    return f"garments/{garment.owner_id}/{garment.id}/{filename}"


def among(garments: "models.QuerySet[Garment]") -> models.Q:
    """Of the few that others share or lend: found before the rest, so that it may stand beside an `or`."""
    return models.Q(pk__one_of=ArraySubquery(garments.order_by().values("pk")))


class GarmentQuerySet(models.QuerySet["Garment"]):
    def for_owner(self, owner: User) -> "GarmentQuerySet":
        return self.filter(owner=owner)

    def current(self) -> "GarmentQuerySet":
        """Everything that hangs in the wardrobe: not put away."""
        return self.exclude(status=Garment.Status.ARCHIVED)

    def wearable(self) -> "GarmentQuerySet":
        """What the stylist may offer: known well enough, clean, at home, not put away."""
        at_home = models.Q(quantity__gt=models.F("washing") + models.F("elsewhere"))
        return self.filter(at_home, status=Garment.Status.READY, in_wash=False)

    def seen_by(self, user: User) -> "GarmentQuerySet":
        """Their own, and what lies on a shelf that is shared with them."""
        shared = Garment.objects.filter(shelf_pieces__shelf__shares__member__user=user)
        return self.filter(models.Q(owner=user) | among(shared))

    def worn_by(self, user: User) -> "GarmentQuerySet":
        """Their own, and what lies on a shelf that they may wear and do use."""
        used = Garment.objects.filter(
            shelf_pieces__shelf__shares__member__user=user,
            shelf_pieces__shelf__shares__may_wear=True,
            shelf_pieces__shelf__shares__is_used=True,
        )
        return self.filter(models.Q(owner=user) | among(used))

    def ready_for(self, user: User) -> "GarmentQuerySet":
        """What is known well enough, clean, not put away, and at home or lent to them."""
        at_home = models.Q(quantity__gt=models.F("washing") + models.F("elsewhere"))
        lent = Garment.objects.filter(
            cares__borrower=user, cares__kind="lent", cares__ended_on=None
        )
        is_there = at_home | among(lent)
        return self.filter(is_there, status=Garment.Status.READY, in_wash=False)

    def needing_review(self) -> "GarmentQuerySet":
        return self.filter(status=Garment.Status.NEEDS_REVIEW)

    def shown_by(self, photo: Photo) -> "GarmentQuerySet":
        """Its own, or those of the photo that it repeats, or the one that it is a view of."""
        if photo.view_of_id:
            return self.filter(pk=photo.view_of_id)
        return self.filter(photo=photo.duplicate_of_id or photo.pk)

    def alike(self, photo: Photo) -> "GarmentQuerySet":
        """The pieces that it may show once more."""
        return self.shown_by(photo.alike) if photo.alike else self.none()

    def of_colours(self, names: list[str]) -> "GarmentQuerySet":
        """Those that show any of the named colours."""
        shown = [models.Q(colours__contains=[{"name": name}]) for name in names]
        return self.filter(reduce(or_, shown))


class Garment(models.Model):
    """One piece of clothing. Attributes hold `VocabularyTerm.value`s.

    `sleeve` and `length` are empty for what has none, and where nobody said.
    `confidence` maps each attribute the model set to 0..1; `edited_fields` lists those the wearer
    has settled, which no later run overwrites, and `model_values` what the model had said of those
    the wearer changed. `doubts` lists those of which the version that described it wants a look, and
    `set_aside` what the model had said of those that were derived anew when the wearer corrected what
    they follow from, `{"material": {"value": "polyester", "confidence": 0.4}}`. `colours` is a list of
    `{"name": "navy", "hex": "#1f2a44", "share": 0.8}`, largest share first. `box` is
    `[x, y, width, height]` in fractions of the photo. `alternatives` maps an attribute to the next
    likely words, `[{"value": "sneakers", "confidence": 0.3, "is_finer": False}]`, the likeliest
    first; one of type `is_finer` if the type is the name of its family. `cut_out_size` is `[width, height]` in pixels.
    It is `in_wash` when as many as there are of
    it are `washing`, and `elsewhere` are those in repair or lent (`Care`). `wear_count`, `last_worn_on` and `wears_since_wash` follow from the `Wear`s
    (`wardrobe.services.wears`). `away` is why it was put away, empty where nobody said. `is_basic`: it
    is of the starter set and has no photo yet. `whose` is who it belongs to, where it is shown to somebody else
    (`wardrobe.household.seeing`), and `called` what it is called for them. `face` is the view that is shown first, None for its own
    photo.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Ready")
        NEEDS_REVIEW = "needs_review", _("Needs a look")
        ARCHIVED = "archived", _("Put away")

    class Away(models.TextChoices):
        STORED = "stored", _("Stored")
        SOLD = "sold", _("Sold")
        GIVEN = "given", _("Given away")
        WORN_OUT = "worn_out", _("Worn out")
        LOST = "lost", _("Lost")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="garments"
    )
    photo = models.ForeignKey(
        Photo, null=True, blank=True, on_delete=models.CASCADE, related_name="garments"
    )
    ordinal = models.PositiveSmallIntegerField(default=0, help_text="Position within its photo.")
    box = ArrayField(models.FloatField(), size=4, default=list, blank=True)
    image = models.ImageField(
        upload_to=crop_path,
        blank=True,
        max_length=200,
        help_text="Its part of the photo.",
    )
    cut_out = models.ImageField(
        upload_to=crop_path,
        blank=True,
        max_length=200,
        default="",
        db_default="",
        help_text="Without what it lay on; empty where that could not be told surely.",
    )
    cut_out_size = ArrayField(
        models.PositiveSmallIntegerField(), size=2, default=list, db_default=[], blank=True
    )
    cut_out_sureness = models.FloatField(null=True, blank=True, help_text="Empty: not tried yet.")
    cut_out_refused = models.BooleanField(
        default=False, db_default=False, help_text="Its wearer says that the cut-out is wrong."
    )
    turned = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Degrees clockwise, 0, 90, 180 or 270."
    )
    face = models.ForeignKey(
        Photo,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The view of it that is shown first.",
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)
    away = models.CharField(
        "why it is put away", max_length=16, choices=Away, blank=True, default="", db_default=""
    )
    is_basic = models.BooleanField("of the starter set", default=False, db_default=False)

    name = TypedCharField(max_length=120)
    slot = models.SlugField(max_length=32)
    type = models.SlugField(max_length=32)
    colours = models.JSONField(default=list, blank=True)
    pattern = models.SlugField(max_length=32, blank=True)
    material = models.SlugField(max_length=32, blank=True)
    warmth = models.SlugField(max_length=32, blank=True)
    layering = models.SlugField(max_length=32, blank=True)
    seasons = tags()
    formality = models.SlugField(max_length=32, blank=True)
    fit = models.SlugField(max_length=32, blank=True)
    sleeve = models.SlugField(max_length=32, blank=True, db_index=False, default="", db_default="")
    length = models.SlugField(max_length=32, blank=True, db_index=False, default="", db_default="")
    water_resistant = models.BooleanField(default=False)
    style_tags = tags()
    occasions = tags()
    clo = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(4)],
        help_text="Thermal insulation, 1 clo = 0.155 m²K/W; empty: from type and warmth.",
    )
    confidence = models.JSONField(default=dict, blank=True)
    alternatives = models.JSONField(default=dict, blank=True, db_default=EMPTY_OBJECT)
    doubts = tags(db_default=[])
    edited_fields = tags()
    model_values = models.JSONField(default=dict, blank=True)
    set_aside = models.JSONField(default=dict, blank=True, db_default=EMPTY_OBJECT)
    call = models.ForeignKey(
        "registry.InferenceCall",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="garments",
        help_text="The call that described it.",
    )

    brand = TypedCharField(max_length=80, blank=True)
    price = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        max_length=3,
        blank=True,
        default="",
        db_default="",
        help_text="Of the price, by ISO 4217; empty: never told.",
    )
    quantity = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    notes = TypedTextField(max_length=2000, blank=True)
    is_favourite = models.BooleanField("favourite", default=False)
    in_wash = models.BooleanField("in the wash", default=False)
    washing = models.PositiveSmallIntegerField(
        "in the wash, of several",
        default=0,
        db_default=0,
        help_text="How many of them are in the wash.",
    )
    elsewhere = models.PositiveSmallIntegerField(
        "in repair or lent", default=0, db_default=0, help_text="How many of them; from the log."
    )
    wash_after = models.PositiveSmallIntegerField(
        "wears between two washes",
        null=True,
        blank=True,
        help_text="In the wearer's word; empty: the usual of its type, 0: never due.",
    )
    wear_count = models.PositiveIntegerField(default=0)
    last_worn_on = models.DateField(null=True, blank=True)
    wears_since_wash = models.PositiveSmallIntegerField(default=0)
    washed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = GarmentQuerySet.as_manager()
    whose = ""
    called = ""

    class Meta:
        ordering = ["-created_at", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["photo", "ordinal"], name="garment_once_per_photo")
        ]
        indexes = [
            models.Index(fields=["owner", "status", "slot"], name="garment_owner_slot"),
            models.Index(
                fields=["created_at"],
                name="garment_described",
                condition=models.Q(call__isnull=False),
            ),
            models.Index(
                fields=["-created_at", "ordinal"],
                name="garment_uncut",
                condition=models.Q(cut_out_sureness=None, photo__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def main_colour(self) -> str:
        """The name of the largest colour, or an empty string."""
        return str(self.colours[0]["name"]) if self.colours else ""

    @property
    def has_picture(self) -> bool:
        """Whether there is a crop of it, or at least a photo that can be shown."""
        return bool(self.image or self.face_id or (self.photo and self.photo.thumbnail))

    @property
    def shows_cut_out(self) -> bool:
        """Whether pages show it cut out, and not the photo as a print."""
        return bool(self.cut_out) and not (self.cut_out_refused or self.face_id)

    @property
    def is_being_cut(self) -> bool:
        """Whether a cut-out is still to come."""
        return self.cut_out_sureness is None and bool(self.photo and self.photo.image)

    @property
    def picture_names(self) -> list[str | None]:
        """The files that are its own."""
        return [self.image.name, self.cut_out.name]

    @property
    def is_archived(self) -> bool:
        return self.status == self.Status.ARCHIVED

    @property
    def is_all_out(self) -> bool:
        """Whether none of it is left that could go into the wash, into repair or to somebody."""
        return self.washing + self.elsewhere >= self.quantity

    @property
    def is_away(self) -> bool:
        """Whether what is not in the wash of it is in repair or lent; of what is somebody else's that is not said."""
        return self.elsewhere > 0 and self.is_all_out and not self.whose

    @property
    def rests(self) -> bool:
        """Whether it hangs there and cannot be worn now."""
        return self.is_archived or self.in_wash or self.is_away

    @property
    def was_worn_today(self) -> bool:
        return self.last_worn_on == self.owner.today

    @property
    def guesses(self) -> list[str]:
        """What its wearer is asked to look at: the doubts that are not settled, of what a model still says. It waits as
        long as there are any.
        """
        return [
            name
            for name in self.doubts
            if name in self.confidence and name not in self.edited_fields
        ]

    @property
    def type_choices(self) -> list[str]:
        """The two types between which it is doubted, the likelier first; none where it is not.

        The model's word and the next, or the next two where its word is the family of the next.
        """
        next_likely = self.alternatives.get("type", [])
        if not next_likely or "type" not in self.guesses:
            return []
        rivals = [str(rival["value"]) for rival in next_likely[:2]]
        is_family = len(rivals) == 2 and next_likely[0].get("is_finer", False)
        return rivals if is_family else [self.type, rivals[0]]

    def sureness(self, field: str) -> str:
        """How settled an attribute is: "you" if the wearer set it, "guess" if it wants a look, else by the model's
        confidence "unsure", "likely" or "sure".
        """
        if field in self.model_values:
            return "you"
        if field in self.guesses:
            return "guess"
        confidence = float(self.confidence.get(field, 1))
        if field in self.edited_fields or confidence >= LIKELY_BELOW:
            return "sure"
        return "unsure" if confidence < GUESS_BELOW else "likely"
