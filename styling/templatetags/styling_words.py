"""What pages say about outfits, such as `{{ event.kind|event_name }}`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from accounts import days
from wardrobe import vocabulary

register = template.Library()

NO_FORECAST = {
    "too_far": "No forecast that far ahead.",
    "past": "There is no forecast for what is over.",
    "no_place": "No place was given, so no weather.",
    "unavailable": "The forecast was out of reach.",
}
PLAIN = {
    "umbrella",
    "shoes",
    "sneakers",
    "derbies",
    "oxfords",
    "loafers",
    "flats",
    "heels",
    "sandals",
    "slippers",
}
"""Of these nobody says how warm they are."""
WARMTHS = {"light": "light", "medium": "medium-weight", "heavy": "warm"}
ENGINES = {"builtin": "Our built-in stylist", "vllm": "Gemma on vLLM"}


@register.filter
def event_name(kind: str) -> str:
    term = vocabulary.terms("event").get(kind)
    return term.said if term else kind.replace("_", " ").capitalize()


@register.simple_tag
def say_day(day: date, today: date, format: str = "l j F") -> str:
    return days.say_day(day, today=today, format=format)


@register.filter
def is_in(value: str, known: str) -> bool:
    """Whether a word is one of those in `known`, between spaces."""
    return value in known.split()


@register.filter
def slot_name(slot: str) -> str:
    term = vocabulary.terms("slot").get(slot)
    return term.said if term else slot.capitalize()


@register.filter
def addition_name(addition: Any) -> str:
    """Of a piece that is not owned: "a light rain jacket"."""
    term = vocabulary.terms("type").get(addition.type)
    label = term.label.lower() if term else addition.type.replace("-", " ")
    said = label if addition.type in PLAIN else f"{WARMTHS[addition.warmth]} {label}"
    if label.endswith("s"):
        return f"{said}"
    return f"{'an' if said[0] in 'aeiou' else 'a'} {said}"


@register.filter
def no_forecast(code: str) -> str:
    return NO_FORECAST.get(code, "No weather is known.")


@register.filter
def engine_name(engine: str) -> str:
    return ENGINES.get(engine, engine)


@register.filter
def seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.2f} s"


@register.filter
def at(found: Mapping[date, object], day: date) -> object:
    """What a mapping has of a day; nothing where it has none."""
    return found.get(day)
