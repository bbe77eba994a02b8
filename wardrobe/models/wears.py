"""What was worn on which day: the log that the counts of garments are derived from."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from wardrobe.models.garments import Garment


class WearQuerySet(models.QuerySet["Wear"]):
    def for_owner(self, owner: User) -> "WearQuerySet":
        return self.filter(owner=owner)

    def of_outfit(self, origin: UUID) -> "WearQuerySet":
        return self.filter(origin=origin)

    def come(self, today: date) -> "WearQuerySet":
        """Those whose day has come."""
        return self.filter(Q(day__lte=today) | Q(day=None))


class Wear(models.Model):
    """A garment was worn on a day, or is planned for it: it counts once the wearer's day has come.

    `origin` is the suggestion that it follows from; None where the wearer said so without one. Two
    outfits of one day leave two rows, and the day counts once. `is_planned` says that the day had
    not come when the garment's counts were last derived. EARLIER stands for `times` wears of before
    there was a log, whose days nobody kept; `day` is the last of them, None where not even that is
    known.
    """

    class Source(models.TextChoices):
        ACCEPTED = "accepted", _("An outfit you chose")
        INSTEAD = "instead", _("Worn instead of an outfit")
        SAID = "said", _("You said so")
        EARLIER = "earlier", _("Counted before there was a log")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wears"
    )
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="wears")
    day = models.DateField(null=True, blank=True)
    times = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=16, choices=Source)
    origin = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    is_planned = models.BooleanField("planned", default=False)
    is_washed = models.BooleanField("washed since", default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = WearQuerySet.as_manager()

    class Meta:
        ordering = [models.F("day").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["garment", "day", "origin"],
                name="wear_once",
                condition=~Q(source="earlier"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="wear_has_a_day",
                condition=Q(source="earlier") | Q(day__isnull=False, times=1),
            ),
        ]
        indexes = [
            models.Index(fields=["day", "owner"], name="wear_planned", condition=Q(is_planned=True))
        ]

    def __str__(self) -> str:
        return f"{self.garment} on {self.day or 'some day'}"
