"""What no figure of a single garment says: whether pieces make sense together, here and today.

Factors on the score of a combination, 1 for nothing to say against it.
"""

import numpy as np
from numpy.typing import NDArray

from styling.stylist.comfort import COAT_CLO, Comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.parameters import Parameters
from styling.stylist.shortlist import (
    BASE,
    BOTTOM,
    DISLIKED,
    FORMAL,
    LIKED,
    MID,
    OVER,
    WARM_SHOES_CLO,
    judge_preference,
    judge_seasons,
)

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SUMMER_WITH_WINTER = 0.5
"""Shorts, sandals or a summer dress with a heavy sweater, a coat or boots."""
BULKY = 0.5
"""A blazer over a heavy sweater."""
SAME_AGAIN = 0.5
"""Top, bottom and sweater of one and the same recent day."""
SUITLESS, SUIT_UNTIL_C = 0.5, 22.0
"""No jacket at a formal event, and where it gets too warm to ask for one."""
WIDE = frozenset({"loose", "oversized"})
SHAPELESS = 0.85
"""Top and bottom both loose or oversized: one of them gives the shape."""
TIRED_COLOUR = 0.7
"""For each piece in a colour of an outfit that was turned down for its colours."""
DISLIKED_PIECE, LIKED_PIECE = 0.35, 1.12
"""For each piece. What the wearer would rather not wear takes more than warmth to be worn."""


class Coherence:
    """The pieces of a search, and a judgement of rows of positions among them (see `stylist`)."""

    def __init__(
        self,
        pieces: list[Candidate],
        context: OutfitContext,
        comfort: Comfort,
        parameters: Parameters,
    ) -> None:
        preference = judge_preference(pieces, context)
        is_formal = context.aim >= FORMAL and parameters.rules.formality
        self.nothing = len(pieces)
        self.weights = parameters.weights
        self.asks_for_jacket = is_formal and comfort.low_c < SUIT_UNTIL_C
        self.is_disliked = np.append(preference == DISLIKED, False)
        self.is_liked = np.append(preference == LIKED, False)
        self.season = np.append(judge_seasons(pieces, context), 1.0)
        self.is_wide = np.array([*(piece.fit in WIDE for piece in pieces), False])
        self.is_tired = np.append(has_tired_colour(pieces, context), False)
        self.is_summery = np.array([*map(is_summery, pieces), False])
        self.is_wintry = np.array([*map(is_wintry, pieces), False])
        self.worn_on = np.array([*(find_recent_day(piece, context) for piece in pieces), -1])

    def judge(self, rows: Indices, after: int) -> Array:
        """A factor for each row; `after` is the last role that has been chosen."""
        is_mixed = self.is_summery[rows].any(axis=1) & self.is_wintry[rows].any(axis=1)
        is_bulky = self.is_wintry[rows[:, MID]] & (rows[:, OVER] != self.nothing)
        sense = np.where(is_mixed, SUMMER_WITH_WINTER, 1.0) * np.where(is_bulky, BULKY, 1.0)
        if self.asks_for_jacket and after >= OVER:
            is_suitless = (rows[:, BOTTOM] != self.nothing) & (rows[:, OVER] == self.nothing)
            sense = sense * np.where(is_suitless, SUITLESS, 1.0)
        if self.weights.freshness and after >= MID:
            sense = sense * np.where(self._is_same_again(rows), SAME_AGAIN, 1.0)
        sense = sense * self.season[rows].prod(axis=1) * self._judge_shape(rows)
        tired: Array = TIRED_COLOUR ** self.is_tired[rows].sum(axis=1)
        judged: Array = sense * tired * self._judge_wishes(rows)
        return judged

    def _judge_shape(self, rows: Indices) -> Array:
        return np.where(self.is_wide[rows[:, [BASE, BOTTOM]]].all(axis=1), SHAPELESS, 1.0)

    def _judge_wishes(self, rows: Indices) -> Array:
        if not self.weights.preference:
            return np.ones(len(rows))
        disliked, liked = self.is_disliked[rows].sum(axis=1), self.is_liked[rows].sum(axis=1)
        return np.asarray(DISLIKED_PIECE**disliked * LIKED_PIECE**liked)

    def _is_same_again(self, rows: Indices) -> NDArray[np.bool_]:
        """Whether all that is seen indoors was worn on one day, lately."""
        days = self.worn_on[rows[:, [BASE, BOTTOM, MID]]]
        latest = days.max(axis=1, keepdims=True)
        same: NDArray[np.bool_] = (latest[:, 0] > 0) & ((days == latest) | (days < 0)).all(axis=1)
        return same


def has_tired_colour(pieces: list[Candidate], context: OutfitContext) -> NDArray[np.bool_]:
    """Whether each has the first colour of a piece of an outfit that was turned down for its colours."""
    ids = context.list_rejected("colours")
    tired = {
        piece.colours[0].name for piece in context.wardrobe if piece.id in ids and piece.colours
    }
    return np.array([bool(p.colours) and p.colours[0].name in tired for p in pieces], dtype=bool)


def find_recent_day(piece: Candidate, context: OutfitContext) -> int:
    """The day it was worn on as a number; 0 when that is long ago or never."""
    worn = piece.last_worn_on
    is_recent = worn is not None and (context.today - worn).days < context.repeat_days
    return worn.toordinal() if worn and is_recent else 0


def is_summery(piece: Candidate) -> bool:
    """Shorts, sandals or a summer dress."""
    is_light_dress = piece.slot == "dress" and piece.warmth == "light"
    return piece.short or is_light_dress or piece.type == "sandals"


def is_wintry(piece: Candidate) -> bool:
    """A heavy sweater or dress, a coat, or boots."""
    is_over = piece.slot == "dress" or (piece.slot == "top" and piece.layer != "base")
    is_knit = is_over and piece.warmth == "heavy"
    is_coat = piece.slot == "outerwear" and piece.clo > COAT_CLO
    return is_knit or is_coat or (piece.slot == "shoes" and piece.clo >= WARM_SHOES_CLO)
