"""Intervals and comparisons against values that others published or that can be counted by hand."""

from itertools import product

import numpy as np
import pytest

from registry.evaluation import statistics
from registry.evaluation.sensitivity import (
    examples_for_one_point,
    find_power,
    list_losses,
    measure_sensitivity,
    smallest_visible_drop,
)
from registry.evaluation.statistics import Proportion, flip_signs, mcnemar


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


@pytest.mark.parametrize(
    ("p", "said"),
    [(1.0, "p = 1"), (0.0039, "p = 0.0039"), (0.00012, "p = 0.00012"), (1e-9, "p below 0.0001")],
)
def test_no_chance_is_said_to_be_nought(p: float, said: str) -> None:
    assert statistics.say_p(p) == said


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([], 1.0),
        ([0.0, 0.0], 1.0),
        ([-1.0] * 7, 1 / 128),
        ([-0.1] * 6 + [0.1], 8 / 128),
        ([0.25] * 5, 1.0),
        ([-0.3, -0.2, 0.1], 2 / 8),
    ],
)
def test_sign_flips_can_be_counted_by_hand(differences: list[float], p: float) -> None:
    assert flip_signs(differences) == pytest.approx(p)


def test_sums_of_grouped_sizes_are_those_of_all_signs() -> None:
    differences = [-0.1, -0.1, 0.25, -0.5, 0.1, -0.125, -0.5, 0.3, 0.0]
    flipped = [
        sum(sign * d for sign, d in zip(signs, differences, strict=True))
        for signs in product([-1, 1], repeat=len(differences))
    ]
    as_low = sum(total <= sum(differences) + 1e-9 for total in flipped)
    assert flip_signs(differences) == pytest.approx(as_low / len(flipped))


def test_drawn_flips_agree_with_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    differences = [-0.1, -0.2, -0.3, 0.1, -0.15, 0.25, -0.4, -0.05, -0.35, 0.12]
    exact = flip_signs(differences)
    monkeypatch.setattr(statistics, "MAX_SUMS", 0)
    assert flip_signs(differences) == flip_signs(differences) == pytest.approx(exact, abs=0.005)


def test_fields_of_one_example_that_fail_together_are_one_difference() -> None:
    """Three photos that lost a garment each: 24 fields against 2, which McNemar takes for certain."""
    assert mcnemar(2, 24) < 0.001
    assert flip_signs([-1.0, -1.0, -1.0, 0.25]) > 0.1


def test_few_equally_good_versions_are_refused() -> None:
    rng = np.random.default_rng(1)
    sizes = rng.choice([0.1, 0.25, 0.5, 1.0], (1000, 12))
    signs = rng.choice([-1, 1], (1000, 12))
    refused = np.mean([flip_signs(row) <= statistics.SIGNIFICANCE for row in sizes * signs])
    assert refused <= 0.02


SCORES = (1.0,) * 66 + (0.9,) * 20 + (0.8,) * 7 + (0.5,) * 7


def test_a_visible_drop_is_seen_eight_times_in_ten_and_half_of_it_is_not() -> None:
    drop = smallest_visible_drop(SCORES)
    assert drop is not None
    losses = list_losses(SCORES)
    share = drop / losses.mean()
    assert find_power(len(SCORES), losses, share, 0.05) == pytest.approx(0.8, abs=0.05)
    assert find_power(len(SCORES), losses, share / 2, 0.05) < 0.5


def test_one_point_is_seen_in_so_many_examples() -> None:
    losses = list_losses(SCORES)
    count = examples_for_one_point(SCORES)
    assert find_power(count, losses, 0.01 / losses.mean(), 0.05) == pytest.approx(0.8, abs=0.08)


def test_more_examples_see_smaller_drops_and_more_noise_hides_them() -> None:
    drop = smallest_visible_drop(SCORES)
    assert drop is not None
    assert smallest_visible_drop(SCORES * 10) < drop / 2  # type: ignore[operator]
    assert smallest_visible_drop(SCORES, 0.2) > drop  # type: ignore[operator]


def test_six_examples_see_nothing() -> None:
    seen = measure_sensitivity([1.0] * 6)
    assert seen.drop is None
    assert str(seen).startswith("too few examples to see any drop; one point would take ")


def test_a_sensitivity_says_its_figures() -> None:
    seen = measure_sensitivity(SCORES)
    assert str(seen).startswith(
        f"a drop of {100 * seen.drop:.1f} points or more, 8 times in 10; one "
    )  # type: ignore[operator]
