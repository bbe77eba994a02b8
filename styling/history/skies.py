"""The skies of days to come where the wearer lives, from the readings that are stored: no page waits for a forecast."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from styling.models import Event, Profile, WeatherFeatures
from styling.stylist.saying import say_sky
from styling.weather.model import WeatherHour, WeatherSnapshot, format_temperature, summarize_hours
from styling.weather.open_meteo import (
    FORECAST_DAYS,
    NoForecastError,
    find_stored,
    read_features,
    round_place,
)

BEGINS, ENDS = time(8), time(20)
"""The hours of a day that are told where no event says others."""
SHOWN_HOURS = range(7, 23, 2)


@dataclass(frozen=True)
class SkyHour:
    """One hour of a strip."""

    hour: int
    icon: str
    temperature: str
    is_wet: bool
    is_in: bool


@dataclass(frozen=True)
class Sky:
    """A day's weather in the wearer's units: an icon of `icons.svg`, its word, the highest temperature and a sentence."""

    icon: str
    word: str
    high: str
    sentence: str
    hours: tuple[SkyHour, ...] = ()


def find_home(profile: Profile) -> tuple[float, float] | None:
    if profile.latitude is None or profile.longitude is None:
        return None
    return round_place(profile.latitude, profile.longitude)


def list_forecast_days(profile: Profile) -> list[date]:
    """The local days that a forecast reaches."""
    today = timezone.localdate(timezone=ZoneInfo(profile.time_zone or "UTC"))
    return [today + timedelta(days=ahead) for ahead in range(FORECAST_DAYS)]


def refresh_skies(profile: Profile) -> bool:
    """Read all days that a forecast reaches, in one request; False where there is no home or no forecast."""
    home = find_home(profile)
    if home is None:
        return False
    zone = ZoneInfo(profile.time_zone or "UTC")
    try:
        read_features(home, list_forecast_days(profile), zone)
    except NoForecastError:
        return False
    return True


def wants_refresh(profile: Profile) -> bool:
    """Whether a day that a forecast reaches is in no stored reading."""
    home = find_home(profile)
    if home is None:
        return False
    days = list_forecast_days(profile)
    stored = find_stored(home, days)
    return any(day not in stored for day in days[:-1])


def read_skies(profile: Profile, days: Iterable[date]) -> dict[date, Sky]:
    """Of the days that a stored reading has."""
    home = find_home(profile)
    if home is None:
        return {}
    zone = ZoneInfo(profile.time_zone or "UTC")
    rows = find_stored(home, list(days))
    found = {day: describe_day(day, row, zone, profile) for day, row in rows.items()}
    return {day: sky for day, sky in found.items() if sky}


def describe_day(day: date, row: WeatherFeatures, zone: ZoneInfo, profile: Profile) -> Sky | None:
    starts, ends = (datetime.combine(day, clock, zone) for clock in (BEGINS, ENDS))
    hours = [WeatherHour.from_json(hour) for hour in row.hours]
    snapshot = summarize_hours(
        hours, starts=starts, ends=ends, sensitivity=profile.sensitivity, fetched_at=row.fetched_at
    )
    return describe_sky(snapshot, hours, profile.units) if snapshot else None


def describe_sky(
    snapshot: WeatherSnapshot, hours: Iterable[WeatherHour] = (), units: str = "metric"
) -> Sky:
    highest = snapshot.max_temperature_c
    icon, word = find_icon(snapshot.categories, snapshot.hours)
    strip = [hour for hour in hours if hour.time.hour in SHOWN_HOURS]
    return Sky(
        icon=icon,
        word=word,
        high="" if highest is None else format_temperature(highest, units),
        sentence=say_sky(snapshot),
        hours=tuple(
            SkyHour(
                hour=hour.time.hour,
                icon=hour.icon,
                temperature=format_temperature(hour.temperature_c, units),
                is_wet=hour.is_wet or hour.is_snowy,
                is_in=BEGINS <= hour.time.time() < ENDS,
            )
            for hour in strip
        ),
    )


def find_icon(categories: Mapping[str, Any], hours: Iterable[WeatherHour]) -> tuple[str, str]:
    fallen = {
        "snowy": ("snow", _("Snow")),
        "rainy": ("rain", _("Rain")),
        "drizzly": ("rain", _("Drizzle")),
    }
    return fallen.get(categories["rain"]) or find_cover(hours)


def find_cover(hours: Iterable[WeatherHour]) -> tuple[str, str]:
    """Sun where most hours are known to be clear."""
    clear = [hour.is_clear for hour in hours]
    return (
        ("sun", pgettext("weather", "Sun"))
        if sum(clear) * 2 > len(clear)
        else ("cloud", _("Cloud"))
    )


def find_snapshot(event: Event, day: date, *, sensitivity: int = 0) -> WeatherSnapshot | None:
    """The stored forecast for the hours of an event if it were on `day`; None where nobody read it yet."""
    if event.latitude is None or event.longitude is None:
        return None
    zone = ZoneInfo(event.time_zone)
    starts = datetime.combine(day, event.starts_at, zone)
    ends = datetime.combine(day, event.ends_at, zone)
    ends = ends if ends > starts else ends + timedelta(days=1)
    days = [day, day + timedelta(days=1)]
    rows = find_stored(round_place(event.latitude, event.longitude), days)
    hours = [WeatherHour.from_json(hour) for one in days if one in rows for hour in rows[one].hours]
    if not hours or ends <= timezone.now():
        return None
    fetched_at = min(row.fetched_at for row in rows.values())
    return summarize_hours(
        hours, starts=starts, ends=ends, sensitivity=sensitivity, fetched_at=fetched_at
    )
