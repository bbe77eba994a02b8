"""What is known of a garment's life, in a few sentences: how often and when last it was worn, with what, and whether it is clean and here."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages.words import dated
from wardrobe.models import Garment, Wear
from wardrobe.services.intervals import interval_of

FEWEST_TOGETHER = 2
"""Outfits: one alone is no "most often"."""


@dataclass(frozen=True)
class Story:
    """Sentences; empty where nothing is known. `companion` is a piece of the same owner's."""

    worn: str
    companion: Garment | None
    care: str


def tell_story(garment: Garment, today: date) -> Story:
    return Story(say_worn(garment, today), find_companion(garment, today), say_care(garment))


def say_worn(garment: Garment, today: date) -> str:
    times, last = garment.wear_count, garment.last_worn_on
    if not times:
        return _("Not worn yet.")
    if not last:
        said = ngettext("Worn once.", "Worn %(n)s times.", times)
    elif last == today:
        said = ngettext("Worn once, today.", "Worn %(n)s times, last today.", times)
    elif last == today - timedelta(days=1):
        said = ngettext("Worn once, yesterday.", "Worn %(n)s times, last yesterday.", times)
    else:
        said = ngettext("Worn once, on %(day)s.", "Worn %(n)s times, last on %(day)s.", times)
    return said % {"n": times, "day": dated(last, "j F Y")}


def find_companion(garment: Garment, today: date) -> Garment | None:
    """What it was worn with in most outfits whose day has come. Pieces that were said to be worn on the same day need
    not have been worn at once: they count nothing.
    """
    outfits = Wear.objects.filter(garment=garment).come(today).exclude(origin=None)
    others = Garment.objects.filter(
        owner=garment.owner_id, wears__origin__in=outfits.order_by().values("origin")
    )
    together = others.exclude(pk=garment.pk).annotate(outfits=Count("wears__origin", distinct=True))
    return together.filter(outfits__gte=FEWEST_TOGETHER).order_by("-outfits", "pk").first()


def say_care(garment: Garment) -> str:
    """Of what is never due for the wash and not in it, nothing."""
    if garment.in_wash:
        return _("In the wash.")
    if garment.is_away:
        return _("Away.")
    interval = interval_of(garment)
    if not interval or garment.washing:
        return ""
    if not garment.wears_since_wash:
        return _("Clean.")
    left = interval - garment.wears_since_wash
    if left <= 0:
        return _("Due for the wash.")
    said = ngettext("One more wear until the wash.", "%(n)s more wears until the wash.", left)
    return said % {"n": left}
