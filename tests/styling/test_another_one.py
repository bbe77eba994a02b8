"""Answers to one question differ by two main pieces at least, or say why they cannot."""

from dataclasses import replace

import pytest

from registry.tasks import Task
from styling.checks.claims import Claims
from styling.checks.hard_faults import judge_pieces
from styling.stylist.context import AbsentPiece, Candidate, OutfitContext
from styling.stylist.repetition import count_changes
from styling.stylist.search import suggest_outfits
from styling.stylist.unchanged import say_unchanged
from styling.stylist.voices.choice import VOICES
from styling.stylist.voices.voice import Rest
from styling.tasks import OutfitAnswer, SuggestOutfit
from tests.styling.wardrobes import ask, make_piece, make_wardrobe, make_weather, read_vocabulary

task: Task[OutfitContext, OutfitAnswer] = SuggestOutfit()
WEATHERS = [
    make_weather(2),
    make_weather(12, rain=range(9, 17)),
    make_weather(19),
    make_weather(29),
]


def answer(context: OutfitContext) -> tuple[list[Candidate], OutfitAnswer]:
    """The main pieces, and the answer."""
    said = OutfitAnswer.model_validate_json("".join(task.offline(context, {})))
    worn = [piece for piece in context.wardrobe if piece.id in {p.garment_id for p in said.pieces}]
    faults = [clause.faults for clause in Claims(context, worn).judge(said.prose) if clause.faults]
    assert not faults, (said.prose, faults)
    slots = {"top", "bottom", "dress", "shoes", "outerwear"}
    return [piece for piece in worn if piece.slot in slots], said


def ids(worn: list[Candidate]) -> frozenset[str]:
    return frozenset(piece.id for piece in worn)


@pytest.mark.parametrize("is_anew", [False, True], ids=["another one", "asked again"])
@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("kind", ["casual", "business", "date_night"])
def test_four_answers_differ_by_two_main_pieces(weather: object, kind: str, is_anew: bool) -> None:
    context = ask(make_wardrobe(), weather, kind)  # type: ignore[arg-type]
    former: list[frozenset[str]] = []
    for seed in range(4):
        seen = frozenset(former)
        asked = replace(context, seed=seed, **{"earlier" if is_anew else "avoid": seen})
        worn, said = answer(asked)
        main = ids(worn)
        is_other = count_changes(worn, former) >= 2
        assert is_other or kind != "casual"
        assert is_other != ("Little could change" in said.prose), (former, said)
        assert ("Little could change" in " ".join(said.reasons)) != is_other
        former.append(main)
    assert len(set(former)) == 4


def narrow(*, washing: bool) -> OutfitContext:
    """Two tops, one pair of trousers, one of shoes; perhaps other trousers in the wash."""
    pieces = [
        make_piece("t-shirt"),
        make_piece("polo"),
        make_piece("jeans"),
        make_piece("sneakers"),
    ]
    absent = (AbsentPiece("x", "Beige chinos", "bottom", "in the wash"),) if washing else ()
    return ask(pieces, make_weather(20), absent=absent, words=read_vocabulary())


def test_why_so_little_changes_is_said() -> None:
    first, _ = answer(narrow(washing=True))
    context = replace(narrow(washing=True), avoid=frozenset({ids(first)}))
    _, said = answer(context)
    sentence = (
        "Little could change: your only other bottoms, Beige chinos, are in the wash"
        " and you have no other shoes."
    )
    assert sentence in said.prose
    assert sentence in said.reasons


def test_a_question_without_a_second_outfit_has_the_first_again_and_says_so() -> None:
    pieces = [make_piece("t-shirt"), make_piece("jeans"), make_piece("sneakers")]
    context = ask(pieces, make_weather(20))
    first, said = answer(context)
    assert "Little could change" not in said.prose
    again, said = answer(replace(context, earlier=frozenset({ids(first)})))
    assert again == first
    sentence = "Little could change: you have no other tops, bottoms or shoes."
    assert sentence in said.prose and sentence in said.reasons


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Du hast keine anderen Oberteile, Hosen, Röcke oder Schuhe."),
        ("es", "no tienes otras prendas de arriba, otras prendas de abajo ni otros zapatos."),
        ("fr", "tu n’as pas d’autres hauts, d’autres bas ni d’autres chaussures."),
    ],
)
def test_what_is_not_owned_besides_is_one_sentence_in_every_language(
    language: str, said: str
) -> None:
    rests = [Rest(slot, is_owned=False) for slot in ("top", "bottom", "shoes")]
    assert VOICES[language].say_unchanged([], rests).endswith(said)
    alone = VOICES[language].say_unchanged([], rests[-1:])
    assert alone.endswith(
        ("keine anderen Schuhe.", "no tienes otros zapatos.", "d’autres chaussures.")
    )


def test_a_model_that_permutes_is_held_back() -> None:
    context = ask(make_wardrobe(), make_weather(19), "casual")
    first = suggest_outfits(context, count=1)[0]
    tops = [
        p for p in context.wardrobe if p.slot == "top" and p.layer == "base" and p.formality == 1
    ]
    other = next(piece for piece in tops if piece not in first.pieces)
    permuted = [other, *(piece for piece in first.pieces if piece.slot != "top")]
    asked = replace(context, earlier=frozenset({first.main}))
    judged = judge_pieces(asked, [(piece.id, piece.slot) for piece in permuted])
    assert {fault.code for fault in judged.faults} == {"repeated_outfit"}


def test_a_layer_that_is_left_off_is_no_change_and_a_dress_is_two() -> None:
    tee, jeans, jacket = make_piece("t-shirt"), make_piece("jeans"), make_piece("jacket")
    dress = make_piece("dress")
    former = [ids([tee, jeans, jacket])]
    assert count_changes([tee, jeans], former) == 0
    assert count_changes([make_piece("polo"), jeans], former) == 1
    assert count_changes([dress], former) == 2
    assert count_changes([tee, jeans, make_piece("socks")], former) == 0


@pytest.mark.parametrize("low", [2, 6, 12])
@pytest.mark.parametrize("kind", ["date_night", "business", "casual", "outdoor"])
def test_another_one_in_the_rain_keeps_the_rain_jacket_on(kind: str, low: float) -> None:
    context, seen = ask(make_wardrobe(), make_weather(low, rain=range(9, 17)), kind), []
    for seed in range(4):
        worn, said = answer(replace(context, seed=seed, avoid=frozenset(seen)))
        assert any(piece.slot == "outerwear" and piece.water_resistant for piece in worn)
        chosen = [(piece.garment_id, piece.slot) for piece in said.pieces]
        assert not judge_pieces(replace(context, avoid=frozenset(seen)), chosen).faults
        seen.append(ids(worn))


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        (["top"], "no other tops suit"),
        (["top", "shoes"], "no other tops or shoes suit"),
        (["top", "bottom", "shoes"], "no other tops, bottoms or shoes suit"),
    ],
)
def test_places_that_nothing_else_suits_are_said_together(slots: list[str], said: str) -> None:
    context = ask(make_wardrobe(), make_weather(19))
    pieces = [next(p for p in context.wardrobe if p.slot == slot) for slot in slots]
    assert (
        say_unchanged(pieces, context) == f"Little could change: {said} the day and what you asked."
    )
