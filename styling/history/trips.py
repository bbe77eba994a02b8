"""Outfits of trips, for the calendar."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from styling.models import Trip, TripOccasion
from wardrobe.models import Garment


@dataclass(frozen=True)
class TripOutfit:
    """What is worn to an occasion of a trip that is planned, the pieces in the order to show."""

    trip: Trip
    occasion: TripOccasion
    garments: tuple[Garment, ...]


def outfits_of_trips(owner: User, first: date, last: date) -> dict[date, list[TripOutfit]]:
    """The outfits of planned trips by day, both ends included; each day's in the order of its occasions. Three queries."""
    occasions = (
        TripOccasion.objects.filter(
            trip__owner=owner, trip__is_planned=True, day__range=(first, last), wears__isnull=False
        )
        .select_related("trip")
        .prefetch_related("wears__garment__photo")
        .distinct()
    )
    found: dict[date, list[TripOutfit]] = {}
    for occasion in occasions:
        garments = tuple(wear.garment for wear in occasion.wears.all())
        found.setdefault(occasion.day, []).append(TripOutfit(occasion.trip, occasion, garments))
    return found
