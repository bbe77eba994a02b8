"""Forecasts of Open-Meteo, read through the store of weather features.

Only coordinates rounded to a tenth of a degree (about 11 km) and dates leave the house. A reading
answers without a request for `FRESH`, and is what we fall back on until it expires.
"""

import logging
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

import requests
from django.conf import settings
from django.utils import timezone
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from styling.models import WeatherFeatures
from styling.weather.model import (
    OPEN_METEO,
    WeatherHour,
    WeatherSnapshot,
    find_hour,
    summarize_hours,
)
from styling.weather.readings import parse_open_meteo, parse_sun

logger = logging.getLogger(__name__)

FORECAST_DAYS = 16
FRESH = timedelta(hours=1)
KEPT = timedelta(hours=6)
"""Models are run every one to six hours: an older reading is no forecast any more."""
CONNECT_TIMEOUT_S = 3.0
REST_S = 30.0
"""How long a process leaves the service alone after it failed."""
HOURLY = (
    "temperature_2m,apparent_temperature,precipitation,precipitation_probability,"
    "weather_code,wind_speed_10m,uv_index,is_day"
)
RETRIES = Retry(
    total=2,
    backoff_factor=0.3,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods={"GET"},
    respect_retry_after_header=False,
)

_rests_until = 0.0


