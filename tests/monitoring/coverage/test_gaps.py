"""What is common among wearers and rare among golden examples, and what is no gap."""

import json

import pytest

from monitoring.coverage.gaps import Gap, Mix, Vote, compare, find_gaps
from monitoring.coverage.sentences import ALL_COVERED, say, say_gap

COLD = {"temperature": "cold", "scarf": "no scarf owned"}
MILD = {"temperature": "mild", "scarf": ""}


def vote(cold: int, mild: int) -> list[Vote]:
    return [
        *(Vote(COLD, f"cold {i}") for i in range(cold)),
        *(Vote(MILD, f"mild {i}") for i in range(mild)),
    ]


def find(votes: list[Vote], golden: list[dict[str, str]]) -> dict[tuple[str, ...], Gap]:
    return {gap.words: gap for gap in find_gaps("ask", votes, golden)}


def test_what_is_asked_often_and_judged_hardly_is_a_gap_and_said_so() -> None:
    warm_without = {"temperature": "mild", "scarf": "no scarf owned"}
    cold_with = {"temperature": "cold", "scarf": ""}
    golden = [COLD] * 3 + [warm_without] * 40 + [cold_with] * 40 + [MILD] * 49
    found = find(vote(13, 37), golden)
    assert [*found] == [("no scarf owned", "cold")]
    gap = found["no scarf owned", "cold"]
    assert (gap.votes, gap.wearers, gap.golden, gap.examples) == (13, 50, 3, 132)
    assert say_gap(gap) == (
        "3 of 132 golden examples are “no scarf owned, cold”; 26\u00a0% of wearers’ are (13 of 50)."
    )
    assert gap.rows == ("cold 0", "cold 1", "cold 2", "cold 3", "cold 4")


def test_a_pair_is_not_told_where_one_of_it_is_a_gap_alone() -> None:
    assert [*find(vote(25, 25), [MILD] * 130)] == [("cold",), ("no scarf owned",)]


def test_the_same_mix_is_no_gap() -> None:
    assert find(vote(13, 37), [COLD] * 26 + [MILD] * 74) == {}


def test_three_times_as_common_is_not_enough() -> None:
    golden = [COLD] * 100 + [MILD] * 900
    assert find(vote(300, 700), golden) == {}
    assert find(vote(400, 600), golden) != {}


@pytest.mark.parametrize(("cold", "mild"), [(19, 0), (4, 26)])
def test_few_wearers_tell_nothing(cold: int, mild: int) -> None:
    assert find(vote(cold, mild), [MILD] * 1000) == {}
    assert find(vote(cold + 1, mild), [MILD] * 1000) != {}


def test_without_golden_examples_there_is_nothing_to_compare() -> None:
    assert find(vote(30, 0), []) == {}


def test_the_mix_tells_each_value_of_both_sides() -> None:
    mix = compare("ask", vote(13, 37), [MILD] * 90 + [COLD] * 10)
    assert (mix.wearers, mix.examples) == (50, 100)
    assert mix.rows == (("mild", 37, 90), ("cold", 13, 10), ("no scarf owned", 13, 10))


def test_a_mix_is_kept_as_it_is() -> None:
    mix = compare("ask", vote(25, 25), [MILD] * 130)
    assert mix.gaps
    assert Mix.from_json(json.loads(json.dumps(mix.to_json()))) == mix


def test_it_is_said_that_there_is_a_gap_or_none_or_that_wearers_are_too_few() -> None:
    wide, narrow = (compare("ask", vote(cold, 30), [MILD] * 500) for cold in (60, 8))
    even = compare("ask", vote(0, 30), [MILD] * 500)
    few = compare("ask", vote(3, 4), [MILD] * 500)
    assert say([narrow, wide]) == say_gap(wide.gaps[0])
    assert say([even, few]) == ALL_COVERED
    assert say([few]) == "Too few to tell: 7 wearers, and 20 are needed."
    assert say([]) == "Too few to tell: 0 wearers, and 20 are needed."
