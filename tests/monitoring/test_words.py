"""Numbers and codes in words: in full, and never as a code."""

import pytest

from monitoring.times.words import say_exact_p, say_number, say_p, say_percent
from registry.tasks import FAULT_NAMES, all_tasks, name_code
from styling.golden.expectations import CHECK_OF


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (0.0000029, "0.0000029"),
        (1.05, "1.05"),
        (1240.4, "1,240"),
        (2.0, "2"),
        (-0.5, "-0.5"),
    ],
)
def test_a_number_is_said_in_full(value: float, said: str) -> None:
    assert say_number(value) == said


def test_a_small_p_is_said_in_full_where_its_rule_asks_for_it() -> None:
    assert say_exact_p(2.9e-06) == "p = 0.0000029"
    assert say_exact_p(1e-30) == "p below 0.000000001"
    assert (say_p(2.9e-06), say_p(0.0023), say_p(None)) == ("p below 0.0001", "p = 0.0023", "")


def test_no_share_is_said_with_an_exponent() -> None:
    assert say_percent(1e-7) == "0.000010\u00a0%"


def test_each_rule_of_the_stylist_has_a_name() -> None:
    stylist = all_tasks()["suggest_outfit"]
    assert set(CHECK_OF) <= set(stylist.rule_names)
    assert set(stylist.never_shown) <= set(stylist.rule_names)


def test_a_code_is_named_by_its_task_by_any_task_or_by_its_own_words() -> None:
    assert name_code("unowned_item", "suggest_outfit") == "a garment that is not owned"
    assert name_code("unowned_item") == "a garment that is not owned"
    assert name_code("engine_timeout", "suggest_outfit") == FAULT_NAMES["engine_timeout"]
    assert name_code("wrong_name", "no_task") == "wrong name"
    assert name_code("unknown_value", "digitize_photo") == "unknown value"
