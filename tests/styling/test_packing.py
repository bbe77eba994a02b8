"""The fewest pieces for a trip: held against exhaustive search, and against the checks."""

import random
from itertools import product

import pytest

from styling.packing.fit import find_faults, read_fit, wear
from styling.packing.packing import pack
from styling.packing.suitcase import Need, Terms
from styling.stylist.context import Candidate
from styling.stylist.shortlist import groups_of
from tests.styling.drawn_trips import (
    ask_for,
    count_main,
    draw_trip,
    draw_wardrobe,
    find_fewest,
    pack_drawn,
)
from tests.styling.wardrobes import make_piece, make_weather


@pytest.mark.parametrize("seed", range(8))
def test_a_generated_trip_has_hardly_more_pieces_than_it_needs(seed: int) -> None:
    """Fifty of them: `python -m benchmarks.packing`."""
    needs, terms, wardrobe = draw_trip(seed)
    packed = pack_drawn(needs, terms, wardrobe)
    assert packed.is_fewest
    assert all(not faults for faults in packed.faults)
    assert not packed.overworn
    assert count_main(packed, wardrobe) <= find_fewest(needs, terms, wardrobe) + 1


@pytest.mark.parametrize("seed", range(4))
def test_every_look_is_worn_of_what_is_packed(seed: int) -> None:
    needs, terms, wardrobe = draw_trip(seed + 100)
    packed = pack_drawn(needs, terms, wardrobe)
    counted = {piece.id for piece in wardrobe if piece.type == "socks"}
    for need, look in zip(needs, packed.looks, strict=True):
        assert {piece.id for piece in look.worn} <= packed.copies.keys() | counted
        assert find_faults(need.fit, look.worn) == []


def carries(main: tuple[Candidate, ...], fit) -> bool:
    """What the sums of a fit say of an outfit: the same as the checks, but for what they add up of accessories."""
    full = sum(map(fit.weigh, main)) + sum(piece.clo for piece in fit.extras)
    wet = fit.comfort.is_wet
    rain = sum(p.clo for p in main if wet and p.slot == "outerwear" and p.water_resistant)
    body = [p for p in main if p.slot != "outerwear" and (p.layer == "base" or p is main[0])]
    is_light = full - rain <= fit.light
    stripped = sum(map(fit.weigh, body))
    fits = full >= fit.least and (
        is_light or (full - rain <= fit.most and stripped <= fit.stripped)
    )
    return fits and (
        not fit.asks_cover or any(p.water_resistant for p in main if p.slot == "outerwear")
    )


@pytest.mark.parametrize("lacks_nothing", [False, True])
def test_the_sums_say_what_the_checks_say(lacks_nothing: bool) -> None:
    """Of a few thousand outfits in many weathers; without thermals, whose sum depends on what they are under."""
    rng = random.Random(7)  # noqa: S311
    differing = looked_at = 0
    for low, kind, rain in product((-4, 6, 14, 24), ("casual", "business"), ((), (12, 13))):
        wardrobe = [one for one in draw_wardrobe(rng) if one.type != "thermals"]
        everything = [*wardrobe, *list_all_types()] if lacks_nothing else wardrobe
        weather = make_weather(low, low + 4, rain=rain)
        fit = read_fit(ask_for(kind, wardrobe, weather), lacks_nothing=lacks_nothing)
        judge = read_fit(ask_for(kind, everything, weather))
        extras = [piece for piece in wardrobe if not groups_of(piece)]
        for main in list_drawn(wardrobe, rng):
            roles = [
                {p.id for p in fit.roles[role]}
                for role in ("base", "bottom", "shoes", "outer", "over")
            ]
            allowed = set().union(*roles)
            may = {piece.id for piece in main} <= allowed
            if not may and not lacks_nothing:
                continue  # More is kept out than the checks do: a gown to a walk.
            says = may and carries(main, fit)
            worn = wear(fit, main, [*main, *extras])
            differing += says != (not find_faults(judge, worn))
            looked_at += 1
    assert looked_at > 500
    assert differing <= looked_at * 0.01


def list_drawn(wardrobe: list[Candidate], rng: random.Random) -> list[tuple[Candidate, ...]]:
    def of(group: str) -> list[Candidate]:
        return [piece for piece in wardrobe if group in groups_of(piece)]

    bodies = [*product(of("top"), of("bottom")), *((dress,) for dress in of("dress"))]
    over = [(), *((piece,) for piece in of("outer") + of("over"))]
    found = [(*body, shoes, *layer) for body, shoes, layer in product(bodies, of("shoes"), over)]
    return rng.sample(found, min(80, len(found)))


