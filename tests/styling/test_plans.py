"""Outfits in the calendar: moved, swapped, copied, called off, and the sky that turns on them."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feedback.models import Rating
from feedback.services import plans as services
from feedback.services.plans import NoSuchDayError, NotPlannedError
from feedback.services.ratings import rate_outfit
from styling.history.months import mark_outfit
from styling.jobs import check_plans_job
from styling.models import Event, OutfitPiece, Plan, Suggestion
from styling.services.plans import check_due, check_plan, compare
from styling.services.profiles import get_profile
from styling.weather import open_meteo
from styling.weather.model import stated_weather
from tests.factories import make_garment
from tests.fakes_weather import FakeOpenMeteo, serve_open_meteo
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment, Wear

pytestmark = pytest.mark.django_db
PORTO = {"latitude": 41.1, "longitude": -8.6, "place": "Porto", "time_zone": "Europe/Lisbon"}


@pytest.fixture
def page(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def sky(settings: Any, monkeypatch: pytest.MonkeyPatch, alice: User) -> Any:
    profile = get_profile(alice)
    for name, value in PORTO.items():
        setattr(profile, name, value)
    profile.save()
    alice.live_in("Europe/Lisbon")
    monkeypatch.setattr(open_meteo, "_rests_until", 0.0)
    with serve_open_meteo() as fake:
        settings.OPEN_METEO_URL = fake.url
        yield fake


def plan(alice: User, clothes: list[Garment], *, ahead: int = 2, **event: Any) -> Suggestion:
    suggestion = finish(ask_for_outfit(alice, date=alice.today + timedelta(days=ahead)), clothes)
    Event.objects.filter(pk=suggestion.event_id).update(**event)
    rate_outfit(suggestion=suggestion, verdict=Rating.Verdict.ACCEPTED)
    return Suggestion.objects.select_related("event", "owner").get(pk=suggestion.pk)


def days_of(suggestion: Suggestion) -> set[date]:
    return {*Wear.objects.of_outfit(suggestion.pk).values_list("day", flat=True)}


def test_a_plan_moves_with_its_wears_and_back(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    one = plan(alice, clothes)
    target = alice.today + timedelta(days=5)
    answer = page.post(f"/outfits/{one.pk}/move/", {"day": target.isoformat()}, follow=True)
    assert "Moved to" in answer.text
    one.refresh_from_db()
    assert one.event.date == target and days_of(one) == {target}
    assert Plan.objects.get(suggestion=one).revision == 1
    undo = f'action="/outfits/{one.pk}/move/?day={(alice.today + timedelta(days=2)).isoformat()}"'
    assert undo in answer.text
    page.post(f"/outfits/{one.pk}/move/?day={(alice.today + timedelta(days=2)).isoformat()}")
    assert days_of(one) == {alice.today + timedelta(days=2)}


def test_what_is_planned_for_the_same_hours_swaps_and_what_is_not_stays(
    alice: User, clothes: list[Garment]
) -> None:
    lunch, office = plan(alice, clothes), plan(alice, clothes, ahead=4)
    dinner = plan(alice, clothes, ahead=4, starts_at="19:00", ends_at="23:00")
    done = services.move_plan(lunch, day=office.event.date)
    assert done.swapped == office
    for row in (lunch, office, dinner):
        row.refresh_from_db()
    assert office.event.date == alice.today + timedelta(days=2)
    assert lunch.event.date == dinner.event.date == alice.today + timedelta(days=4)


def test_answers_that_were_not_chosen_stay_where_they_were_asked(
    alice: User, clothes: list[Garment]
) -> None:
    one = plan(alice, clothes)
    other = Suggestion.objects.create(
        owner=alice, request_key=uuid4(), event=one.event, status="ready"
    )
    services.move_plan(one, day=alice.today + timedelta(days=3))
    other.refresh_from_db()
    assert other.event.date == alice.today + timedelta(days=2)


@pytest.mark.parametrize("ahead", [-1, 367])
def test_nothing_moves_to_a_day_that_is_gone_or_beyond_a_year(
    page: Client, alice: User, clothes: list[Garment], ahead: int
) -> None:
    one = plan(alice, clothes)
    with pytest.raises(NoSuchDayError):
        services.move_plan(one, day=alice.today + timedelta(days=ahead))
    day = (alice.today + timedelta(days=ahead)).isoformat()
    answer = page.post(f"/outfits/{one.pk}/move/", {"day": "other", "other": day})
    assert answer.status_code == 422 and "a year ahead" in answer.text


def test_what_was_worn_yesterday_does_not_move(alice: User, clothes: list[Garment]) -> None:
    one = plan(alice, clothes, ahead=-1)
    with pytest.raises(NotPlannedError):
        services.move_plan(one, day=alice.today)


def test_called_off_keeps_its_place_and_can_come_back(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    one = plan(alice, clothes)
    answer = page.post(f"/outfits/{one.pk}/call-off/", follow=True)
    one = Suggestion.objects.select_related("plan", "event").get(pk=one.pk)
    assert mark_outfit(one, today=alice.today) == "off" and not days_of(one)
    assert not Rating.objects.exists() and "Called off" in answer.text
    page.post(f"/outfits/{one.pk}/call-off/undo/")
    one = Suggestion.objects.select_related("plan", "event").get(pk=one.pk)
    assert mark_outfit(one, today=alice.today) == "planned" and len(days_of(one)) == 1
    assert one.plan.revision == 2 and one.plan.called_off_at is None


def test_a_copy_is_worn_besides_and_its_undo_leaves_nothing(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    one = plan(alice, clothes, ahead=-3)
    key, day = str(uuid4()), (alice.today + timedelta(days=1)).isoformat()
    for _ in range(2):
        page.post(f"/outfits/{one.pk}/copy/", {"day": day, "request_key": key})
    copy = Suggestion.objects.get(request_key=key)
    assert Suggestion.objects.count() == 2 and copy.prose == ""
    assert [*copy.garments.values_list("pk")] == [*one.garments.values_list("pk")]
    page.post(f"/outfits/{copy.pk}/copy/undo/")
    page.post(f"/outfits/{one.pk}/copy/undo/")
    assert [*Suggestion.objects.all()] == [one] and Event.objects.count() == 1
    assert days_of(one) == {alice.today - timedelta(days=3)}


def test_charlie_touches_no_plan_of_alices(
    charlie: User, alice: User, clothes: list[Garment], client: Client
) -> None:
    one = plan(alice, clothes)
    client.force_login(charlie)
    for act in ("move", "copy", "copy/undo", "call-off", "call-off/undo", "keep", "anew"):
        assert client.post(f"/outfits/{one.pk}/{act}/").status_code == 404
    assert "Navy shirt" not in client.get(reverse("styling:day", args=[one.event.date])).text


def make_cold(sky: FakeOpenMeteo) -> None:
    for name in ("temperature_2m", "apparent_temperature"):
        sky.set_hours(name, lambda time: -2.0)


def test_the_sky_that_turned_is_told_only_where_another_outfit_would_do_better(
    alice: User, clothes: list[Garment]
) -> None:
    one = plan(alice, clothes)
    freezing = stated_weather("freezing", "dry")
    assert compare(one, stated_weather("mild", "dry")) == ""
    assert compare(one, freezing) == "" == compare(one, stated_weather("mild", "rainy"))
    make_garment(
        alice, name="Cardigan", type="cardigan", warmth="warm", layering="mid", material="wool"
    )
    assert compare(one, freezing) == Plan.Turned.COLDER
    assert compare(one, stated_weather("mild", "rainy")) == ""
    make_garment(
        alice, name="Raincoat", slot="outerwear", type="raincoat", layering="outer",
        water_resistant=True,
    )  # fmt: skip
    assert compare(one, stated_weather("mild", "rainy")) == Plan.Turned.WETTER


def test_the_job_marks_a_plan_once_and_again_when_the_sky_turns_otherwise(
    sky: FakeOpenMeteo, alice: User, clothes: list[Garment], page: Client
) -> None:
    make_garment(alice, name="Parka", slot="outerwear", type="parka", warmth="very_warm")
    one = plan(alice, clothes, latitude=41.1, longitude=-8.6, time_zone="Europe/Lisbon")
    make_cold(sky)
    assert check_plans_job() == 1
    assert check_plans_job() == 0, "within three hours it is not looked at again"
    kept = Plan.objects.get(suggestion=one)
    assert kept.turned == "colder" and kept.forecast["categories"]["temperature"] == "freezing"
    month = page.get(reverse("styling:history"), {"day": one.event.date.isoformat()}).text
    assert "It turned colder" in month
    page.post(f"/outfits/{one.pk}/keep/")
    check_plan(one)
    assert "It turned colder" not in page.get(reverse("styling:day", args=[one.event.date])).text
    Plan.objects.update(checked_at=timezone.now() - timedelta(hours=4))
    for name in ("temperature_2m", "apparent_temperature"):
        sky.set_hours(name, lambda time: 14.0)
    open_meteo.WeatherFeatures.objects.all().delete()
    assert check_plans_job() == 0
    assert Plan.objects.get(suggestion=one).turned == ""


def test_another_for_this_sky_is_asked_once_however_often_it_is_tapped(
    alice: User, clothes: list[Garment], page: Client
) -> None:
    one, other = plan(alice, clothes), plan(alice, clothes)
    for planned in (one, other):
        Plan.objects.update_or_create(
            suggestion=planned, defaults={"owner": alice, "turned": "wetter"}
        )
    day = one.event.date.isoformat()
    for address in (reverse("styling:day", args=[day]), f"/outfits/?day={day}"):
        shown = page.get(address).text
        forms = re.findall(r'action="(/outfits/[^"]*/anew/)">.*?</form>', shown, re.S)
        keys = re.findall(r'/anew/">.*?name="request_key" value="([^"]+)"', shown, re.S)
        assert forms and len({*keys}) == len(forms)
        before = Suggestion.objects.count()
        for _ in range(2):
            page.post(forms[0], {"request_key": keys[0]})
        assert Suggestion.objects.count() == before + 1
    assert other.event.date == one.event.date


def test_what_is_over_stands_in_no_plans_way(
    sky: FakeOpenMeteo, alice: User, clothes: list[Garment]
) -> None:
    here = {"latitude": 41.1, "longitude": -8.6, "time_zone": "Europe/Lisbon"}
    for _ in range(3):
        plan(alice, clothes, ahead=-1, **here)
    one = plan(alice, clothes, **here)
    check_due(limit=1)
    assert Plan.objects.get().suggestion == one


def test_another_for_this_sky_takes_the_plans_place_once_it_is_chosen(
    sky: FakeOpenMeteo, alice: User, clothes: list[Garment], page: Client
) -> None:
    one = plan(alice, clothes, latitude=41.1, longitude=-8.6, time_zone="Europe/Lisbon")
    make_cold(sky)
    make_garment(alice, name="Parka", slot="outerwear", type="parka", warmth="very_warm")
    check_plans_job()
    page.post(f"/outfits/{one.pk}/anew/")
    another = Suggestion.objects.get(previous=one)
    assert another.weather["categories"]["temperature"] == "freezing"
    one.refresh_from_db()
    assert one.verdict == "accepted"
    finish(another, clothes[:2])
    rate_outfit(suggestion=another, verdict=Rating.Verdict.ACCEPTED)
    one.refresh_from_db()
    assert one.verdict == "" and days_of(one) == set() and days_of(another)


def test_the_days_to_move_to_say_what_they_swap_and_their_sky(
    sky: FakeOpenMeteo, alice: User, clothes: list[Garment], page: Client
) -> None:
    one = plan(alice, clothes, latitude=41.1, longitude=-8.6, time_zone="Europe/Lisbon")
    make_garment(alice, name="Parka", slot="outerwear", type="parka", warmth="very_warm")
    plan(alice, clothes, ahead=4)
    for name in ("temperature_2m", "apparent_temperature"):
        sky.set_hours(name, lambda time: -2.0 if time.date() > alice.today else 14.0)
    page.get(reverse("styling:history"), {"sky": ""})
    shown = page.get(f"/outfits/{one.pk}/move/").text
    assert "swaps with “Casual”" in shown and "· free" in shown
    assert "-2°" in shown and "It would be too light for that day." in shown


def test_the_month_reads_its_forecast_when_asked_to_and_only_then(
    sky: FakeOpenMeteo, page: Client
) -> None:
    first = page.get("/outfits/")
    assert "sky" in first.text and not sky.requests
    second = page.get("/outfits/?sky")
    assert len(sky.requests) == 1 and "12°" in second.text
    page.get("/outfits/")
    assert len(sky.requests) == 1


def test_a_day_shows_its_outfits_what_was_worn_besides_and_the_year_before(
    alice: User, clothes: list[Garment], page: Client
) -> None:
    one = plan(alice, clothes, ahead=-1)
    last_year = plan(alice, clothes[:2], ahead=-366)
    scarf = make_garment(alice, name="Red scarf", slot="accessory", type="scarf")
    page.post(f"/wardrobe/{scarf.pk}/worn/", {"day": one.event.date.isoformat()})
    shown = page.get(reverse("styling:day", args=[one.event.date]))
    assert [entry.suggestion for entry in shown.context["day"].entries] == [one]
    assert shown.context["day"].before == last_year and "Red scarf" in shown.text
    assert page.get("/outfits/day/2026-02-30/").status_code == 404


def test_a_month_of_many_outfits_takes_as_many_queries_as_one_of_few(
    alice: User, clothes: list[Garment], page: Client, django_assert_max_num_queries: Any
) -> None:
    for ahead in range(-8, 0):
        finish(ask_for_outfit(alice, date=alice.today + timedelta(days=ahead)), clothes)
    with django_assert_max_num_queries(22):
        page.get("/outfits/")


def test_an_event_after_midnight_stays_whole(alice: User, clothes: list[Garment]) -> None:
    party = plan(alice, clothes, starts_at="22:00", ends_at="02:00")
    early = plan(alice, clothes, ahead=3, starts_at="00:30", ends_at="03:00")
    assert services.find_in_the_way(party, early.event.date) is None


def test_the_days_to_move_to_open_in_a_sheet(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    one = plan(alice, clothes)
    for address in (reverse("styling:day", args=[one.event.date]), "/outfits/"):
        shown = page.get(address, {"day": one.event.date.isoformat()}).text
        assert f'data-sheet href="/outfits/{one.pk}/move/"' in shown and 'id="sheet"' in shown
    sheet = page.get(f"/outfits/{one.pk}/move/", headers={"HX-Request": "true"}).text
    assert "<html" not in sheet and 'id="move-title"' in sheet
    services.call_off(one)
    gone = page.get(f"/outfits/{one.pk}/move/", headers={"HX-Request": "true"})
    assert gone["HX-Redirect"] == page.get(f"/outfits/{one.pk}/move/")["Location"]


def test_all_outfits_of_a_day_are_reached(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    one = plan(alice, clothes)
    fields = {"owner": alice, "event": one.event, "status": "ready"}
    made = Suggestion.objects.bulk_create(
        Suggestion(request_key=uuid4(), verdict="accepted" if n % 2 else "", **fields)
        for n in range(60)
    )
    OutfitPiece.objects.bulk_create(
        OutfitPiece(suggestion=some, garment=clothes[0], position=0, slot="top") for some in made
    )
    day = reverse("styling:day", args=[f"{one.event.date:%Y-%m-%d}"])
    first = page.get(day).text
    assert 'href="?page=2"' in first and 'href="?left=2#left"' in first
    chosen = [
        entry.suggestion.pk
        for at in (1, 2, 3)
        for entry in page.get(day, {"page": at}).context["day"].entries
    ]
    left = [
        entry.suggestion.pk
        for at in (1, 2)
        for entry in page.get(day, {"left": at}).context["day"].shown
    ]
    assert sorted(chosen) == sorted([one.pk, *(some.pk for some in made if some.verdict)])
    assert sorted(left) == sorted(some.pk for some in made if not some.verdict)
