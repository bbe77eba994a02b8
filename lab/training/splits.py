"""Which photos are learned from, and which are kept apart."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ALIKE = 0.93
"""Cosine similarity of the trunk's head from which two photos may show one garment."""


def is_held_out(path: Path) -> bool:
    """One photo in ten, the same ones wherever and whenever training runs."""
    return hashlib.sha256(path.name.encode()).digest()[0] % 10 == 0


def split_folds(vectors: NDArray[np.float32], *, folds: int, seed: int) -> NDArray[np.intp]:
    """A fold for each row of `vectors` (n, d); rows that are alike share one."""
    groups = group_alike(vectors)
    names = np.unique(groups)
    numbers = np.random.default_rng(seed).permutation(len(names)) % folds
    return np.asarray(numbers[np.searchsorted(names, groups)])


def group_alike(vectors: NDArray[np.float32]) -> NDArray[np.intp]:
    """The lowest row that each row is alike with, directly or through others."""
    groups = np.arange(len(vectors))
    for one, other in find_alike(vectors):
        groups[groups == groups[one]] = groups[other]
    return groups


def find_alike(vectors: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for row, unit in enumerate(units):
        for other in np.flatnonzero(units[:row] @ unit > ALIKE):
            yield row, int(other)
