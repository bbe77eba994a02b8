"""What a shared picture of an outfit shows, by what its wearer chose."""

from typing import NamedTuple

from styling.flatlay.composition import compose
from styling.models import Suggestion
from styling.selectors import say_line
from styling.services.pictures import list_garments, read_pictures
from styling.sharing.card import can_write, draw_card
from wardrobe.models import Garment
from wardrobe.services.garments import name_as_usual

LOOK_SIDE = 944
"""Pixels: no shape of a card has room for more."""


class Wish(NamedTuple):
    """What the picture shows besides the pieces; `shape` is one of `SharedPicture.Shape`."""

    shape: str
    with_line: bool = True
    with_names: bool = False


def draw(suggestion: Suggestion, wish: Wish) -> bytes:
    """The picture as a JPEG. Raises OSError where a stored one cannot be read."""
    look = compose(read_pictures(list_garments(suggestion)), LOOK_SIDE)
    return draw_card(look, wish.shape, list_lines(suggestion, wish), list_names(suggestion, wish))


def describe(suggestion: Suggestion, wish: Wish) -> str:
    """What the picture shows, in words: no more than it says itself."""
    names = list_names(suggestion, wish)
    shown = ", ".join(names) or f"An outfit of {len(list_garments(suggestion))} pieces"
    return " ".join([f"{shown}.", *list_lines(suggestion, wish)])


def list_lines(suggestion: Suggestion, wish: Wish) -> list[str]:
    """The line above the outfit, a sentence a row."""
    said = say_line(suggestion, list_garments(suggestion)) if wish.with_line else ""
    return [f"{part.rstrip('.')}." for part in said.split(". ") if part]


def list_names(suggestion: Suggestion, wish: Wish) -> list[str]:
    return [name(garment) for garment in list_garments(suggestion)] if wish.with_names else []


def name(garment: Garment) -> str:
    """As its wearer calls it; by kind and colour where the card's font has no letters for that."""
    return garment.name if can_write(garment.name) else name_as_usual(garment)
