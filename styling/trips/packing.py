"""Packing a stored trip: its skies are read, its occasions dressed, its list written. Runs in a job."""

import logging
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from styling.models import Trip, TripLeg, TripOccasion, TripPiece
from styling.packing.fit import find_faults, read_fit
from styling.packing.packing import Packed, pack
from styling.packing.program import NoSolutionError
from styling.packing.suitcase import Need, Terms
from styling.services.hours import find_hours, is_weekend, read_own_hours
from styling.services.profiles import get_profile
from styling.services.requests import (
    EventRequest,
    StatedWeather,
    get_window,
    read_preferences,
    read_weather,
)
from styling.stylist.context import Candidate, EventContext, OutfitContext
from styling.stylist.preferences import Preferences
from styling.stylist.seasons import find_season
from styling.trips.service import dress_occasion
from styling.weather.model import WeatherSnapshot
from styling.weather.places import Place
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.services.intervals import interval_of

logger = logging.getLogger(__name__)

SKY_SHARE = 0.3
"""Of the progress: the rest is choosing."""
NOTHING_TO_PACK = "nothing"


def list_owned(trip: Trip) -> list[Garment]:
    """What may come along: all that can be worn, what is in the wash now for it will be clean, and what was added."""
    kept = trip.pieces.exclude(role=TripPiece.Role.LEFT_OUT).filter(
        Q(is_packed=True) | Q(role=TripPiece.Role.ADDED)
    )
    left = trip.pieces.filter(role=TripPiece.Role.LEFT_OUT).values("garment")
    garments = Garment.objects.for_owner(trip.owner).filter(
        Q(status=Garment.Status.READY) | Q(pk__in=kept.values("garment"))
    )
    return list(garments.exclude(pk__in=left).order_by("pk"))


def find_leg(legs: list[TripLeg], day: date) -> TripLeg:
    """Where the wearer is on a day."""
    return next((leg for leg in reversed(legs) if leg.starts_on <= day), legs[0])


def make_request(owner: User, occasion: TripOccasion, leg: TripLeg) -> EventRequest:
    hours = find_hours(occasion.kind, weekend=is_weekend(occasion.day), own=read_own_hours(owner))
    place = Place(leg.place, leg.latitude, leg.longitude, leg.time_zone, "")
    return EventRequest(occasion.kind, occasion.day, hours.starts_at, hours.ends_at, place)


def read_sky(owner: User, occasion: TripOccasion, leg: TripLeg) -> None:
    """The forecast of an occasion's hours, else what is expected there, else nothing and why, onto its row."""
    stated = StatedWeather(leg.temperature, leg.rain or "dry") if leg.temperature else None
    request = make_request(owner, occasion, leg)
    occasion.weather, occasion.no_forecast = read_weather(owner, request, stated)


def make_need(
    trip: Trip, occasion: TripOccasion, leg: TripLeg, wardrobe: tuple[Candidate, ...]
) -> Need:
    """By its stored sky: without one for a mild day of the season, as the stylist dresses whoever has no forecast."""
    owner, words = trip.owner, vocabulary.current()
    profile = get_profile(owner)
    starts, ends = get_window(make_request(owner, occasion, leg), leg.time_zone)
    known = Preferences.from_json(read_preferences(owner).get("preferences", {}))
    context = OutfitContext(
        event=EventContext.of(
            occasion.kind,
            starts=starts,
            ends=ends,
            season=find_season(occasion.day, leg.latitude, leg.time_zone),
            words=words,
        ),
        weather=WeatherSnapshot.from_json(occasion.weather) if occasion.weather else None,
        no_forecast=occasion.no_forecast,
        wardrobe=wardrobe,
        today=occasion.day,
        sensitivity=profile.sensitivity,
        likes=profile.likes,
        dislikes=profile.dislikes,
        repeat_days=0,
        preferences=replace(known, rejections=()),
        words=words,
    )
    return Need((occasion.day - trip.starts_on).days, read_fit(context))


def pack_trip(trip_id: UUID | str, attempt: int) -> bool:
    """Pack it once; False where it was asked for anew meanwhile, or is gone. Runs again after a worker that died."""
    claimed = Trip.objects.filter(pk=trip_id, attempt=attempt).unpacked()
    if not claimed.update(status=Trip.Status.PACKING, progress=1):
        return False
    trip = Trip.objects.select_related("owner").get(pk=trip_id)
    try:
        occasions, packed = make_list(trip)
    except NoSolutionError:
        logger.warning("trip %s could not be packed", trip.pk)
        Trip.objects.filter(pk=trip.pk, attempt=attempt).update(status=Trip.Status.FAILED)
        return False
    return write_list(trip, attempt, occasions, packed)


