"""The styling suite: every scenario holds, and what is wrong fails the check that is there for it."""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from styling.golden.expectations import CHECK_OF, CHECKS, asked_checks, judge_answer
from styling.golden.scenarios import (
    Scenario,
    ScenarioError,
    ScenarioQuestion,
    garment_id,
    read_scenarios,
)
from styling.stylist.context import Candidate, OutfitContext
from styling.tasks import OutfitAnswer, Piece, SuggestOutfit

DIRECTORY = Path(settings.BASE_DIR) / "fixtures" / "golden" / "suggest_outfit"
SLICES = {
    "summer", "winter", "mild", "rain", "snow", "wind", "night", "office", "wedding", "date",
    "sports", "outdoor", "party", "travel", "tiny-wardrobe", "huge-wardrobe", "missing-slot",
    "no-forecast", "stated-weather", "cold-sensitive", "warm-sensitive", "dislikes", "variety",
    "in-the-wash", "all-season", "southern-hemisphere", "no-coat-in-summer",
}  # fmt: skip

SCENARIOS = {scenario.key: scenario for scenario in read_scenarios(DIRECTORY)}
task = SuggestOutfit()

Faults = dict[str, list[str]]


@cache
def read_context(key: str) -> OutfitContext:
    return SCENARIOS[key].question.as_context()


def answer(scenario: Scenario, parameters: Mapping[str, Any] | None = None) -> OutfitAnswer:
    text = "".join(task.offline(read_context(scenario.key), dict(parameters or {})))
    return OutfitAnswer.model_validate_json(text)


def judge(scenario: Scenario, output: OutfitAnswer) -> Faults:
    pieces = [(piece.garment_id, piece.slot) for piece in output.pieces]
    context = read_context(scenario.key)
    wrong = judge_answer(context, scenario.expected, pieces, output.missing, output.prose)
    return {check: faults for check, faults in wrong.items() if faults}


@cache
def good_answer(key: str) -> OutfitAnswer:
    return answer(SCENARIOS[key])


@pytest.mark.parametrize("key", SCENARIOS)
def test_the_built_in_stylist_dresses_it_well(key: str) -> None:
    assert judge(SCENARIOS[key], good_answer(key)) == {}, SCENARIOS[key].intent


def test_the_suite_is_large_and_has_every_slice() -> None:
    told = {name for scenario in SCENARIOS.values() for name in scenario.slices}
    coats = [s for s in SCENARIOS.values() if "no-coat-in-summer" in s.slices]
    assert len(SCENARIOS) >= 60
    assert told >= SLICES
    assert len(coats) >= 10


def test_every_floor_is_of_a_slice() -> None:
    thresholds = tomllib.loads((DIRECTORY / "thresholds.toml").read_text())
    assert set(thresholds["slice_floors"]) <= SLICES
    assert find_low_slices({key: {} for key in SCENARIOS}) == []


def test_every_violation_of_an_answer_belongs_to_a_check() -> None:
    assert set(CHECK_OF.values()) <= set(CHECKS)


def test_a_question_survives_the_database_and_needs_none() -> None:
    for scenario in SCENARIOS.values():
        stored = scenario.question.model_dump(mode="json")
        assert ScenarioQuestion.model_validate(stored).as_context() == read_context(scenario.key)


BAD_VERSIONS: dict[str, tuple[dict[str, Any], str, int]] = {
    "knows no heat": ({"rules": {"heat": False}}, "warmth", 30),
    "ignores rain": ({"rules": {"rain": False}}, "rain", 5),
    "ignores formality": ({"rules": {"formality": False}}, "formality", 20),
    "repeats itself": ({"weights": {"freshness": 0, "favourites": 0.5}}, "variety", 2),
    "ignores wishes": ({"weights": {"preference": 0}}, "taste", 2),
}
"""A version's parameters, the one check that it fails, and in how many scenarios at least."""


@pytest.mark.parametrize("name", BAD_VERSIONS)
def test_a_bad_version_fails_the_check_that_is_there_for_it(name: str) -> None:
    parameters, check, least = BAD_VERSIONS[name]
    faults = {key: judge(one, answer(one, parameters)) for key, one in SCENARIOS.items()}
    failed = [found for found in faults.values() if found]
    assert all(set(found) == {check} for found in failed)
    assert len(failed) >= least
    assert find_low_slices(faults)


def find_low_slices(faults: Mapping[str, Faults]) -> list[str]:
    """The slices that a version of these faults would not pass in."""
    thresholds = tomllib.loads((DIRECTORY / "thresholds.toml").read_text())
    asked, right = Counter[str](), Counter[str]()
    for key, found in faults.items():
        count = len(asked_checks(SCENARIOS[key].expected))
        for name in SCENARIOS[key].slices:
            asked[name] += count
            right[name] += count - len(found)
    floors = {name: thresholds["slice_floors"].get(name, thresholds["slice_floor"]) for name in asked}  # fmt: skip
    return [name for name, floor in floors.items() if right[name] / asked[name] < floor]


def add(output: OutfitAnswer, garment_id: str, slot: str) -> OutfitAnswer:
    pieces = [*output.pieces, Piece(garment_id=garment_id, slot=slot)]
    return output.model_copy(update={"pieces": pieces})


def say(text: str) -> Callable[[Scenario, OutfitAnswer], OutfitAnswer]:
    return lambda _, output: output.model_copy(update={"prose": f"{output.prose} {text}"})


def steal_a_watch(scenario: Scenario, output: OutfitAnswer) -> OutfitAnswer:
    return add(output, "00000000-0000-4000-8000-000000000000", "accessory")


