""" "Why this?" agrees with itself: ticks, the figure of warmth and the prose."""

import re
from random import Random

import pytest

from registry.tasks import Task
from styling.checks.claims import Claims, find_false_claims
from styling.checks.ticks import list_ticks
from styling.streaming.reviews import keep_true
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import judge_outfit
from styling.stylist.prose import write_prose
from styling.stylist.reasons import explain_outfit
from styling.stylist.search import Outfit
from styling.tasks import OutfitAnswer, SuggestOutfit
from tests.styling.test_random_wardrobes import make_random_question
from tests.styling.wardrobes import (
    ask,
    make_event,
    make_piece,
    make_wardrobe,
    make_weather,
    read_vocabulary,
)

task: Task[OutfitContext, OutfitAnswer] = SuggestOutfit()
WHOLE = "It is a whole outfit, one piece for each place"
WARM = "Warm enough, and not too warm"
READY, NO_RAIN = "Ready for the rain there is", "No rain to be ready for"
DRESSED = "Dressed for the occasion"
FIGURE = re.compile(
    r"Worth ([\d.]+) clo of warmth(?: \(([\d.]+) of it against the rain\))?, (\w+) .*?([\d.]+) that"
)
WET_WORDS = ("not made for the wet", "let the wet in", "near a roof")
OFF_WORDS = ("less dressed than this", "more dressed than this")
WARMTH_WORDS = ("still light", "lighter than the day", "for this is lighter", "warmer than the day")


def tick(context: OutfitContext, worn: list[Candidate], prose: str, missing: list[str]) -> set[str]:
    pieces = [(piece.id, piece.slot) for piece in worn]
    faults = {fault.code for fault in task.check(context, OutfitAnswer(
        pieces=[{"garment_id": one, "slot": slot} for one, slot in pieces], missing=missing, prose=prose,
    ))}  # fmt: skip
    checked = {"faults": sorted(faults), "judged": judge_outfit(worn, context).to_json()}
    ticks = list_ticks(checked, has_weather=context.weather is not None)
    return {words for held, words in ticks if held}


def check_agreement(context: OutfitContext, worn: list[Candidate], answer: OutfitAnswer) -> None:
    ticks = tick(context, worn, answer.prose, answer.missing)
    prose, comfort = answer.prose, read_comfort(context)
    figure = FIGURE.search(answer.reasons[0])
    assert (WARM in ticks) <= (figure is not None)
    if figure:
        worth, against, how, needed = figure.groups()
        gap = float(worth) - float(needed)
        assert (how == "about") == (
            round(gap, 1) >= -0.3 and round(gap - float(against or 0), 1) <= 0.3
        ), answer.reasons
        if WARM in ticks:
            assert how == "about"
    claims = "layers for a mild day" in prose, "Layers for a mild day" in answer.reasons[0]
    assert claims in {(True, True), (False, False)}
    if WARM in ticks:
        assert not [words for words in WARMTH_WORDS if words in prose], prose
    if READY in ticks or NO_RAIN in ticks:
        assert not [words for words in WET_WORDS if words in prose], prose
    if comfort.is_wet and not {READY, NO_RAIN} & ticks:
        assert [words for words in WET_WORDS if words in prose], prose
    if DRESSED in ticks:
        assert not [words for words in OFF_WORDS if words in prose], prose
        slots = {"top", "bottom", "dress", "shoes"}
        assert all(abs(p.formality - context.event.formality) < 2 for p in worn if p.slot in slots)
    else:
        assert [words for words in OFF_WORDS if words in prose], prose
        assert "will do well" not in prose
    if WHOLE in ticks:
        assert not {"top", "bottom", "shoes"} & set(answer.missing)


@pytest.mark.parametrize("seed", range(8))
def test_no_tick_contradicts_the_figure_or_the_prose(seed: int) -> None:
    random = Random(seed)
    for _ in range(25):
        context = make_random_question(random)
        answer = OutfitAnswer.model_validate_json("".join(task.offline(context, {})))
        found = (context.find(piece.garment_id) for piece in answer.pieces)
        if worn := [piece for piece in found if piece]:
            check_agreement(context, worn, answer)


