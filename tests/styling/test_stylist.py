"""Scenarios: a wardrobe, a weather and an event, and what must be true of the outfit."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from styling.checks.violations import check_outfit
from styling.stylist.comfort import read_comfort, sum_clo
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.parameters import Parameters
from styling.stylist.search import Outfit, suggest_outfits
from styling.weather.model import WeatherSnapshot, stated_weather
from tests.styling.wardrobes import (
    TODAY,
    ask,
    cut_piece,
    make_piece,
    make_wardrobe,
    make_weather,
    read_vocabulary,
)

Check = Callable[[Outfit, OutfitContext], bool]

WARDROBE = make_wardrobe()
RAIN = make_weather(8, 12, rain=range(14, 17))
WET_HEAT = make_weather(24, 28, rain=range(9, 17))
SNOW = make_weather(-4, -1, rain=range(9, 17), code=73)


def dress(context: OutfitContext, **parameters: object) -> Outfit:
    return suggest_outfits(context, Parameters.of(parameters), count=1)[0]


def without(*slots: str) -> list[Candidate]:
    return [piece for piece in WARDROBE if piece.slot not in slots]


def names(outfit: Outfit) -> set[str]:
    return {piece.name for piece in outfit.pieces}


def wears(*wanted: str) -> Check:
    return lambda outfit, _: {piece.type for piece in outfit.pieces} >= set(wanted)


def avoids(*types: str) -> Check:
    return lambda outfit, _: not {piece.type for piece in outfit.pieces} & set(types)


def has_slots(*slots: str) -> Check:
    return lambda outfit, _: {piece.slot for piece in outfit.pieces} >= set(slots)


def lacks(*slots: str) -> Check:
    return lambda outfit, _: set(outfit.missing) == set(slots)


def is_proper(outfit: Outfit, context: OutfitContext) -> bool:
    """Within a step of the event; in the cold, outerwear within two."""
    return all(
        abs(piece.formality - context.event.formality) <= (2 if piece.slot == "outerwear" else 1)
        for piece in outfit.pieces
        if piece.slot in {"top", "bottom", "dress", "outerwear", "shoes"}
    )


def is_warm_enough(outfit: Outfit, context: OutfitContext) -> bool:
    return read_comfort(context).needed - sum_clo(list(outfit.pieces)) <= 0.5


def is_light(outfit: Outfit, context: OutfitContext) -> bool:
    return sum_clo(list(outfit.pieces)) <= 0.65


def is_dry(outfit: Outfit, context: OutfitContext) -> bool:
    shoes = [piece for piece in outfit.pieces if piece.slot == "shoes"]
    return any(p.water_resistant for p in outfit.pieces) and all(p.closed for p in shoes)


def nothing_above_half_a_clo(outfit: Outfit, context: OutfitContext) -> bool:
    return all(piece.clo <= 0.5 for piece in outfit.pieces)


SCENARIOS: list[tuple[str, Iterable[Candidate], WeatherSnapshot | None, str, list[Check]]] = [
    ("office in the cold", WARDROBE, make_weather(2, 6), "business", [is_proper, is_warm_enough, has_slots("outerwear")]),
    ("office on a chilly day", WARDROBE, make_weather(11, 14), "business", [is_proper, is_warm_enough]),
    ("office in the heat", WARDROBE, make_weather(27, 33), "business", [is_proper, is_light, nothing_above_half_a_clo]),
    ("office with rain from two", WARDROBE, RAIN, "business", [is_proper, is_dry, is_warm_enough]),
    ("beach weather", WARDROBE, make_weather(28, 34), "casual", [is_light, avoids("coat", "parka", "sweater", "boots")]),
    ("a mild stroll", WARDROBE, make_weather(17, 20), "casual", [is_proper, avoids("coat", "parka")]),
    ("hard frost", WARDROBE, make_weather(-6, -3), "casual", [wears("parka", "beanie", "scarf"), lacks()]),
    ("snow", WARDROBE, SNOW, "casual", [has_slots("outerwear", "socks"), avoids("sandals", "heels")]),
    ("warm rain", WARDROBE, WET_HEAT, "casual", [is_dry, nothing_above_half_a_clo]),
    ("stated cold and rain", WARDROBE, stated_weather("cold", "rainy"), "smart_casual", [is_dry, is_warm_enough]),
    ("stated heat", WARDROBE, stated_weather("hot", "dry"), "casual", [is_light, nothing_above_half_a_clo]),
    ("no forecast", WARDROBE, None, "smart_casual", [is_proper, lacks(), nothing_above_half_a_clo]),
    ("a formal evening", WARDROBE, make_weather(18, 21), "formal", [is_proper, avoids("sneakers", "jeans", "shorts")]),
    ("a formal frost", WARDROBE, make_weather(-2, 1), "formal", [is_proper, wears("coat")]),
    ("sport in the heat", WARDROBE, make_weather(25, 29), "sports", [wears("sneakers"), is_light]),
    ("sport in the cold", WARDROBE, make_weather(3, 6), "sports", [wears("sneakers"), avoids("blazer", "heels")]),
    ("a hike", WARDROBE, make_weather(9, 13), "outdoor", [avoids("sandals", "heels", "flats")]),
    ("a party", WARDROBE, make_weather(19, 23), "party", [is_proper, lacks()]),
    ("a date on a windy night", WARDROBE, make_weather(9, 12, wind=45), "date_night", [is_proper, is_warm_enough]),
    ("something else", WARDROBE, make_weather(15, 19), "other", [is_proper, lacks()]),
    ("no shoes", without("shoes"), make_weather(18), "casual", [lacks("shoes")]),
    ("no bottoms but dresses", without("bottom"), make_weather(20), "casual", [wears("dress"), lacks()]),
    ("no bottoms, no dresses", without("bottom", "dress"), make_weather(20), "casual", [lacks("bottom"), has_slots("top", "shoes")]),
    ("no tops, no dresses", without("top", "dress"), make_weather(20), "casual", [lacks("top"), has_slots("bottom")]),
    ("no outerwear in the cold", without("outerwear"), make_weather(3), "casual", [lacks("outerwear"), has_slots("top", "shoes")]),
    ("no outerwear in the rain", without("outerwear"), RAIN, "casual", [lacks("outerwear"), wears("socks")]),
    ("no outerwear in the heat", without("outerwear"), make_weather(28), "casual", [lacks()]),
    ("only a hat", [p for p in WARDROBE if p.slot == "hat"], make_weather(20), "casual", [lacks("top", "bottom", "shoes")]),
    ("only sandals in the rain", [p for p in WARDROBE if p.slot != "shoes" or p.type == "sandals"], RAIN, "casual", [wears("sandals"), lacks()]),
    ("only casual clothes for a formal evening", [p for p in WARDROBE if p.formality <= 1], make_weather(18), "formal", [lacks(), has_slots("shoes")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wardrobe", "weather", "kind", "checks"),
    [scenario[1:] for scenario in SCENARIOS],
    ids=[scenario[0] for scenario in SCENARIOS],
)
def test_an_outfit_fits_its_scenario(
    wardrobe: list[Candidate], weather: WeatherSnapshot | None, kind: str, checks: list[Check]
) -> None:
    context = ask(wardrobe, weather, kind)
    outfit = dress(context)
    for check in checks:
        assert check(outfit, context), (check, names(outfit), outfit.missing)


@pytest.mark.parametrize("kind", list(read_vocabulary().kinds["event"]))
@pytest.mark.parametrize("sensitivity", [-2, 0, 2])
def test_no_weather_makes_the_stylist_break_a_rule(kind: str, sensitivity: int) -> None:
    for celsius in range(-12, 37, 4):
        for rain in ((), range(9, 17), (14,)):
            weather = make_weather(celsius, celsius + 5, rain=rain, sensitivity=sensitivity)
            context = ask(WARDROBE, weather, kind, sensitivity=sensitivity, seed=celsius + 12)
            outfit = dress(context)
            pieces = [(piece.id, piece.slot) for piece in outfit.pieces]
            assert check_outfit(context, pieces, outfit.missing, "") == [], names(outfit)


def test_the_same_question_has_the_same_answer() -> None:
    context = ask(WARDROBE, RAIN, "business", seed=7)
    assert dress(context) == dress(context)


def test_another_one_never_repeats_until_nothing_is_left() -> None:
    few = [
        p
        for p in WARDROBE
        if p.name in {"White tee", "Red tee", "Dark jeans", "Beige chinos", "White sneakers"}
    ]
    seen: list[frozenset[str]] = []
    while outfits := suggest_outfits(ask(few, make_weather(20), avoid=frozenset(seen)), count=1):
        assert outfits[0].main not in seen
        seen.append(frozenset(piece.id for piece in outfits[0].pieces))
    assert len(seen) == len(set(seen)) == 4


def test_another_pair_of_socks_is_not_another_outfit() -> None:
    first = dress(ask(WARDROBE, make_weather(8), "business"))
    socks = make_piece("socks", "Other socks", last_worn_on=None)
    seen = frozenset({frozenset(piece.id for piece in first.pieces)})
    second = dress(ask([*WARDROBE, socks], make_weather(8), "business", avoid=seen))
    assert second.main != first.main


def test_three_outfits_differ() -> None:
    outfits = suggest_outfits(ask(WARDROBE, make_weather(12), "casual"), count=3)
    assert len({outfit.main for outfit in outfits}) == 3
    assert all(len(one.main & other.main) < len(one.main) for one, other in pairwise(outfits))


@pytest.mark.parametrize(
    ("name", "weather"),
    [
        ("Plaid flannel", make_weather(8)),
        ("Camel cardigan", make_weather(14)),
        ("Grey sweater", make_weather(20)),
        ("Denim jacket", make_weather(15)),
        ("Floral skirt", make_weather(20)),
        ("Sun dress", make_weather(22)),
        ("Brown boots", make_weather(15)),
        ("Navy beanie", make_weather(15)),
        ("Black heels", make_weather(20)),
    ],
)
def test_a_piece_to_start_from_is_worn(name: str, weather: WeatherSnapshot) -> None:
    [piece] = [piece for piece in WARDROBE if piece.name == name]
    kind = "formal" if piece.formality > 2 else "casual"
    context = ask(WARDROBE, weather, kind, start_from=piece.id)
    assert name in names(dress(context))


def test_a_coat_to_start_from_stays_at_home_in_the_heat() -> None:
    [coat] = [piece for piece in WARDROBE if piece.name == "Wool coat"]
    outfit = dress(ask(WARDROBE, make_weather(28, 33), "casual", start_from=coat.id))
    assert "Wool coat" not in names(outfit)
    assert coat in outfit.banned


def test_the_sensitive_are_dressed_warmer() -> None:
    worth = [
        sum_clo(list(dress(ask(WARDROBE, make_weather(12), "smart_casual", sensitivity=s)).pieces))
        for s in (-2, 0, 2)
    ]
    assert worth[0] > worth[1] > worth[2]


def test_seasons_decide_nothing_so_hemispheres_do_not_matter() -> None:
    january = ask(WARDROBE, make_weather(28), "casual", today=TODAY.replace(month=1))
    july = ask(WARDROBE, make_weather(28), "casual", today=TODAY.replace(month=7))
    assert names(dress(january)) == names(dress(july))


def test_what_was_worn_lately_rests() -> None:
    first = dress(ask(WARDROBE, make_weather(18), "casual"))
    worn = [replace(p, last_worn_on=TODAY) if p in first.pieces else p for p in WARDROBE]
    assert not {"top", "bottom", "dress"} & {
        piece.slot for piece in dress(ask(worn, make_weather(18), "casual")).pieces if piece.name in names(first)
    }  # fmt: skip


def test_rest_ends_after_the_wearers_own_days() -> None:
    worn = [replace(piece, last_worn_on=TODAY - timedelta(days=3)) for piece in WARDROBE]
    fresh = dress(ask(WARDROBE, make_weather(18), "casual", repeat_days=3))
    assert names(dress(ask(worn, make_weather(18), "casual", repeat_days=3))) == names(fresh)


def test_dislikes_and_likes_count() -> None:
    first = dress(ask(WARDROBE, make_weather(18), "casual"))
    [top] = [piece for piece in first.pieces if piece.slot in {"top", "dress"}][:1]
    second = dress(ask(WARDROBE, make_weather(18), "casual", dislikes=f"no {top.name} please"))
    assert top.name not in names(second)
    liked = dress(ask(WARDROBE, make_weather(18), "casual", likes="I love my khaki shorts"))
    assert "Khaki shorts" in names(liked)


def test_without_its_heat_rule_it_recommends_a_coat_in_summer() -> None:
    context = ask(WARDROBE, make_weather(28, 33), "casual")
    outfit = dress(context, rules={"heat": False})
    pieces = [(piece.id, piece.slot) for piece in outfit.pieces]
    codes = {violation.code for violation in check_outfit(context, pieces, outfit.missing, "")}
    assert "coat_when_hot" in codes


def test_without_its_rain_rule_it_forgets_the_rain() -> None:
    context = ask(WARDROBE, RAIN, "business")
    assert is_dry(dress(context), context)
    assert not is_dry(dress(context, rules={"rain": False}), context)


def test_an_umbrella_helps_where_nothing_is_rainproof() -> None:
    wardrobe = [p for p in WARDROBE if not p.water_resistant] + [
        make_piece("umbrella", "Black umbrella")
    ]
    assert "Black umbrella" in names(dress(ask(wardrobe, RAIN, "business")))


def test_strong_sun_outdoors_asks_for_a_hat() -> None:
    wardrobe = [*WARDROBE, make_piece("sun-hat", "Straw hat", colour="beige")]
    assert "Straw hat" in names(dress(ask(wardrobe, make_weather(26, 30, uv=8), "outdoor")))
    assert "Straw hat" not in names(dress(ask(wardrobe, make_weather(26, 30, uv=2), "outdoor")))


@pytest.mark.parametrize(
    ("type_", "light", "warm", "rest"),
    [
        ("shirt", {"sleeve": "short"}, {"sleeve": "long"}, ["Beige chinos", "White sneakers"]),
        ("pants", {"length": "short"}, {"length": "long"}, ["White tee", "White sneakers"]),
        ("dress", {"sleeve": "none"}, {"sleeve": "long", "length": "long"}, ["White sneakers"]),
    ],
)
def test_of_two_that_differ_in_reach_alone_the_weather_chooses(
    type_: str, light: dict[str, str], warm: dict[str, str], rest: list[str]
) -> None:
    pair = [cut_piece(type_, "Less", **light), cut_piece(type_, "More", **warm)]
    wardrobe = [*pair, *(piece for piece in WARDROBE if piece.name in rest)]
    worn = [
        {piece.name for piece in dress(ask(wardrobe, make_weather(low, high))).pieces}
        for low, high in ((27, 31), (10, 13))
    ]
    assert ["Less" in worn[0], "More" in worn[1]] == [True, True]


def test_a_suit_may_have_a_sweater_under_it_in_the_cold() -> None:
    outfit = dress(ask(WARDROBE, make_weather(-8, -6), "business"))
    assert {"Navy blazer", "Grey sweater", "Wool coat"} <= names(outfit)


@pytest.mark.parametrize(
    "parameters", [{"rules": {"heta": False}}, {"tone": "loud"}, {"weights": {"harmony": -1}}]
)
def test_a_misspelt_parameter_is_refused(parameters: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Parameters.of(parameters)


def make_many(count: int) -> list[Candidate]:
    random, kinds = Random(1), read_vocabulary().kinds
    types, colours = list(kinds["type"]), list(kinds["colour"])
    return [
        make_piece(
            random.choice(types),
            f"Piece {number}",
            colour=random.choice(colours),
            warmth=random.choice(["light", "medium", "heavy"]),
        )
        for number in range(count)
    ]


def test_a_thousand_garments(record_property: Callable[[str, object], None]) -> None:
    context = ask(make_many(1000), RAIN, "business")
    started = time.perf_counter()
    outfits = suggest_outfits(context)
    record_property("milliseconds", round((time.perf_counter() - started) * 1000, 1))
    assert len(outfits) == 3
    assert all(is_dry(outfit, context) for outfit in outfits)
