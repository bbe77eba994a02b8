"""Where the pieces of an outfit lie: boxes in per cent of a square, by which places are filled.

The numbers are here alone: `write_css` makes the rules of the stylesheet of them, and `composition` the picture.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

PLACES = ("outer", "over", "mid", "top", "bottom", "dress", "shoes", "accessory", "hat")
"""In the order in which they are read, but for `hat`, which may hold a second accessory."""
EXTRAS = ("accessory", "bag", "other", "underwear", "socks")
"""Slots that share the place of an accessory; the first comes first."""


class Box(NamedTuple):
    """Left, top, width and height in per cent; `z` is the order of layers, `turn` in degrees clockwise."""

    left: int
    top: int
    width: int
    height: int
    z: int
    turn: int = 0


class Lying(NamedTuple):
    """What of a piece decides its place, in words of the vocabulary."""

    slot: str
    layering: str = "base"


RECIPES: tuple[tuple[tuple[str, ...], dict[str, Box]], ...] = (
    (
        (),
        {
            "top": Box(5, 4, 50, 50, 3),
            "mid": Box(5, 4, 50, 50, 4),
            "bottom": Box(55, 6, 37, 88, 2),
            "shoes": Box(15, 57, 33, 38, 5),
            "accessory": Box(38, 50, 22, 30, 4, 6),
            "hat": Box(40, 2, 18, 18, 5, 6),
        },
    ),
    (
        ("outer",),
        {
            "outer": Box(3, 3, 50, 61, 2),
            "top": Box(48, 4, 46, 37, 4),
            "bottom": Box(60, 35, 31, 62, 3),
            "shoes": Box(30, 63, 28, 34, 5),
            "accessory": Box(5, 60, 24, 37, 6, -5),
            "hat": Box(4, 50, 18, 18, 7, -6),
        },
    ),
    (
        ("mid", "top"),
        {
            "mid": Box(2, 3, 52, 54, 3),
            "top": Box(50, 4, 44, 37, 4),
            "bottom": Box(60, 35, 31, 62, 2),
            "shoes": Box(29, 60, 30, 37, 5),
            "accessory": Box(5, 60, 24, 37, 6, -5),
            "hat": Box(4, 50, 18, 18, 7, -6),
        },
    ),
    (
        ("outer", "mid"),
        {
            "outer": Box(2, 3, 45, 56, 2),
            "mid": Box(46, 3, 47, 40, 4),
            "top": Box(35, 39, 36, 31, 5),
            "bottom": Box(69, 38, 27, 59, 3),
            "shoes": Box(38, 69, 28, 28, 6),
            "accessory": Box(5, 60, 26, 36, 6, -5),
            "hat": Box(4, 50, 18, 18, 7, -6),
        },
    ),
    (
        ("outer", "mid", "over"),
        {
            "outer": Box(2, 3, 38, 47, 2),
            "over": Box(38, 2, 33, 34, 3),
            "mid": Box(66, 4, 33, 33, 4),
            "top": Box(34, 36, 34, 30, 5),
            "bottom": Box(70, 38, 27, 59, 3),
            "shoes": Box(40, 67, 28, 30, 6),
            "accessory": Box(5, 54, 26, 36, 6, -5),
            "hat": Box(24, 74, 18, 22, 7, -6),
        },
    ),
    (
        ("dress", "dress", "dress"),
        {
            "dress": Box(31, 3, 42, 94, 3),
            "outer": Box(2, 5, 42, 48, 2),
            "mid": Box(1, 52, 33, 36, 2),
            "over": Box(68, 42, 30, 26, 4),
            "shoes": Box(67, 60, 28, 36, 4),
            "accessory": Box(70, 8, 24, 40, 2, 5),
            "hat": Box(6, 77, 20, 20, 4, -6),
        },
    ),
)
"""What has to be there (a word that is repeated only weighs more), and the boxes then; a later one wins."""


def name_places(pieces: Sequence[Lying]) -> list[str]:
    """The place of each piece; empty for one that is in the list and not on the ground."""
    places = [""] * len(pieces)
    taken: set[str] = set()
    order = sorted(range(len(pieces)), key=lambda index: rank(pieces[index]))
    for index in order:
        place = next((one for one in wish_places(pieces[index], pieces) if one not in taken), "")
        places[index] = place
        taken.add(place)
    return places


def rank(piece: Lying) -> int:
    """Who chooses first: what has one place before what has several, a hat before a second accessory."""
    if piece.slot in EXTRAS:
        return 10 + EXTRAS.index(piece.slot)
    return {"top": 1, "outerwear": 2}.get(piece.slot, 0) if piece.layering == "mid" else 0


def wish_places(piece: Lying, pieces: Sequence[Lying]) -> tuple[str, ...]:
    """The places that a piece may have, the best first."""
    if piece.slot == "outerwear":
        return ("outer", "mid", "over") if piece.layering == "mid" else ("outer", "over")
    if piece.slot == "top":
        has_base = any(
            one is not piece
            and (one.slot == "dress" or (one.slot == "top" and one.layering != "mid"))
            for one in pieces
        )
        return ("mid", "top") if piece.layering == "mid" and has_base else ("top", "mid")
    if piece.slot in {"bottom", "dress", "shoes", "hat"}:
        return (piece.slot,)
    return ("accessory", "hat")


def find_boxes(places: Iterable[str]) -> dict[str, Box]:
    """The box of each place that is filled."""
    there = {place for place in places if place}
    boxes: dict[str, Box] = {}
    for needed, recipe in RECIPES:
        if there.issuperset(needed):
            boxes |= {place: box for place, box in recipe.items() if place in there}
    return boxes


def write_css() -> list[str]:
    """The rules of the stylesheet: a line for each box."""
    return [
        write_rule(needed, place, box)
        for needed, recipe in RECIPES
        for place, box in recipe.items()
    ]


def write_rule(needed: Sequence[str], place: str, box: Box) -> str:
    has = "".join(f':has([data-slot="{one}"])' for one in needed)
    turn = f" rotate: {box.turn}deg;" if box.turn else " rotate: none;" if needed else ""
    return (
        f'.flatlay{has} [data-slot="{place}"] {{ inset: {box.top}% auto auto {box.left}%;'
        f" width: {box.width}%; height: {box.height}%; z-index: {box.z};{turn} }}"
    )
