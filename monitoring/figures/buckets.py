"""Times in buckets that grow by a constant factor, so that percentiles can be merged.

A bucket holds the times from 2^(i/16) up to 2^((i+1)/16) milliseconds: schema 4 of Prometheus' native
histograms. A percentile is the geometric middle of the bucket that holds its rank, so it is at most a factor of
2^(1/32) from that value: 2.2 %.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

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
        [merged] = merge_groups([(0, h.first, h.counts) for h in histograms], 1)
        return merged

    @cached_property
    def passed(self) -> list[int]:
        """How many are in each bucket and in those before it."""
        return list(accumulate(self.counts))

    @property
    def total(self) -> int:
        return self.passed[-1] if self.counts else 0

    def quantile(self, share: float) -> float | None:
        """The smallest time that at least `share` (0..1) of all do not exceed, in milliseconds; None without any."""
        if not self.counts:
            return None
        rank = max(1, math.ceil(share * self.total))
        index = self.first + bisect_left(self.passed, rank)
        return float(2 ** ((index + 0.5) / PER_OCTAVE))

    def count_above(self, ms: float) -> int:
        """In buckets above the one that holds `ms`."""
        return sum(self.counts[max(0, find_bucket(ms) + 1 - self.first) :])


Counts = Sequence[int] | npt.NDArray[np.int32]
Part = tuple[int, int, Counts]
"""The number of a group, and `first` and `counts` as a rollup holds them."""

HEADER = 5
"""Words before the numbers of an array as PostgreSQL sends it; the fourth says how many there are."""


def unpack(packed: bytes) -> Iterator[tuple[int, Counts]]:
    """`first` and `counts` of many rollups, each as the array that `array_send` makes of `first || counts`: big-endian
    words of 4 bytes, a header, and each number behind its length."""
    words = np.frombuffer(packed, ">i4").astype(np.int32)
    place = 0
    while place < len(words):
        end = place + HEADER + 2 * int(words[place + 3])
        numbers = words[place + HEADER + 1 : end : 2]
        yield int(numbers[0]), numbers[1:]
        place = end


def merge_groups(parts: Iterable[Part], groups: int) -> list[Histogram]:
    """The histogram of each group: all parts are added up in one table of groups by buckets."""
    filled = [part for part in parts if len(part[2])]
    if not filled:
        return [Histogram()] * groups
    lengths = np.array([len(counts) for _, _, counts in filled])
    firsts = np.array([first for _, first, _ in filled])
    lowest = int(firsts.min())
    width = int((firsts + lengths).max()) - lowest
    starts = np.array([group for group, _, _ in filled]) * width + firsts - lowest
    offsets = np.arange(lengths.sum()) - np.repeat(lengths.cumsum() - lengths, lengths)
    flat = np.concatenate([counts for _, _, counts in filled])
    places = np.repeat(starts, lengths) + offsets
    table = np.bincount(places, weights=flat, minlength=groups * width).reshape(groups, width)
    is_filled = table > 0
    begins = is_filled.argmax(axis=1).tolist()
    ends = (width - is_filled[:, ::-1].argmax(axis=1)).tolist()
    return [
        Histogram(lowest + begin, tuple(row[begin:end])) if row[begin] else Histogram()
        for row, begin, end in zip(table.astype(np.int64).tolist(), begins, ends, strict=True)
    ]
