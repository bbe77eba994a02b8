"""The hard rules of the weather as bounds of the search: what an outfit may not lack while the wardrobe has it.

`styling.checks` holds an answer back for the same faults, so that the built-in stylist is never asked for an outfit that
it cannot find.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from styling.stylist.accessories import TIGHTS_CLO
from styling.stylist.bounds import keep_proper
from styling.stylist.comfort import Comfort
from styling.stylist.context import SKIRTS, Candidate, OutfitContext
from styling.stylist.parameters import Parameters
from styling.stylist.shortlist import OUTER, SHOES, groups_of, keeps_rain_off

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

BROKEN = 0.001
"""For each rule that an outfit breaks: of those that break none, the best wins."""
FROST_C = 0.0
UNDER_SKIRTS = frozenset({"tights", "thermals"})
LEGWEAR = UNDER_SKIRTS | {"leggings"}


class Constraints:
    """Which rules this wardrobe can keep, and which rows of positions among the pieces of a search break them; the last
    position is "nothing"."""

    def __init__(
        self,
        pieces: Sequence[Candidate],
        context: OutfitContext,
        comfort: Comfort,
        parameters: Parameters,
    ) -> None:
        proper, is_wet = keep_proper(context), comfort.is_wet and parameters.rules.rain
        self.asks_cover = is_wet and can_only_be_covered(proper, context, comfort)
        self.asks_closed = is_wet and any(p.slot == "shoes" and p.closed for p in proper)
        is_frosty = comfort.low_c <= FROST_C and parameters.rules.heat
        self.asks_legwear = is_frosty and can_cover_legs(proper)
        has_tights = any(piece.type == "tights" for piece in context.wardrobe)
        wears_tights = has_tights and comfort.needed >= TIGHTS_CLO
        self.covers = np.array([*map(keeps_rain_off, pieces), False])
        self.is_open = np.array([*(p.slot == "shoes" and not p.closed for p in pieces), False])
        self.is_bare = np.array(
            [
                *(
                    piece.bares_legs
                    and piece.id not in context.chosen
                    and not (wears_tights and piece.type in SKIRTS)
                    for piece in pieces
                ),
                False,
            ]
        )

    @property
    def is_active(self) -> bool:
        return self.asks_cover or self.asks_closed or self.asks_legwear

    def judge(self, rows: Indices, after: int) -> Array:
        """A factor for each row; `after` is the last role that has been chosen."""
        kept = np.ones(len(rows))
        if self.asks_cover and after >= OUTER:
            kept = kept * np.where(self.covers[rows].any(axis=1), 1.0, BROKEN)
        if self.asks_closed and after >= SHOES:
            kept = kept * np.where(self.is_open[rows].any(axis=1), BROKEN, 1.0)
        if self.asks_legwear:
            kept = kept * np.where(self.is_bare[rows].any(axis=1), BROKEN, 1.0)
        return kept


def can_only_be_covered(
    proper: Sequence[Candidate], context: OutfitContext, comfort: Comfort
) -> bool:
    """Whether something to wear keeps the rain off, and no umbrella does."""
    has_umbrella = any("rain" in piece.use for piece in context.wardrobe)
    covers = any(keeps_rain_off(piece) and not comfort.bans(piece) for piece in proper)
    return covers and not has_umbrella


def can_cover_legs(proper: Sequence[Candidate]) -> bool:
    """By something under a skirt, or by long bottoms with a top."""
    has_bottom = any(piece.slot == "bottom" and not piece.bares_legs for piece in proper)
    has_top = any("top" in groups_of(piece) for piece in proper)
    return (has_bottom and has_top) or any(piece.type in UNDER_SKIRTS for piece in proper)


def sheds_rain(piece: Candidate) -> bool:
    return keeps_rain_off(piece) or "rain" in piece.use
