"""The one line above an outfit: what kind of day it is, and what the sky does. By rule, never by a model."""

from collections.abc import Iterator, Sequence
from itertools import product

from styling.stylist.context import Candidate
from styling.weather.model import WeatherHour, WeatherSnapshot

MOST_LETTERS = 32
"""What fits one line of a phone's screen."""
NO_WEATHER = "Going by the season."
COATS = frozenset({"coat", "trench-coat", "parka", "puffer"})
HOURS = (
    "midnight", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "noon",
)  # fmt: skip


def say_verdict(weather: WeatherSnapshot | None, worn: Sequence[Candidate] = ()) -> str:
    """At most MOST_LETTERS letters. Clothes are named only where they are worn, the sky as the hours say."""
    if weather is None:
        return NO_WEATHER
    lines = (
        f"{first} {second}"
        for first, second in product(say_warmth(weather, worn), say_sky(weather))
    )
    fitting = (line for line in lines if len(line) <= MOST_LETTERS)
    return next(fitting, next(say_sky(weather)))


def say_warmth(weather: WeatherSnapshot, worn: Sequence[Candidate]) -> Iterator[str]:
    """The layer that is worn, else how warm it is."""
    outer = [piece for piece in worn if piece.slot == "outerwear"]
    outer.sort(key=lambda piece: piece.layer != "outer")
    if outer and weather.is_wet and outer[0].water_resistant:
        yield "Raincoat weather." if outer[0].type in COATS else "Rain jacket weather."
    if outer:
        kind = "Coat" if outer[0].type in COATS else "Jacket"
        yield f"{kind} weather." if outer[0].layer == "outer" else "One layer on top."
    elif any(piece.slot == "top" and piece.layer == "mid" for piece in worn):
        yield "Sweater weather."
    yield f"{weather.categories['temperature'].capitalize()}."


def say_sky(weather: WeatherSnapshot) -> Iterator[str]:
    """What falls and when, the longest first."""
    falling = weather.categories["rain"]
    if falling == "dry":
        yield from say_dry(weather)
        return
    if falling == "drizzly":
        yield "A little drizzle."
        yield "Drizzle."
        return
    word = "Snow" if falling == "snowy" else "Rain"
    wet = [hour for hour in weather.hours if falls(hour)]
    if len(wet) > 1 and len(wet) == len(weather.hours):
        yield f"{word} throughout."
    elif wet and wet[0] is not weather.hours[0]:
        yield f"{word} from {name_hour(wet[0])}."
    yield f"{word}."


def say_dry(weather: WeatherSnapshot) -> Iterator[str]:
    """ "Dry until six" where the hours after the event are wet."""
    last = weather.hours[-1].time if weather.hours else None
    later = [hour for hour in weather.shown if last and hour.time > last and falls(hour)]
    if later:
        yield f"Dry until {name_hour(later[0])}."
    elif weather.categories["wind"] == "windy":
        yield "Dry and windy."
    yield "Staying dry."


def falls(hour: WeatherHour) -> bool:
    return hour.is_wet or hour.is_snowy


def name_hour(hour: WeatherHour) -> str:
    """The hour in words; the twelve of a clock's face are enough for a day's plan."""
    return HOURS[12] if hour.time.hour == 12 else HOURS[hour.time.hour % 12]
