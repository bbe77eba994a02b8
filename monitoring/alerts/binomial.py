"""How improbable so many bad calls are, and how many false alarms a year a test of that has.

The tail is exact: approximations fail where it matters, at a handful of calls. Measured on a site that fails 1 % and may
fail 2 %: fixed burn rates raise several false alarms a week below 12 calls an hour, the exact test none
(`docs/benchmarks.md`).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MINUTES_A_YEAR = 365 * 24 * 60
NEGLIGIBLE = 1e-12
"""Of a Poisson distribution so much may be left out at each end."""


def tail(bad: int, total: int, share: float) -> float:
    """P(X >= `bad`) where X counts the bad of `total` independent calls, each bad with probability `share`.

    Exact up to rounding: the sum of the terms from `bad` on, or one less the others, whichever is the smaller.
    """
    if bad <= 0:
        return 1.0
    if bad > total:
        return 0.0
    if bad > total * share:
        return min(1.0, sum_terms(bad, total, share))
    return max(0.0, 1.0 - sum_terms(total - bad + 1, total, 1.0 - share))


def sum_terms(first: int, total: int, share: float) -> float:
    """P(X >= `first`) for a `first` above the mean: the terms fall from there on."""
    term = math.exp(
        math.lgamma(total + 1)
        - math.lgamma(first + 1)
        - math.lgamma(total - first + 1)
        + first * math.log(share)
        + (total - first) * math.log1p(-share)
    )
    odds, terms = share / (1.0 - share), [term]
    for k in range(first, total):
        term *= (total - k) / (k + 1) * odds
        terms.append(term)
        if term < terms[0] * 1e-17:
            break
    return math.fsum(terms)


def is_too_many(bad: int, total: int, *, share: float, p_value: float, min_bad: int) -> bool:
    """The whole test of a rule."""
    return bad >= min_bad and tail(bad, total, share) <= p_value


def count_false_alarms(
    hourly_calls: Iterable[float], *, share: float, p_value: float, min_bad: int, window: int
) -> float:
    """At most so many times a year a healthy site is called ill: one whose true share is `share` itself.

    `hourly_calls` is the site's traffic, one figure for each hour of some weeks; `window` is in minutes. It assumes that
    calls come independently, at a steady rate within each window. Then the bad and the good calls of any minute are
    independent Poisson counts, and the expected number of minutes in which the test becomes true after having been
    false is a plain sum (`crossing_chance`). Every alarm begins with one of these; waiting before it fires and keeping it
    open afterwards only drop or join some. So this is an upper bound, and an ample one with a long wait. A site that
    is better than its objective has fewer, mostly by far.
    """
    return count_crossings(
        hourly_calls, lambda calls: crossing_chance(calls, share, p_value, min_bad, window)
    )


@lru_cache(maxsize=4096)
def round_rate(calls: float) -> float:
    """Up to two digits that matter, so that a month of hours holds few different rates."""
    if calls <= 0:
        return 0.0
    scale = 10.0 ** (math.floor(math.log10(calls)) - 1)
    return round(calls / scale) * scale


@lru_cache(maxsize=4096)
def crossing_chance(
    hourly_calls: float, share: float, p_value: float, min_bad: int, window: int
) -> float:
    """The chance that the test is true at one minute and was false at the minute before."""
    minute = hourly_calls / 60
    bad, good = Flow.of(minute * share, window), Flow.of(minute * (1 - share), window)

    def most(bad: int, max_total: int) -> int:
        return most_calls(bad, max_total, share, p_value, min_bad)

    return find_crossing(bad, good, most)


@dataclass(frozen=True)
class Flow:
    """Poisson counts in a sliding window, on average: `common` to two minutes' windows that follow each other, and the
    `fresh` ones of the minute that only one of them has."""

    common: float
    fresh: float

    @classmethod
    def of(cls, a_minute: float, window: int) -> "Flow":
        return cls(a_minute * (window - 1), a_minute)


Most = Callable[[int, int], int]
"""With so many bad ones the test is true up to this total; the second argument is the largest that is asked for."""


def find_crossing(bad: Flow, good: Flow, most: Most, *, is_handed_over: bool = False) -> float:
    """The chance that the test is true at one minute and was false at the minute before.

    The two windows have all but a minute in common: given what is in that, they are independent and alike. With f(b, g)
    for the chance that it is true given b bad and g good calls in common, it is the mean of f (1 - f).
    `is_handed_over`: the bad ones that leave one window enter the other one as good ones, so both looks know them.
    """
    if bad.fresh <= 0:
        return 0.0
    first_bad, bad_common = poisson(bad.common)
    first_good, good_common = poisson(good.common)
    bad_fresh, good_fresh = poisson_from_zero(bad.fresh), poisson_from_zero(good.fresh)
    bads = np.arange(first_bad, first_bad + len(bad_common) + len(bad_fresh) - 1)
    goods = np.arange(first_good, first_good + len(good_common) + len(good_fresh) - 1)
    largest = int(bads[-1] + goods[-1])
    limits = np.array([most(int(one), largest) for one in bads])
    is_true = (bads[:, None] + goods[None, :] <= limits[:, None]).astype(float)
    if is_handed_over:
        now, before = slide(is_true, bad_fresh, axis=0), slide(is_true, good_fresh, axis=1)
        rows, columns = len(bad_common), len(good_common)
        chances = sum(
            weight * now[:, m : m + columns] * (1 - before[m : m + rows])
            for m, weight in zip(range(len(good_fresh)), bad_fresh, strict=False)
        )
    else:
        chance = slide(slide(is_true, good_fresh, axis=1), bad_fresh, axis=0)
        chances = chance * (1 - chance)
    return float(bad_common @ chances @ good_common)


def count_crossings(hourly: Iterable[float], crossing: Callable[[float], float]) -> float:
    """So many a year, where `crossing` is the chance in each minute of an hour with so many calls."""
    hours = [round_rate(calls) for calls in hourly]
    if not hours:
        return 0.0
    chances = {calls: crossing(calls) for calls in set(hours)}
    return MINUTES_A_YEAR * sum(chances[calls] for calls in hours) / len(hours)


def slide(values: Array, weights: Array, axis: int) -> Array:
    """The weighted sum of the values from each place on, along an axis."""
    windows = np.lib.stride_tricks.sliding_window_view(values, len(weights), axis=axis)
    return np.asarray(windows @ weights)


def most_calls(bad: int, max_total: int, share: float, p_value: float, min_bad: int) -> int:
    """The most calls, up to `max_total`, among which `bad` ones are too many; -1 for never.

    P(X >= k) of n calls is the chance that the k-th bad one comes among the first n: a sum over n that only grows.
    """
    if bad < max(min_bad, 1) or bad > max_total:
        return -1
    logs = log_factorials(max_total)
    totals = np.arange(bad, max_total + 1)
    ways = logs[totals - 1] - logs[bad - 1] - logs[totals - bad]
    arrivals = np.exp(ways + bad * math.log(share) + (totals - bad) * math.log1p(-share))
    few = np.cumsum(arrivals) <= p_value * (1 + 1e-9)
    return bad - 1 + int(few.sum()) if few[0] else -1


@lru_cache(maxsize=8)
def log_factorials(largest: int) -> Array:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, largest + 1)))])


def poisson(mean: float) -> tuple[int, Array]:
    """Where the distribution begins to matter, and its chances from there on."""
    reach = 8 * math.sqrt(mean) + 20
    first = max(0, math.floor(mean - reach))
    chances = list_chances(mean, first, math.ceil(mean + reach))
    kept = np.flatnonzero(chances > NEGLIGIBLE)
    return first + int(kept[0]), chances[kept[0] : kept[-1] + 1]


def poisson_from_zero(mean: float) -> Array:
    chances = list_chances(mean, 0, math.ceil(mean + 8 * math.sqrt(mean) + 20))
    return chances[: np.flatnonzero(chances > NEGLIGIBLE)[-1] + 1]


def list_chances(mean: float, first: int, last: int) -> Array:
    if mean <= 0:
        return np.array([1.0])
    logs = [k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(first, last + 1)]
    return np.asarray(np.exp(np.array(logs)))
