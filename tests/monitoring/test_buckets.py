"""Percentiles from buckets, against those of the times themselves."""

import numpy as np
import pytest

from monitoring.figures.buckets import ERROR, Histogram, find_bucket

SHARES = (0.01, 0.5, 0.9, 0.95, 0.99, 1.0)


def draw(shape: str, seed: int, size: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return {
        "lognormal": lambda: generator.lognormal(7, 0.8, size),
        "uniform": lambda: generator.uniform(1, 10_000, size),
        "one value": lambda: np.full(size, 1234.5),
        "two groups": lambda: np.where(generator.random(size) < 0.9, 80.0, 9_000.0),
    }[shape]()


@pytest.mark.parametrize("shape", ["lognormal", "uniform", "one value", "two groups"])
@pytest.mark.parametrize("size", [1, 7, 30, 2_000])
def test_a_percentile_is_within_the_stated_error_of_the_value_of_its_rank(
    shape: str, size: int
) -> None:
    for seed in range(5):
        times = draw(shape, seed, size)
        histogram = Histogram.of(times)
        for share in SHARES:
            exact = float(np.quantile(times, share, method="inverted_cdf"))
            assert histogram.quantile(share) == pytest.approx(exact, rel=ERROR)


def test_the_stated_error_is_the_one_of_two_point_two_percent() -> None:
    assert 0.0215 < ERROR < 0.022


def test_merging_in_any_order_is_counting_at_once() -> None:
    parts = [draw("lognormal", seed, 50 * seed) for seed in range(4)]
    one, two, three, four = (Histogram.of(part) for part in parts)
    merge = Histogram.merge
    whole = Histogram.of(np.concatenate(parts))
    assert merge([merge([one, two]), merge([three, four])]) == whole
    assert merge([four, merge([two, merge([three, one])])]) == whole
    assert whole.total == sum(len(part) for part in parts)


def test_nothing_has_no_percentile() -> None:
    assert Histogram.merge([]) == Histogram.of([]) == Histogram()
    assert Histogram().quantile(0.5) is None


def test_a_bucket_begins_at_its_own_power() -> None:
    assert (find_bucket(1), find_bucket(2), find_bucket(1.999), find_bucket(0.5)) == (
        0,
        16,
        15,
        -16,
    )
    assert find_bucket(0) == find_bucket(0.001)


def test_what_is_above_a_time_is_what_lies_in_later_buckets() -> None:
    histogram = Histogram.of([100, 100, 1_000, 5_000])
    assert [histogram.count_above(ms) for ms in (1, 100, 999, 2_000, 9_000)] == [4, 2, 1, 1, 0]
