"""The built-in stylist's words are true, whatever the seed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from styling.checks.claims import find_false_claims
from styling.stylist.comfort import read_comfort
from styling.stylist.context import OutfitContext
from styling.stylist.prose import write_prose
from styling.stylist.reasons import explain_outfit
from styling.stylist.search import suggest_outfits
from styling.weather.model import WeatherSnapshot, stated_weather
from tests.styling.wardrobes import (
    TODAY,
    ask,
    make_event,
    make_piece,
    make_wardrobe,
    make_weather,
    read_vocabulary,
)

WARDROBE = make_wardrobe()
WEATHERS = [
    make_weather(8, 12, rain=range(14, 17), wind=34),
    make_weather(-6, -2),
    make_weather(-4, -1, rain=range(9, 17), code=73),
    make_weather(27, 33),
    make_weather(24, 28, rain=range(9, 17)),
    make_weather(15, 19, wind=60),
    stated_weather("chilly", "rainy"),
    stated_weather("hot", "dry"),
    None,
]


def say(context: OutfitContext, tone: str = "warm") -> str:
    outfit = suggest_outfits(context, count=1)[0]
    return write_prose(outfit, context, read_comfort(context), tone=tone)


@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("kind", list(read_vocabulary().kinds["event"]))
@pytest.mark.parametrize("tone", ["warm", "terse"])
def test_it_claims_only_what_is_so(weather: WeatherSnapshot | None, kind: str, tone: str) -> None:
    for seed in range(6):
        context = ask(WARDROBE, weather, kind, seed=seed, no_forecast="too_far")
        outfit = suggest_outfits(context, count=1)[0]
        prose = write_prose(outfit, context, read_comfort(context), tone=tone)
        assert find_false_claims(context, outfit.pieces, prose) == [], prose


@pytest.mark.parametrize("weather", WEATHERS)
def test_every_piece_is_named_exactly_in_two_short_paragraphs(
    weather: WeatherSnapshot | None,
) -> None:
    context = ask(WARDROBE, weather, "business")
    outfit = suggest_outfits(context, count=1)[0]
    prose = write_prose(outfit, context, read_comfort(context))
    assert all(piece.name.casefold() in prose.casefold() for piece in outfit.pieces)
    assert prose.count("\n\n") == 1
    assert len(prose.split()) <= 110
    assert "!" not in prose


def test_names_have_no_capital_inside_a_sentence_unless_they_are_somebodys() -> None:
    few = [
        make_piece("t-shirt", "White tee", colour="white"),
        make_piece("jeans", "Levi's 501", colour="denim"),
        make_piece("sneakers", "My old Sambas"),
    ]
    said = {say(ask(few, make_weather(20), seed=seed)) for seed in range(8)}
    assert all("the White tee" not in prose and "levi's" not in prose for prose in said)
    assert any("the white tee and the Levi's 501" in prose for prose in said)
    assert any("On your feet, my old Sambas." in prose for prose in said)


def test_khaki_does_no_talking() -> None:
    few = [make_piece("t-shirt", colour="white"), make_piece("shorts", colour="khaki")]
    said = {say(ask([*few, make_piece("sneakers")], make_weather(25), seed=s)) for s in range(8)}
    assert not any("talking" in prose or "brings the colour" in prose for prose in said)


def test_seeds_say_it_differently_and_each_says_it_again() -> None:
    said = [say(ask(WARDROBE, WEATHERS[0], "business", seed=seed)) for seed in (*range(8), 0)]
    assert len(set(said[:8])) >= 4
    assert said[0] == said[8]


def test_it_says_that_nothing_is_known_about_the_weather() -> None:
    assert "No forecast reaches that far" in say(ask(WARDROBE, None, no_forecast="too_far"))
    assert "cannot be reached" in say(ask(WARDROBE, None, no_forecast="unavailable"))


def test_it_says_what_is_missing() -> None:
    barefoot = [piece for piece in WARDROBE if piece.slot != "shoes"]
    assert "No shoes are clean and ready" in say(ask(barefoot, make_weather(18)))


def test_it_says_that_every_combination_was_seen() -> None:
    few = [make_piece("t-shirt"), make_piece("jeans"), make_piece("sneakers")]
    seen = frozenset({frozenset(piece.id for piece in few)})
    context = ask(few, make_weather(20), avoid=seen)
    assert suggest_outfits(context) == []


def test_it_speaks_the_wearers_units() -> None:
    weather = make_weather(8, 12)
    said = {
        say(ask(WARDROBE, weather, "business", seed=seed, units="imperial")) for seed in range(8)
    }
    assert any("46 to 54°" in prose for prose in said)
    assert not any("8 to 12°" in prose for prose in said)


def test_it_knows_how_long_a_piece_has_waited() -> None:
    rested = [replace(piece, last_worn_on=TODAY - timedelta(days=23)) for piece in WARDROBE]
    assert "for 23 days" in say(ask(rested, make_weather(18)))


def test_reasons_are_the_terms_that_decided() -> None:
    context = ask(WARDROBE, WEATHERS[4], "casual")
    outfit = suggest_outfits(context, count=1)[0]
    reasons = explain_outfit(outfit, context, read_comfort(context))
    assert "weather" in outfit.decided_by
    assert "Left out: Tan sandals, not for the wet." in reasons
    assert reasons[0].startswith("Worth 0.6 clo of warmth")
    assert len(reasons) <= 5


def test_a_reason_names_the_coat_that_stayed_at_home() -> None:
    context = ask(WARDROBE, make_weather(28, 33))
    outfit = suggest_outfits(context, count=1)[0]
    reasons = explain_outfit(outfit, context, read_comfort(context))
    assert any("Wool coat" in reason and "too warm for 33°" in reason for reason in reasons)


def test_a_reason_names_what_was_worn_lately() -> None:
    first = suggest_outfits(ask(WARDROBE, make_weather(18)), count=1)[0]
    worn = [replace(p, last_worn_on=TODAY) if p in first.pieces else p for p in WARDROBE]
    context = ask(worn, make_weather(18))
    outfit = suggest_outfits(context, count=1)[0]
    reasons = explain_outfit(outfit, context, read_comfort(context))
    assert any("worn lately" in reason for reason in reasons), reasons


def test_an_empty_wardrobe_has_shown_nothing_before() -> None:
    context = ask([], make_weather(18))
    [outfit] = suggest_outfits(context, count=1)
    assert explain_outfit(outfit, context, read_comfort(context)) == ["Nothing is clean and ready."]


def test_a_skirt_is_not_warmer_than_the_dress_that_is_worn_instead() -> None:
    few = [
        make_piece("dress", warmth="heavy"),
        make_piece("skirt", warmth="light"),
        make_piece("blouse", colour="white"),
        make_piece("boots"),
    ]
    context = ask(few, make_weather(5), "smart_casual")
    [outfit] = suggest_outfits(context, count=1)
    reasons = explain_outfit(outfit, context, read_comfort(context))
    assert few[0] in outfit.pieces
    assert not any("skirt" in reason and "warmer" in reason for reason in reasons)


COLD = make_weather(-6, -2)


def ask_with(note: str) -> OutfitContext:
    return ask(WARDROBE, COLD, event=make_event(note=note), words=read_vocabulary())


def test_coats_that_a_note_rules_out_are_not_called_unready() -> None:
    assert "clean and ready" not in say(ask_with("no coats, no jackets, no blazers"))
    bare = [piece for piece in WARDROBE if piece.slot != "outerwear"]
    assert "Nothing to put on top is clean and ready." in say(ask(bare, COLD))


def test_the_warmest_is_of_the_wardrobe_or_of_what_wishes_leave() -> None:
    thin = [piece for piece in WARDROBE if piece.warmth == "light"]
    assert "the warmest you own for this" in say(ask(thin, COLD))
    said = say(ask_with("no coats, no jackets, no blazers, no sweaters"))
    assert "the warmest your wishes leave" in said