@pytest.mark.parametrize("seed", range(4))
def test_nor_of_an_outfit_that_a_model_chose(seed: int) -> None:
    """Any pieces, with the built-in voice's words for them."""
    random = Random(seed)
    for _ in range(25):
        context = make_random_question(random)
        places = {piece.place: piece for piece in context.wardrobe}
        worn = random.sample(list(places.values()), min(len(places), random.randint(1, 6)))
        outfit, comfort = Outfit(tuple(worn), (), 0.0), read_comfort(context)
        said = OutfitAnswer(
            pieces=[],
            reasons=explain_outfit(outfit, context, comfort),
            prose=write_prose(outfit, context, comfort),
        )
        check_agreement(context, worn, said)


def judge(context: OutfitContext, *names: str) -> set[str]:
    worn = [piece for piece in context.wardrobe if piece.name in names]
    assert len(worn) == len(names)
    outfit, comfort = Outfit(tuple(worn), (), 0.0), read_comfort(context)
    return tick(context, worn, write_prose(outfit, context, comfort), [])


def test_sweatpants_are_not_dressed_for_a_date_whatever_else_is_owned() -> None:
    pieces = [
        make_piece("longsleeve"),
        make_piece("sweatpants", formality="casual"),
        make_piece("loafers"),
    ]
    context = ask(pieces, make_weather(18), "date_night")
    assert DRESSED not in judge(context, "Grey long-sleeved top", "Grey sweatpants", "Grey loafers")


def test_a_light_outfit_is_not_warm_enough_whatever_else_is_owned() -> None:
    pieces = [
        make_piece("shirt"),
        make_piece("jeans"),
        make_piece("sneakers"),
        make_piece("jacket"),
    ]
    context = ask(pieces, make_weather(5))
    assert WARM not in judge(context, *(piece.name for piece in pieces))


def test_a_jacket_that_is_not_made_for_the_wet_is_not_ready_for_rain() -> None:
    pieces = [
        make_piece("shirt"),
        make_piece("jeans"),
        make_piece("sneakers"),
        make_piece("denim-jacket"),
    ]
    context = ask(pieces, make_weather(14, rain=range(9, 17)))
    assert READY not in judge(context, *(piece.name for piece in pieces))


def test_what_suits_day_and_occasion_is_ticked() -> None:
    context = ask(make_wardrobe(), make_weather(14, rain=range(9, 17)), "casual")
    worn = ("White tee", "Chunky knit", "Dark jeans", "Brown boots", "Olive rain jacket")
    assert judge(context, *worn) >= {WHOLE, WARM, READY, DRESSED}


@pytest.mark.parametrize("units", ["metric", "imperial"])
@pytest.mark.parametrize("note", ["no heels, but warm please", "not too warm"])
def test_the_figure_that_a_wish_moves_is_no_invented_weather(note: str, units: str) -> None:
    event = make_event(note=note)
    context = ask(
        make_wardrobe(), make_weather(17), event=event, units=units, words=read_vocabulary()
    )
    answer = OutfitAnswer.model_validate_json("".join(task.offline(context, {})))
    worn = [
        piece for piece in context.wardrobe if piece.id in {p.garment_id for p in answer.pieces}
    ]
    kept, faults = keep_true(Claims(context, worn), answer.reasons)
    assert not faults
    assert kept == answer.reasons
    assert "feeling" in kept[0]


def test_a_temperature_that_is_not_felt_is_invented_all_the_same() -> None:
    context = ask(
        make_wardrobe(),
        make_weather(17),
        event=make_event(note="warm please"),
        words=read_vocabulary(),
    )
    faults = find_false_claims(context, [], "It will be 14.5° outside.")
    assert [fault.code for fault in faults] == ["invented_weather"]
