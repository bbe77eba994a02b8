"""What is common among wearers and rare among golden examples, and what is no gap."""

import pytest

from monitoring.coverage.gaps import Gap, Vote, find_gaps
from monitoring.coverage.sentences import say_gap

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


def test_a_gap_is_kept_as_it_is() -> None:
    gap = Gap("ask", ("cold",), 13, 50, 3, 132, 0.001, ("a",))
    assert Gap.from_json(gap.to_json()) == gap
