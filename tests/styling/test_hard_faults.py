"""Pieces that nobody gets to see, and pieces that must not be held back."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from styling.checks.hard_faults import judge_pieces
from styling.golden.scenarios import read_scenarios
from styling.stylist.context import OutfitContext
from styling.stylist.search import suggest_outfits
from styling.weather.model import WeatherSnapshot
from tests.styling.wardrobes import ask, cut_piece, make_piece, make_wardrobe, make_weather

WARDROBE = {piece.name: piece for piece in make_wardrobe()}
HOT, FROST = make_weather(29, 33), make_weather(-6, -2)
RAIN = make_weather(8, 12, rain=range(14, 17))
GOOD = ("Green polo", "Beige chinos", "White sneakers")
SCENARIOS = list(read_scenarios(Path(settings.BASE_DIR) / "fixtures/golden/suggest_outfit"))


def codes(context: OutfitContext, *names: str) -> set[str]:
    said = [(WARDROBE[name].id, WARDROBE[name].slot) for name in names]
    return {fault.code for fault in judge_pieces(context, said).faults}


@pytest.mark.parametrize(
    ("weather", "names", "found"),
    [
        (make_weather(18), GOOD, set()),
        (make_weather(18), (), {"incomplete_outfit"}),
        (make_weather(18), GOOD[:2], {"incomplete_outfit"}),
        (make_weather(18), (*GOOD, "White tee"), {"duplicate_slot"}),
        (make_weather(18), ("Sun dress", *GOOD[1:]), {"duplicate_slot"}),
        (HOT, ("White tee", "Khaki shorts", "Tan sandals", "Wool coat"), {"coat_when_hot"}),
        (FROST, ("Chunky knit", "Khaki shorts", "Brown boots", "Wool coat"), {"bare_legs"}),
        (FROST, ("Wine dress", "Brown boots", "Wool coat"), {"bare_legs"}),
        (RAIN, ("Blue oxford", "Grey trousers", "Brown boots"), {"rain_unprotected"}),
        (RAIN, ("Blue oxford", "Grey trousers", "Brown boots", "Olive rain jacket"), set()),
    ],
)
def test_what_is_held_back(weather: WeatherSnapshot, names: Any, found: set[str]) -> None:
    assert codes(ask(WARDROBE.values(), weather), *names) == found


def test_what_the_wardrobe_lacks_is_nobodys_fault() -> None:
    barefoot = ask([p for p in WARDROBE.values() if p.slot != "shoes"], make_weather(18))
    assert codes(barefoot, *GOOD[:2]) == set()
    dry = ask([WARDROBE[name] for name in GOOD], RAIN)
    assert codes(dry, *GOOD) == set()
    shorts = [WARDROBE[name] for name in ("White tee", "Khaki shorts", "White sneakers")]
    assert codes(ask(shorts, FROST), *(piece.name for piece in shorts)) == set()


def test_a_long_skirt_covers_legs_in_the_frost() -> None:
    short, long = (cut_piece("skirt", word, length=word) for word in ("short", "long"))
    wardrobe = [*WARDROBE.values(), short, long]
    rest = [WARDROBE[name] for name in ("Chunky knit", "Brown boots", "Wool coat")]
    found = [
        {
            fault.code
            for fault in judge_pieces(
                ask(wardrobe, FROST), [(piece.id, piece.slot) for piece in [skirt, *rest]]
            ).faults
        }
        for skirt in (short, long)
    ]
    assert found == [{"bare_legs"}, set()]


def test_tights_cover_legs_in_the_frost() -> None:
    tights = make_piece("tights", "Black tights")
    context = ask([*WARDROBE.values(), tights], FROST)
    said = [
        (WARDROBE[name].id, WARDROBE[name].slot)
        for name in ("Wine dress", "Brown boots", "Wool coat")
    ]
    assert judge_pieces(context, [*said, (tights.id, "socks")]).faults == ()


def test_a_coat_that_the_wearer_asked_for_is_their_own_wish() -> None:
    context = ask(WARDROBE.values(), HOT, start_from=WARDROBE["Wool coat"].id)
    assert codes(context, "White tee", "Khaki shorts", "Tan sandals", "Wool coat") == set()


def test_repeats_are_dropped_and_the_order_stays() -> None:
    said = [(WARDROBE[name].id, WARDROBE[name].slot) for name in GOOD for _ in range(3)]
    judged = judge_pieces(ask(WARDROBE.values(), make_weather(18)), said)
    assert [piece.name for piece in judged.worn] == list(GOOD)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)
def test_the_built_in_stylist_is_never_held_back(scenario: Any) -> None:
    context = scenario.question.as_context()
    for outfit in suggest_outfits(context):
        said = [(piece.id, piece.slot) for piece in outfit.pieces]
        assert judge_pieces(context, said).faults == ()
