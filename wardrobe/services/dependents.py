"""What was guessed from a garment's type, pattern and colour follows them when its wearer corrects them."""

from collections.abc import Iterator, Mapping
from typing import Any

from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.models.garments import LIKELY_BELOW
from wardrobe.tasks import WORD_LISTS, WORDS
from wardrobe.vision.derivations import USUAL, DerivedAttributes, derive_attributes

DEPENDENT = (
    "material",
    "warmth",
    "layering",
    "seasons",
    "formality",
    "sleeve",
    "length",
    "water_resistant",
)
NEEDED: dict[str, Any] = {
    "warmth": "medium",
    "formality": "casual",
    "layering": "",
    "seasons": [],
    "water_resistant": False,
}
"""What the stylist chooses by, and what it is where nothing is known."""
FOLLOWED = ("type", "pattern", "colours")
KINDS = {**WORDS, **WORD_LISTS}


def derive_anew(garment: Garment) -> None:
    """Set what a model guessed to what is usual for the type, pattern and colour that its wearer says.

    The wearer's own words stay, and so does what the model was sure of and did not take from the type it saw. What it
    had said is set aside, and stands again as soon as the wearer's correction is undone; so is what it said of
    something that such a type does not have.
    """
    for name in {*garment.set_aside} - {*garment.edited_fields}:
        put_back(garment, name)
    for name in list_unsuited_guesses(garment):
        set_aside(garment, name)
        say(garment, name, "", None)
    if not any(name in garment.model_values for name in FOLLOWED):
        return
    before, now = derive_usual(garment, garment.model_values), derive_usual(garment, {})
    for name in list_dependents(garment) if now else ():
        old, new = getattr(before, name, None), getattr(now, name)
        if old != new and not is_certain(garment, name, old) and is_known(name, new):
            set_aside(garment, name)
            say(garment, name, new, now.confidence.get(name) if now else None)


def fill_in_usual(garment: Garment) -> None:
    """Set what the stylist needs, and the wearer did not say, to what is usual for the type; for a type of which nothing
    is known it is medium and casual.
    """
    usual = derive_usual(garment, {})
    for name in {*NEEDED} - {*garment.edited_fields}:
        setattr(garment, name, getattr(usual, name) if usual else NEEDED[name])


def derive_usual(garment: Garment, other: Mapping[str, Any]) -> DerivedAttributes | None:
    """What is usual for its type, pattern and colour, or `other` ones; None for a type of which nothing is known."""
    said = {name: other.get(name, getattr(garment, name)) for name in FOLLOWED}
    if said["type"] not in USUAL:
        return None
    colour = said["colours"][0]["name"] if said["colours"] else ""
    return derive_attributes(type=said["type"], pattern=said["pattern"], colour=colour)


def list_unsuited_guesses(garment: Garment) -> list[str]:
    """What the model said of a garment, its wearer did not settle, and its type does not have."""
    unsuited = vocabulary.list_unsuited(garment.slot)
    return [
        name
        for name in unsuited
        if name in garment.confidence and name not in garment.edited_fields
    ]


def list_dependents(garment: Garment) -> Iterator[str]:
    """What a garment of its slot has and its wearer did not settle."""
    unsuited = vocabulary.list_unsuited(garment.slot)
    for name in DEPENDENT:
        if name not in unsuited and name not in garment.edited_fields:
            yield name


def is_certain(garment: Garment, name: str, usual: Any) -> bool:
    """Whether the model was sure of a value that was not the usual one for the type it saw."""
    is_sure = garment.confidence.get(name, 0) >= LIKELY_BELOW
    return bool(is_sure and getattr(garment, name) != usual)


def is_known(name: str, value: Any) -> bool:
    """Whether the vocabulary has the words, as far as the attribute takes any."""
    if name not in KINDS or not value:
        return True
    words = [value] if isinstance(value, str) else value
    return {*words} <= vocabulary.terms(KINDS[name]).keys()


def set_aside(garment: Garment, name: str) -> None:
    garment.set_aside[name] = {
        "value": getattr(garment, name),
        "confidence": garment.confidence.get(name),
    }


def put_back(garment: Garment, name: str) -> None:
    """Say again what the model had said, if it was set aside."""
    if name in garment.set_aside:
        say(garment, name, **garment.set_aside.pop(name))


def say(garment: Garment, name: str, value: Any, confidence: float | None) -> None:
    setattr(garment, name, value)
    garment.confidence.pop(name, None)
    if confidence is not None:
        garment.confidence[name] = confidence
