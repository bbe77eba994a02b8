"""The life of an alert, without a database: ok → pending → firing → recovering → ok.

A look finds the rule's test true, false, or no data to judge by. The clock of a state runs only between looks that had
data and were not far apart: no data keeps the state and stops its clock, and so does a machine that was off. So a
first look never fires for a time that nobody watched, and never says that something recovered.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

OK, PENDING, FIRING, RECOVERING = "ok", "pending", "firing", "recovering"

LONGEST_GAP = timedelta(minutes=3)
"""Looks are a minute apart; what lies between two that are further apart than this was not watched."""


@dataclass(frozen=True)
class Timing:
    """How long the test has to be true before the alert fires, and false before it closes."""

    wait: timedelta
    keep: timedelta


@dataclass(frozen=True)
class Life:
    """Where a series stands. `held`: how long its state was seen to hold, up to the look at `seen_at`.

    `no_data_since` is the first look without data since then.
    """

    state: str = OK
    held: timedelta = timedelta()
    seen_at: datetime | None = None
    no_data_since: datetime | None = None


def step(life: Life, is_bad: bool | None, now: datetime, timing: Timing) -> Life:
    """The life after a look at `now`; `is_bad` is None where there was nothing to judge by."""
    if is_bad is None:
        return replace(life, no_data_since=life.no_data_since or now)
    seen = Life(life.state, life.held + watched(life, now), now)
    if is_bad:
        return step_up(seen, timing)
    return step_down(seen, timing)


def watched(life: Life, now: datetime) -> timedelta:
    """How much of the time since the last look counts."""
    if life.seen_at is None or life.no_data_since is not None:
        return timedelta()
    passed = now - life.seen_at
    return passed if timedelta() < passed <= LONGEST_GAP else timedelta()


def step_up(life: Life, timing: Timing) -> Life:
    if life.state == OK:
        return enter(life, PENDING if timing.wait else FIRING)
    if life.state == PENDING and life.held >= timing.wait:
        return enter(life, FIRING)
    if life.state == RECOVERING:
        return enter(life, FIRING)
    return life


def step_down(life: Life, timing: Timing) -> Life:
    if life.state == PENDING:
        return enter(life, OK)
    if life.state == FIRING:
        return enter(life, RECOVERING if timing.keep else OK)
    if life.state == RECOVERING and life.held >= timing.keep:
        return enter(life, OK)
    return life


def enter(life: Life, state: str) -> Life:
    return replace(life, state=state, held=timedelta())
