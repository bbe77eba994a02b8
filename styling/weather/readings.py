"""What Open-Meteo answers, read with suspicion: hours that can be true, with `None` for what is not said."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from styling.weather.model import WeatherHour

TEMPERATURE_BOUNDS_C, APPARENT_BOUNDS_C = (-90.0, 60.0), (-110.0, 75.0)
MOST_RAIN_MM, MOST_WIND_KMH = 410.0, 410.0
"""In an hour; all after the records of the Earth's surface, with room."""
TEMPERATURE = "temperature_2m"
HALF_AN_HOUR = timedelta(minutes=30)

Sun = Sequence[datetime]


def parse_open_meteo(answer: Mapping[str, Any], time_zone: str) -> list[WeatherHour]:
    """The plausible hours of an Open-Meteo answer in `timeformat=unixtime`, in order.

    Open-Meteo stamps an hour's rain with the hour's end; here it belongs to its beginning. An hour without a
    temperature, or without a word about rain, is none; a variable that is not there, or too short, is not said. Raises
    ValueError for an answer without times or temperatures, which is no forecast.
    """
    sun = parse_sun(answer, "sunrise", time_zone), parse_sun(answer, "sunset", time_zone)
    try:
        if not isinstance(answer["hourly"][TEMPERATURE], list):
            raise TypeError("no temperatures")
        return list(_clean_hours(answer["hourly"], ZoneInfo(time_zone), *sun))
    except (KeyError, TypeError, IndexError, AttributeError, OverflowError, OSError) as error:
        raise ValueError(f"Not a forecast: {error!r}") from error


def parse_sun(answer: Mapping[str, Any], name: str, time_zone: str) -> list[datetime]:
    """All of an answer's sunrises, or sunsets (`name`), as local times."""
    daily = answer.get("daily")
    stamps = daily.get(name) if isinstance(daily, dict) else None
    numbers = [_number_of_seconds(stamp) for stamp in stamps or ()]
    zone = ZoneInfo(time_zone)
    return [datetime.fromtimestamp(seconds, UTC).astimezone(zone) for seconds in numbers if seconds]


def _clean_hours(
    hourly: Mapping[str, Any], zone: ZoneInfo, sunrises: Sun, sunsets: Sun
) -> Iterator[WeatherHour]:
    for index, stamp in enumerate(hourly["time"][:-1]):
        temperature = _read(hourly, TEMPERATURE, index, *TEMPERATURE_BOUNDS_C)
        apparent = _read(hourly, "apparent_temperature", index, *APPARENT_BOUNDS_C)
        fallen = _read(hourly, "precipitation", index + 1, 0.0, MOST_RAIN_MM)
        percent = _read(hourly, "precipitation_probability", index + 1, 0.0, 100.0)
        code = _read(hourly, "weather_code", index, 0.0, 99.0)
        light = _read(hourly, "is_day", index, 0.0, 1.0)
        if temperature is None or (fallen is None and percent is None):
            continue
        time = datetime.fromtimestamp(stamp, UTC).astimezone(zone)
        yield WeatherHour(
            time=time,
            temperature_c=temperature,
            apparent_c=temperature if apparent is None else apparent,
            precipitation_mm=fallen,
            precipitation_probability=None if percent is None else round(percent),
            wmo_code=None if code is None else int(code),
            wind_kmh=_read(hourly, "wind_speed_10m", index, 0.0, MOST_WIND_KMH),
            uv=_read(hourly, "uv_index", index, 0.0, 30.0),
            is_day=_find_light(time, sunrises, sunsets) if light is None else bool(light),
        )


def _read(
    hourly: Mapping[str, Any], name: str, index: int, low: float, high: float
) -> float | None:
    """One value of a variable; None where the answer has no such variable, or not so many values of it."""
    values = hourly.get(name)
    if not isinstance(values, list) or index >= len(values):
        return None
    return _number(values[index], low, high)


def _find_light(hour: datetime, sunrises: Sun, sunsets: Sun) -> bool | None:
    """Whether the sun is up in the middle of an hour, by the last that it did before; None where that is not told."""
    middle = hour + HALF_AN_HOUR
    risen = max((time for time in sunrises if time <= middle), default=None)
    fallen = max((time for time in sunsets if time <= middle), default=None)
    if risen is None and fallen is None:
        return False if any(time.date() == hour.date() for time in sunrises) else None
    return risen is not None and (fallen is None or risen > fallen)


def _number(value: Any, low: float, high: float) -> float | None:
    """A number within its bounds, or None: what cannot be true is as good as not said."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if low <= value <= high else None


def _number_of_seconds(value: Any) -> int | None:
    """A Unix time of this century; Open-Meteo writes 0 where the sun does not rise."""
    return value if isinstance(value, int) and 0 < value < 4_000_000_000 else None
