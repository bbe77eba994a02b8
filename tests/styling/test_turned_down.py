"""A rejection counts for the very next answer: the outfit not again, its reason's direction, the named piece rested."""

from dataclasses import replace

import pytest

from styling.stylist.context import OutfitContext
from styling.stylist.preferences import Preferences, Rejection
from styling.stylist.prompt_variables import choose_offered, describe_wearer, describe_wishes
from styling.stylist.search import Outfit, suggest_outfits
from tests.styling.wardrobes import ask, make_piece, make_wardrobe, make_weather, read_vocabulary

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
