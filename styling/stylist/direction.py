"""What "too cold" and "too warm" ask of the next answer: to be no less, or no more, than what was turned down."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styling.notes.leanings import Leaning
from styling.stylist.comfort import Comfort
from styling.stylist.context import REASONS, OutfitContext
from styling.stylist.preferences import Rejection
from styling.stylist.shortlist import groups_of

Array = NDArray[np.float64]

SLACK_CLO = 0.005
"""So far beyond the bound an outfit counts a third: a twentieth of a clo is worse than the same outfit again."""
WARMTHS = (Leaning.WARMER, Leaning.LIGHTER)


@dataclass(frozen=True)
class ClothingBounds:
    """In clo, as the sum of main pieces and `socks`, which closed shoes have; infinite where nothing is asked."""

    least: float = -np.inf
    most: float = np.inf
    socks: float = 0.0

    def judge(self, clo: Array, has_socks: Array, room: float) -> Array:
        """A factor for sums of garments' clo, to which later roles can still add `room`. It falls by degrees: where
        none keeps the bound, the nearest wins."""
        clo = clo + self.socks * has_socks
        short = np.maximum(self.least - clo - room, 0.0)
        beyond = np.maximum(clo - self.most, 0.0)
        judged: Array = np.exp(-(short + beyond) / SLACK_CLO)
        return judged


def find_bounds(context: OutfitContext, comfort: Comfort) -> ClothingBounds:
    """By the newest word on warmth. Of another question's outfit no more is asked than this weather does. `context` has
    the whole wardrobe: a piece that was turned down counts for what it was worth."""
    said = next(filter(None, map(find_warmth, context.preferences.rejections)), None)
    if said is None or said[0] not in context.wishes.leanings:
        return ClothingBounds()
    leaning, rejection = said
    worn = [piece for piece in context.wardrobe if piece.id in rejection.pieces]
    socks = sum(piece.clo for piece in worn if piece.slot == "socks")
    clo = socks + sum(piece.clo for piece in worn if groups_of(piece))
    if rejection.pieces not in context.avoid | context.earlier:
        asked = (comfort.needed - 0.161) / 0.835
        clo = min(clo, asked) if leaning is Leaning.WARMER else max(clo, asked)
    if leaning is Leaning.WARMER:
        return ClothingBounds(least=clo, socks=socks)
    return ClothingBounds(most=clo, socks=socks)


def find_warmth(rejection: Rejection) -> tuple[Leaning, Rejection] | None:
    leanings = {REASONS[reason] for reason in rejection.reasons if reason in REASONS}
    found = [leaning for leaning in WARMTHS if leaning in leanings]
    return (found[0], rejection) if len(found) == 1 else None