class NoForecastError(Exception):
    """Nobody knows the weather: `code` is unavailable, too_far, past or no_place."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.code = code


class ServiceError(Exception):
    """The forecast service did not answer, or not with a forecast."""


def get_weather(
    *,
    latitude: float | None,
    longitude: float | None,
    time_zone: str,
    starts: datetime,
    ends: datetime,
    sensitivity: int = 0,
) -> WeatherSnapshot:
    """The weather of an event, both times aware. Raises NoForecastError; never invents."""
    if latitude is None or longitude is None:
        raise NoForecastError("There is no place to look up.", "no_place")
    zone = ZoneInfo(time_zone)
    _refuse_outside_forecast(starts, ends, zone)
    place = round_place(latitude, longitude)
    rows = read_features(place, list(_local_days(find_hour(starts), ends, zone)), zone)
    hours = [WeatherHour.from_json(hour) for row in rows for hour in row.hours]
    fetched_at = min((row.fetched_at for row in rows), default=timezone.now())
    snapshot = summarize_hours(
        hours, starts=starts, ends=ends, sensitivity=sensitivity, fetched_at=fetched_at
    )
    if snapshot is None:
        raise NoForecastError("The forecast has no hours for then.", "unavailable")
    return snapshot


def read_features(
    place: tuple[float, float], days: list[date], zone: ZoneInfo
) -> list[WeatherFeatures]:
    """The features of some local days: fresh ones of the store, else fetched, else unexpired.

    Raises NoForecastError when a day is in none of these.
    """
    stored = find_stored(place, days)
    fresh_since = timezone.now() - FRESH
    if all(day in stored and stored[day].fetched_at >= fresh_since for day in days):
        return [stored[day] for day in days]
    try:
        return _store(place, days, zone, fetch_forecast(place, days, zone))
    except ServiceError as error:
        logger.warning("No forecast from the service: %s", error)
        if all(day in stored for day in days):
            return [stored[day] for day in days]
        raise NoForecastError("The forecast cannot be reached.", "unavailable") from error


def fetch_forecast(place: tuple[float, float], days: list[date], zone: ZoneInfo) -> dict[str, Any]:
    """Open-Meteo's answer for these local days. Raises ServiceError, and then leaves the service alone for a while.

    Asked for in UTC and Unix time, because its local days keep today's offset across a change of
    the clocks.
    """
    global _rests_until
    if time.monotonic() < _rests_until:
        raise ServiceError("resting after a failure")
    try:
        answer = _request(_parameters(place, days, zone))
        parse_open_meteo(
            answer, zone.key
        )  # Such as {"error": true}, which comes with 200 too, is no forecast.
    except (requests.RequestException, ValueError) as error:
        _rests_until = time.monotonic() + REST_S
        raise ServiceError(type(error).__name__) from error
    return answer


def delete_expired_features() -> int:
    """How many readings were dropped: each outfit keeps its own snapshot."""
    deleted, _ = WeatherFeatures.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted


def _refuse_outside_forecast(starts: datetime, ends: datetime, zone: ZoneInfo) -> None:
    now = timezone.now()
    if ends <= now:
        raise NoForecastError("That is over.", "past")
    if starts.astimezone(zone).date() >= now.astimezone(zone).date() + timedelta(FORECAST_DAYS):
        raise NoForecastError(f"Forecasts reach {FORECAST_DAYS} days.", "too_far")


def _local_days(starts: datetime, ends: datetime, zone: ZoneInfo) -> Iterable[date]:
    day, last = (
        starts.astimezone(zone).date(),
        (ends - timedelta(seconds=1)).astimezone(zone).date(),
    )
    while day <= last:
        yield day
        day += timedelta(days=1)


def round_place(latitude: float, longitude: float) -> tuple[float, float]:
    """To a tenth of a degree, as places are kept and asked for."""
    return round(latitude, 1), round(longitude, 1)


def find_stored(place: tuple[float, float], days: list[date]) -> dict[date, WeatherFeatures]:
    """The newest unexpired readings of some local days, without a request."""
    rows = WeatherFeatures.objects.filter(
        latitude=place[0], longitude=place[1], date__in=days, expires_at__gt=timezone.now()
    ).order_by("fetched_at")
    return {row.date: row for row in rows}


def _store(
    place: tuple[float, float], days: list[date], zone: ZoneInfo, answer: dict[str, Any]
) -> list[WeatherFeatures]:
    hours = parse_open_meteo(answer, zone.key)
    now = timezone.now()
    rows = [
        WeatherFeatures(
            latitude=place[0],
            longitude=place[1],
            date=day,
            time_zone=zone.key,
            hours=[hour.to_json() for hour in hours if hour.time.date() == day],
            sunrise=_on_day(parse_sun(answer, "sunrise", zone.key), day),
            sunset=_on_day(parse_sun(answer, "sunset", zone.key), day),
            source=OPEN_METEO,
            fetched_at=now,
            expires_at=now + KEPT,
        )
        for day in days
    ]
    # A day that came back empty is asked for again, not remembered as having no weather.
    return WeatherFeatures.objects.bulk_create([row for row in rows if row.hours])


def _on_day(times: list[datetime], day: date) -> datetime | None:
    """None in the polar night and the midnight sun."""
    return next((time for time in times if time.date() == day), None)


def _parameters(
    place: tuple[float, float], days: list[date], zone: ZoneInfo
) -> dict[str, str | float]:
    begins = datetime.combine(days[0], clock.min, zone).astimezone(UTC).date()
    ends = datetime.combine(days[-1] + timedelta(days=1), clock.min, zone).astimezone(UTC).date()
    last = timezone.now().astimezone(UTC).date() + timedelta(days=FORECAST_DAYS - 1)
    return {
        "latitude": place[0],
        "longitude": place[1],
        "hourly": HOURLY,
        "daily": "sunrise,sunset",
        "timezone": "UTC",
        "timeformat": "unixtime",
        "start_date": min(begins, last).isoformat(),
        "end_date": min(ends, last).isoformat(),
    }


def _request(parameters: dict[str, str | float]) -> dict[str, Any]:
    with requests.Session() as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=RETRIES))
        response = session.get(
            settings.OPEN_METEO_URL,
            params=parameters,
            timeout=(
                min(CONNECT_TIMEOUT_S, settings.WEATHER_TIMEOUT_S),
                settings.WEATHER_TIMEOUT_S,
            ),
            allow_redirects=False,
        )
        response.raise_for_status()
        answer = response.json()
    if not isinstance(answer, dict):
        raise ValueError("not a forecast")
    return answer
