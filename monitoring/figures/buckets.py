"""Times in buckets that grow by a constant factor, so that percentiles can be merged.

A bucket holds the times from 2^(i/16) up to 2^((i+1)/16) milliseconds: schema 4 of Prometheus' native
histograms. A percentile is the geometric middle of the bucket that holds its rank, so it is at most a factor of
2^(1/32) from that value: 2.2 %.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

PER_OCTAVE = 16
ERROR = 2 ** (1 / (2 * PER_OCTAVE)) - 1
"""Largest relative error of a percentile against the value of its rank: 0.0219."""

SMALLEST_MS = 2.0**-6
"""Shorter times count as this long: a built-in engine's words come in no time at all."""


def find_bucket(ms: float) -> int:
    return math.floor(PER_OCTAVE * math.log2(max(ms, SMALLEST_MS)))


@dataclass(frozen=True)
class Histogram:
    """Counts of the buckets from index `first` on, without nought at either end."""

    first: int = 0
    counts: tuple[int, ...] = ()

    @classmethod
    def of(cls, times_ms: Iterable[float]) -> "Histogram":
        return cls.merge(cls(find_bucket(ms), (1,)) for ms in times_ms)

    @classmethod
    def merge(cls, histograms: Iterable["Histogram"]) -> "Histogram":
        filled = [histogram for histogram in histograms if histogram.counts]
        if not filled:
            return cls()
        first = min(histogram.first for histogram in filled)
        counts = np.zeros(max(h.first + len(h.counts) for h in filled) - first, np.int64)
        for histogram in filled:
            start = histogram.first - first
            counts[start : start + len(histogram.counts)] += histogram.counts
        return cls(first, tuple(counts.tolist()))

    @property
    def total(self) -> int:
        return sum(self.counts)

    def quantile(self, share: float) -> float | None:
        """The smallest time that at least `share` (0..1) of all do not exceed, in milliseconds; None without any."""
        rank = max(1, math.ceil(share * self.total))
        passed = 0
        for index, count in enumerate(self.counts, start=self.first):
            passed += count
            if passed >= rank:
                return float(2 ** ((index + 0.5) / PER_OCTAVE))
        return None

    def count_above(self, ms: float) -> int:
        """In buckets above the one that holds `ms`."""
        return sum(self.counts[max(0, find_bucket(ms) + 1 - self.first) :])


def read_histogram(first: int, counts: Sequence[int]) -> Histogram:
    """As the columns of a rollup hold it."""
    return Histogram(first, tuple(counts))
