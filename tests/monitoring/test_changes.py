"""Slowdowns are found where they began; noise and a handful of calls are none."""

from datetime import timedelta

import numpy as np
import pytest

from monitoring.figures.buckets import Histogram
from monitoring.figures.changes import Slowdown, find_slowdown
from tests.monitoring.calls import NOON

STEP = timedelta(minutes=5)


def draw_series(
    seed: int, *, calls: int, points: int = 24, slower_from: int | None = None, factor: float = 1.5
) -> list[tuple[object, Histogram]]:
    """Lognormal times around 1.2 s; from one point on they are `factor` times as long."""
    generator = np.random.default_rng(seed)
    series = []
    for index in range(points):
        is_slower = slower_from is not None and index >= slower_from
        times = generator.lognormal(7, 0.5, generator.poisson(calls)) * (factor if is_slower else 1)
        series.append((NOON + index * STEP, Histogram.of(times)))
    return series


@pytest.mark.parametrize("slower_from", [8, 12, 18])
def test_a_slowdown_is_found_where_it_began(slower_from: int) -> None:
    found = [find_slowdown(draw_series(s, calls=40, slower_from=slower_from)) for s in range(20)]
    ends = [one.at for one in found if one]
    assert len(ends) == 20
    near = [at for at in ends if abs(at - (NOON + slower_from * STEP)) <= STEP]
    assert len(near) >= 19


def test_before_and_after_are_the_calls_of_each_side() -> None:
    series = draw_series(1, calls=40, slower_from=12)
    found = find_slowdown(series)
    assert found is not None
    assert found.before == Histogram.merge(h for at, h in series if at < found.at)
    assert found.after == Histogram.merge(h for at, h in series if at >= found.at)
    assert found.p <= 0.01


def test_noise_is_no_slowdown() -> None:
    found = [find_slowdown(draw_series(seed, calls=40)) for seed in range(300)]
    assert sum(one is not None for one in found) <= 3


def test_calls_that_are_slow_together_are_no_slowdown() -> None:
    """Each point has a mood of its own, as a busy machine has."""
    found: list[Slowdown | None] = []
    for seed in range(400):
        generator = np.random.default_rng(seed)
        moods = generator.lognormal(7, 0.3, 24)
        series = [
            (NOON + index * STEP, Histogram.of(generator.lognormal(0, 0.2, 100) * mood))
            for index, mood in enumerate(moods)
        ]
        found.append(find_slowdown(series))
    assert sum(one is not None for one in found) <= 10


def test_getting_faster_is_no_slowdown() -> None:
    found = [find_slowdown(draw_series(s, calls=40, slower_from=12, factor=0.5)) for s in range(20)]
    assert found == [None] * 20


def test_a_little_slower_is_not_told() -> None:
    series = draw_series(1, calls=2_000, slower_from=12, factor=1.04)
    assert find_slowdown(series) is None


def test_a_handful_of_calls_is_no_trend() -> None:
    for calls_after in (1, 5, 29):
        series = [(NOON + i * STEP, Histogram.of([100.0] * 50)) for i in range(20)]
        series.append((NOON + 20 * STEP, Histogram.of([9_000.0] * calls_after)))
        assert find_slowdown(series) is None
    assert find_slowdown([]) is None
    assert find_slowdown([(NOON, Histogram.of([1.0] * 500))]) is None
