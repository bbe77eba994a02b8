"""The one line above an outfit: what kind of day it is, and what the sky does. By rule, never by a model."""

from collections.abc import Iterator, Sequence
from itertools import product

from styling.stylist.context import Candidate
from styling.stylist.voices.choice import voice_of
from styling.stylist.voices.voice import Voice
from styling.weather.model import WeatherHour, WeatherSnapshot

MOST_LETTERS = 32
"""What fits one line of a phone's screen."""
COATS = frozenset({"coat", "trench-coat", "parka", "puffer"})


def say_verdict(
    weather: WeatherSnapshot | None, worn: Sequence[Candidate] = (), *, language: str = "en"
) -> str:
    """At most MOST_LETTERS letters. Clothes are named only where they are worn, the sky as the hours say."""
    voice = voice_of(language)
    if weather is None:
        return voice.say_line("no_weather")
    skies = [voice.say_line(code, name_hour(hour, voice)) for code, hour in find_sky(weather)]
    warmths = [voice.say_line(code) for code in find_warmth(weather, worn)]
    lines = (f"{first} {second}" for first, second in product(warmths, skies))
    fitting = (line for line in lines if len(line) <= MOST_LETTERS)
    return next(fitting, skies[0])


def find_warmth(weather: WeatherSnapshot, worn: Sequence[Candidate]) -> Iterator[str]:
    """The layer that is worn, else how warm it is."""
    outer = [piece for piece in worn if piece.slot == "outerwear"]
    outer.sort(key=lambda piece: piece.layer != "outer")
    if outer and weather.is_wet and outer[0].water_resistant:
        yield "raincoat" if outer[0].type in COATS else "rain_jacket"
    if outer:
        kind = "coat" if outer[0].type in COATS else "jacket"
        yield kind if outer[0].layer == "outer" else "over"
    elif any(piece.slot == "top" and piece.layer == "mid" for piece in worn):
        yield "sweater"
    yield weather.categories["temperature"]


def find_sky(weather: WeatherSnapshot) -> Iterator[tuple[str, WeatherHour | None]]:
    """What falls and when, the longest first."""
    falling = weather.categories["rain"]
    if falling == "dry":
        yield from find_dry(weather)
        return
    if falling == "drizzly":
        yield "some_drizzle", None
        yield "drizzle", None
        return
    kind = "snow" if falling == "snowy" else "rain"
    wet = [hour for hour in weather.hours if falls(hour)]
    if len(wet) > 1 and len(wet) == len(weather.hours):
        yield f"{kind}_throughout", None
    elif wet and wet[0] is not weather.hours[0]:
        yield f"{kind}_from", wet[0]
    yield kind, None


def find_dry(weather: WeatherSnapshot) -> Iterator[tuple[str, WeatherHour | None]]:
    """ "Dry until six" where the hours after the event are wet."""
    last = weather.hours[-1].time if weather.hours else None
    later = [hour for hour in weather.shown if last and hour.time > last and falls(hour)]
    if later:
        yield "dry_until", later[0]
    elif weather.categories["wind"] == "windy":
        yield "dry_windy", None
    yield "dry", None


def falls(hour: WeatherHour) -> bool:
    return hour.is_wet or hour.is_snowy


def name_hour(hour: WeatherHour | None, voice: Voice) -> str:
    return voice.name_hour(hour.time.hour) if hour else ""
