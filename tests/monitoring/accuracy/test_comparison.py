"""Fisher's exact test against published values, and shares in words."""

import pytest

from monitoring.accuracy.comparison import Change, can_tell, compare, say_bound, say_share
from monitoring.times.words import say_p, say_percent
from registry.evaluation.statistics import Proportion, fisher


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [
        ((3, 4), (1, 4), 0.485714),  # Fisher's tea; R's fisher.test.
        ((8, 10), (1, 6), 0.034965),  # SciPy's documentation of fisher_exact.
        ((6, 8), (1, 5), 0.102564),  # SciPy, another example of the same page.
        ((10, 13), (2, 17), 0.0005367),  # R's help: convictions of twins.
        ((0, 5), (0, 7), 1.0),
        ((5, 5), (7, 7), 1.0),
    ],
)
def test_fishers_test_has_published_values(
    one: tuple[int, int], other: tuple[int, int], p: float
) -> None:
    assert fisher(Proportion(*one), Proportion(*other)) == pytest.approx(p, rel=2e-3)
    assert fisher(Proportion(*other), Proportion(*one)) == pytest.approx(p, rel=2e-3)


def test_it_holds_at_large_counts() -> None:
    seen = fisher(Proportion(8, 421), Proportion(271, 541_300))
    assert seen == pytest.approx(5e-11, rel=1.0) and seen > 0
    assert fisher(Proportion(40_000, 80_000), Proportion(40_000, 80_000)) == pytest.approx(1.0)


def test_versions_differ_more_fewer_not_seen_or_cannot_be_told() -> None:
    assert compare(Proportion(20, 100), Proportion(2, 100)).is_more
    assert compare(Proportion(2, 100), Proportion(20, 100)).is_fewer
    same = compare(Proportion(11, 100), Proportion(10, 100))
    assert (same.word, same.is_more, same.is_fewer) == ("no difference seen", False, False)
    assert same.p == pytest.approx(1.0)
    assert compare(Proportion(1, 10), Proportion(0, 10)) == Change("too few")


def test_too_few_is_where_no_split_would_have_told() -> None:
    assert not can_tell(Proportion(3, 10), Proportion(0, 10))
    assert can_tell(Proportion(7, 10), Proportion(0, 10))


def test_shares_have_their_counts_and_two_digits_that_matter() -> None:
    assert say_share(Proportion(8, 421)) == "8 of 421, 1.9\u00a0%"
    assert say_share(Proportion(271, 541_300)) == "271 of 541,300, 0.050\u00a0%"
    assert say_share(Proportion(0, 0)) == "–"
    assert say_percent(0.123) == "12\u00a0%"


def test_none_is_said_with_its_bound() -> None:
    """Wilson's upper end for none is z² / (n + z²): 0.2955 % of 1,296."""
    assert say_share(Proportion(0, 1296)) == "0 of 1,296, so below 0.3\u00a0%"
    assert Proportion(0, 1296).interval[1] == pytest.approx(3.841459 / 1299.841459, rel=1e-5)


@pytest.mark.parametrize("total", [1, 3, 7, 10, 38, 99, 385, 4000, 1_000_000])
def test_a_bound_is_never_below_the_interval(total: int) -> None:
    high = Proportion(0, total).interval[1]
    said = float(say_bound(high).removesuffix("\u00a0%"))
    assert 100 * high <= said < 200 * high + 1e-9


def test_p_is_rounded_and_never_nought() -> None:
    assert say_p(None) == ""
    assert say_p(0.0349) == "p = 0.035"
    assert say_p(1e-12) == "p below 0.0001"