def take_from_the_wash(scenario: Scenario, output: OutfitAnswer) -> OutfitAnswer:
    [washing] = sorted(read_context(scenario.key).unavailable)[:1]
    return add(output, washing, "top")


def go_barefoot(scenario: Scenario, output: OutfitAnswer) -> OutfitAnswer:
    pieces = [piece for piece in output.pieces if piece.slot != "shoes"]
    return output.model_copy(update={"pieces": pieces, "prose": "Wear this."})


def forget_what_is_missing(scenario: Scenario, output: OutfitAnswer) -> OutfitAnswer:
    return output.model_copy(update={"missing": []})


def wear(key: str) -> Callable[[Scenario, OutfitAnswer], OutfitAnswer]:
    """Swap the garment in the same place, or of the same slot, for this one."""

    def swap(scenario: Scenario, output: OutfitAnswer) -> OutfitAnswer:
        context = read_context(scenario.key)
        garment = find(scenario, key)
        kept = [p for p in output.pieces if getattr(context.find(p.garment_id), "place", "") != garment.place]  # fmt: skip
        pieces = [*kept, Piece(garment_id=garment.id, slot=garment.slot)]
        return output.model_copy(update={"pieces": pieces, "prose": "Wear this."})

    return swap


def repeat(scenario: Scenario, output: OutfitAnswer) -> OutfitAnswer:
    seen = [find(scenario, key) for key in scenario.question.seen[0]]
    pieces = [Piece(garment_id=piece.id, slot=piece.slot) for piece in seen]
    return output.model_copy(update={"pieces": pieces, "prose": "The same again."})


def find(scenario: Scenario, key: str) -> Candidate:
    wardrobe = read_context(scenario.key).wardrobe
    return next(piece for piece in wardrobe if piece.id == garment_id(key))


BAD_ANSWERS: dict[str, tuple[str, Callable[[Scenario, OutfitAnswer], OutfitAnswer], str]] = {
    "a garment of somebody else": ("mild-office", steal_a_watch, "owned"),
    "a garment that is being washed": ("best-shirt-in-the-wash", take_from_the_wash, "owned"),
    "no shoes": ("mild-office", go_barefoot, "complete"),
    "no word of what is missing": ("no-shoes", forget_what_is_missing, "complete"),
    "a wool coat in July": ("all-season-wardrobe-in-summer", wear("all-year-coat"), "warmth"),
    "a puffer on a mild day": ("puffer-on-a-mild-day", wear("black-puffer"), "warmth"),
    "a parka in January in Sydney": ("january-in-sydney", wear("long-parka"), "warmth"),
    "sandals in the rain": ("rain-and-heels", wear("strappy-sandals"), "rain"),
    "jeans at a wedding": ("spring-wedding", wear("old-jeans"), "formality"),
    "sneakers in a bank": ("job-interview", wear("white-trainers"), "formality"),
    "the same again": ("another-one-please", repeat, "variety"),
    "yesterday's shirt": ("yesterdays-office-outfit", wear("white-shirt"), "variety"),
    "the shorts she hates": ("dislikes-shorts", wear("khaki-shorts"), "taste"),
    "rain that nobody forecast": ("mild-office", say("Mind the rain from two."), "truthful"),
    "sun without a forecast": ("too-far-ahead", say("It will be sunny."), "truthful"),
    "a scarf that is not in it": ("mild-office", say("Add your scarf."), "truthful"),
}
"""A scenario, what is done to its good answer, and the one check that fails."""


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_bad_answer_fails_the_check_that_is_there_for_it(name: str) -> None:
    key, spoil, check = BAD_ANSWERS[name]
    scenario = SCENARIOS[key]
    assert set(judge(scenario, spoil(scenario, good_answer(key)))) == {check}


def test_a_piece_in_the_wrong_slot_is_incomplete() -> None:
    scenario = SCENARIOS["mild-office"]
    first, *rest = good_answer("mild-office").pieces
    pieces = [replace_slot(first), *rest]
    spoilt = good_answer("mild-office").model_copy(update={"pieces": pieces})
    assert set(judge(scenario, spoilt)) == {"complete"}


def replace_slot(piece: Piece) -> Piece:
    return piece.model_copy(update={"slot": "hat"})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('wardrobe = "nobodys"', "nobodys"),
        ('event = { kind = "gala", date = 2026-05-05 }', "no event"),
        ('start_from = "crown"', "crown"),
        ('colour = "blue"', "colour"),
        ("weather = { celsius = [9, 9], wet_hours = [9, 10] }", "It is wet"),
        ('seen = [["white-tee"]]', "Outfits were seen"),
    ],
)
def test_a_scenario_with_a_word_that_nobody_knows_is_refused(
    tmp_path: Path, line: str, said: str
) -> None:
    lines = {
        "wardrobe": 'wardrobe = "tiny"',
        "event": 'event = { kind = "casual", date = 2026-05-05 }',
        line.split()[0]: line,
    }
    head = '[[scenarios]]\nkey = "odd"\nintent = "Odd."\nslices = ["mild"]\n'
    expect = "expect = { warmth = { clo = [0, 1] }, formality = { among = ['casual'] } }"
    (tmp_path / "odd.toml").write_text("\n".join([head, *lines.values(), expect]))
    (tmp_path / "wardrobes.toml").write_text((DIRECTORY / "wardrobes.toml").read_text())
    with pytest.raises(ScenarioError, match=f"(?s)odd.toml, odd: .*{said}"):
        list(read_scenarios(tmp_path))
