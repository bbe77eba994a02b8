"""A rejection counts for the very next answer: the outfit not again, its reason's direction, the named piece rested."""

from dataclasses import replace
from random import Random

import pytest

from styling.checks.claims import find_false_claims
from styling.checks.ticks import list_ticks
from styling.stylist.comfort import read_comfort, sum_clo
from styling.stylist.context import OutfitContext
from styling.stylist.judgement import judge_outfit
from styling.stylist.preferences import Preferences, Rejection
from styling.stylist.prompt_variables import choose_offered, describe_wearer, describe_wishes
from styling.stylist.prose import write_prose
from styling.stylist.search import Outfit, suggest_outfits
from tests.styling.test_random_wardrobes import make_random_question
from tests.styling.wardrobes import (
    ask,
    make_event,
    make_piece,
    make_wardrobe,
    make_weather,
    read_vocabulary,
)

WARDROBE = [*make_wardrobe(), make_piece("jacket", "Olive jacket", colour="olive")]


def dress(context: OutfitContext) -> Outfit:
    return suggest_outfits(context, count=1)[0]


def turn_down(context: OutfitContext, *reasons: str, comment: str = "") -> OutfitContext:
    """The same question after its outfit was turned down."""
    outfit = frozenset(piece.id for piece in dress(context).pieces)
    rejections = (Rejection(outfit, reasons, comment), *context.preferences.rejections)
    return replace(context, preferences=Preferences(rejections=rejections))


def question(celsius: float = 14, kind: str = "casual") -> OutfitContext:
    return ask(WARDROBE, make_weather(celsius), kind, words=read_vocabulary())


def clo(outfit: Outfit) -> float:
    return sum(piece.clo for piece in outfit.pieces)


def formality(outfit: Outfit) -> float:
    return sum(p.formality for p in outfit.pieces if p.slot in {"top", "bottom", "shoes"})


@pytest.mark.parametrize("celsius", [2, 14, 27])
@pytest.mark.parametrize("reasons", [(), ("mood",), ("not_mine",), ("one_piece",)])
def test_the_same_outfit_does_not_come_again(celsius: float, reasons: tuple[str, ...]) -> None:
    context = question(celsius)
    assert dress(turn_down(context, *reasons)).main != dress(context).main


def test_too_cold_is_dressed_warmer_and_too_warm_lighter() -> None:
    context = question()
    usual = clo(dress(context))
    assert clo(dress(turn_down(context, "too_cold"))) > usual
    assert clo(dress(turn_down(context, "too_warm"))) < usual


def test_the_last_word_counts() -> None:
    context = turn_down(turn_down(question(), "too_cold"), "too_warm")
    assert context.wishes.leanings == turn_down(question(), "too_warm").wishes.leanings


def test_dressier_and_less_dressy() -> None:
    context = question(20, "smart_casual")
    usual = formality(dress(context))
    assert formality(dress(turn_down(context, "not_dressed_up"))) > usual
    assert formality(dress(turn_down(context, "too_dressed_up"))) < usual


def test_other_colours() -> None:
    context = question()
    again = turn_down(context, "colours")
    before = {piece.colours[0].name for piece in dress(context).pieces}
    shared = [p for p in dress(again).pieces if p.colours[0].name in before and p.slot != "socks"]
    assert len(shared) <= 1


def test_worn_lately_is_another_outfit() -> None:
    context = question()
    shared = dress(turn_down(context, "worn_lately")).main & dress(context).main
    assert len(shared) <= 1


@pytest.mark.parametrize(
    "comment",
    ["I hate the olive jacket and I was freezing", "The olive jacket is ugly",
     "not the olive jacket please", "The olive jacket rubs when I walk far."],
)  # fmt: skip
def test_the_piece_that_a_comment_is_against_is_rested(comment: str) -> None:
    context = turn_down(question(), comment=comment)
    assert "Olive jacket" not in {piece.name for piece in context.narrowed.wardrobe}
    assert "Olive rain jacket" in {piece.name for piece in context.narrowed.wardrobe}
    assert "Olive jacket" not in {piece.name for piece in choose_offered(context)}


def test_praise_rests_nothing() -> None:
    context = turn_down(question(), comment="I love the olive jacket, but not today")
    assert "Olive jacket" in {piece.name for piece in context.narrowed.wardrobe}


