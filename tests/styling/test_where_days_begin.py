"""Today is the day where the wearer is: by their home, else by their browser, else in UTC."""

import importlib
import uuid
from collections.abc import Iterator
from datetime import date, datetime, time
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.models import User
from styling.models import Event, Profile, Trip
from styling.services.profiles import set_home
from styling.trips.page import read_page
from styling.weather.places import get_place
from tests.factories import PASSWORD, make_user
from tests.styling.test_ask import no_network

pytestmark = pytest.mark.django_db
__all__ = ["no_network"]
WEST = "America/Los_Angeles"
NOW = datetime(2026, 11, 28, 5, 49, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def evening_in_the_west() -> Iterator[None]:
    """21:49 of the day before in Los Angeles."""
    with patch.object(timezone, "now", return_value=NOW):
        yield


def sign_in(client: Client, alice: User, time_zone: str) -> None:
    data = {"username": alice.email, "password": PASSWORD, "time_zone": time_zone}
    client.post("/accounts/login/", data)
    alice.refresh_from_db()


def ask(client: Client, place: str = "Los Angeles, California, United States") -> Event:
    """Today, at the hours that are proposed."""
    form = client.get("/today/").context["form"]
    client.post(
        "/today/",
        {
            "request_key": str(uuid.uuid4()),
            "kind": "casual",
            "day": form["day"].value(),
            "starts_at": form["starts_at"].value(),
            "ends_at": form["ends_at"].value(),
            "place": place,
        },
    )
    return Event.objects.get()


@pytest.fixture
def place() -> str:
    found = get_place("Los Angeles, California, United States") or get_place(
        "Los Angeles, United States"
    )
    assert found
    return found.label


@pytest.mark.usefixtures("clothes", "evening_in_the_west", "no_network")
def test_chip_hours_and_event_agree_with_the_browser(
    client: Client, alice: User, place: str
) -> None:
    sign_in(client, alice, WEST)
    event = ask(client, place)
    assert (event.date, event.starts_at) == (date(2026, 11, 27), time(22))
    assert event.time_zone == WEST


@pytest.mark.usefixtures("clothes", "evening_in_the_west", "no_network")
def test_without_scripts_the_chip_means_the_places_today(
    client: Client, alice: User, place: str
) -> None:
    sign_in(client, alice, "")
    assert alice.time_zone == ""
    assert ask(client, place).date == date(2026, 11, 27)
    alice.refresh_from_db()
    assert alice.time_zone == WEST


@pytest.mark.usefixtures("evening_in_the_west")
@pytest.mark.parametrize("name", ["Mars/Base", "", "Factory", "../../etc/passwd", "x" * 5000])
def test_no_zone_of_nowhere_is_kept(client: Client, alice: User, name: str) -> None:
    sign_in(client, alice, name)
    assert alice.time_zone == ""
    assert client.post("/you/time-zone/", {"time_zone": name}).status_code == 400
    alice.refresh_from_db()
    assert (alice.time_zone, alice.today) == ("", date(2026, 11, 28))


def test_a_browser_that_travels_is_followed_until_there_is_a_home(
    client: Client, alice: User
) -> None:
    client.force_login(alice)
    said = [
        client.post("/you/time-zone/", {"time_zone": name}).status_code
        for name in (WEST, WEST, "Asia/Calcutta")
    ]
    assert said == [200, 204, 200]
    porto = get_place("Porto, Portugal")
    assert porto
    set_home(Profile.objects.get(user=alice), place=porto)
    assert client.post("/you/time-zone/", {"time_zone": WEST}).status_code == 204
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/Lisbon"


def test_a_new_wearer_starts_in_their_browsers_zone(client: Client) -> None:
    data = {"email": "new@example.org", "password": PASSWORD, "time_zone": WEST}
    client.post("/sign-up/", data)
    assert User.objects.get().time_zone == WEST


def test_a_profile_that_is_saved_without_a_home_keeps_the_browsers_zone(
    client: Client, alice: User
) -> None:
    client.force_login(alice)
    client.post("/you/time-zone/", {"time_zone": WEST})
    page = client.get("/you/").text
    assert "As the browser says (Los Angeles)" in page
    fields = {"sensitivity": 0, "units": "metric", "repeat_days": 7}
    client.post("/you/", fields | {"time_zone": ""})
    assert client.post("/you/time-zone/", {"time_zone": "Asia/Tokyo"}).status_code == 200


@pytest.mark.parametrize("chosen", ["Europe/Oslo", "UTC"])
def test_a_zone_that_was_chosen_stays_until_the_browsers_is_chosen(
    client: Client, alice: User, chosen: str
) -> None:
    client.force_login(alice)
    fields = {"sensitivity": 0, "units": "metric", "repeat_days": 7}
    client.post("/you/", fields | {"time_zone": chosen})
    assert client.post("/you/time-zone/", {"time_zone": WEST}).status_code == 204
    alice.refresh_from_db()
    assert alice.time_zone == chosen
    client.post("/you/", fields | {"time_zone": ""})
    assert client.post("/you/time-zone/", {"time_zone": WEST}).status_code == 200


def test_profiles_that_nobody_had_chosen_a_zone_for_follow_the_browser(alice: User) -> None:
    chosen = make_user()
    Profile.objects.create(user=alice, time_zone="UTC")
    Profile.objects.create(user=chosen, place="Accra, Ghana", time_zone="UTC")
    importlib.import_module("styling.migrations.0004_follow_the_browser").follow_the_browser(
        apps, None
    )
    assert [Profile.objects.get(user=one).time_zone for one in (alice, chosen)] == ["", "UTC"]


def test_accounts_of_before_live_by_their_home_or_by_what_they_chose(alice: User) -> None:
    homeless = make_user()
    Profile.objects.create(user=alice, place="Porto, Portugal", time_zone="Europe/Lisbon")
    Profile.objects.create(user=homeless)
    importlib.import_module("styling.migrations.0003_live_by_the_home").keep_zones(apps, None)
    assert [User.objects.get(pk=one.pk).time_zone for one in (alice, homeless)] == [
        "Europe/Lisbon",
        "",
    ]


def test_the_far_days_of_a_trip_are_counted_from_the_wearers_today(alice: User) -> None:
    """In Los Angeles it is the day before still."""
    days = {"starts_on": date(2026, 12, 2), "ends_on": date(2026, 12, 4)}
    trip = Trip.objects.create(owner=alice, name="Porto", **days)
    with patch.object(timezone, "now", return_value=NOW):
        for time_zone, far in (("UTC", 4), (WEST, 3)):
            alice.live_in(time_zone)
            assert read_page(trip).far[0] == date(2026, 12, far)
