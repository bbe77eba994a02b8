"""Answers to one question differ by two main pieces at least, or say why they cannot."""

from dataclasses import replace

import pytest

from registry.tasks import Task
from styling.checks.claims import Claims
from styling.checks.hard_faults import judge_pieces
from styling.stylist.context import AbsentPiece, Candidate, OutfitContext
from styling.stylist.repetition import count_changes
from styling.stylist.search import suggest_outfits
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
    assert "Little could change: you have no other tops" in said.prose


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