def list_all_types() -> list[Candidate]:
    """A wardrobe that can do everything."""
    kinds = (
        "t-shirt",
        "tank-top",
        "shirt",
        "sweater",
        "jeans",
        "shorts",
        "pants",
        "sneakers",
        "derbies",
        "oxfords",
    )
    kinds += (
        "sandals",
        "boots",
        "rain-jacket",
        "parka",
        "trench-coat",
        "coat",
        "blazer",
        "rain-boots",
    )
    return [
        make_piece(kind, f"all {kind} {warmth} {formality}", warmth=warmth, formality=formality)
        for kind in kinds
        for warmth in ("light", "medium", "heavy")
        for formality in ("casual", "business", "formal")
    ]


def pack_days(wardrobe: list[Candidate], days: int, **terms) -> object:
    weather = make_weather(16, 19)
    needs = [Need(day, read_fit(ask_for("casual", wardrobe, weather))) for day in range(days)]
    wanted = Terms(days=days, **terms)
    return pack(needs, wanted, travels=frozenset({0}), owned=wardrobe, seconds=10)


SHIRTS = [make_piece("t-shirt", f"Tee {number}", warmth="heavy") for number in range(5)]
REST = [
    make_piece("jeans"),
    make_piece("sneakers"),
    make_piece("socks"),
    make_piece("denim-jacket"),
]


def test_what_is_on_the_skin_is_fresh_every_day_and_a_wash_makes_it_clean_again() -> None:
    def count_shirts(packed) -> int:
        return sum(piece.id in packed.copies for piece in SHIRTS)

    assert count_shirts(pack_days([*SHIRTS, *REST], 4)) == 4
    assert count_shirts(pack_days([*SHIRTS, *REST], 4, wash_days=frozenset({1}))) == 2
    assert count_shirts(pack_days([*SHIRTS, *REST], 4, longer=True)) == 2
    assert {tee.id for tee in SHIRTS[:2]} & pack_days([*SHIRTS[:2], *REST], 4).overworn


def test_a_piece_stands_as_long_as_its_wearer_says() -> None:
    (tee, *_), jeans = SHIRTS, REST[0]
    assert tee.id in pack_days([tee, *REST], 3).overworn
    often = pack_days([tee, *REST], 3, intervals={tee.id: 3, jeans.id: 1})
    assert tee.id not in often.overworn and jeans.id in often.overworn
    assert not pack_days([tee, *REST], 3, intervals={tee.id: 0, jeans.id: 0}).overworn


def test_socks_are_counted_by_days_with_a_spare_pair() -> None:
    (socks, underwear) = pack_days([*SHIRTS, *REST], 4).pairs
    assert (socks.wanted, socks.owned) == (5, 1)
    assert underwear.wanted == 0
    assert pack_days([*SHIRTS, *REST], 4, wash_days=frozenset({1})).pairs[0].wanted == 3


def test_what_is_ticked_comes_along_whatever_it_is_for() -> None:
    gown = make_piece("dress", "Gown", formality="very_formal")
    assert gown.id not in pack_days([*SHIRTS, *REST, gown], 2).copies
    assert gown.id in pack_days([*SHIRTS, *REST, gown], 2, kept=frozenset({gown.id})).copies


def test_the_bulkiest_is_worn_on_the_way() -> None:
    """Both pairs are in the bag, for the second day asks for the derbies: the boots are worn on the first."""
    boots, derbies = make_piece("boots", "Boots"), make_piece("derbies", "Derbies")
    pieces = [*SHIRTS, make_piece("jeans"), boots, derbies, make_piece("socks")]
    weather = make_weather(14, 17)
    needs = [Need(day, read_fit(ask_for("casual", pieces, weather))) for day in (0, 1)]
    kept = frozenset({boots.id, derbies.id})
    packed = pack(needs, Terms(days=2, kept=kept), travels=frozenset({0}), owned=pieces, seconds=10)
    assert boots in packed.looks[0].main


def test_an_umbrella_or_a_scarf_is_packed_once() -> None:
    scarves = [make_piece("scarf", f"Scarf {number}") for number in range(3)]
    pieces = [*SHIRTS, *REST, make_piece("sweater", warmth="heavy"), make_piece("parka"), *scarves]
    weather = make_weather(2, 5)
    needs = [Need(day, read_fit(ask_for("casual", pieces, weather))) for day in range(3)]
    packed = pack(needs, Terms(days=3), travels=frozenset({0}), owned=pieces, seconds=10)
    assert sum(piece.id in packed.copies for piece in scarves) == 1
