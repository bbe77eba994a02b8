"""Season tags and fit reach the stylist, the season being that of the event's day and hemisphere."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import available_timezones

import pytest

from accounts.models import User
from styling.models import Suggestion
from styling.services.contexts import build_context
from styling.services.requests import EventRequest, StatedWeather
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.prompt_variables import describe_event, describe_wardrobe
from styling.stylist.search import suggest_outfits
from styling.stylist.seasons import find_season, read_latitudes
from styling.weather.places import search_places
from styling.weather.zones import REGIONS
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from tests.styling.wardrobes import ask, make_event, make_piece, make_weather

TOP, SHOES = (
    make_piece("sweater", "Grey sweater"),
    make_piece("boots", "Brown boots", colour="brown"),
)
SUMMERY = make_piece("jeans", "White jeans", colour="white", seasons=("summer",))
WINTRY = make_piece("pants", "Corduroys", colour="brown", seasons=("winter",))


@pytest.mark.parametrize(
    ("day", "latitude", "zone", "season"),
    [
        (date(2027, 1, 15), 52.5, "Europe/Berlin", "winter"),
        (date(2027, 1, 15), -33.9, "Australia/Sydney", "summer"),
        (date(2027, 1, 15), None, "Europe/Berlin", "winter"),
        (date(2027, 1, 15), None, "America/Argentina/Cordoba", "summer"),
        (date(2027, 1, 15), 1.3, "Asia/Singapore", ""),
        (date(2027, 1, 15), None, "Asia/Singapore", ""),
        (date(2027, 1, 15), None, "America/Punta_Arenas", "summer"),
        (date(2027, 1, 15), None, "America/Buenos_Aires", "summer"),
        (date(2027, 1, 15), None, "US/Pacific", "winter"),
        (date(2027, 1, 15), None, "UTC", "winter"),
        (date(2027, 4, 1), 40.0, "Europe/Madrid", "spring"),
        (date(2027, 4, 1), -40.0, "Pacific/Auckland", "autumn"),
        (date(2026, 12, 1), 40.0, "Europe/Madrid", "winter"),
        (date(2026, 11, 30), 40.0, "Europe/Madrid", "autumn"),
    ],
)
def test_the_season_of_a_day(day: date, latitude: float | None, zone: str, season: str) -> None:
    assert find_season(day, latitude, zone) == season


def test_the_hemisphere_of_every_zone_is_known() -> None:
    """Of a city: neither an offset, nor a clock of the past, nor one for machines."""
    cities = {name for name in available_timezones() if name.split("/")[0] in REGIONS}
    assert cities - read_latitudes().keys() == set()


def choose_bottom(pieces: list[Candidate], season: str, celsius: float, **changes: object) -> str:
    event = replace(make_event(), season=season)
    context = ask([TOP, SHOES, *pieces], make_weather(celsius), event=event, **changes)
    outfit = suggest_outfits(context, count=1)[0]
    return next(piece.name for piece in outfit.pieces if piece.slot == "bottom")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("pieces", [[SUMMERY, WINTRY], [WINTRY, SUMMERY]])
def test_winter_trousers_in_a_cold_january_and_summer_ones_in_july(
    pieces: list[Candidate], seed: int
) -> None:
    assert choose_bottom(pieces, "winter", 3, seed=seed) == "Corduroys"
    assert choose_bottom(pieces, "summer", 16, seed=seed) == "White jeans"


def test_a_tag_is_no_ban_and_a_wish_of_the_wearer_counts_more() -> None:
    assert choose_bottom([SUMMERY], "winter", 3) == "White jeans"
    start = {"start_from": SUMMERY.id}
    assert choose_bottom([SUMMERY, WINTRY], "winter", 3, **start) == "White jeans"


def test_two_loose_pieces_give_way_to_a_slim_one() -> None:
    tops = [make_piece("t-shirt", "Loose tee", fit="oversized")]
    bottoms = [
        make_piece("jeans", "Loose jeans", fit="loose"),
        make_piece("jeans", "Slim jeans", fit="slim"),
    ]
    for seed in range(4):
        context = ask([*tops, *bottoms, make_piece("sneakers")], make_weather(20), seed=seed)
        worn = {piece.name for piece in suggest_outfits(context, count=1)[0].pieces}
        assert "Slim jeans" in worn


def test_a_model_reads_seasons_and_fit() -> None:
    piece = make_piece("jeans", fit="slim", seasons=("summer",))
    context = ask([piece], make_weather(20), event=replace(make_event(), season="winter"))
    assert "slim fit, out of season" in describe_wardrobe(context)
    usual = make_piece("jeans", fit="regular", seasons=("autumn", "winter"))
    assert describe_wardrobe(replace(context, wardrobe=(usual,))).endswith("casual")
    assert "it is winter" in describe_event(context)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "expected"), [("Berlin, Germany", "winter"), ("Sydney", "summer")]
)
def test_garments_and_events_bring_them_along(alice: User, place: str, expected: str) -> None:
    garment = make_garment(alice, seasons=["winter"], fit="slim")
    event = EventRequest(
        kind="casual", date=date(2027, 1, 15), starts_at=time(9), ends_at=time(17),
        place=search_places(place)[0],
    )  # fmt: skip
    asked = ask_for_outfit(alice, event=event, stated=StatedWeather("cold", "dry"))
    context: OutfitContext = build_context(Suggestion.objects.get(pk=asked.pk), [garment])
    (piece,) = context.wardrobe
    assert (piece.seasons, piece.fit, context.event.season) == (("winter",), "slim", expected)
