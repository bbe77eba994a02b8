"""The tail is exact, and what a rule says of its false alarms is what a healthy site shows."""

import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest

from monitoring.alerts import states
from monitoring.alerts.binomial import (
    MINUTES_A_YEAR,
    count_false_alarms,
    is_too_many,
    most_calls,
    tail,
)
from monitoring.alerts.states import Life, Timing

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def exact_tail(bad: int, total: int, share: Fraction) -> Fraction:
    terms = (
        math.comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(bad, total + 1)
    )
    return sum(terms, Fraction(0))


@pytest.mark.parametrize("total", [1, 2, 7, 40, 300])
@pytest.mark.parametrize("share", [Fraction(1, 100_000), Fraction(1, 50), Fraction(1, 3)])
def test_the_tail_equals_exact_fractions(total: int, share: Fraction) -> None:
    for bad in {0, 1, 2, total // 3, total // 2, total - 1, total}:
        expected = float(exact_tail(bad, total, share))
        assert tail(bad, total, float(share)) == pytest.approx(expected, rel=1e-9)


def test_the_tail_of_many_calls_is_neither_lost_nor_rounded_away() -> None:
    """Known: half and half a term of a fair coin, and the normal tail at 3.57 standard deviations."""
    assert tail(500_000, 1_000_000, 0.5) == pytest.approx(0.5 + 0.5 * 7.978844e-4, rel=1e-6)
    assert tail(20_500, 1_000_000, 0.02) == pytest.approx(1.8e-4, rel=0.1)


def test_more_than_all_is_impossible_and_none_is_certain() -> None:
    assert tail(11, 10, 0.5) == 0.0
    assert tail(0, 10, 0.5) == 1.0


@pytest.mark.parametrize("share", [0.001, 0.02, 0.2])
@pytest.mark.parametrize("p_value", [1e-5, 1e-3, 0.05])
def test_the_table_of_the_forecast_is_the_test_itself(share: float, p_value: float) -> None:
    for bad in range(15):
        most = most_calls(bad, 200, share, p_value, 3)
        test = {"share": share, "p_value": p_value, "min_bad": 3}
        fires = [n for n in range(max(bad, 1), 201) if is_too_many(bad, n, **test)]
        assert most == (fires[-1] if fires else -1)
        assert fires == list(range(max(bad, 1), most + 1))


def simulate(
    hourly: float, share: float, minutes: int, window: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Bad and all calls in the window that ends at each minute."""
    random = np.random.default_rng(seed)
    total = random.poisson(hourly / 60, minutes + window)
    bad = random.binomial(total, share)
    ones = np.ones(window, dtype=int)
    return np.convolve(bad, ones, "valid"), np.convolve(total, ones, "valid")


def judge_all(bad: np.ndarray, total: np.ndarray, **test: float) -> np.ndarray:
    largest = int(total.max())
    most = np.array(
        [
            most_calls(k, largest, test["share"], test["p_value"], int(test["min_bad"]))
            for k in range(int(bad.max()) + 1)
        ]
    )
    return total <= most[bad]


@pytest.mark.parametrize(
    ("hourly", "share", "p_value", "min_bad", "window"),
    [
        (12, 0.02, 1e-3, 3, 60),
        (300, 0.02, 1e-3, 3, 60),
        (30, 0.05, 1e-4, 3, 15),
        (60, 1e-3, 0.01, 1, 5),
    ],
)
def test_the_sum_is_the_number_of_times_the_test_turns_true(
    hourly: float, share: float, p_value: float, min_bad: int, window: int
) -> None:
    """Ten years of minutes: within four standard deviations of what is stated."""
    test = {"share": share, "p_value": p_value, "min_bad": min_bad}
    years = 10
    bad, total = simulate(hourly, share, years * MINUTES_A_YEAR, window, seed=20261128)
    is_true = judge_all(bad, total, **test)
    seen = int(np.count_nonzero(is_true[1:] & ~is_true[:-1]))
    stated = years * count_false_alarms([hourly], **test, window=window)
    # Times it turns true come in clusters: so the spread is wider than that of as many independent ones.
    assert seen == pytest.approx(stated, abs=4 * 1.5 * math.sqrt(stated) + 1)


@pytest.mark.parametrize("wait", [0, 3])
def test_a_rule_fires_no_more_often_than_it_states(wait: int) -> None:
    """The real state machine over five years of a site that is just as bad as the rule allows."""
    test = {"share": 0.02, "p_value": 1e-3, "min_bad": 3}
    years, window = 5, 60
    bad, total = simulate(12, 0.02, years * MINUTES_A_YEAR, window, seed=7)
    is_true = judge_all(bad, total, **test)
    timing, life, fired = Timing(wait * MINUTE, 30 * MINUTE), Life(), 0
    for i in np.flatnonzero(is_true | np.roll(is_true, 1)):
        # Between two stretches that are true nothing happens but the end of what was open.
        if life.seen_at and (START + int(i) * MINUTE) - life.seen_at > 31 * MINUTE:
            life = Life()
        before, life = life, states.step(life, bool(is_true[i]), START + int(i) * MINUTE, timing)
        fired += life.state == "firing" and before.state in {"ok", "pending"}
    stated = years * count_false_alarms([12], **test, window=window)
    assert 0 < fired <= stated


def test_a_site_better_than_its_objective_has_far_fewer() -> None:
    test = {"share": 0.02, "p_value": 1e-3, "min_bad": 3}
    bad, total = simulate(12, 0.01, 10 * MINUTES_A_YEAR, 60, seed=3)
    is_true = judge_all(bad, total, **test)
    seen = int(np.count_nonzero(is_true[1:] & ~is_true[:-1]))
    assert seen < 10 * count_false_alarms([12], **test, window=60) / 4


def test_no_traffic_raises_no_alarm() -> None:
    test = {"share": 0.02, "p_value": 1e-3, "min_bad": 3, "window": 60}
    assert count_false_alarms([], **test) == count_false_alarms([0, 0], **test) == 0.0


def test_quiet_hours_count_as_hours() -> None:
    test = {"share": 0.02, "p_value": 1e-3, "min_bad": 3, "window": 60}
    day = count_false_alarms([30], **test)
    assert count_false_alarms([30, 0], **test) == pytest.approx(day / 2)
