"""The first sentence as text, at every level."""

from dataclasses import replace
from itertools import permutations

import pytest

from monitoring.headline.levels import Input, Level, pick_worst
from monitoring.headline.sentences import ALL_RIGHT, QUIET, say

OK = Input("Engines", Level.OK, "Built-in alone.")
NONE = Input("Canaries", Level.NONE, "None is running.")
WAIT = Input("Evaluations", Level.WAIT, "v2 is being evaluated with Gemma.", "41 of 132.")
WATCH = Input("Drift", Level.WATCH, "Data drifted.", "Not as before: format.")
LATE = Input("Figures", Level.UNKNOWN, "Cannot tell. The figures are late.")
BAD = Input("Versions", Level.BAD, "v2 is live and has failed.", "Too few are right.")


def test_it_is_all_right_where_nothing_is_to_watch() -> None:
    told = say([OK, NONE], calls=1)
    assert (told.level, told.word, told.sentence) == (Level.OK, "All right", ALL_RIGHT)
    assert told.why == "Of 2 inputs none is to watch."


def test_nobody_asking_is_quiet_and_not_green() -> None:
    told = say([OK, NONE], calls=0)
    assert (told.level.css, told.word, told.sentence) == ("off", "Quiet", QUIET)


@pytest.mark.parametrize(
    ("one", "css", "word"),
    [
        (WAIT, "wait", "Being evaluated"),
        (WATCH, "watch", "Watch"),
        (LATE, "off", "Cannot tell"),
        (BAD, "bad", "Not all right"),
    ],
)
def test_one_input_speaks_with_its_reason(one: Input, css: str, word: str) -> None:
    told = say([OK, one, NONE], calls=1)
    assert (told.level.css, told.word, told.sentence) == (css, word, one.title)
    assert told.why.startswith(one.reason)


def test_the_worst_speaks_in_any_order() -> None:
    for order in permutations([OK, WAIT, WATCH, LATE, BAD]):
        assert say(order, calls=1).sentence == BAD.title
    for order in permutations([OK, WAIT, WATCH, LATE]):
        assert say(order, calls=1).sentence == LATE.title
    for order in permutations([OK, WAIT, WATCH]):
        assert say(order, calls=1).sentence == WATCH.title


def test_of_two_as_bad_the_first_speaks_and_all_are_counted() -> None:
    other = replace(BAD, title="Photos are stuck.")
    told = say([WATCH, other, BAD], calls=1)
    assert told.sentence == "Photos are stuck."
    assert "Worst of 3 inputs: 2 are bad, 1 is to watch." in told.why


def test_late_figures_are_never_green() -> None:
    assert say([OK, LATE], calls=5).level is Level.UNKNOWN
    assert Level.UNKNOWN.css != "ok"


def test_an_input_of_many_findings_is_its_worst_and_names_the_others() -> None:
    worst = pick_worst([WATCH, BAD, replace(OK, title="Nothing.")], OK)
    assert (worst.level, worst.title) == (Level.BAD, BAD.title)
    assert worst.reason == "Too few are right. Data drifted."
    assert pick_worst([], OK) == OK
