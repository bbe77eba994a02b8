"""Trips on their pages: planned, packed, ticked off, packed anew, taken back."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from styling.history.trips import outfits_of_trips
from styling.jobs import picture_outfit_job, picture_outfits_job
from styling.models import Trip, TripPiece
from styling.services import pictures
from styling.trips import packing, service
from styling.trips.forms import TripForm
from styling.trips.jobs import look_again_job, pack_trip_job, sweep_trips_job
from styling.weather.model import stated_weather
from styling.weather.places import Place
from tests.factories import make_garment
from wardrobe.models import Garment
from wardrobe.photos import storage
from wardrobe.photos.ingestion import encode_cut_out
from wardrobe.services.intervals import interval_of

pytestmark = pytest.mark.django_db
LISBON = Place("Lisbon, Portugal", 38.7, -9.1, "Europe/Lisbon", "Portugal")
PORTO = Place("Porto, Portugal", 41.1, -8.6, "Europe/Lisbon", "Portugal")
WARDROBE = (
    ("Navy shirt", "top", "shirt"),
    ("White shirt", "top", "shirt"),
    ("Grey tee", "top", "t-shirt"),
    ("Wool sweater", "top", "sweater"),
    ("Jeans", "bottom", "jeans"),
    ("Boots", "shoes", "boots"),
    ("Rain jacket", "outerwear", "rain-jacket"),
    ("Socks", "socks", "socks"),
)


@pytest.fixture(autouse=True)
def _no_network(settings: Any) -> None:
    """Nobody answers there: what is expected counts."""
    settings.OPEN_METEO_URL = "http://127.0.0.1:9/"
    settings.WEATHER_TIMEOUT_S = 0.1


@pytest.fixture
def clothes(alice: User) -> dict[str, Garment]:
    layers = {"sweater": "mid", "rain-jacket": "outer"}
    return {
        name: make_garment(
            alice,
            name=name,
            slot=slot,
            type=kind,
            layering=layers.get(kind, "base"),
            warmth="medium",
        )
        for name, slot, kind in WARDROBE
    }


@pytest.fixture
def page(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def plan(owner: User, days: int = 3, **changes: Any) -> Trip:
    first = owner.today + timedelta(days=40)
    last = first + timedelta(days=days - 1)
    stay = service.Stay(LISBON, first, "chilly", "rainy")
    return service.save_trip(
        Trip(owner=owner), service.TripPlan("Lisbon", first, last, [stay], **changes)
    )


def pack(trip: Trip) -> Trip:
    row = service.ask_to_pack(trip)
    pack_trip_job(str(row.pk), row.attempt)
    return Trip.objects.get(pk=row.pk)


def listed(trip: Trip) -> set[str]:
    pieces = trip.pieces.exclude(role=TripPiece.Role.LEFT_OUT)
    return {*pieces.values_list("garment__name", flat=True)}


def test_a_trip_is_planned_in_two_steps_and_packed(page: Client, alice: User, clothes: Any) -> None:
    first = alice.today + timedelta(days=30)
    last = first + timedelta(days=1)
    answer = page.post(
        "/trips/new/", {"place": "Lisbon, Portugal", "starts_on": first, "ends_on": last}
    )
    trip = Trip.objects.get()
    assert answer.headers["Location"] == f"/trips/{trip.pk}/edit/"
    form = page.get(f"/trips/{trip.pk}/edit/").text
    assert f'name="for-{first}"' in form and "Lisbon, Portugal" in form
    data = {
        "name": "Lisbon",
        "starts_on": first,
        "ends_on": last,
        "stay-0-place": "Lisbon, Portugal",
        "stay-0-temperature": "mild",
        "stay-1-place": "Porto, Portugal",
        "stay-1-starts_on": last,
        f"for-{first}": ["casual", "date_night"],
        f"wash-{first}": "1",
    }
    answer = page.post(f"/trips/{trip.pk}/edit/", data)
    assert answer.headers["Location"] == f"/trips/{trip.pk}/"
    trip.refresh_from_db()
    assert [leg.place for leg in trip.legs.all()] == ["Lisbon, Portugal", "Porto, Portugal"]
    kinds = [(one.day, one.kind) for one in trip.occasions.all()]
    assert kinds == [(first, "casual"), (first, "date_night"), (last, "casual")]
    assert trip.wash_days == [first]
    assert "Packing" in page.get(f"/trips/{trip.pk}/").text
    pack_trip_job(str(trip.pk), trip.attempt)
    shown = page.get(f"/trips/{trip.pk}/").text
    assert "Jeans" in shown and "dressed for a mild day" in shown  # Of Porto nothing was said.


def test_a_trip_is_moved_to_other_days_as_its_page_sends_it(page: Client, alice: User) -> None:
    """The first place is there from the first day on: nobody says that of it, so nobody can say it wrong."""
    trip = plan(alice)
    first, last = trip.starts_on + timedelta(days=7), trip.ends_on + timedelta(days=7)
    form = page.get(f"/trips/{trip.pk}/edit/").text
    hidden = re.findall(r'<input type="hidden" name="(stay-[^"]+)" value="([^"]*)"', form)
    data = {"name": "Lisbon", "starts_on": first, "ends_on": last, "stay-0-place": LISBON.label}
    answer = page.post(f"/trips/{trip.pk}/edit/", data | dict(hidden))
    assert answer.headers.get("Location") == f"/trips/{trip.pk}/"
    trip.refresh_from_db()
    assert [leg.starts_on for leg in trip.legs.all()] == [trip.starts_on] == [first]


def test_what_was_said_of_its_days_moves_with_a_trip(page: Client, alice: User) -> None:
    """Its page names the days as they were, overlapping ones too."""
    days = [alice.today + timedelta(days=40 + n) for n in range(4)]
    there = service.Stay(PORTO, days[1], "mild", "dry")
    trip = plan(alice)
    said = service.TripPlan(
        "Lisbon",
        *(trip.starts_on, trip.ends_on),
        [service.Stay(LISBON, days[0], "chilly", "rainy"), there],
        {days[0]: ["sports"], days[2]: ["party", "business"]},
        [days[1]],
    )
    sent = TripForm.describe(service.save_trip(trip, said))
    page.post(f"/trips/{trip.pk}/edit/", sent | {"starts_on": days[1], "ends_on": days[3]})
    trip.refresh_from_db()
    kinds = [(one.day, one.kind) for one in trip.occasions.all()]
    assert kinds == [
        (days[1], "sports"),
        (days[2], "casual"),
        (days[3], "party"),
        (days[3], "business"),
    ]
    assert trip.wash_days == [days[2]]
    assert [leg.starts_on for leg in trip.legs.all()] == [days[1], days[2]]


def test_a_trip_that_gets_longer_keeps_what_was_said_of_its_days(page: Client, alice: User) -> None:
    trip = plan(alice, occasions={alice.today + timedelta(days=41): ["sports"]})
    sent = TripForm.describe(trip)
    page.post(f"/trips/{trip.pk}/edit/", sent | {"starts_on": trip.starts_on - timedelta(days=1)})
    kinds = [one.kind for one in trip.occasions.all()]
    assert kinds == ["casual", "casual", "sports", "casual"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"place": ""}, "Where are you going?"),
        ({"place": "Xyzzy"}, "We know no place"),
        ({"days": -1}, "It ends before it begins."),
        ({"days": 40}, "31 days at most"),
        ({"start": -30}, "Those days are over."),
        ({"start": 400}, "more than a year away"),
    ],
)
def test_what_makes_no_trip_is_said(page: Client, alice: User, change: Any, told: str) -> None:
    first = alice.today + timedelta(days=change.get("start", 3))
    last = first + timedelta(days=change.get("days", 1))
    place = change.get("place", "Lisbon, Portugal")
    answer = page.post("/trips/new/", {"place": place, "starts_on": first, "ends_on": last})
    assert answer.status_code == 422
    assert told in answer.text
    assert not Trip.objects.exists()


def test_every_day_is_dressed_and_the_list_says_what_goes_when(
    page: Client, alice: User, clothes: Any
) -> None:
    trip = pack(plan(alice))
    assert trip.status == "ready"
    worn = [{w.garment.name for w in one.wears.all()} for one in trip.occasions.all()]
    assert all({"Jeans", "Boots", "Rain jacket"} <= outfit for outfit in worn)
    assert set().union(*worn) <= listed(trip)
    shown = page.get(f"/trips/{trip.pk}/").text
    assert shown.count('<span class="visually-hidden">worn</span>') == sum(
        len(outfit - {"Socks"}) for outfit in worn
    )
    assert "Socks: 4 in all, one of them spare. You told of 1." in shown
    assert "Dressed for what you expect there." in shown
    assert "On the way you wear" in shown


def test_pieces_are_washed_on_the_way_as_at_home(alice: User, clothes: Any) -> None:
    shirt, tee = clothes["Navy shirt"], clothes["Grey tee"]
    Garment.objects.filter(pk=shirt.pk).update(wash_after=7)
    terms = packing.read_terms(plan(alice), [*Garment.objects.for_owner(alice)])
    assert terms.intervals[str(shirt.pk)] == 7
    assert terms.intervals[str(tee.pk)] == interval_of(tee) > 0


def test_repacking_keeps_what_is_ticked_and_can_be_taken_back(
    page: Client, alice: User, clothes: Any
) -> None:
    trip = pack(plan(alice, 1))
    before = listed(trip)
    other = clothes[min({"Navy shirt", "White shirt", "Grey tee"} - before)]
    page.post(f"/trips/{trip.pk}/pieces/", {"add": other.pk})
    trip.refresh_from_db()
    pack_trip_job(str(trip.pk), trip.attempt)
    assert other.name in listed(trip)
    page.post(f"/trips/{trip.pk}/ticked/", {"packed": [other.pk]})
    trip.pieces.filter(garment=other).update(role="chosen")
    again = pack(Trip.objects.get(pk=trip.pk))
    assert other.name in listed(again)
    service.tick(again, [])
    once_more = pack(again)
    assert listed(once_more) == before
    page.post(f"/trips/{trip.pk}/pack/?undo")
    assert other.name in listed(once_more)


def test_a_list_is_taken_back_while_the_next_one_is_made(
    page: Client, alice: User, clothes: Any
) -> None:
    trip = pack(plan(alice, 1))
    before = listed(trip)
    page.post(f"/trips/{trip.pk}/pieces/", {"leave": clothes["Jeans"].pk})
    trip.refresh_from_db()
    page.post(f"/trips/{trip.pk}/pack/?undo")
    assert not pack_trip_job(str(trip.pk), trip.attempt)
    trip.refresh_from_db()
    assert trip.status == "ready" and listed(trip) == before


def test_what_is_said_of_a_trip_undoes_nothing_that_a_job_did_meanwhile(
    alice: User, clothes: Any
) -> None:
    trip = pack(plan(alice, 1))
    read_before = Trip.objects.get(pk=trip.pk)
    anew = service.ask_to_pack(trip)
    assert service.take_back(anew)
    stay = service.Stay(LISBON, trip.starts_on)
    said = service.TripPlan("Porto", trip.starts_on, trip.ends_on, [stay])
    service.save_trip(read_before, said)
    row = Trip.objects.get(pk=trip.pk)
    assert (row.name, row.status, row.former) == ("Porto", "ready", {})
    assert row.attempt == anew.attempt + 1, "the job of before is not taken for the next one"


def test_what_is_left_at_home_does_not_come_again(page: Client, alice: User, clothes: Any) -> None:
    trip = pack(plan(alice, 1))
    jeans = clothes["Jeans"]
    chinos = make_garment(alice, name="Chinos", slot="bottom", type="chinos")
    page.post(f"/trips/{trip.pk}/pieces/", {"leave": jeans.pk})
    trip.refresh_from_db()
    pack_trip_job(str(trip.pk), trip.attempt)
    assert "Jeans" not in listed(trip) and chinos.name in listed(trip)
    page.post(f"/trips/{trip.pk}/pieces/", {"forget": jeans.pk})
    assert not trip.pieces.filter(role="left_out").exists()


def test_two_pages_of_a_trip_take_no_tick_from_each_other(
    page: Client, alice: User, clothes: Any
) -> None:
    """A phone beside a laptop: what one of them did not know of stays as the other left it."""
    trip = pack(plan(alice))
    one, other, third = trip.pieces.filter(is_spare=False)[:3]
    seen = sent_by(page.get(f"/trips/{trip.pk}/").text)
    for piece in (one, other):
        page.post(f"/trips/{trip.pk}/ticked/", {**seen, "packed": [piece.garment_id]})
    assert packed(trip) == {one.garment_id, other.garment_id}
    seen = sent_by(page.get(f"/trips/{trip.pk}/").text)
    answer = page.post(
        f"/trips/{trip.pk}/ticked/",
        {**seen, "packed": [other.garment_id, third.garment_id]},
        headers={"HX-Request": "true"},
    )
    assert packed(trip) == {other.garment_id, third.garment_id}
    page.post(f"/trips/{trip.pk}/ticked/", {**sent_by(answer.text), "packed": []})
    assert packed(trip) == set()


def sent_by(page: str) -> dict[str, list[str]]:
    """What the form of the list sends besides its ticks."""
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(shown)"(?: value="(.*?)")?>', page):
        sent.setdefault(name, []).append(value)
    return sent


def packed(trip: Trip) -> set[Any]:
    return {*trip.pieces.filter(is_packed=True).values_list("garment", flat=True)}


def test_where_all_comes_along_nothing_is_offered(page: Client, alice: User, clothes: Any) -> None:
    """A button that can only lead to a page that is not there is none."""
    trip = pack(plan(alice))
    assert "Add a piece</button>" in page.get(f"/trips/{trip.pk}/").text
    for garment in clothes.values():
        TripPiece.objects.get_or_create(trip=trip, garment=garment, defaults={"role": "added"})
    assert "Add a piece</button>" not in page.get(f"/trips/{trip.pk}/").text


def test_a_tick_counts_at_once(page: Client, alice: User, clothes: Any) -> None:
    trip = pack(plan(alice, 1))
    answer = page.post(
        f"/trips/{trip.pk}/ticked/",
        {"packed": [clothes["Jeans"].pk, "nonsense"]},
        headers={"HX-Request": "true"},
    )
    assert "1 of " in answer.text
    assert [one.garment.name for one in trip.pieces.filter(is_packed=True)] == ["Jeans"]
    page.post(f"/trips/{trip.pk}/ticked/", {})
    assert not trip.pieces.filter(is_packed=True).exists()


def test_planned_days_are_for_the_calendar(
    page: Client, alice: User, charlie: User, clothes: Any
) -> None:
    trip = pack(plan(alice))
    span = (trip.starts_on, trip.ends_on)
    assert outfits_of_trips(alice, *span) == {}
    page.post(f"/trips/{trip.pk}/plan/")
    found = outfits_of_trips(alice, *span)
    assert [*found] == trip.days
    assert "Jeans" in {garment.name for garment in found[trip.starts_on][0].garments}
    day = reverse("styling:day", args=[trip.starts_on.isoformat()])
    assert trip.name in page.get(day).text and "Jeans" in page.get(day).text
    month = {"month": f"{trip.starts_on:%Y-%m}"}
    assert f'{day}">' in page.get("/outfits/", month).text
    assert outfits_of_trips(charlie, *span) == {}
    page.post(f"/trips/{trip.pk}/plan/?undo")
    assert outfits_of_trips(alice, *span) == {}
    assert trip.name not in page.get(day).text
    assert "On trips that month" not in page.get("/outfits/", month).text


def test_a_list_that_was_asked_for_anew_meanwhile_is_not_written(alice: User, clothes: Any) -> None:
    old = service.ask_to_pack(plan(alice))
    new = service.ask_to_pack(old)
    assert not packing.pack_trip(old.pk, old.attempt)
    assert packing.pack_trip(new.pk, new.attempt)
    assert not packing.pack_trip(new.pk, new.attempt)


def test_an_empty_wardrobe_is_said(page: Client, alice: User) -> None:
    trip = pack(plan(alice))
    assert trip.status == "failed"
    assert "Nothing could be packed" in page.get(f"/trips/{trip.pk}/").text


def test_a_trip_whose_job_was_lost_is_queued_again(
    alice: User, clothes: Any, django_capture_on_commit_callbacks: Any
) -> None:
    service.ask_to_pack(plan(alice))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_trips_job() == 1
    assert sweep_trips_job() == 0


def test_a_sky_that_turns_is_told_and_the_list_stays(
    page: Client, alice: User, clothes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    trip = pack(plan(alice, 1))
    before = listed(trip)
    Trip.objects.filter(pk=trip.pk).update(
        starts_on=alice.today, ends_on=alice.today, looked_on=None
    )
    trip.occasions.update(day=alice.today)
    hot = stated_weather("hot", "dry").to_json()
    monkeypatch.setattr(packing, "read_weather", lambda *_: (hot, ""))
    assert look_again_job() == 1
    assert look_again_job() == 0
    assert "turned" in page.get(f"/trips/{trip.pk}/").text
    assert listed(trip) == before


def test_the_pages_ask_a_bounded_number_of_queries(
    page: Client, alice: User, clothes: Any, django_assert_max_num_queries: Any
) -> None:
    trip = pack(plan(alice, 10))
    with django_assert_max_num_queries(18):
        assert page.get(f"/trips/{trip.pk}/").status_code == 200
    with django_assert_max_num_queries(10):
        assert page.get("/trips/").status_code == 200


def test_every_piece_of_a_thousand_can_be_taken_along_by_hand(
    page: Client, alice: User, clothes: Any, django_assert_max_num_queries: Any
) -> None:
    trip = pack(plan(alice))
    Garment.objects.bulk_create(
        Garment(owner=alice, name=f"{slot} {n:03}", slot=slot, type=kind, status="ready")
        for slot, kind in (("bag", "backpack"), ("shoes", "boots"), ("top", "shirt"))
        for n in range(340)
    )
    address = f"/trips/{trip.pk}/"
    with django_assert_max_num_queries(18):
        first = page.get(address)
    assert len(first.content) < 60_000
    for slot in ("bag", "shoes", "top"):
        assert f"{slot} 000" in first.text and f"{slot} 339" not in first.text
        assert f'href="?kind={slot}#by-hand"' in first.text
    with django_assert_max_num_queries(18):
        shoes = page.get(address, {"kind": "shoes"}).text
    assert 'id="by-hand" open' in shoes and "shoes 011" in shoes and "bag 000" not in shoes
    seen, at = set(), 1
    while at:
        addable = page.get(address, {"kind": "shoes", "page": at}).context["addable"]
        seen |= {one.name for one in addable.groups[0][1]}
        at = addable.page.has_next() and addable.page.next_page_number()
    assert seen >= {f"shoes {n:03}" for n in range(340)}
    last = Garment.objects.get(name="shoes 339")
    page.post(f"{address}pieces/", {"add": last.pk})
    assert "shoes 339" in listed(trip)


def test_a_kind_without_a_piece_lists_all_kinds(page: Client, alice: User, clothes: Any) -> None:
    trip = pack(plan(alice))
    make_garment(alice, name="Red scarf", slot="accessory", type="scarf")
    for kind in ("dress", "nonsense"):
        shown = page.get(f"/trips/{trip.pk}/", {"kind": kind}).text
        assert "Red scarf" in shown and 'id="by-hand" open' not in shown


def test_all_trips_ahead_are_reached(page: Client, alice: User) -> None:
    first = alice.today + timedelta(days=1)
    Trip.objects.bulk_create(
        Trip(owner=alice, name=f"Trip {n:02}", starts_on=day, ends_on=day)
        for n in range(60)
        for day in [first + timedelta(days=n)]
    )
    told = page.get("/trips/").text
    assert "Trip 00" in told and "Trip 12" not in told and 'href="?ahead=2#ahead"' in told
    pages = [page.get("/trips/", {"ahead": at}).text for at in range(1, 6)]
    assert all(f"Trip {n:02}" in pages[n // 12] for n in range(60))


def test_a_trip_is_deleted_after_a_question(page: Client, alice: User, clothes: Any) -> None:
    trip = plan(alice)
    assert "Your pieces stay." in page.get(f"/trips/{trip.pk}/delete/").text
    page.post(f"/trips/{trip.pk}/delete/")
    assert not Trip.objects.exists()
    assert Garment.objects.count() == len(WARDROBE)


# Pictures of days


@pytest.fixture
def away(alice: User, clothes: dict[str, Garment], settings: Any, tmp_path: Path) -> Trip:
    """One day, in a shirt that has a cut-out, and boots that have none."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    shirt = clothes["Navy shirt"]
    data = encode_cut_out(Image.new("RGBA", (40, 60), (20, 30, 90)))
    shirt.cut_out.name = storage.save_rendition(f"garments/{shirt.pk}", "cut", data)
    shirt.cut_out_size = [40, 60]
    shirt.save()
    trip = service.start_trip(alice, place=LISBON, starts_on=alice.today, ends_on=alice.today)
    worn = [str(shirt.pk), str(clothes["Boots"].pk)]
    service.dress_occasion(trip.occasions.get(), worn)
    TripPiece.objects.bulk_create(TripPiece(trip=trip, garment_id=pk) for pk in worn)
    Trip.objects.filter(pk=trip.pk).update(status="ready", is_planned=True)
    return trip


