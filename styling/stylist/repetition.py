"""How far an outfit is from former answers to the same question."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.shortlist import ROLES, groups_of

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

LEAST_CHANGES = 2
"""Main pieces that an answer newly puts on against every former one to the same question; a dress is two."""
CHANGE_KEEPS = {"wishes": 0.99, "weather": 0.9, "sense": 0.5, "warmth": 0.5, "formality": 0.6}
"""What a change may cost: the share of a term that is left of what the best outfit has."""
SIMILARITY_COST = 0.3
"""How much of its score an outfit loses for being all the same pieces as one seen before."""
SAME_AS_EARLIER = 0.01
SHARED_COST = 0.5
"""While roles are added, what keeps away from former answers is kept beside the best."""


def main_ids(pieces: Iterable[Candidate]) -> frozenset[str]:
    """The ids of what makes an outfit: another pair of socks is not another outfit."""
    return frozenset(piece.id for piece in pieces if groups_of(piece))


def strip_extras(context: OutfitContext, outfits: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """The main pieces of outfits; ids that are gone stay, and match nothing."""
    extras = {piece.id for piece in context.wardrobe} - main_ids(context.wardrobe)
    return [outfit - extras for outfit in outfits]


def list_former(context: OutfitContext) -> list[frozenset[str]]:
    """The main pieces of all former answers to the same question."""
    return strip_extras(context, [*context.avoid, *context.earlier])


def count_changes(pieces: Iterable[Candidate], former: Iterable[frozenset[str]]) -> int:
    """How many main pieces are newly put on against the former outfit that is nearest; many where there is none. What is
    only left off changes nothing."""
    main = [piece for piece in pieces if groups_of(piece)]
    return min((count_new(main, old) for old in former), default=len(ROLES))


def count_new(main: Iterable[Candidate], old: frozenset[str]) -> int:
    """A dress is two pieces: it takes the place of a top and a bottom."""
    return sum(count_places(piece) for piece in main if piece.id not in old)


def count_places(piece: Candidate) -> int:
    return 2 if piece.slot == "dress" else 1


class Repetition:
    """The pieces of a search, and how rows of positions among them repeat former answers.

    The position after the last piece means "nothing", as in `search`.
    """

    def __init__(self, pieces: Sequence[Candidate], context: OutfitContext) -> None:
        self.ids = [piece.id for piece in pieces]
        self.places = np.array([*map(count_places, pieces), 0], dtype=float)
        self.seen = strip_extras(context, context.avoid)
        self.former = list_former(context)
        self.rejected = strip_extras(context, context.rejected)

    def novelty(self, rows: Indices) -> Array:
        """1 for what resembles no former answer, 0 for what this session has seen."""
        fresh = np.ones(len(rows))
        if self.former:
            likeness = self.compare(rows, self.former)
            nearest = likeness.max(axis=1)
            fresh = np.where(nearest == 1, SAME_AS_EARLIER, 1 - SIMILARITY_COST * nearest)
            fresh[(likeness[:, : len(self.seen)] == 1).any(axis=1)] = 0.0
        if self.rejected:
            fresh[(self.compare(rows, self.rejected) == 1).any(axis=1)] *= SAME_AS_EARLIER
        return fresh

    def count_changes(self, rows: Indices) -> Array:
        """As `count_changes` does, for rows."""
        if not self.former:
            return np.full(len(rows), float(len(ROLES)))
        shared = self.share(rows, self.former, self.places)
        changes: Array = (self.places[rows].sum(axis=1)[:, None] - shared).min(axis=1)
        return changes

    def may_answer(self, rows: Indices, terms: Mapping[str, Array], best: int) -> Array:
        """1 for rows that put on enough against all former answers, 0 for the others. Where no row does without costing
        too much of what row `best` has, those that put on something; then all."""
        kept = [terms[name] >= share * terms[name][best] for name, share in CHANGE_KEEPS.items()]
        changes, is_kept = self.count_changes(rows), np.all(kept, axis=0)
        for least in range(LEAST_CHANGES, 0, -1):
            if np.any(is_kept & (changes >= least)):
                return np.where(is_kept & (changes >= least), 1.0, 0.0)
        return np.ones(len(rows))

    def avoid_shared(self, rows: Indices) -> Array:
        """A factor that falls with every piece of a former answer."""
        factor: Array = SHARED_COST ** self.share(rows, self.former).max(axis=1)
        return factor

    def share(
        self, rows: Indices, outfits: list[frozenset[str]], weights: Array | None = None
    ) -> Array:
        """How many pieces each row shares with each outfit, rows by outfits; each piece as much as its weight."""
        has = np.zeros((len(rows), len(self.ids) + 1))
        np.put_along_axis(has, rows, 1.0, axis=1)
        has = has if weights is None else has * weights
        wanted = np.array(
            [[piece in outfit for piece in self.ids] for outfit in outfits], dtype=float
        )
        shared: Array = has[:, : len(self.ids)] @ wanted.T
        return shared

    def compare(self, rows: Indices, outfits: list[frozenset[str]]) -> Array:
        """How alike each row is to each outfit: Jaccard's index, rows by outfits."""
        shared = self.share(rows, outfits)
        # Ids that are gone from the wardrobe count too: such an outfit can be met by none.
        total = self._count(rows)[:, None] + np.array([len(one) for one in outfits]) - shared
        alike: Array = np.where(total > 0, shared / np.maximum(total, 1), 1.0)
        return alike

    def _count(self, rows: Indices) -> Array:
        counts: Array = (rows != len(self.ids)).sum(axis=1).astype(np.float64)
        return counts