def test_the_only_shoes_are_not_rested() -> None:
    pieces = [make_piece("t-shirt"), make_piece("jeans"), make_piece("boots", "Brown boots")]
    context = turn_down(ask(pieces, make_weather(18)), comment="I hate the brown boots")
    assert "Brown boots" in {piece.name for piece in dress(context).pieces}


def test_a_model_is_told() -> None:
    context = turn_down(question(), "too_cold", comment='I hate the "olive" jacket')
    told = describe_wearer(context)
    assert 'Turned an outfit down lately: too cold; "I hate the \\"olive\\" jacket"' in told
    first = sorted(piece.id for piece in dress(question()).pieces)
    assert f"Seen already: {' '.join(piece[:8] for piece in first)}" in describe_wishes(context)


def prefer_warmer(context: OutfitContext, *older: Rejection) -> OutfitContext:
    """The same question after its outfit was too cold, and `older` before it were something else."""
    outfit = frozenset(piece.id for piece in dress(context).pieces)
    rejections = (Rejection(outfit, ("too_cold",)), *older)
    return replace(
        context, earlier=frozenset({outfit}), preferences=Preferences(rejections=rejections)
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("reason", "sign"), [("too_cold", 1), ("too_warm", -1)])
def test_no_answer_is_colder_after_too_cold_nor_warmer_after_too_warm(
    seed: int, reason: str, sign: int
) -> None:
    random = Random(seed)
    for _ in range(20):
        context = replace(make_random_question(random), start_from=None)
        if not (first := next(iter(suggest_outfits(context, count=1)), None)) or not first.pieces:
            continue
        outfit = frozenset(piece.id for piece in first.pieces)
        rejection = Rejection(outfit, (reason,))
        again = replace(
            context,
            earlier=frozenset({outfit}),
            preferences=Preferences(rejections=(rejection,)),
        )
        second = dress(again)
        gap = sum_clo(list(second.pieces)) - sum_clo(list(first.pieces))
        assert gap * sign >= -0.05, (first.pieces, second.pieces)


def test_too_cold_after_too_dressed_up_reaches_for_the_smart_coat() -> None:
    """An older word on formality is none on coats."""
    coat = make_piece("coat", "Camel wool coat", colour="camel", formality="business")
    pieces = [piece for piece in WARDROBE if piece.slot != "outerwear"]
    pieces += [coat, make_piece("jacket", "Olive jacket", colour="olive")]
    context = ask(pieces, make_weather(9, 12), "smart_casual", words=read_vocabulary())
    older = Rejection(frozenset(), ("too_dressed_up",))
    comment = "I hate the olive jacket and I was freezing"
    asked = prefer_warmer(context, older)
    first, *others = asked.preferences.rejections
    asked = replace(
        asked,
        preferences=Preferences(rejections=(replace(first, comment=comment), *others)),
    )
    answer = dress(asked)
    assert coat in answer.pieces
    assert sum_clo(list(answer.pieces)) >= sum_clo(list(dress(context).pieces))


def test_warm_without_the_jacket_takes_the_coat_to_a_casual_day() -> None:
    coat = make_piece("coat", "Camel wool coat", colour="camel", formality="business")
    pieces = [make_piece("jacket", "Olive jacket", colour="olive"), make_piece("t-shirt"), coat]
    pieces += [make_piece("jeans"), make_piece("sneakers")]
    event = make_event(note="no olive jacket, warm please")
    context = ask(pieces, make_weather(9, 12), event=event, words=read_vocabulary())
    assert coat in dress(context).pieces


def test_a_coat_that_is_left_out_as_too_dressed_is_named() -> None:
    gown = make_piece("coat", "Opera coat", formality="very_formal")
    pieces = [make_piece("t-shirt"), make_piece("jeans"), make_piece("sneakers"), gown]
    context = ask(pieces, make_weather(9), words=read_vocabulary())
    worn = dress(context).pieces
    judged = judge_outfit(worn, context)
    said = [
        words
        for _, words in list_ticks({"faults": [], "judged": judged.to_json()}, has_weather=True)
    ]
    assert judged.warmer_off == ("Opera coat",)
    assert "Lighter than the temperature asks; left out as off the occasion: Opera coat" in said
    prose = write_prose(dress(context), context, read_comfort(context))
    assert "too far from this occasion" in prose
    assert "the warmest" not in prose
    assert not find_false_claims(context, worn, prose)
