"""Where a violation begins, and that nobody is blamed for what the wardrobe lacks."""

import math
from collections.abc import Iterable
from dataclasses import replace

import pytest

from styling.checks import violations
from styling.checks.violations import check_outfit
from styling.stylist.clo import ensemble_clo
from styling.stylist.comfort import UNSEEN_CLO, read_comfort, sum_clo
from styling.stylist.context import Candidate, OutfitContext
from tests.styling.wardrobes import ask, make_piece, make_weather

TEE = make_piece("t-shirt", "Tee", formality="casual")
JEANS = make_piece("jeans", "Jeans")
SNEAKERS = make_piece("sneakers", "Sneakers")
SANDALS = make_piece("sandals", "Sandals")
BASICS = (TEE, JEANS, SNEAKERS)
HEAVY_BASICS = (replace(TEE, clo=0.45), replace(JEANS, clo=0.45), SNEAKERS)
VEST = make_piece("t-shirt", "Vest", clo=0.0)
KNIT = make_piece("sweater", "Knit", clo=0.6)
RAIN_JACKET = make_piece("rain-jacket", "Rain jacket", clo=1.0)
WOOL_COAT = make_piece("coat", "Wool coat", clo=1.0, water_resistant=False)


def codes(context: OutfitContext, worn: Iterable[Candidate]) -> set[str]:
    pieces = [(piece.id, piece.slot) for piece in worn]
    return {found.code for found in check_outfit(context, pieces, (), "")}


def wet(celsius: float, *owned: Candidate) -> OutfitContext:
    return ask(owned, make_weather(celsius, rain=range(9, 17)))


# An empty answer, and half of one.


def test_half_an_outfit_is_incomplete_even_when_no_other_is_left() -> None:
    seen = frozenset({frozenset(piece.id for piece in BASICS)})
    question = ask(BASICS, make_weather(18), avoid=seen)
    assert codes(question, BASICS[:2]) == {"incomplete_outfit"}


def test_an_empty_answer_is_excused_only_by_outfits_to_avoid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(violations, "suggest_outfits", lambda *_, **__: [])
    assert codes(ask(BASICS, make_weather(18)), ()) == {"incomplete_outfit"}


def test_an_empty_answer_is_not_cold() -> None:
    winter = ask((*BASICS, WOOL_COAT), make_weather(-5))
    assert codes(winter, ()) == {"incomplete_outfit"}


def test_an_empty_answer_repeats_nothing() -> None:
    scarf = make_piece("scarf")
    question = ask((*BASICS, scarf), make_weather(18), avoid=frozenset({frozenset({scarf.id})}))
    assert codes(question, ()) == {"incomplete_outfit"}


def test_a_dress_with_shoes_is_complete() -> None:
    dress = make_piece("dress", "Dress", formality="casual")
    assert codes(ask((*BASICS, dress), make_weather(22)), (dress, SNEAKERS)) == set()


# Warmth.


def test_what_keeps_the_rain_off_is_not_too_warm_in_the_rain() -> None:
    worn = (*BASICS, RAIN_JACKET)
    assert codes(wet(18, *worn), worn) == set()
    assert codes(ask(worn, make_weather(18)), worn) == {"too_warm"}


@pytest.mark.parametrize(
    "extra",
    [
        KNIT,
        WOOL_COAT,
        make_piece("boots", "Waders", clo=1.0, water_resistant=True),
    ],
    ids=lambda piece: piece.name,
)
def test_what_is_no_cover_is_too_warm_in_the_rain_too(extra: Candidate) -> None:
    worn = (TEE, JEANS, RAIN_JACKET, extra, *([] if extra.slot == "shoes" else [SNEAKERS]))
    assert "too_warm" in codes(wet(20, SNEAKERS, *worn), worn)


def test_a_rain_jacket_takes_off_no_more_than_its_own_warmth() -> None:
    """Without the jacket the outfit is 0.55 clo too warm: a twentieth beyond the tolerance."""
    needed = read_comfort(wet(18)).needed
    under = sum(piece.clo for piece in BASICS) + UNSEEN_CLO
    knit = replace(KNIT, clo=(needed + 0.55 - ensemble_clo(0.0)) / 0.835 - under)
    worn = (*BASICS, knit, RAIN_JACKET)
    assert codes(wet(18, *worn), worn) == {"too_warm"}


