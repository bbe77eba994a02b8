"""What pages say with a voice of the stylist: in the reader's language, when it is shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from styling.weather.model import WeatherSnapshot


def say_sky(weather: WeatherSnapshot) -> str:
    """The weather in a sentence, such as "Chilly, then rain from two." """
    return weather.sentence


def say_stored_sky(stored: Mapping[str, Any]) -> str:
    """The same of a snapshot as it is stored; empty where none is."""
    return say_sky(WeatherSnapshot.from_json(stored)) if stored else ""


def in_sentence(label: str) -> str:
    """A label of the vocabulary amid a sentence: small, but in German, which writes its nouns with a capital."""
    return label if get_language() == "de" else label[:1].lower() + label[1:]
