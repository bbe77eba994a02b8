"""What was done with a garment besides wearing it: washed, repaired, lent."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text.fields import TypedCharField
from wardrobe.models.garments import Garment


class CareQuerySet(models.QuerySet["Care"]):
    def for_owner(self, owner: User) -> "CareQuerySet":
        return self.filter(owner=owner)

    def away(self) -> "CareQuerySet":
        """In repair or lent, and not back."""
        return self.filter(kind__in=Care.AWAY, ended_on=None)

    def overdue(self, today: date) -> "CareQuerySet":
        """Away longer than was said, the longest first."""
        return self.away().filter(until__lt=today).order_by("until", "pk")


class Care(models.Model):
    """One entry of a garment's log besides its wears.

    `pieces` of it went into the wash, or are away from `day` until `ended_on`; `until` is when they are expected, `whom`
    who has them; `told_on` is when its owner was reminded that this day is over. `act` is shared by the entries of one act, such as a basket that was washed. `before` is what an undo of
    a wash puts back: `{"washing": 1, "washed_on": "2026-11-20", "wears": [keys that it marked as washed]}`.
    """

    class Kind(models.TextChoices):
        BASKET = "basket", _("Into the wash")
        WASHED = "washed", _("Washed")
        REPAIR = "repair", _("In repair")
        LENT = "lent", _("Lent")

    AWAY = (Kind.REPAIR, Kind.LENT)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cares"
    )
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="cares")
    kind = models.CharField(max_length=8, choices=Kind)
    day = models.DateField()
    pieces = models.PositiveSmallIntegerField(default=1)
    whom = TypedCharField("who has it", max_length=80, blank=True)
    borrower = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="borrowed",
        help_text="Whoever of the household has it.",
    )
    until = models.DateField("expected back", null=True, blank=True)
    ended_on = models.DateField("back on", null=True, blank=True)
    told_on = models.DateField(null=True, blank=True, editable=False)
    act = models.UUIDField(null=True, blank=True, editable=False)
    before = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "care"
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(
                fields=["owner", "until"],
                name="care_away",
                condition=Q(kind__in=["repair", "lent"], ended_on=None),
            ),
            models.Index(fields=["owner", "act"], name="care_act"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}"

    @property
    def is_away(self) -> bool:
        return self.kind in self.AWAY and self.ended_on is None
