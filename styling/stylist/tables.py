"""Arrays over the pieces of a search, with one position more that means "nothing"."""

import numpy as np
from numpy.typing import NDArray

from styling.stylist.context import Candidate, OutfitContext

Array = NDArray[np.float64]


def padded(values: Array, nothing: float) -> Array:
    return np.append(values.astype(np.float64), nothing)


def padded_square(values: Array, nothing: float = 0.0) -> Array:
    """A row and a column more, for the position that means "nothing"."""
    return np.pad(values, ((0, 1), (0, 1)), constant_values=nothing)


def number_places(pieces: list[Candidate]) -> list[int]:
    names = sorted({piece.place for piece in pieces})
    return [names.index(piece.place) for piece in pieces]


def count_together(pieces: list[Candidate], context: OutfitContext) -> Array:
    """How often pairs were worn together: 0.5 never, towards 1 with every time."""
    together = np.full((len(pieces), len(pieces)), 0.5)
    position = {piece.id: index for index, piece in enumerate(pieces)}
    for pair, count in context.worn_together.items():
        if len(pair) == 2 and pair <= position.keys():
            one, other = (position[piece] for piece in pair)
            together[one, other] = together[other, one] = 1 - 0.5 ** (1 + count)
    return together
