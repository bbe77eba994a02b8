"""The page of numbers, and what is counted for it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from styling.numbers.additions import count_all, count_with, list_candidates
from styling.numbers.counting import OutfitCounter, count_outfits
from styling.numbers.jobs import count_job, find_counted
from styling.numbers.page import read_numbers
from styling.numbers.reading import digest_wardrobe, find_start
from styling.numbers.situations import list_situations, make_contexts
from styling.packing.fit import find_faults, read_fit, wear
from styling.services.profiles import find_currency, get_profile
from styling.stylist.context import Candidate
from styling.stylist.shortlist import groups_of
from tests.factories import make_garment
from tests.styling.wardrobes import make_piece, read_vocabulary
from wardrobe.models import Garment
from wardrobe.prices.currencies import guess_currency, is_currency, say_money
from wardrobe.services.garments import edit_garment
from wardrobe.services.wears import log_wear

OWNED = [
    make_piece("t-shirt", "Tee"),
    make_piece("shirt", "Shirt", warmth="heavy"),
    make_piece("sweater", "Sweater"),
    make_piece("jeans", "Jeans"),
    make_piece("skirt", "Skirt"),
    make_piece("dress", "Dress"),
    make_piece("sneakers", "Sneakers"),
    make_piece("sandals", "Sandals"),
    make_piece("coat", "Coat"),
    make_piece("rain-jacket", "Rain jacket"),
    make_piece("blazer", "Blazer"),
    make_piece("socks", "Socks"),
    make_piece("tights", "Tights"),
    make_piece("scarf", "Scarf"),
]


def everything() -> list[Candidate]:
    """So much that no outfit is let through for want of better."""
    words = read_vocabulary()
    return [
        make_piece(kind, f"{kind} {warmth} {formality}", warmth=warmth, formality=formality)
        for kind in (
            "t-shirt",
            "shirt",
            "sweater",
            "jeans",
            "shorts",
            "pants",
            "sneakers",
            "oxfords",
        )
        for warmth in ("light", "medium", "heavy")
        for formality in words.values("formality")
    ] + [
        make_piece(kind, f"{kind} {warmth} {formality}", warmth=warmth, formality=formality)
        for kind in (
            "rain-jacket",
            "parka",
            "coat",
            "trench-coat",
            "tank-top",
            "sandals",
            "blazer",
            "vest",
        )
        for warmth in ("light", "heavy")
        for formality in words.values("formality")
    ]


def count_one_by_one(owned: list[Candidate], context: Any) -> int:
    """By the checks of an answer, every combination in turn."""
    judge = read_fit(make_wide(context, everything()))
    extras = [piece for piece in owned if not groups_of(piece)]

    def of(group: str) -> list[Candidate]:
        return [piece for piece in owned if group in groups_of(piece)]

    bodies = [*product(of("top"), of("bottom")), *((one,) for one in of("dress"))]
    layers = list(product([None, *of("mid")], [None, *of("over")], [None, *of("outer")]))
    count = 0
    for body, shoes in product(bodies, of("shoes")):
        for over in layers:
            main = (*body, shoes, *(piece for piece in over if piece))
            is_apart = len({piece.place for piece in main}) == len(main)
            if is_apart and not find_faults(judge, wear(judge, main, [*main, *extras])):
                count += 1
                break
    return count


def make_wide(context: Any, more: list[Candidate]) -> Any:
    return replace(context, wardrobe=(*context.wardrobe, *more))


def test_outfits_are_counted_as_the_checks_of_an_answer_count_them() -> None:
    words = read_vocabulary()
    chosen = {"casual", "business"}
    differing = 0
    for situation, context in make_contexts(OWNED, words):
        if situation.kind in chosen and situation.temperature in {"cold", "mild", "hot"}:
            counted = count_outfits(read_fit(context, lacks_nothing=True))
            differing += counted != count_one_by_one(OWNED, context)
    assert differing == 0


def test_the_situations_are_every_occasion_in_every_weather_once() -> None:
    words = read_vocabulary()
    found = list_situations(words)
    assert len(found) == len(set(found)) == 66
    asks = {"business", "smart_casual", "casual", "formal", "outdoor", "sports"}
    assert {one.kind for one in found} == asks


def test_one_piece_more_is_counted_as_if_it_hung_there() -> None:
    words = read_vocabulary()
    pieces = [
        one
        for one in list_candidates(words)
        if one.type in {"rain-jacket", "jeans", "sweater", "skirt", "boots"}
    ]
    for at, (_, context) in enumerate(make_contexts(OWNED, words)):
        if at % 9:
            continue
        counter = OutfitCounter(read_fit(context, lacks_nothing=True))
        for piece in pieces:
            whole = count_outfits(read_fit(make_wide(context, [piece]), lacks_nothing=True))
            assert count_with(piece, counter) == whole


def test_without_cover_a_rain_jacket_or_an_umbrella_is_missing() -> None:
    dry = [piece for piece in OWNED if piece.type != "rain-jacket"]
    found = count_all(dry, read_vocabulary())
    assert {one.type for one in found.additions} & {
        "umbrella",
        "rain-jacket",
        "trench-coat",
        "parka",
    }
    assert found.additions[0].at.rain == "rainy"
    assert all(one.best > 0 and one.total >= one.best for one in found.additions)
    again = type(found).from_json(found.to_json())
    assert again == found


def test_an_empty_wardrobe_has_no_outfit_and_no_single_piece_makes_one() -> None:
    found = count_all([], read_vocabulary())
    assert (found.total, found.additions) == (0, ())
    assert len(found.without) == found.situations


@pytest.fixture
def page(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def worn(alice: User) -> dict[str, Garment]:
    """Twelve worn days: jeans on all, the shirt on six, boots on three; a dress never."""
    clothes = {
        "Jeans": make_garment(
            alice, name="Jeans", slot="bottom", type="jeans", price="60", currency="EUR"
        ),
        "Shirt": make_garment(alice, name="Shirt", price="40", currency="USD", seasons=["summer"]),
        "Boots": make_garment(
            alice, name="Boots", slot="shoes", type="boots", price="90", currency="EUR"
        ),
        "Dress": make_garment(
            alice, name="Dress", slot="dress", type="dress", price="70", currency="EUR"
        ),
    }
    for ago in range(12):
        day = alice.today - timedelta(days=ago)
        log_wear(clothes["Jeans"], day=day)
        if ago % 2 == 0:
            log_wear(clothes["Shirt"], day=day)
        if ago % 4 == 0:
            log_wear(clothes["Boots"], day=day)
    return clothes


def test_the_figures_are_those_of_the_log(alice: User, worn: dict[str, Garment]) -> None:
    found = read_numbers(alice, "year")
    assert [(one.piece.name, one.piece.worn) for one in found.most] == [
        ("Jeans", 12),
        ("Shirt", 6),
        ("Boots", 3),
    ]
    assert (found.days, found.used, found.total, found.use_percent) == (12, 3, 4, 75)
    assert [one.words for one in found.waiting] == ["never worn"]
    assert found.half == 1
    assert sum(bar.count for bar in found.months) == 12


def test_money_is_told_by_currency_and_never_converted(
    alice: User, worn: dict[str, Garment]
) -> None:
    found = read_numbers(alice, "all")
    assert found.totals == ["€220.00", "$40.00"]
    assert found.averages == ["€10.00", "$6.67"]
    assert [(one.piece.name, one.words) for one in found.costs] == [
        ("Boots", "€30.00"),
        ("Jeans", "€5.00"),
        ("Shirt", "$6.67"),
    ]
    assert [one.percent for one in found.costs] == [100, 17, 100]


def test_of_several_the_price_of_all_counts(alice: User, worn: dict[str, Garment]) -> None:
    Garment.objects.filter(pk=worn["Jeans"].pk).update(quantity=2)
    costs = {one.piece.name: one.words for one in read_numbers(alice, "all").costs}
    assert costs["Jeans"] == "€10.00"


def test_seasons_and_formality_are_covered_by_what_is_tagged(
    alice: User, worn: dict[str, Garment]
) -> None:
    found = read_numbers(alice, "all")
    tops = dict(found.seasons.rows)["Tops"]
    by_season = dict(zip(found.seasons.columns, tops, strict=True))
    assert (by_season["Summer"].count, by_season["Winter"].level) == (2, "none")
    assert sum(cell.count for _, cells in found.formality.rows for cell in cells) == 4


@pytest.mark.parametrize(
    ("today", "start"),
    [
        ("2026-11-29", "2026-09-01"),
        ("2026-12-01", "2026-12-01"),
        ("2027-02-03", "2026-12-01"),
        ("2026-06-30", "2026-06-01"),
    ],
)
def test_a_season_begins_with_its_month(today: str, start: str) -> None:
    assert find_start("season", date.fromisoformat(today)) == date.fromisoformat(start)


def test_the_page_has_a_table_behind_each_chart(page: Client, worn: dict[str, Garment]) -> None:
    shown = page.get("/wardrobe/numbers/?span=year").text
    assert "You wore 3 of your 4 pieces in the last year." in shown
    assert shown.count('class="as-table"') == shown.count("As a table") == 4
    assert "style=" not in shown
    assert "Counting." in shown
    assert len(shown.encode()) < 60_000


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_charts_are_drawn_in_numbers_that_a_browser_reads(
    page: Client, alice: User, worn: dict[str, Garment], language: str
) -> None:
    User.objects.filter(pk=alice.pk).update(language=language)
    shown = page.get("/wardrobe/numbers/?span=year").text
    drawn = re.findall(r'\b(?:x|y|width|height|value|max)="([^"]*\d[^"]*)"', shown)
    assert len(drawn) > 20 and any("." in number for number in drawn)
    assert [number for number in drawn if not re.fullmatch(r"[\d.]+%?", number)] == []


def test_under_ten_worn_days_it_fills_by_itself(page: Client, alice: User) -> None:
    log_wear(make_garment(alice), day=alice.today)
    shown = page.get("/wardrobe/numbers/").text
    assert "Wear a few more; this fills by itself." in shown
    assert "1 of ten worn days" in shown


def test_what_is_missing_is_counted_once_for_each_change(
    alice: User, page: Client, worn: Any
) -> None:
    assert find_counted(alice) is None
    digest = digest_wardrobe(alice)
    count_job(alice.pk, digest)
    counted = find_counted(alice)
    assert counted and counted.situations == 66
    assert "outfit" in page.get("/wardrobe/numbers/missing/").text
    log_wear(worn["Dress"], day=alice.today)
    assert digest_wardrobe(alice) == digest
    make_garment(alice, name="Rain jacket", slot="outerwear", type="rain-jacket")
    assert digest_wardrobe(alice) != digest
    assert find_counted(alice) is None


def test_the_page_asks_a_bounded_number_of_queries(
    page: Client, alice: User, worn: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_garment(alice, name=f"Piece {number}")
    with django_assert_max_num_queries(16):
        page.get("/wardrobe/numbers/?span=all")


def test_a_price_without_a_currency_gets_the_wearers_once(alice: User) -> None:
    alice.live_in("Europe/Lisbon")
    garment = make_garment(alice)
    garment = edit_garment(garment, changes={"price": Decimal("20")})
    assert garment.currency == "EUR"
    profile = get_profile(alice)
    profile.currency = "CHF"
    profile.save()
    assert find_currency(alice) == "CHF"
    garment = edit_garment(garment, changes={"price": Decimal("25")})
    assert garment.currency == "EUR"


def test_the_wearer_says_the_currency_on_both_pages(page: Client, alice: User) -> None:
    garment = make_garment(alice, price="20")
    headers = {"HX-Request": "true"}
    page.post(f"/wardrobe/{garment.pk}/edit/currency/", {"currency": "JPY"}, headers=headers)
    garment.refresh_from_db()
    assert garment.currency == "JPY"
    content = page.get(f"/wardrobe/{garment.pk}/").text
    assert "paid, and not worn yet" in content and ">¥20<" in content
    bad = page.post(f"/wardrobe/{garment.pk}/edit/currency/", {"currency": "XXQ"}, headers=headers)
    assert bad.status_code == 422
    assert 'name="currency"' in page.get("/you/").text


def test_currencies_are_those_that_are_paid_with() -> None:
    assert is_currency("EUR") and is_currency("BRL")
    assert not is_currency("DEM") and not is_currency("eur")
    assert (guess_currency("Europe/Lisbon"), guess_currency("UTC"), guess_currency("")) == (
        "EUR",
        "",
        "",
    )
    assert (say_money(Decimal("9.2"), "EUR"), say_money(Decimal("1234.5"), "")) == (
        "€9.20",
        "1,234.50",
    )
