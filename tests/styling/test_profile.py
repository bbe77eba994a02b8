import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from styling.models import Profile
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
YOU = "/you/"


@pytest.fixture
def page(alice: User, client: Client) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "place": "Porto, Portugal",
        "sensitivity": "-1",
        "units": "imperial",
        "likes": "navy",
        "dislikes": "wool on my neck",
        "repeat_days": "5",
        "time_zone": "",
        **changes,
    }


def test_a_profile_is_made_at_the_first_visit(page: Client, alice: User) -> None:
    assert page.get(YOU).status_code == 200
    assert Profile.objects.get(user=alice).time_zone == ""


@pytest.mark.parametrize(
    ("zone", "units"),
    [
        ("America/New_York", "imperial"),
        ("US/Pacific", "imperial"),  # Of another age.
        ("America/Puerto_Rico", "imperial"),
        ("America/Toronto", "metric"),
        ("Europe/London", "metric"),
        ("", "metric"),
    ],
)
def test_units_are_those_of_where_somebody_signs_up(
    client: Client, settings: Any, zone: str, units: str
) -> None:
    settings.CONFIRM_EMAIL = False
    said = {"email": "dana@example.org", "password": "seven linen shirts", "time_zone": zone}
    client.post("/sign-up/", said)
    page = client.get(YOU).text
    assert re.search(rf'value="{units}"[^>]* checked', page)
    other = "metric" if units == "imperial" else "imperial"
    client.post(YOU, fields(units=other, place="", sensitivity="0"))
    client.get(YOU)
    assert Profile.objects.get().units == other


def test_a_new_home_brings_its_time_zone(page: Client, alice: User) -> None:
    page.post(YOU, fields())
    profile = Profile.objects.get(user=alice)
    assert (profile.place, profile.time_zone) == ("Porto, Portugal", "Europe/Lisbon")
    assert (profile.latitude, profile.longitude) == (41.1, -8.6)
    assert (profile.sensitivity, profile.units, profile.repeat_days) == (-1, "imperial", 5)


def test_zones_are_listed_as_cities_by_region(page: Client) -> None:
    content = page.get(YOU).content.decode()
    assert '<optgroup label="America">' in content
    assert (
        '<option value="America/Argentina/Buenos_Aires">Buenos Aires, Argentina</option>' in content
    )
    assert '<option value="UTC">UTC</option>' in content
    assert '<option value="" selected>As the browser says</option>' in content
    for name in ("Factory", "localtime", "Etc/", "US/Pacific", "posix"):
        assert f'value="{name}' not in content


def test_a_zone_of_another_age_stays_chosen(page: Client, alice: User) -> None:
    Profile.objects.update_or_create(user=alice, defaults={"time_zone": "US/Pacific"})
    assert 'value="US/Pacific" selected' in page.get(YOU).content.decode()
    assert page.post(YOU, fields(time_zone="US/Pacific")).status_code == 302


def test_a_chosen_time_zone_counts_before_the_homes(page: Client, alice: User) -> None:
    page.post(YOU, fields(time_zone="Asia/Tokyo"))
    assert Profile.objects.get(user=alice).time_zone == "Asia/Tokyo"


def test_a_home_that_is_gone_takes_its_zone_along_and_not_one_that_was_chosen(
    page: Client, alice: User
) -> None:
    page.post(YOU, fields())
    page.post(YOU, fields(place="", time_zone="Europe/Lisbon"))
    assert Profile.objects.get(user=alice).time_zone == ""
    page.post(YOU, fields(place="", time_zone="Asia/Tokyo"))
    page.post(YOU, fields(place="", time_zone="Asia/Tokyo"))
    assert Profile.objects.get(user=alice).time_zone == "Asia/Tokyo"


def test_saving_again_changes_nothing(page: Client, alice: User) -> None:
    page.post(YOU, fields(time_zone="Asia/Tokyo"))
    before = Profile.objects.values().get(user=alice)
    page.post(YOU, fields(time_zone="Asia/Tokyo"))
    assert Profile.objects.values().get(user=alice) == before


@pytest.mark.parametrize(
    "change",
    [
        {"sensitivity": "9"},
        {"repeat_days": "61"},
        {"time_zone": "Mars/Base"},
        {"place": "Qqqqzz"},
        {"likes": "x" * 301},
    ],
)
def test_what_makes_no_sense_is_refused(page: Client, alice: User, change: dict[str, str]) -> None:
    assert page.post(YOU, fields(**change)).status_code == 422
    assert Profile.objects.get(user=alice).place == ""


def test_what_was_told_is_listed(page: Client) -> None:
    page.post(YOU, fields())
    content = page.get(YOU).content.decode()
    assert "You feel the cold." in content
    assert "You like navy." in content


def change_password(page: Client, old: str) -> Any:
    new = "another short sentence"
    return page.post("/accounts/password/", {"old_password": old, "new_password": new})


def test_the_password_can_be_changed(page: Client, alice: User) -> None:
    assert change_password(page, PASSWORD).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("another short sentence")
    assert page.get(YOU).status_code == 200


def test_changing_the_password_asks_for_the_old_one(page: Client, alice: User) -> None:
    assert "not your password now" in change_password(page, "wrong").content.decode()
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
