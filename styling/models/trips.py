"""Trips: where and when, what for, what is packed and what is worn on each occasion."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from accounts.text.fields import TypedCharField
from wardrobe.models import Garment


class TripQuerySet(models.QuerySet["Trip"]):
    def for_owner(self, owner: User) -> "TripQuerySet":
        return self.filter(owner=owner)

    def ahead(self, today: date) -> "TripQuerySet":
        """Those that are not over."""
        return self.filter(ends_on__gte=today)

    def unpacked(self) -> "TripQuerySet":
        """Whose list is wanted and not there yet."""
        return self.filter(status__in=[Trip.Status.WAITING, Trip.Status.PACKING])


class Trip(models.Model):
    """Some days away. `wash_days` are days on which clothes are washed: clean again on the next.

    `progress` is in percent while it is packed. `former` is the list before the last one, so that a repack can be taken
    back: `{"pieces": […], "outfits": […]}`; empty where there is nothing to take back. `verdict` is what there is to say of the
    list in codes: not_fewest, overworn, faults, turned.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Without a list"
        WAITING = "waiting", "Waiting to be packed"
        PACKING = "packing", "Being packed"
        READY = "ready", "Packed"
        FAILED = "failed", "Could not be packed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trips"
    )
    name = TypedCharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    wash_days = ArrayField(models.DateField(), default=list, blank=True)
    wears_longer = models.BooleanField(
        "fewer pieces", default=False, help_text="Each is worn a day more before its wash."
    )
    is_planned = models.BooleanField("in the calendar", default=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)
    progress = models.PositiveSmallIntegerField(default=0)
    verdict = ArrayField(models.SlugField(max_length=32), default=list, blank=True)
    former = models.JSONField(default=dict, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    packed_at = models.DateTimeField(null=True, blank=True)
    looked_on = models.DateField(
        null=True, blank=True, help_text="When its sky was last read, in UTC."
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = TripQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(F("owner"), F("starts_on").desc(), name="trip_of_owner")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="trip_ends_after")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on}"

    @property
    def days(self) -> list[date]:
        count = (self.ends_on - self.starts_on).days + 1
        return [self.starts_on + timedelta(days=at) for at in range(count)]

    @property
    def is_working(self) -> bool:
        return self.status in {self.Status.WAITING, self.Status.PACKING}


class TripLeg(models.Model):
    """A place of a trip, from a day on. What the wearer expects of the sky there counts for days without a forecast."""

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="legs")
    starts_on = models.DateField()
    place = models.CharField(max_length=120)
    latitude = models.FloatField(help_text="To a tenth of a degree.")
    longitude = models.FloatField(help_text="To a tenth of a degree.")
    time_zone = models.CharField(max_length=64)
    temperature = models.SlugField(
        max_length=16, blank=True, help_text="As expected: cold, mild, …"
    )
    rain = models.SlugField(max_length=16, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [models.UniqueConstraint(fields=["trip", "starts_on"], name="leg_once")]

    def __str__(self) -> str:
        return f"{self.place} from {self.starts_on}"


def occasion_path(row: "TripOccasion", filename: str) -> str:
    return f"looks/{row.owner_id}/trip-{row.pk}/{filename}"


class TripOccasion(models.Model):
    """What for, on a day of a trip, and what is worn to it. `weather` and `no_forecast` as of a `Suggestion`; `faults` are
    codes of rules that the outfit breaks; `has_turned`: the forecast of another day broke one."""

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="occasions")
    day = models.DateField()
    kind = models.SlugField(max_length=32)
    position = models.PositiveSmallIntegerField(default=0)
    weather = models.JSONField(default=dict, blank=True)
    no_forecast = models.CharField(max_length=32, blank=True)
    faults = ArrayField(models.SlugField(max_length=32), default=list, blank=True)
    has_turned = models.BooleanField(default=False)
    garments = models.ManyToManyField(Garment, through="TripWear", related_name="+")
    picture = models.ImageField(
        upload_to=occasion_path,
        blank=True,
        max_length=200,
        default="",
        db_default="",
        help_text="The pieces as they lie.",
    )

    class Meta:
        ordering = ["day", "position"]
        constraints = [
            models.UniqueConstraint(fields=["trip", "day", "position"], name="trip_occasion_once")
        ]
        indexes = [
            models.Index(fields=["-day"], name="trip_unpictured", condition=Q(picture="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}"

    @property
    def owner(self) -> User:
        return self.trip.owner

    @property
    def owner_id(self) -> int:
        return self.trip.owner_id

    @property
    def pieces(self) -> Any:
        """The manager of what is worn to it, as an answer's and a look's is called."""
        return self.wears


class TripWear(models.Model):
    """A garment of an occasion's outfit."""

    occasion = models.ForeignKey(TripOccasion, on_delete=models.CASCADE, related_name="wears")
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="trip_wears")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["occasion", "garment"], name="worn_once_there")
        ]

    def __str__(self) -> str:
        return f"{self.garment}"


class TripPiece(models.Model):
    """A garment on the list. Packed ones stay when it is packed anew; one that was left out does not come again."""

    class Role(models.TextChoices):
        CHOSEN = "chosen", "Chosen"
        ADDED = "added", "Added by hand"
        LEFT_OUT = "left_out", "Left at home"

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="pieces")
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="trip_pieces")
    role = models.CharField(max_length=16, choices=Role, default=Role.CHOSEN)
    copies = models.PositiveSmallIntegerField(default=1)
    is_packed = models.BooleanField("in the bag", default=False)
    is_worn_there = models.BooleanField("worn on the way", default=False)
    is_spare = models.BooleanField("counted by days", default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["trip", "garment"], name="packed_once")]

    def __str__(self) -> str:
        return f"{self.garment} for {self.trip}"
