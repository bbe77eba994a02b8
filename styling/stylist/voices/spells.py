"""When it falls during an event, for voices that say the weather by the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from styling.weather.model import STORMY_KMH, WeatherSnapshot


@dataclass(frozen=True)
class Spell:
    """`since` and `until` are times such as "14" or "14:30", empty where it falls from the beginning, or to the end.
    `is_told` is false where nobody knows when."""

    since: str = ""
    until: str = ""
    is_told: bool = True


def find_spell(weather: WeatherSnapshot) -> Spell:
    """Of the first hour in which it falls to the last."""
    hours = weather.hours
    wet = [hour for hour in hours if hour.is_wet or hour.is_snowy]
    if not wet:
        return Spell(is_told=False)
    begins, ends = wet[0], wet[-1]
    return Spell(
        since="" if begins == hours[0] else say_time(begins.time),
        until="" if ends == hours[-1] else say_time(ends.time + timedelta(hours=1)),
    )


def say_time(time: datetime) -> str:
    return f"{time.hour}:{time.minute:02}" if time.minute else f"{time.hour}"


def is_stormy(weather: WeatherSnapshot) -> bool:
    return (weather.wind_kmh or 0.0) >= STORMY_KMH