def test_a_day_of_a_trip_has_a_mosaic_until_a_job_has_composed_its_picture(
    away: Trip, page: Client
) -> None:
    occasion = away.occasions.get()
    media = reverse("styling:trip-media", args=[occasion.pk])
    shown = [
        reverse("styling:trip-detail", args=[away.pk]),
        reverse("styling:day", args=[occasion.day.isoformat()]),
    ]
    for address in shown:
        text = page.get(address).text
        assert "ground--mosaic" in text and media not in text
    assert page.get(media).status_code == 404
    assert picture_outfits_job() == 1 and picture_outfits_job() == 0
    for address in shown:
        text = page.get(address).text
        assert "ground--mosaic" not in text and media in text
    assert page.get(media).headers["Content-Type"] == "image/webp"
    assert Client().get(media).status_code == 404


def test_what_is_worn_as_before_keeps_its_picture(away: Trip) -> None:
    picture_outfits_job()
    occasion = away.occasions.get()
    picture, worn = occasion.picture.name, [str(one.garment_id) for one in occasion.wears.all()]
    assert picture and len(worn) == 2
    service.dress_occasion(occasion, worn)
    occasion.refresh_from_db()
    assert occasion.picture.name == picture
    service.dress_occasion(occasion, worn[:1])
    occasion.refresh_from_db()
    assert occasion.picture.name == ""
    assert [str(one.garment_id) for one in occasion.wears.all()] == worn[:1]


def test_what_is_worn_anew_is_composed_anew(
    away: Trip, clothes: dict[str, Garment], monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    queued: list[tuple[str, object]] = []
    monkeypatch.setattr(pictures, "push_picture", lambda kind, pk: queued.append((kind, pk)))
    picture_outfits_job()
    occasion = away.occasions.get()
    assert pictures.is_named(occasion.picture.name) and not pictures.is_stale(occasion)
    with django_capture_on_commit_callbacks(execute=True):
        service.dress_occasion(occasion, [str(clothes["Navy shirt"].pk)])
    assert queued == [("trip", occasion.pk)]
    assert not pictures.is_named(occasion.picture.name)
    assert away.occasions.get().picture.name == ""
    assert picture_outfit_job("trip", str(occasion.pk))
    assert away.occasions.get().picture.name not in {"", occasion.picture.name}
