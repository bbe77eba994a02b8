"""What a shared picture of an outfit shows, by what its wearer chose."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import ngettext

from styling.flatlay.composition import compose
from styling.models import Suggestion
from styling.selectors import say_line
from styling.services.pictures import list_garments, read_pictures
from styling.sharing.card import can_write, draw_card
from wardrobe.models import Garment
from wardrobe.services.garments import call, name_as_usual

LOOK_SIDE = 944
"""Pixels: no shape of a card has room for more."""


class Wish(NamedTuple):
    """What the picture shows besides the pieces; `shape` is one of `SharedPicture.Shape`."""

    shape: str
    with_line: bool = True
    with_names: bool = False


@dataclass(frozen=True)
class Picture:
    """The pieces, and the words that stand beside them: `lines` above the outfit a row each, `names` of the pieces."""

    shape: str
    garments: list[Garment]
    lines: list[str]
    names: list[str]

    def draw(self) -> bytes:
        """As a JPEG. Raises OSError where a stored picture cannot be read."""
        look = compose(read_pictures(self.garments), LOOK_SIDE)
        return draw_card(look, self.shape, self.lines, self.names)

    def describe(self) -> str:
        """What it shows, in words: no more than it says itself."""
        count = len(self.garments)
        shown = ", ".join(self.names) or ngettext(
            "An outfit of %(count)d piece", "An outfit of %(count)d pieces", count
        ) % {"count": count}
        return " ".join([f"{shown}.", *self.lines])


def plan_picture(suggestion: Suggestion, wish: Wish) -> Picture:
    """Of the wearer's own pieces: what somebody lets them wear is not theirs to publish."""
    garments = [one for one in list_garments(suggestion) if one.owner_id == suggestion.owner_id]
    line = say_line(suggestion, garments) if wish.with_line else ""
    lines = [f"{part.rstrip('.')}." for part in line.split(". ") if part]
    names = [name(garment) for garment in garments] if wish.with_names else []
    return Picture(wish.shape, garments, lines, names)


def name(garment: Garment) -> str:
    """As its wearer calls it; by kind and colour where the card's font has no letters for that."""
    called = call(garment)
    return called if can_write(called) else name_as_usual(garment)
