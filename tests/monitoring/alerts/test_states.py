"""The life of an alert: every step of the table, and the clock that only runs while somebody watches."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.alerts.states import Life, Timing, step

START = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TIMING = Timing(wait=2 * MINUTE, keep=3 * MINUTE)
AT_ONCE = Timing(wait=timedelta(), keep=timedelta())

MARKS = {"x": True, ".": False, "?": None}


def live(looks: str, timing: Timing = TIMING, life: Life | None = None) -> list[str]:
    """The states after each look, a minute apart: x bad, . not, ? no data."""
    life, states = life or Life(), []
    for i, mark in enumerate(looks):
        life = step(life, MARKS[mark], START + i * MINUTE, timing)
        states.append(life.state)
    return states


@pytest.mark.parametrize(
    ("looks", "states"),
    [
        ("...", "ok ok ok"),
        ("xx.", "pending pending ok"),
        ("xxx", "pending pending firing"),
        ("xxxx", "pending pending firing firing"),
        ("xxx.", "pending pending firing recovering"),
        ("xxx...", "pending pending firing recovering recovering recovering"),
        ("xxx....", "pending pending firing recovering recovering recovering ok"),
        ("xxx..x", "pending pending firing recovering recovering firing"),
        (
            "xxx..x....",
            "pending pending firing recovering recovering firing" + " recovering" * 3 + " ok",
        ),
        (".x.x.x", "ok pending ok pending ok pending"),
    ],
)
def test_every_step(looks: str, states: str) -> None:
    assert live(looks) == states.split()


def test_without_a_wait_it_fires_and_closes_at_once() -> None:
    assert live("x.x", AT_ONCE) == ["firing", "ok", "firing"]


@pytest.mark.parametrize("state", ["ok", "pending", "firing", "recovering"])
def test_no_data_keeps_the_state_however_long(state: str) -> None:
    life = Life(state, MINUTE, START)
    assert live("?" * 500, life=life) == [state] * 500


def test_the_clock_stands_while_there_is_no_data() -> None:
    pending = step(Life(), True, START, TIMING)
    for i in range(1, 60):
        pending = step(pending, None, START + i * MINUTE, TIMING)
    assert pending.no_data_since == START + MINUTE
    back = step(pending, True, START + 60 * MINUTE, TIMING)
    assert (back.state, back.held, back.no_data_since) == ("pending", timedelta(), None)
    assert step(back, True, START + 61 * MINUTE, TIMING).state == "pending"
    assert live("xx", life=back)[-1] == "pending"


def test_it_does_not_recover_by_silence() -> None:
    assert live("xxx.??????????.")[-1] == "recovering"


def test_a_first_look_says_nothing_recovered() -> None:
    assert live(".") == live("?") == ["ok"]


def test_what_nobody_watched_does_not_count() -> None:
    """The machine was off for an hour: neither the wait nor the keep is over by that."""
    hour = START + timedelta(hours=1)
    assert step(Life("pending", MINUTE, START), True, hour, TIMING).state == "pending"
    assert step(Life("recovering", MINUTE, START), False, hour, TIMING).state == "recovering"


def test_a_clock_that_goes_back_adds_nothing() -> None:
    life = step(Life("recovering", MINUTE, START), False, START - MINUTE, TIMING)
    assert life.held == MINUTE
