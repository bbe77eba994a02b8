"""Good canaries stay, bad ones go: counted over thousands of drawn ones, each seed fixed."""

import math

import numpy as np
import pytest

from registry.canary import sequential
from registry.evaluation.statistics import Proportion
from tests.registry.simulated_canaries import (
    RATES,
    World,
    simulate,
    simulate_guard_of_latency,
)


@pytest.mark.parametrize(
    "world",
    [
        World(RATES, RATES),
        World(RATES, RATES, share=0.5),
        World(RATES, RATES, drift=1.0),
        World((0.4, 0.1, 0.1, 0.5), (0.4, 0.1, 0.1, 0.5)),
    ],
)
def test_of_a_thousand_good_canaries_at_most_ten_are_reverted(world: World) -> None:
    assert simulate(world, canaries=1000, batches=250, seed=1).reverted <= 0.01


def test_a_better_version_stays() -> None:
    better = World(RATES, tuple(rate / 2 for rate in RATES))
    assert simulate(better, canaries=1000, batches=250, seed=2).reverted == 0


def test_a_slightly_bad_version_goes_in_the_end() -> None:
    """Half more of everything."""
    world = World(RATES, tuple(1.5 * rate for rate in RATES))
    assert simulate(world, canaries=500, batches=500, seed=3).reverted > 0.9


def test_a_bad_version_is_caught() -> None:
    """Five times the violations."""
    endings = simulate(World(RATES, (0.2, *RATES[1:])), canaries=1000, batches=250, seed=4)
    assert endings.reverted == 1
    assert endings.p95 <= 1200


def test_a_broken_version_is_caught_at_once() -> None:
    """Every other answer is no JSON."""
    endings = simulate(World(RATES, (0.04, 0.5, *RATES[2:])), canaries=1000, batches=250, seed=5)
    assert endings.reverted == 1
    assert endings.p95 <= 240


@pytest.mark.parametrize(("slowdown", "reverted"), [(1.0, 0.0), (1.2, 0.0), (2.0, 1.0)])
def test_a_slow_version_is_caught_beyond_what_is_tolerated(
    slowdown: float, reverted: float
) -> None:
    endings = simulate_guard_of_latency(slowdown, share=0.1, canaries=300, batches=100, seed=6)
    assert endings.reverted == pytest.approx(reverted, abs=0.01)


def test_the_ratio_is_worth_one_on_the_average_of_blind_draws() -> None:
    """What makes the product of ratios a fair bet: 5 of 38 wearers are the candidate's, 7 met with bad."""
    ways = np.array([math.comb(5, x) * math.comb(33, 7 - x) for x in range(6)])
    ratios = np.exp(
        [sequential.weigh_batch(Proportion(x, 5), Proportion(7 - x, 33)) for x in range(6)]
    )
    np.testing.assert_allclose(ways @ ratios / math.comb(38, 7), 1)
