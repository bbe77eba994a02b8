"""What a wearer's signals teach: weights, sentences that are true of them, and an order that goes no further."""

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from registry.tasks import ExampleSource
from styling.learning.lines import (
    Choices,
    Line,
    LineChoice,
    find_preferences,
    has_feature,
    learn_lines,
)
from styling.learning.signals import REASONS, Signal
from styling.stylist.context import OutfitContext
from styling.stylist.features import NAMES, describe_outfit
from styling.stylist.preferences import Preferences
from styling.stylist.prompt_variables import choose_offered, describe_wearer
from styling.stylist.search import NEAR_TIE, Outfit, suggest_outfits
from styling.tasks import OutfitAnswer, SuggestOutfit
from tests.styling.wardrobes import ask, make_wardrobe, make_weather

SCENARIOS = Path(settings.BASE_DIR) / "fixtures" / "golden" / "suggest_outfit"
COLD_REJECTIONS = [
    *(
        Signal(n, "rejected", {"warmth": -0.2, "blue": 1.0}, reasons=("too_cold",))
        for n in range(1, 6)
    ),
    Signal(6, "rejected", {"warmth": 0.1, "red": 1.0}, reasons=("mood",)),
]


def learn(context: OutfitContext, signals: list[Signal]) -> OutfitContext:
    return replace(context, preferences=find_preferences(signals))


def dress(context: OutfitContext) -> Outfit:
    (outfit,) = suggest_outfits(context, count=1)
    return outfit


def find_line(lines: list[Line], feature: str) -> Line:
    return next(line for line in lines if line.feature == feature)


def draw_signals(seed: int, count: int) -> list[Signal]:
    """Signals of somebody who likes blue and hates sneakers, with all kinds of reasons."""
    rng = random.Random(seed)

    def draw_features() -> dict[str, float]:
        return {name: rng.choice([-0.5, 0.4, 1.0]) for name in NAMES if rng.random() < 0.5}

    signals = []
    for number in range(1, count + 1):
        features = draw_features()
        liked = features.get("blue", 0) - features.get("sneakers", 0) + rng.gauss(0, 1) > 0
        kind = rng.choice(["instead", "accepted"]) if liked else "rejected"
        reasons = (
            tuple(rng.sample(sorted(REASONS), rng.randint(0, 1))) if kind == "rejected" else ()
        )
        against = draw_features() if kind == "instead" else {}
        signals.append(Signal(number, kind, features, against, reasons))
    return signals


def test_rejections_for_the_cold_are_said_and_dress_warmer() -> None:
    line = find_line(learn_lines(COLD_REJECTIONS), "warmth")
    assert line.sentence == "You run cold: 5 of 6 rejections said so."
    question = ask(make_wardrobe(), make_weather(12, 15))
    plain, warmer = dress(question), dress(learn(question, COLD_REJECTIONS))
    assert sum(p.clo for p in warmer.pieces) > sum(p.clo for p in plain.pieces)


def test_what_was_worn_instead_counts_as_a_pair() -> None:
    signal = Signal(1, "instead", {"green": 1.0, "jeans": 1.0}, {"red": 1.0, "jeans": 1.0})
    lines = learn_lines([signal, replace(signal, number=2)])
    assert {line.feature for line in lines} == {"green", "red"}, "both had jeans: nothing of them"
    assert find_line(lines, "green").sentence == (
        "You like green: you took 2 of 2 outfits with green, and 0 of 2 others."
    )
    assert find_line(lines, "red").weight == -find_line(lines, "green").weight


@pytest.mark.parametrize("seed", range(12))
def test_every_sentence_is_true_of_its_evidence(seed: int) -> None:
    """Counted again from the signals, and saying what the weight says."""
    signals = draw_signals(seed, 40)
    lines = learn_lines(signals)
    assert lines
    for line in lines:
        found, is_positive = line.evidence, line.weight > 0
        rejections = [signal for signal in signals if signal.kind == "rejected"]
        if found.is_said:
            way = (line.feature, 1 if is_positive else -1)
            said = [s for s in rejections if way in [REASONS[reason] for reason in s.reasons]]
            assert (found.for_it, found.total) == (len(said), len(rejections))
            assert f"{len(said)} of {len(rejections)} rejection" in line.sentence
            continue
        worn = [s.features for s in signals if s.kind != "rejected"]
        left = [s.against for s in signals if s.kind == "instead"]
        left += [s.features for s in rejections]
        with_worn, with_left = count(line.feature, worn), count(line.feature, left)
        assert (found.for_it, found.total) == (with_worn, with_worn + with_left)
        assert found.others_for_it == len(worn) - with_worn
        assert found.others == len(worn) + len(left) - found.total
        share = found.for_it / found.total
        others = found.others_for_it / found.others
        assert share > others if is_positive else share < others
        assert f"you took {found.for_it} of {found.total} outfit" in line.sentence


def count(feature: str, outfits: list[Mapping[str, float]]) -> int:
    return sum(has_feature(feature, outfit) for outfit in outfits)


