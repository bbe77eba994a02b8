"""Shares and their uncertainty, for evaluations."""

import math
from dataclasses import dataclass

Z95 = 1.959964
"""The two-sided 95 % quantile of the normal distribution."""


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


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided p-value that two versions are equally often right on the same questions.

    Only questions that one of them got right count. Exact: binomial with even odds
    (Q. McNemar, Psychometrika 12, 1947).
    """
    n = only_first + only_second
    tail = sum(math.comb(n, k) for k in range(min(only_first, only_second) + 1))
    return float(min(1.0, 2 * tail / 2**n))
