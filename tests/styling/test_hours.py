"""Hours follow the occasion and the day, are never in the past, and are remembered."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from styling.forms import AskForm
from styling.models import Event
from styling.services.hours import Hours, propose_hours, read_own_hours
from tests.styling.conftest import ask_for_outfit
from wardrobe.models import Garment

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)
EARLY = datetime(2026, 11, 28, 5, 50)  # noqa: DTZ001 the wearer's clock


@pytest.mark.parametrize(
    ("kind", "day", "now", "expected"),
    [
        ("business", SATURDAY, EARLY, (time(10), time(16))),
        ("business", FRIDAY, EARLY.replace(day=27), (time(9), time(17))),
        ("date_night", SATURDAY, EARLY, (time(19), time(23))),
        ("party", SATURDAY, EARLY, (time(20), time(1))),
        ("sports", FRIDAY, EARLY.replace(day=26), (time(18), time(20))),
        ("business", SATURDAY, EARLY.replace(hour=11, minute=5), (time(11, 30), time(16))),
        ("business", SATURDAY, EARLY.replace(hour=15, minute=40), (time(16), time(20))),
        ("date_night", SATURDAY, EARLY.replace(hour=23, minute=40), (time(23, 30), time(3, 30))),
        ("party", SATURDAY, EARLY.replace(hour=22, minute=10), (time(22, 30), time(1))),
        ("business", date(2026, 11, 30), EARLY.replace(hour=22), (time(9), time(17))),
        ("no-such-kind", FRIDAY, EARLY, (time(10), time(18))),
    ],
)
def test_hours_of_an_occasion(
    kind: str, day: date, now: datetime, expected: tuple[time, time]
) -> None:
    assert propose_hours(kind, day, now=now, own={}) == Hours(*expected)


@pytest.fixture
def page(client: Client, alice: User) -> Client:
    alice.live_in("Europe/Lisbon")
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def keep(owner: User, kind: str, day: date, starts: int, ends: int) -> None:
    Event.objects.create(
        owner=owner, kind=kind, date=day, starts_at=time(starts), ends_at=time(ends)
    )


@pytest.mark.django_db
def test_own_hours_are_remembered_by_occasion_and_kind_of_day(alice: User, charlie: User) -> None:
    keep(alice, "business", FRIDAY, 8, 14)
    keep(alice, "business", FRIDAY, 7, 15)
    keep(alice, "sports", SATURDAY, 9, 11)
    keep(charlie, "casual", FRIDAY, 3, 4)
    own = read_own_hours(alice)
    assert own == {
        ("business", False): Hours(time(7), time(15)),
        ("sports", True): Hours(time(9), time(11)),
    }
    monday = date(2026, 11, 30)
    assert propose_hours("business", monday, now=EARLY, own=own) == Hours(time(7), time(15))
    assert propose_hours("business", SATURDAY, now=EARLY, own=own) == Hours(time(10), time(16))


@pytest.mark.django_db
def test_hours_from_now_on_are_no_habit(alice: User) -> None:
    keep(alice, "casual", FRIDAY, 9, 12)
    keep(alice, "casual", FRIDAY, 22, 2)
    asked = datetime(2026, 11, 27, 21, 49, tzinfo=UTC)
    Event.objects.filter(starts_at=time(22)).update(created_at=asked)
    assert read_own_hours(alice)["casual", False] == Hours(time(9), time(12))


def post(page: Client, form: AskForm, **changes: Any) -> Event:
    """What a browser without scripts sends of a fresh form; the event that was stored."""
    names = ("request_key", "proposed", "kind", "day", "starts_at", "ends_at")
    data = {name: form[name].value() for name in names}
    times = {name: f"{data[name]:%H:%M}" for name in ("starts_at", "ends_at")}
    answer = page.post(reverse("styling:ask"), {**data, **times, **changes})
    assert answer.status_code == 302, answer.content
    return Event.objects.latest("pk")


@pytest.mark.django_db
def test_hours_that_are_left_follow_without_scripts(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    form = AskForm.fresh(owner=alice)
    tomorrow = form.day_choices()[1][0]
    event = post(page, form, kind="date_night", day=tomorrow)
    assert (event.starts_at, event.ends_at) == (time(19), time(23))
    form = AskForm.fresh(owner=alice)
    event = post(page, form, kind="party", day=tomorrow, starts_at="15:00", ends_at="18:00")
    assert (event.starts_at, event.ends_at) == (time(15), time(18)), "they were chosen"


@pytest.mark.django_db
def test_hours_that_a_script_proposed_are_taken_as_they_are(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    form = AskForm.fresh(owner=alice)
    shown = form["starts_at"].value(), form["ends_at"].value()
    event = post(page, form, kind="formal", day=form.day_choices()[1][0], proposed="")
    assert (event.starts_at, event.ends_at) == shown


@pytest.mark.django_db
def test_the_page_brings_the_hours_for_its_script(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    keep(alice, "casual", FRIDAY, 11, 13)
    form = page.get(reverse("styling:ask")).context["form"]
    hours = json.loads(form.usual_hours)
    assert hours["business"] == [["09:00", "17:00"], ["10:00", "16:00"]]
    assert hours["casual"] == [["11:00", "13:00"], ["10:00", "18:00"]]
    first = ask_for_outfit(alice)
    like = page.get(reverse("styling:ask"), {"like": str(first.pk)}).context["form"]
    assert like.usual_hours == "" and like["starts_at"].value() == time(9)
