"""When answers became slower.

Pettitt's change-point test (Applied Statistics 28, 1979): of all places where a series can be cut in two, the one at
which the Mann-Whitney statistic of the calls after it over those before it is largest. Calls are ranked by their
buckets. How often chance alone gives as much is found by shuffling whole points of the series, so that calls that
are slow together, because they came together, do not count as many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from monitoring.figures.buckets import Histogram

MIN_CALLS = 30
"""On each side: fewer are no trend."""

MIN_INCREASE = 1.1
"""Of the 95th percentile: less is neither felt nor far from the width of a bucket."""

P_VALUE = 0.01
SHUFFLES = 1999
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Slowdown:
    """Calls from `at` on took longer than those before; `p` is how often chance does as much."""

    at: datetime
    before: Histogram
    after: Histogram
    p: float


def find_slowdown(points: Sequence[tuple[datetime, Histogram]]) -> Slowdown | None:
    """Of points in the order of time; None where calls are too few, or chance would do."""
    points = [(at, histogram) for at, histogram in points if histogram.counts]
    if len(points) < 2:
        return None
    calls = np.array([float(histogram.total) for _, histogram in points])
    excess = measure_excess([histogram for _, histogram in points])
    found = score_cuts(calls, excess)
    cut = int(found.argmax()) + 1
    if found[cut - 1] <= 0:
        return None
    before = Histogram.merge(histogram for _, histogram in points[:cut])
    after = Histogram.merge(histogram for _, histogram in points[cut:])
    if not grew(before, after):
        return None
    p = find_p(calls, excess, float(found[cut - 1]))
    return Slowdown(points[cut][0], before, after, p) if p <= P_VALUE else None


def grew(before: Histogram, after: Histogram) -> bool:
    was, now = before.quantile(0.95), after.quantile(0.95)
    return was is not None and now is not None and now >= MIN_INCREASE * was


def measure_excess(histograms: Sequence[Histogram]) -> Floats:
    """For each point the sum of its calls' ranks, less what it would be if all calls were alike."""
    pooled = Histogram.merge(histograms)
    counts = np.array(pooled.counts, float)
    ranks = counts.cumsum() - (counts - 1) / 2  # Ties share the mean of their ranks.
    above = ranks - (pooled.total + 1) / 2
    starts = [histogram.first - pooled.first for histogram in histograms]
    return np.array(
        [
            np.array(histogram.counts, float) @ above[start : start + len(histogram.counts)]
            for start, histogram in zip(starts, histograms, strict=True)
        ]
    )


def score_cuts(calls: Floats, excess: Floats) -> Floats:
    """The standardised Mann-Whitney statistic of each cut, along the last axis; -inf where a side has too few calls."""
    before = calls.cumsum(-1)[..., :-1]
    total = calls.sum(-1)[..., None]
    after = total - before
    spread = np.sqrt(before * after * (total + 1) / 12)
    is_enough = (before >= MIN_CALLS) & (after >= MIN_CALLS)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = -excess.cumsum(-1)[..., :-1] / spread
    return np.where(is_enough, scores, -np.inf)


def find_p(calls: Floats, excess: Floats, score: float) -> float:
    """The share of shuffled series, this one among them, that have as high a score. The shuffles are always the same."""
    generator = np.random.default_rng(0)
    orders = generator.permuted(np.tile(np.arange(len(calls)), (SHUFFLES, 1)), axis=1)
    highest = score_cuts(calls[orders], excess[orders]).max(-1)
    return float(1 + (highest >= score - 1e-9).sum()) / (SHUFFLES + 1)
