"""What a scenario asks, in the words of an operator's page."""

from pathlib import Path

import pytest
from django.conf import settings

from registry.tasks import get_task
from styling.golden.expectations import OutfitExpectation
from styling.golden.scenarios import read_scenarios
from styling.golden.telling import tell_expectation

SUITE = Path(settings.BASE_DIR) / "fixtures" / "golden" / "suggest_outfit"


def test_each_rule_is_a_sentence() -> None:
    expected = OutfitExpectation.model_validate(
        {
            "missing": ["outerwear"],
            "complete": {"needs": ["boots|rain_boots"]},
            "warmth": {"clo": [0.5, 1.15], "never": ["long-parka", "black-puffer"]},
            "formality": {"among": ["smart_casual", "business", "formal"]},
            "rain": {"not_all": ["tan-sandals", "linen-shirt"]},
            "truthful": {"says": ["wind"], "unsaid": ["rain", "umbrella"]},
        }
    )
    assert tell_expectation(expected) == [
        "Says that this is missing: outerwear.",
        "Keeps as warm as 0.5 to 1.15 clo.",
        "Is smart casual, business or formal.",
        "Wears boots or rain boots.",
        "Never wears long parka or black puffer for the warmth.",
        "Does not wear all of these together for the rain: tan sandals and linen shirt.",
        "Its text says “wind”.",
        "Its text does not say “rain” or “umbrella”.",
    ]


def test_nothing_to_wear_is_said() -> None:
    told = tell_expectation(OutfitExpectation(nothing=True))
    assert told == ["No outfit can be made of this wardrobe, and none is to be made up."]


def test_whatever_the_suite_asks_is_told_without_a_sign_of_json() -> None:
    for scenario in read_scenarios(SUITE):
        told = " ".join(tell_expectation(scenario.expected))
        names = {*scenario.expected.names, *scenario.expected.missing}
        assert all(name.replace("-", " ").replace("_", " ") in told for name in names)
        assert all(f"“{word}”" in told for word in scenario.expected.truthful.unsaid)
        assert not {*'{}[]_"'} & {*told}


@pytest.mark.parametrize("expected", [{"of_another": ["release"]}, {}])
def test_what_another_release_asked_is_left_to_the_page(expected: dict[str, object]) -> None:
    assert get_task("suggest_outfit").tell_expected(expected) == []
