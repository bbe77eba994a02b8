"""Whether outfits have the pieces that the note asks for."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.shortlist import ROLES

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

UNHEEDED = 0.001
"""For each wish of the note that no piece of an outfit answers to."""


class Heeding:
    """The pieces of a search that answer to each wish, and the last role that one of them may have."""

    def __init__(
        self,
        pieces: Sequence[Candidate],
        roles: Mapping[str, Sequence[int]],
        context: OutfitContext,
    ) -> None:
        self.wanted: list[tuple[NDArray[np.bool_], int]] = []
        for ids in context.wishes.wanted:
            answers = {index for index, piece in enumerate(pieces) if piece.id in ids}
            possible = [ROLES.index(role) for role, has in roles.items() if answers & set(has)]
            if possible:
                mask = np.isin(np.arange(len(pieces) + 1), list(answers))
                self.wanted.append((mask, max(possible)))

    def judge(self, rows: Indices, after: int) -> Array:
        """A factor for each row; a wish counts once the roles are chosen that could answer to it."""
        heeded = np.ones(len(rows))
        for answers, last in self.wanted:
            if after >= last:
                heeded = heeded * np.where(answers[rows].any(axis=1), 1.0, UNHEEDED)
        return heeded
