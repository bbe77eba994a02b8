"""What the benchmark of alarms counts as seen, and what as wrong."""

from datetime import timedelta

import pytest

from benchmarks.alarm_faults import AFTERMATH, Fired, Outcome, note_steps

RIGHT, OTHER = "slow-answers", "drift"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("steps", "minutes", "wrong"),
    [
        ([(-MINUTE, RIGHT)], None, {RIGHT}),
        ([(-MINUTE, RIGHT), (5 * MINUTE, RIGHT)], 5, {RIGHT}),
        ([(5 * MINUTE, RIGHT), (7 * MINUTE, OTHER)], 5, {OTHER}),
        ([(3 * MINUTE, OTHER), (5 * MINUTE, RIGHT)], 5, {OTHER}),
        ([(5 * MINUTE, RIGHT), (6 * MINUTE + AFTERMATH, ""), (99 * MINUTE, OTHER)], 5, set()),
        ([(5 * MINUTE, RIGHT), (9 * MINUTE, RIGHT)], 5, set()),
        ([(MINUTE, "")], None, set()),
    ],
)
def test_firings_before_the_fault_are_wrong_and_so_are_others_after_it(
    steps: list[Fired], minutes: float | None, wrong: set[str]
) -> None:
    outcome = Outcome("slow-engine", 0)
    note_steps(outcome, {RIGHT}, steps)
    assert (outcome.minutes, outcome.wrong) == (minutes, wrong)
