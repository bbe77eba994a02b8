"""What pages say with a voice of the stylist: in the reader's language, when it is shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from accounts.languages.words import within
from styling.stylist.voices.choice import voice_of
from styling.weather.model import WeatherSnapshot


def spoken() -> str:
    """The code of the language that is spoken now."""
    return get_language() or "en"


def say_sky(weather: WeatherSnapshot) -> str:
    """The weather in a sentence, such as "Chilly, then rain from two." """
    return voice_of(spoken()).say_sky(weather)


def say_stored_sky(stored: Mapping[str, Any]) -> str:
    """The same of a snapshot as it is stored; empty where none is."""
    return say_sky(WeatherSnapshot.from_json(stored)) if stored else ""


def in_sentence(label: str) -> str:
    """A label of the vocabulary amid a sentence: small, but in German, which writes its nouns with a capital."""
    return within(label)
