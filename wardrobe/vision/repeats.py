"""One garment that is seen twice in one photo: in two boxes, or once more in a mirror."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from wardrobe.vision.boxes import measure_box, measure_shared

Thing = TypeVar("Thing")

COVERED = 0.7
"""Share of the smaller of two boxes that lies in the other, from which they are taken for one place."""
MIRRORED = 0.15
"""Cosine distance of the type network's vectors up to which one garment may be another in a mirror: 81 of 82 mirrored,
smaller and darker copies of real garments are as near, none of 92 other garments of the same family."""


def keep_each_once(
    things: Iterable[Thing], is_repeat: Callable[[Thing, Thing], bool]
) -> list[Thing]:
    """Of several that repeat each other the first stays."""
    kept: list[Thing] = []
    for thing in things:
        if not any(is_repeat(thing, other) for other in kept):
            kept.append(thing)
    return kept


def keep_answers_once(garments: list[Any]) -> list[Any]:
    """Of the garments of an answer (`wardrobe.tasks.SeenGarment`), which may be a model's: the larger box stays."""
    by_size = sorted(garments, key=lambda one: measure_box(one.box), reverse=True)
    kept = {id(one) for one in keep_each_once(by_size, are_answered_twice)}
    return [one for one in garments if id(one) in kept]


def are_answered_twice(one: Any, other: Any) -> bool:
    """In one place, of one type and main colour: a shirt under a jacket is neither."""
    if len(one.box) != 4 or len(other.box) != 4 or one.type != other.type:
        return False
    colours = [garment.colours[0].name if garment.colours else "" for garment in (one, other)]
    return colours[0] == colours[1] and share_covered(one.box, other.box) >= COVERED


def share_covered(one: Sequence[float], other: Sequence[float]) -> float:
    """Of the smaller of two boxes (x, y, width, height), how much lies in the other; 0 of an empty one."""
    smaller = min(measure_box(one), measure_box(other))
    return measure_shared(one, other) / smaller if smaller else 0.0