@pytest.mark.parametrize(
    ("celsius", "worn", "code"), [(0, BASICS, "too_cold"), (28, HEAVY_BASICS, "too_warm")]
)
def test_the_tolerance_itself_is_still_right(
    monkeypatch: pytest.MonkeyPatch, celsius: float, worn: tuple[Candidate, ...], code: str
) -> None:
    question = ask((*worn, WOOL_COAT, make_piece("shorts"), VEST), make_weather(celsius))
    off = abs(sum_clo(list(worn)) - read_comfort(question).needed)
    monkeypatch.setattr(violations, "TOLERANCE_CLO", off)
    assert codes(question, worn) == set()
    monkeypatch.setattr(violations, "TOLERANCE_CLO", math.nextafter(off, 0))
    assert codes(question, worn) == {code}


def test_nobody_is_blamed_for_a_wardrobe_without_anything_light() -> None:
    assert codes(ask(HEAVY_BASICS, make_weather(35)), HEAVY_BASICS) == set()
    assert codes(ask((*HEAVY_BASICS, VEST), make_weather(35)), HEAVY_BASICS) == {"too_warm"}


# Rain.


def test_a_coat_that_the_heat_forbids_is_not_asked_for_in_the_rain() -> None:
    parka = make_piece("parka", "Parka", clo=0.7, water_resistant=True)
    assert codes(wet(28, *BASICS, parka), BASICS) == set()


def test_nobody_is_blamed_for_owning_only_open_shoes() -> None:
    zipped = make_piece("parka", "Parka", closed=True, water_resistant=False)
    worn = (TEE, JEANS, SANDALS)
    assert codes(wet(20, *worn, zipped), worn) == set()
    assert codes(wet(20, *worn, SNEAKERS), worn) == {"rain_unprotected"}


def test_an_umbrella_keeps_the_rain_off() -> None:
    umbrella = make_piece("umbrella")
    question = wet(18, *BASICS, umbrella)
    assert codes(question, (*BASICS, umbrella)) == set()
    assert codes(question, BASICS) == {"rain_unprotected"}


def test_waterproof_boots_keep_no_rain_off_the_shoulders() -> None:
    boots = make_piece("boots", water_resistant=True)
    question = wet(18, TEE, JEANS, boots, RAIN_JACKET)
    assert codes(question, (TEE, JEANS, boots)) == {"rain_unprotected"}


# The occasion: a piece is off it only where another one could do its job.

GALA = (
    make_piece("shirt", "Shirt", formality="formal"),
    make_piece("pants", "Trousers", formality="formal"),
    make_piece("derbies", "Derbies", formality="formal"),
)
ANORAK = make_piece("coat", "Anorak", formality="casual", water_resistant=False)
OVERCOAT = make_piece("coat", "Overcoat", formality="formal", water_resistant=False)


def is_off(piece: Candidate, *owned: Candidate, celsius: float = 18, **fields: object) -> bool:
    """Whether a piece, worn to a gala with what is owned beside it, is called a mistake."""
    question = ask((piece, *owned), make_weather(celsius), "formal", **fields)
    return "formality_mismatch" in codes(question, (piece,))


@pytest.mark.parametrize(
    ("own_clo", "other_clo", "could"),
    [(0.0, 0.3, True), (0.0, 0.31, False), (0.15, 0.0, True), (0.16, 0.0, False)],
)
def test_a_coat_is_replaced_by_one_about_as_warm(
    own_clo: float, other_clo: float, could: bool
) -> None:
    anorak, overcoat = replace(ANORAK, clo=own_clo), replace(OVERCOAT, clo=other_clo)
    assert is_off(anorak, *GALA, overcoat) is could


@pytest.mark.parametrize(
    ("own", "other", "could"),
    [(False, False, True), (False, True, True), (True, True, True), (True, False, False)],
)
def test_a_coat_is_replaced_by_one_as_rainproof(own: bool, other: bool, could: bool) -> None:
    anorak = replace(ANORAK, water_resistant=own)
    assert is_off(anorak, *GALA, replace(OVERCOAT, water_resistant=other)) is could


def test_below_the_coat_warmth_and_rain_do_not_matter() -> None:
    jeans = replace(JEANS, clo=0.1, water_resistant=True)
    assert is_off(jeans, make_piece("pants", formality="formal", clo=0.9))


def test_only_a_piece_of_the_same_kind_could_replace_another() -> None:
    assert is_off(TEE, *GALA)
    assert not is_off(TEE, *GALA[1:])


def test_a_piece_to_start_from_is_the_wearers_wish() -> None:
    assert not is_off(TEE, *GALA, start_from=TEE.id)


def test_in_the_cold_a_coat_may_be_two_steps_off() -> None:
    anorak = replace(ANORAK, formality=OVERCOAT.formality - 2)
    assert is_off(anorak, *GALA, OVERCOAT)
    assert not is_off(anorak, *GALA, OVERCOAT, celsius=0)