def test_only_what_can_be_said_counts() -> None:
    signals = draw_signals(3, 40)
    assert find_preferences(signals).weights.keys() == {
        line.feature for line in learn_lines(signals)
    }
    green = [Signal(number, "rejected", {"green": 1.0}) for number in range(3)]
    assert not find_preferences(green), "there is no outfit without to compare with"
    without = [Signal(number, "accepted", {}) for number in (4, 5)]
    assert not find_preferences([green[0], *without]), "one outfit says nothing"
    assert not find_preferences([*green, without[0]]), "nor do three beside a single one without"
    assert find_preferences([*green, *without])


def test_forgetting_a_signal_restores_the_ranking_exactly() -> None:
    signals = draw_signals(5, 30)
    question = ask(make_wardrobe(), make_weather(10, 14), seed=4)
    before = find_preferences(signals[:29])
    with_last, without_last = (
        find_preferences(signals, Choices(forgotten=gone)) for gone in ((), (30,))
    )
    assert before == without_last != with_last
    then, now = (dress(replace(question, preferences=one)) for one in (before, without_last))
    assert (then.pieces, then.score) == (now.pieces, now.score)


def test_forgetting_everything_makes_a_stranger() -> None:
    signals = draw_signals(5, 30)
    assert find_preferences(signals, Choices(since=30)) == Preferences()
    assert find_preferences(signals, Choices(since=29)) == find_preferences(signals[29:])


def test_a_forgotten_line_was_never_told_and_can_be_told_anew() -> None:
    choices = Choices(lines={"warmth": LineChoice(since=6)})
    forgotten = find_preferences(COLD_REJECTIONS, choices)
    assert "warmth" not in forgotten.weights
    anew = [*COLD_REJECTIONS, Signal(7, "rejected", {}, reasons=("too_warm",))]
    line = find_line(learn_lines(anew, choices), "warmth")
    assert line.sentence == "You run warm: 1 of 1 rejection said so."


@pytest.mark.parametrize(("strength", "factor"), [("off", 0.0), ("less", 0.5), ("more", 2.0)])
def test_a_line_counts_as_much_as_its_wearer_wants(strength: str, factor: float) -> None:
    choices = Choices.model_validate({"lines": {"warmth": {"strength": strength}}})
    usual = find_preferences(COLD_REJECTIONS).weights["warmth"]
    changed = find_preferences(COLD_REJECTIONS, choices).weights.get("warmth", 0.0)
    assert changed == usual * factor
    assert not find_preferences(COLD_REJECTIONS, Choices(is_on=False))


def test_chance_decides_among_near_ties_alone_and_says_how_often() -> None:
    question = learn(ask(make_wardrobe(), make_weather(16, 20)), draw_signals(1, 20))
    drawn = [dress(replace(question, seed=seed)) for seed in range(40)]
    outfits = {outfit.main for outfit in drawn}
    assert len(outfits) > 1
    assert {outfit.propensity for outfit in drawn} == {1 / len(outfits)}
    scores = [outfit.score for outfit in drawn]
    assert min(scores) >= max(scores) * (1 - NEAR_TIE)
    stranger = replace(question, preferences=Preferences())
    assert dress(stranger).propensity is None


def test_a_model_is_told_three_sentences_and_shown_first_what_suits() -> None:
    signals = draw_signals(2, 40)
    question = ask(make_wardrobe(), make_weather(16, 20))
    learned = learn(question, signals)
    said = [line.sentence for line in learn_lines(signals)[:3]]
    assert describe_wearer(learned).splitlines() == [f"Learned: {sentence}" for sentence in said]
    likes_red = replace(question, preferences=Preferences({"red": 1.0}))
    tops = [piece for piece in choose_offered(likes_red) if piece.slot == "top"]
    is_red = ["red" in describe_outfit([piece], question) for piece in tops]
    assert is_red == sorted(is_red, reverse=True) and any(is_red)
    assert {p.id for p in choose_offered(likes_red)} == {p.id for p in choose_offered(question)}


def test_no_preference_breaks_a_rule_that_was_kept() -> None:
    """The strongest there can be, each way, on every sixth scenario: no fault that a stranger's answer lacks."""
    task = SuggestOutfit()
    examples = [one for one in task.read_examples(SCENARIOS) if isinstance(one, ExampleSource)]
    changed = 0
    for number, example in enumerate(examples[::6]):
        stranger = task.example_context(example.input, b"")
        rng = random.Random(number)
        wild = Preferences({name: rng.choice([-3.0, 3.0]) for name in NAMES})
        plain, learned = answer(task, stranger), answer(task, replace(stranger, preferences=wild))
        faults = {fault.code for fault in task.check(stranger, learned)}
        assert faults <= {fault.code for fault in task.check(stranger, plain)}, example.key
        changed += learned.pieces != plain.pieces
    assert changed > 5


def answer(task: SuggestOutfit, context: OutfitContext) -> OutfitAnswer:
    return OutfitAnswer.model_validate_json("".join(task.offline(context, {})))
