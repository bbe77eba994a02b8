"""Two versions of a task side by side, with how sure their differences are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from monitoring.figures.buckets import PER_OCTAVE, Histogram
from monitoring.figures.changes import MIN_CALLS
from monitoring.figures.reading import Figures
from monitoring.times.words import say_change, say_ms

RESAMPLES = 1_000
ROWS = (
    ("Whole answer, p50", "latency", 0.5),
    ("Whole answer, p95", "latency", 0.95),
    ("Whole answer, p99", "latency", 0.99),
    ("First word, p50", "first_word", 0.5),
    ("First word, p95", "first_word", 0.95),
    ("Between two words, p50", "word_gap", 0.5),
)


@dataclass(frozen=True)
class Difference:
    """Texts for one measure. `level` is watch where the second is slower beyond chance, ok where it is faster."""

    name: str
    first: str
    second: str
    change: str
    interval: str
    level: str


def compare(first: Figures, second: Figures) -> list[Difference]:
    return [
        compare_times(name, getattr(first, metric), getattr(second, metric), share)
        for name, metric, share in ROWS
    ]


def compare_times(name: str, first: Histogram, second: Histogram, share: float) -> Difference:
    was, became = first.quantile(share), second.quantile(share)
    if was is None or became is None or min(first.total, second.total) < MIN_CALLS:
        return Difference(name, say_ms(was), say_ms(became), "", "too few calls", "")
    low, high = find_interval(first, second, share)
    return Difference(
        name=name,
        first=say_ms(was),
        second=say_ms(became),
        change=say_change(became - was),
        interval=f"{say_change(low)} to {say_change(high)}",
        level="watch" if low > 0 else "ok" if high < 0 else "",
    )


def find_interval(first: Histogram, second: Histogram, share: float) -> tuple[float, float]:
    """That holds the difference of two percentiles in 95 of 100 cases: the percentile bootstrap (Efron, Annals of
    Statistics 7, 1979), with calls as independent of each other. The same histograms always give the same."""
    generator = np.random.default_rng(0)
    differences = resample(second, share, generator) - resample(first, share, generator)
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)


def resample(
    histogram: Histogram, share: float, generator: np.random.Generator
) -> npt.NDArray[np.float64]:
    """The percentile of as many calls drawn with replacement, `RESAMPLES` times, in milliseconds.

    Of n draws the one of rank r has the share Beta(r, n - r + 1) of all calls below it (David and Nagaraja, Order
    Statistics, 2003, section 2.1), so that it alone is drawn.
    """
    total = histogram.total
    rank = max(1, int(np.ceil(share * total)))
    below = generator.beta(rank, total - rank + 1, RESAMPLES)
    places = np.searchsorted(np.cumsum(histogram.counts) / total, below)
    return np.asarray(2 ** ((histogram.first + places + 0.5) / PER_OCTAVE))
