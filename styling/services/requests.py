"""Asking: what is asked is stored with the weather and the wardrobe of that moment."""

import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils.module_loading import import_string

from accounts.languages.speaking import language_of
from accounts.models import User
from styling.models import Event, LeftOut, Suggestion
from styling.services.profiles import get_profile
from styling.stylist.preferences import Preferences
from styling.weather.model import WeatherSnapshot, stated_weather
from styling.weather.open_meteo import NoForecastError, get_weather
from styling.weather.places import Place
from telemetry.traces import current_traceparent
from wardrobe.models import Garment, GarmentQuerySet
from wardrobe.services.wears import count_plans_come


class NothingToWearError(Exception):
    """The wearer has no garment that could be offered."""


@dataclass(frozen=True)
class EventRequest:
    """What the wearer dresses for, as asked. Times are local to the place."""

    kind: str
    date: date
    starts_at: time
    ends_at: time
    place: Place | None = None
    note: str = ""


@dataclass(frozen=True)
class StatedWeather:
    """The wearer's own word, for a day without a forecast: a category of each."""

    temperature: str
    rain: str


def open_suggestion(
    *,
    owner: User,
    request_key: UUID,
    event: EventRequest,
    stated: StatedWeather | None = None,
    start_from: Garment | None = None,
    keep: Collection[UUID] = (),
    without: Collection[UUID] = (),
    own_only: bool = False,
) -> Suggestion:
    """Store what is asked with the weather and the garments of this moment; nothing is written yet.

    `keep` and `without` are garments that the outfit has to hold, and may not. `own_only` leaves out what others of the
    household let them wear. A repeat of the same
    `request_key` answers with the first. Raises NothingToWearError.
    """
    if existing := find_request(owner, request_key):
        return existing
    weather, no_forecast = read_weather(owner, event, stated)
    place = event.place
    row = Event(
        owner=owner,
        kind=event.kind,
        date=event.date,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=place.label if place else "",
        latitude=round(place.latitude, 1) if place else None,
        longitude=round(place.longitude, 1) if place else None,
        time_zone=place.time_zone if place else owner.zone.key,
        note=event.note,
    )
    return save_request(
        Suggestion(
            owner=owner,
            request_key=request_key,
            event=row,
            start_from=start_from,
            kept=list(keep),
            without=list(without),
            weather=weather,
            no_forecast=no_forecast,
            known={"own_only": True} if own_only else {},
        )
    )


def open_another(
    *,
    previous: Suggestion,
    request_key: UUID,
    keep: Collection[UUID] = (),
    without: Collection[UUID] = (),
) -> Suggestion:
    """Ask again for the same event in the same weather; no combination of it comes twice.

    What was kept before is kept again, and `keep` beside it; what was left out, and `without`, is not offered.

    Raises NothingToWearError.
    """
    if existing := find_request(previous.owner, request_key):
        return existing
    return save_request(
        Suggestion(
            owner=previous.owner,
            request_key=request_key,
            event=previous.event,
            previous=previous,
            start_from=previous.start_from,
            kept=[pk for pk in dict.fromkeys([*previous.kept, *keep]) if pk not in without],
            without=[pk for pk in dict.fromkeys([*previous.without, *without]) if pk not in keep],
            weather=previous.weather,
            no_forecast=previous.no_forecast,
            known=repeat_own_only(previous),
        )
    )


def open_anew(*, previous: Suggestion, request_key: UUID) -> Suggestion:
    """Ask again for the same event in the weather that is foreseen now; no combination of it comes twice.

    Raises NothingToWearError.
    """
    if existing := find_request(previous.owner, request_key):
        return existing
    weather, no_forecast = dict(previous.weather), previous.no_forecast
    with suppress(NoForecastError):
        weather, no_forecast = read_forecast(previous).to_json(), ""
    return save_request(
        Suggestion(
            owner=previous.owner,
            request_key=request_key,
            event=previous.event,
            previous=previous,
            start_from=previous.start_from,
            without=previous.without,
            weather=weather,
            no_forecast=no_forecast,
            known=repeat_own_only(previous),
        )
    )


def repeat_own_only(previous: Suggestion) -> dict[str, Any]:
    return {"own_only": True} if previous.known.get("own_only") else {}


def find_request(owner: User, request_key: UUID) -> Suggestion | None:
    return Suggestion.objects.for_owner(owner).filter(request_key=request_key).first()


def save_request(suggestion: Suggestion) -> Suggestion:
    """Save with the wardrobe's state. A race for one request key ends with the winner's row."""
    owner = suggestion.owner
    count_plans_come(owner)
    suggestion.candidates = list_offered(suggestion)
    suggestion.kept = [pk for pk in suggestion.kept if pk in suggestion.candidates]
    if not suggestion.candidates:
        raise NothingToWearError
    suggestion.known |= describe_wearer(owner) | read_preferences(owner)
    suggestion.seed = secrets.randbits(31)
    suggestion.traceparent = current_traceparent()
    try:
        with transaction.atomic():
            suggestion.event.save()
            suggestion.event_id = suggestion.event.pk
            suggestion.save(force_insert=True)
    except IntegrityError:
        if winner := find_request(owner, suggestion.request_key):
            return winner
        raise
    return suggestion


