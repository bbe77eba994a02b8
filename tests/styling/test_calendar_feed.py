"""Outfits as iCalendar, at an address that only the wearer knows."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.models import User
from feedback.models import Rating
from feedback.services import plans
from feedback.services.ratings import rate_outfit
from styling.calendars.feed import renew_feed, write_feed
from styling.models import CalendarFeed, Event, Suggestion
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(alice: User, clothes: list[Garment]) -> Suggestion:
    one = finish(ask_for_outfit(alice, date=alice.today + timedelta(days=3)), clothes)
    Event.objects.update(time_zone="Europe/Lisbon", place="Secret town", note="A secret note")
    rate_outfit(suggestion=one, verdict=Rating.Verdict.ACCEPTED)
    return Suggestion.objects.select_related("event", "owner").get(pk=one.pk)


@pytest.fixture
def page(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


def read(owner: User) -> Any:
    return Calendar.from_ical(write_feed(owner))


def test_an_outfit_is_an_event_at_its_hours_with_what_to_wear(
    alice: User, planned: Suggestion
) -> None:
    calendar = read(alice)
    assert calendar["X-PUBLISHED-TTL"].to_ical() == b"PT1H"
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    (event,) = calendar.events
    assert event["UID"] == f"{planned.pk}@localhost"
    assert event["SUMMARY"] == "Casual: Navy shirt, Grey trousers, Brown boots"
    assert (event.start.hour, event.end.hour) == (9, 17)
    assert event.start.tzinfo == ZoneInfo("Europe/Lisbon")
    assert not calendar.get_missing_tzids() and calendar.timezones
    assert (event["SEQUENCE"], event["STATUS"], event["CLASS"]) == (0, "CONFIRMED", "PRIVATE")


def test_it_says_what_to_wear_and_not_where_nor_why(alice: User, planned: Suggestion) -> None:
    said = write_feed(alice).decode()
    assert "Secret" not in said and "secret" not in said and "LOCATION" not in said


def test_the_words_of_wearers_are_escaped_and_folded(
    alice: User, planned: Suggestion, clothes: list[Garment]
) -> None:
    name = "Shirt; navy, \\wide\\ and so long that its line has to be folded somewhere, as it says"
    Garment.objects.filter(pk=clothes[0].pk).update(name=name)
    raw = write_feed(alice)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\\;" in raw and b"\\\\wide" in raw
    assert read(alice).events[0]["DESCRIPTION"].split("\n")[0] == name


def test_a_move_keeps_the_uid_and_raises_the_sequence(alice: User, planned: Suggestion) -> None:
    before = read(alice).events[0]
    plans.move_plan(planned, day=alice.today + timedelta(days=6))
    after = read(alice).events[0]
    assert after["UID"] == before["UID"] and after["SEQUENCE"] == 1
    assert after.start - before.start == timedelta(days=3)
    assert after["DTSTAMP"].dt >= before["DTSTAMP"].dt
    plans.call_off(planned)
    gone = read(alice).events[0]
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (before["UID"], 2, "CANCELLED")


def test_only_what_was_chosen_is_told(alice: User, clothes: list[Garment]) -> None:
    finish(ask_for_outfit(alice), clothes)
    assert read(alice).events == []


def test_the_address_opens_without_a_session_and_says_when_nothing_changed(
    alice: User, planned: Suggestion, client: Client
) -> None:
    address = f"/calendar/{renew_feed(alice)}.ics"
    first = client.get(address)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache" and b"Navy shirt" in first.content
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_garment(alice, name="Elsewhere")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    Garment.objects.filter(name="Navy shirt").update(name="Blue shirt")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert CalendarFeed.objects.get().read_at


def test_an_address_is_shown_once_and_a_new_one_stops_it(
    page: Client, alice: User, planned: Suggestion
) -> None:
    shown = page.post("/outfits/calendars/address/")
    first = shown.context["address"]
    assert first in shown.text and f"webcal://localhost:8000{first.split('8000')[1]}" in shown.text
    assert first not in page.get("/outfits/calendars/").text
    secret = first.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in str([*CalendarFeed.objects.values()])
    path = f"/calendar/{secret}.ics"
    assert Client().get(path).status_code == 200
    assert "Make a new address?" in page.post("/outfits/calendars/address/").text
    assert Client().get(path).status_code == 200, "asked, and nothing done"
    second = page.post("/outfits/calendars/address/", {"sure": "1"}).context["address"]
    assert Client().get(path).status_code == 404
    assert Client().get(second.split("8000")[1]).status_code == 200
    assert "Stop the address?" in page.post("/outfits/calendars/address/stop/").text
    assert Client().get(second.split("8000")[1]).status_code == 200
    page.post("/outfits/calendars/address/stop/", {"sure": "1"})
    assert Client().get(second.split("8000")[1]).status_code == 404


def test_a_closed_account_has_no_calendar(alice: User, client: Client) -> None:
    address = f"/calendar/{renew_feed(alice)}.ics"
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get(address).status_code == 404


def test_nothing_of_charlies_is_in_alices(alice: User, charlie: User, planned: Suggestion) -> None:
    assert read(charlie).events == []
