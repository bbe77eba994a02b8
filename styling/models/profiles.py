"""What the stylist knows about a wearer."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy

from accounts.text.fields import TypedCharField


class Profile(models.Model):
    """What the stylist knows about a wearer. Coordinates are kept to a tenth of a degree."""

    class Units(models.TextChoices):
        METRIC = "metric", gettext_lazy("Celsius, km/h")
        IMPERIAL = "imperial", gettext_lazy("Fahrenheit, mph")

    class Sensitivity(models.IntegerChoices):
        VERY_COLD = -2, gettext_lazy("I am always cold")
        COLD = -1, gettext_lazy("I feel the cold")
        AVERAGE = 0, gettext_lazy("Like most people")
        WARM = 1, gettext_lazy("I run warm")
        VERY_WARM = 2, gettext_lazy("I am always warm")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="profile",
    )
    place = models.CharField(max_length=120, blank=True, help_text="Home, e.g. Porto, Portugal.")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="Of the home, or chosen; empty follows the browser.",
    )
    units = models.CharField(max_length=8, choices=Units, default=Units.METRIC)
    currency = models.CharField(
        max_length=3,
        blank=True,
        default="",
        db_default="",
        help_text="That prices are told in, by ISO 4217; empty follows the time zone.",
    )
    sensitivity = models.SmallIntegerField(choices=Sensitivity, default=Sensitivity.AVERAGE)
    likes = TypedCharField(max_length=300, blank=True)
    dislikes = TypedCharField(max_length=300, blank=True)
    repeat_days = models.PositiveSmallIntegerField(
        "do not repeat within (days)", default=7, validators=[MaxValueValidator(60)]
    )

    def __str__(self) -> str:
        return f"Profile of {self.user}"

    @property
    def has_zone(self) -> bool:
        """Whether the zone is of a home, or was chosen."""
        return bool(self.time_zone)