def list_offered(suggestion: Suggestion) -> list[UUID]:
    """What can be worn now, but for what the wearer leaves out: this time, or of every such occasion. What
    they ask for by name is offered all the same."""
    owner, asked_for = suggestion.owner, {*suggestion.kept, suggestion.start_from_id}
    never = LeftOut.objects.list_keys(owner, suggestion.event.kind) - asked_for
    wearable = find_offered(suggestion).values_list("id", flat=True)
    return [pk for pk in wearable if pk not in never and pk not in suggestion.without]


def find_offered(suggestion: Suggestion) -> GarmentQuerySet:
    """The wearer's own pieces and, unless they asked for none, those on shelves of others that they may wear and use."""
    owner = suggestion.owner
    if suggestion.known.get("own_only"):
        return Garment.objects.for_owner(owner).wearable()
    return Garment.objects.worn_by(owner).ready_for(owner)


def read_weather(
    owner: User, event: EventRequest, stated: StatedWeather | None
) -> tuple[dict[str, Any], str]:
    """The weather to store, and why there is none: a forecast, the wearer's word, or nothing."""
    try:
        weather = get_event_weather(event, sensitivity=get_profile(owner).sensitivity)
    except NoForecastError as error:
        if stated is None:
            return {}, error.code
        return stated_weather(stated.temperature, stated.rain).to_json(), error.code
    return weather.to_json(), ""


def get_event_weather(event: EventRequest, *, sensitivity: int = 0) -> WeatherSnapshot:
    """The forecast for an event's hours and place. Raises NoForecastError."""
    if event.place is None:
        raise NoForecastError("There is no place to look at.", "no_place")
    starts, ends = get_window(event, event.place.time_zone)
    return get_weather(
        latitude=event.place.latitude,
        longitude=event.place.longitude,
        time_zone=event.place.time_zone,
        starts=starts,
        ends=ends,
        sensitivity=sensitivity,
    )


def read_forecast(suggestion: Suggestion) -> WeatherSnapshot:
    """What is foreseen now for the event of an answer, as its wearer feels it. Raises NoForecastError."""
    event = suggestion.event
    starts, ends = get_window(event, event.time_zone)
    return get_weather(
        latitude=event.latitude,
        longitude=event.longitude,
        time_zone=event.time_zone,
        starts=starts,
        ends=ends,
        sensitivity=get_profile(suggestion.owner).sensitivity,
    )


def get_window(event: EventRequest | Event, time_zone: str) -> tuple[datetime, datetime]:
    """Start and end in the place's time zone; an end before the start is on the next day."""
    zone = ZoneInfo(time_zone)
    starts = datetime.combine(event.date, event.starts_at, zone)
    ends = datetime.combine(event.date, event.ends_at, zone)
    return starts, ends if ends > starts else ends + timedelta(days=1)


def describe_wearer(owner: User) -> dict[str, Any]:
    """What a suggestion keeps of the wearer and the wardrobe: see `Suggestion.known`."""
    profile = get_profile(owner)
    return {
        "sensitivity": profile.sensitivity,
        "likes": profile.likes,
        "dislikes": profile.dislikes,
        "repeat_days": profile.repeat_days,
        "units": profile.units,
        "language": language_of(owner),
        **count_garments(owner),
    }


def read_preferences(owner: User) -> dict[str, Any]:
    """What the wearer's own signals have taught until now; nothing at all before there are any."""
    find: Callable[[User], Preferences] = import_string(settings.PREFERENCES_FINDER)
    preferences = find(owner)
    is_told = preferences or preferences.rejections
    return {"preferences": preferences.to_json()} if is_told else {}


def count_garments(owner: User) -> dict[str, int]:
    """How many are `owned`, and of those `wearable` now, `in_wash`, `lent_out` (or in repair), `put_away` or `unreviewed`."""
    status = Garment.Status
    is_kept = ~Q(status=status.ARCHIVED)
    is_known = Q(status=status.READY)
    at_home = Q(in_wash=False, quantity__gt=F("washing") + F("elsewhere"))
    return Garment.objects.for_owner(owner).aggregate(
        owned=Count("id"),
        wearable=Count("id", filter=is_known & at_home),
        put_away=Count("id", filter=~is_kept),
        unreviewed=Count("id", filter=is_kept & ~is_known & at_home),
        lent_out=Count("id", filter=is_kept & ~at_home & Q(in_wash=False)),
        # Last: from here on the name means the count, not the column.
        in_wash=Count("id", filter=is_kept & Q(in_wash=True)),
    )
