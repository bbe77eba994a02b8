"""Shares and their uncertainty, and whether two versions differ by more than chance, for evaluations."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

Z95 = 1.959964
"""The two-sided 95 % quantile of the normal distribution."""
SIGNIFICANCE = 0.01
"""The level at which the gate calls a version worse than the live one: of versions that are equally good, at most
one in a hundred is refused by chance (fewer where few examples differ: seven must, at least)."""
MAX_SUMS = 2**17
"""So many sums of differences are enumerated in a few milliseconds."""
FLIPS = 19_999
"""Draws in their place: a p of 1 % is then known to 0.07 points (one standard error)."""
SEED = 20240229
TIE = 1e-6
"""Sums that differ by less are equal: floats add up differently in another order."""
ALIKE = 1e-7
"""Chances that differ by a smaller share are equal, as in R's `fisher.test`."""


@dataclass(frozen=True)
class Proportion:
    """`hits` of `total`."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        """0..1, and 1 of nothing."""
        return self.hits / self.total if self.total else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval, 0..1 (E. B. Wilson, JASA 22, 1927). Of nothing: all of it."""
        if not self.total:
            return 0.0, 1.0
        n, p, z2 = self.total, self.share, Z95 * Z95
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    def __add__(self, other: "Proportion") -> "Proportion":
        return Proportion(self.hits + other.hits, self.total + other.total)


def say_p(p: float) -> str:
    """ "p = 0.0023", or that it is below what matters: no chance is nought."""
    return "p below 0.0001" if p < 0.0001 else f"p = {p:.2g}"


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided p-value that two versions are equally often right on the same questions.

    Only questions that one of them got right count. Exact: binomial with even odds
    (Q. McNemar, Psychometrika 12, 1947).
    """
    n = only_first + only_second
    tail = sum(math.comb(n, k) for k in range(min(only_first, only_second) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def fisher(one: Proportion, other: Proportion) -> float:
    """Two-sided p-value that two shares are equal, given how many hits there are in all.

    Exact: the chances of all tables that are no likelier than the one seen (R. A. Fisher, Statistical Methods for
    Research Workers, 5th ed., 1934). 1 where either side is empty.
    """
    hits = one.hits + other.hits
    first, last = max(0, hits - other.total), min(hits, one.total)
    if first >= last:
        return 1.0
    at = np.arange(first, last, dtype=float)
    ratios = (one.total - at) * (hits - at) / ((at + 1) * (other.total - hits + at + 1))
    logs = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    chances = np.exp(logs - logs.max())
    seen = chances[one.hits - first]
    return float(min(1.0, chances[chances <= seen * (1 + ALIKE)].sum() / chances.sum()))


def flip_signs(differences: Sequence[float]) -> float:
    """One-sided p-value that scores differ by chance alone, against their being lower on average.

    `differences` are this version's score less the other one's, one an example. If the versions are equally good, each
    difference could as well have the other sign: p is the share of all signs whose sum is as low as the one seen
    (R. A. Fisher, The Design of Experiments, 1935). Exact up to `MAX_SUMS` different sums, else from
    `FLIPS` draws of a fixed seed, the seen one counted in, so that p is never too small.
    """
    sizes, counts = np.unique(np.abs(round_scores(differences)), return_counts=True)
    sizes, counts = sizes[sizes > 0], counts[sizes > 0]
    seen = float(np.sum(round_scores(differences))) + TIE
    if math.prod(int(count) + 1 for count in counts) <= MAX_SUMS:
        sums, odds = list_sums(sizes, counts)
        return float(min(1.0, odds[sums <= seen].sum()))
    drawn = np.random.default_rng(SEED).binomial(counts, 0.5, size=(FLIPS, len(counts)))
    sums = (2 * drawn - counts) @ sizes
    return float((1 + np.count_nonzero(sums <= seen)) / (1 + FLIPS))


def round_scores(values: Sequence[float]) -> Array:
    """So that equal sizes are equal, however they were computed."""
    return np.round(np.asarray(values, dtype=float), 9)


def list_sums(sizes: Array, counts: IntArray) -> tuple[Array, Array]:
    """Every sum that `counts` values of each size can have under all signs, and its probability."""
    sums, odds = np.zeros(1), np.ones(1)
    for size, count in zip(sizes.tolist(), counts.tolist(), strict=True):
        positive = np.arange(count + 1)
        weights = np.array([math.comb(count, k) / 2**count for k in range(count + 1)])
        sums = np.add.outer(sums, size * (2 * positive - count)).ravel()
        odds = np.multiply.outer(odds, weights).ravel()
    return sums, odds
