"""Choosing examples that stand for what is mixed up: facility location, greedy. NumPy alone."""

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def measure_likeness(vectors: Sequence[NDArray[np.float32]], groups: Sequence[Hashable]) -> Floats:
    """(n, n): cosines of vectors of one width, nought where they are negative or the groups differ."""
    rows = np.stack(vectors).astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    same = np.array([[one == other for other in groups] for one in groups])
    return np.asarray(np.where(same, np.maximum(rows @ rows.T, 0.0), 0.0))


def choose_covering(
    likeness: Floats, owners: Sequence[Hashable], *, most: int, most_of_one: int
) -> list[int]:
    """Places of at most `most` rows, `most_of_one` of an owner, that together are most like all rows; the best first.

    Each row counts with its likeness to the chosen one nearest to it. Taking the best next one comes within 1 - 1/e of
    the optimum (Nemhauser, Wolsey and Fisher, Mathematical Programming 14, 1978); a limit for each owner
    makes that a half.
    """
    chosen: list[int] = []
    taken: Counter[Hashable] = Counter()
    covered = np.zeros(len(likeness))
    while len(chosen) < most:
        gains = np.maximum(likeness - covered, 0.0).sum(axis=1)
        full = [taken[owner] >= most_of_one for owner in owners]
        gains[[*chosen, *np.flatnonzero(full)]] = 0.0
        best = int(gains.argmax()) if len(gains) else 0
        if not len(gains) or gains[best] <= 0:
            break
        chosen.append(best)
        taken[owners[best]] += 1
        covered = np.maximum(covered, likeness[best])
    return chosen
