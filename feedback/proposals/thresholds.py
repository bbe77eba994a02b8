"""Thresholds of the built-in engine by what reviewers say of its answers: chosen on one part, kept if another agrees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wardrobe.vision.families import FAMILY_OF

GRID = tuple(step / 100 for step in range(30, 96, 5))
FARTHEST = 0.2
"""How far a draft moves a threshold at once."""
FEWEST = 20
"""Judged garments in each part; of fewer nothing is said."""
FAMILY_CREDIT = 0.6
"""What the name of the right family is worth where a finer one is right."""
MISSED = 6.0
"""What a wrong garment that nobody is asked to look at costs, in needless looks."""


@dataclass(frozen=True)
class Judged:
    """A garment as the built-in engine named it, and what it is.

    `confidence` is of what was told, `finer_confidence` of the likeliest finer word where a family was told. Each
    stands for `weight` garments. `is_apart`: it validates, and chooses nothing.
    """

    told: str
    confidence: float
    right: str
    finer: str = ""
    finer_confidence: float = 0.0
    weight: float = 1.0
    is_apart: bool = False


Rate = Callable[[Judged, float], float]


@dataclass(frozen=True)
class Move:
    """Another value of a threshold, and what `count` garments kept apart gain by it, each on average."""

    before: float
    after: float
    gain: float
    count: int


def rate_name(one: Judged, certainty: float) -> float:
    """What the name is worth under a certainty: 1 for the right word, less for its family."""
    told = one.told
    if FAMILY_OF.get(told, told) != told and one.confidence < certainty:
        told = FAMILY_OF[told]
    elif one.finer and one.finer_confidence >= certainty:
        told = one.finer
    if told == one.right:
        return 1.0
    return FAMILY_CREDIT if told == FAMILY_OF.get(one.right) else 0.0


def rate_look(one: Judged, limit: float) -> float:
    """What asking below a limit costs: a needless look, or a mistake that nobody was asked about."""
    is_asked, is_right = one.confidence < limit, one.told == one.right
    if is_asked:
        return -1.0 if is_right else 0.0
    return 0.0 if is_right else -MISSED


def find_move(rows: Sequence[Judged], rate: Rate, now: float) -> Move | None:
    """The best threshold by what is not kept apart; None where it stays, is no better of what is, or rows are few."""
    taught = [one for one in rows if not one.is_apart]
    judges = [one for one in rows if one.is_apart]
    if min(len(taught), len(judges)) < FEWEST:
        return None
    near = [limit for limit in GRID if abs(limit - now) <= FARTHEST]
    best = max([now, *near], key=lambda limit: (average(taught, rate, limit), -abs(limit - now)))
    gain = average(judges, rate, best) - average(judges, rate, now)
    return Move(now, best, gain, len(judges)) if best != now and gain > 0 else None


def average(rows: Sequence[Judged], rate: Rate, limit: float) -> float:
    whole = sum(one.weight for one in rows)
    return sum(one.weight * rate(one, limit) for one in rows) / whole