def make_list(trip: Trip) -> tuple[list[TripOccasion], Packed]:
    """Raises NoSolutionError."""
    legs, occasions = list(trip.legs.all()), list(trip.occasions.all())
    garments = list_owned(trip)
    words = vocabulary.current()
    wardrobe = tuple(Candidate.from_garment(garment, words) for garment in garments)
    if not wardrobe or not legs:
        raise NoSolutionError(NOTHING_TO_PACK)
    needs = []
    for at, occasion in enumerate(occasions):
        leg = find_leg(legs, occasion.day)
        read_sky(trip.owner, occasion, leg)
        needs.append(make_need(trip, occasion, leg, wardrobe))
        tell(trip, SKY_SHARE * (at + 1) / len(occasions))
    travels = frozenset({0, (trip.ends_on - trip.starts_on).days})
    packed = pack(
        needs,
        read_terms(trip, garments),
        travels=travels,
        owned=wardrobe,
        tell=lambda share: tell(trip, SKY_SHARE + (1 - SKY_SHARE) * share),
    )
    return occasions, packed


def tell(trip: Trip, share: float) -> None:
    percent = min(max(round(100 * share), 1), 99)
    Trip.objects.filter(pk=trip.pk, attempt=trip.attempt).update(progress=percent)


def read_terms(trip: Trip, garments: list[Garment]) -> Terms:
    listed = trip.pieces.exclude(role=TripPiece.Role.LEFT_OUT).filter(is_spare=False)
    kept = listed.filter(Q(is_packed=True) | Q(role=TripPiece.Role.ADDED))
    return Terms(
        days=len(trip.days),
        wash_days=frozenset((day - trip.starts_on).days for day in trip.wash_days),
        kept=frozenset(str(pk) for pk in kept.values_list("garment", flat=True)),
        copies={str(garment.pk): garment.quantity for garment in garments},
        intervals={str(garment.pk): interval_of(garment) for garment in garments},
        longer=trip.wears_longer,
    )


@transaction.atomic
def write_list(trip: Trip, attempt: int, occasions: list[TripOccasion], packed: Packed) -> bool:
    """What was found, unless it was asked for anew meanwhile, or changed under our hands."""
    row = Trip.objects.select_for_update().filter(pk=trip.pk, attempt=attempt).first()
    if row is None:
        return False
    there = {one.pk for one in row.occasions.all()}
    owned = {str(pk) for pk in Garment.objects.for_owner(row.owner).values_list("pk", flat=True)}
    for occasion, look, faults in zip(occasions, packed.looks, packed.faults, strict=True):
        if occasion.pk in there:
            occasion.faults, occasion.has_turned = sorted({*faults}), False
            occasion.save(update_fields=["weather", "no_forecast", "faults", "has_turned"])
            dress_occasion(occasion, [piece.id for piece in look.worn if piece.id in owned])
    write_pieces(row, packed, owned)
    row.status, row.progress, row.packed_at = Trip.Status.READY, 100, timezone.now()
    row.looked_on = timezone.now().date()
    row.verdict = [
        *(["not_fewest"] if not packed.is_fewest else []),
        *(["overworn"] if packed.overworn else []),
        *(["faults"] if any(packed.faults) else []),
    ]
    row.save()
    return True


def write_pieces(trip: Trip, packed: Packed, owned: set[str]) -> None:
    """Rows that were ticked, added or left out stay what they are; chosen ones that are not chosen any more go."""
    there = {str(one.garment_id): one for one in trip.pieces.all()}
    travelled = {piece.id for look in packed.looks[:1] for piece in look.worn}
    spare = {piece.id: count for pairs in packed.pairs for piece, count in pairs.taken}
    wanted = {key: count for key, count in {**packed.copies, **spare}.items() if key in owned}
    gone = [one.pk for key, one in there.items() if key not in wanted]
    trip.pieces.filter(pk__in=gone, is_packed=False, role=TripPiece.Role.CHOSEN).delete()
    for key, count in wanted.items():
        piece = there.get(key) or TripPiece(trip=trip, garment_id=UUID(key))
        piece.copies, piece.is_spare = count, key in spare
        piece.is_worn_there = key in travelled
        piece.save()


def look_again(trip: Trip) -> int:
    """Read the skies of a packed trip anew; answers with how many occasions have an outfit that is not right any more.

    The list stays as it is: its wearer is told and repacks.
    """
    legs = list(trip.legs.all())
    garments = list_owned(trip)
    words = vocabulary.current()
    wardrobe = tuple(Candidate.from_garment(garment, words) for garment in garments)
    turned = 0
    for occasion in trip.occasions.filter(day__gte=trip.owner.today).prefetch_related("wears"):
        before = occasion.weather
        read_sky(trip.owner, occasion, leg := find_leg(legs, occasion.day))
        worn = {str(wear.garment_id) for wear in occasion.wears.all()}
        if not worn or occasion.weather == before:
            continue
        need = make_need(trip, occasion, leg, wardrobe)
        faults = find_faults(need.fit, [piece for piece in wardrobe if piece.id in worn])
        occasion.has_turned = bool({*faults} - {*occasion.faults})
        turned += occasion.has_turned
        occasion.save(update_fields=["weather", "no_forecast", "has_turned"])
    Trip.objects.filter(pk=trip.pk).update(looked_on=timezone.now().date())
    return turned
