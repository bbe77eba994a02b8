"""Intervals and comparisons against values that others published or that can be counted by hand."""

import pytest

from registry.evaluation.statistics import Proportion, mcnemar


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (15, 148, 0.0624, 0.1605),  # R. G. Newcombe, Statistics in Medicine 17 (1998), table I.
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_intervals_are_those_of_the_literature(
    hits: int, total: int, low: float, high: float
) -> None:
    assert Proportion(hits, total).interval == pytest.approx((low, high), abs=5e-5)


def test_an_interval_of_all_ends_at_one() -> None:
    low, high = Proportion(20, 20).interval
    assert (low, high) == (pytest.approx(1 - 0.1611, abs=5e-5), 1.0)


def test_of_nothing_everything_may_be() -> None:
    nothing = Proportion(0, 0)
    assert (nothing.share, nothing.interval) == (1.0, (0.0, 1.0))


def test_shares_add_up_by_their_counts() -> None:
    assert Proportion(1, 2) + Proportion(3, 3) == Proportion(4, 5)


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    [
        (0, 0, 1.0),
        (4, 4, 1.0),  # The two tails overlap.
        (0, 5, 2 / 32),
        (1, 9, 2 * 11 / 1024),
        (0, 6, 2 / 64),
    ],
)
def test_mcnemar_is_the_even_coin(only_first: int, only_second: int, p: float) -> None:
    assert mcnemar(only_first, only_second) == pytest.approx(p)
    assert mcnemar(only_second, only_first) == pytest.approx(p)
