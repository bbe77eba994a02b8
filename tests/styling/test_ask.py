"""Asking: the form, what it stores, and what it says when something is missing."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from styling.models import Profile, Suggestion
from styling.weather import open_meteo
from styling.weather.model import stated_weather
from styling.weather.open_meteo import NoForecastError
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit

pytestmark = pytest.mark.django_db
ASK = "/today/"
TODAY = date.today  # The wearers here live in UTC.


@pytest.fixture
def page(alice: Any, client: Client) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "request_key": str(uuid.uuid4()),
        "kind": "business",
        "day": (TODAY() + timedelta(days=1)).isoformat(),
        "starts_at": "09:00",
        "ends_at": "17:30",
        "place": "",
        **changes,
    }


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No forecast can be had; whoever asks is told so, as when the service is away."""

    def refuse(**kwargs: Any) -> None:
        raise NoForecastError("Out of reach", "unavailable")

    monkeypatch.setattr("styling.services.requests.get_weather", refuse)


def test_the_question_opens_an_answer(page: Client, clothes: Any) -> None:
    response = page.post(ASK, fields(note="A client is visiting."))
    suggestion = Suggestion.objects.get()
    assert response.headers["Location"] == reverse("styling:outfit-detail", args=[suggestion.pk])
    assert suggestion.status == Suggestion.Status.OPEN
    assert (suggestion.event.kind, suggestion.event.note) == ("business", "A client is visiting.")
    assert set(suggestion.candidates) == {garment.pk for garment in clothes}


def test_the_same_request_twice_is_one_question(page: Client, clothes: Any) -> None:
    data = fields()
    first, second = page.post(ASK, data), page.post(ASK, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Suggestion.objects.count() == 1


def test_the_wardrobe_of_that_moment_is_kept(page: Client, alice: Any, clothes: Any) -> None:
    make_garment(alice, in_wash=True)
    make_garment(alice, status="archived")
    make_garment(alice, status="needs_review")
    page.post(ASK, fields())
    known = Suggestion.objects.get().known
    assert (known["owned"], known["wearable"]) == (6, 3)
    assert (known["in_wash"], known["put_away"], known["unreviewed"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "wedding"}, "valid choice"),
        ({"day": "other", "date": "2020-01-01"}, "That day is over."),
        ({"day": "other", "date": ""}, "Which day?"),
        ({"day": "other", "date": "2999-01-01"}, "more than a year away"),
        ({"ends_at": "09:00"}, "It ends when it begins."),
        ({"place": "Qqqqzz"}, "We know no place of that name"),
        ({"note": "x" * 301}, "at most 300"),
    ],
)
def test_what_cannot_be_asked_is_said(
    page: Client, clothes: Any, change: dict[str, str], words: str
) -> None:
    response = page.post(ASK, fields(**change))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Suggestion.objects.exists()


def test_a_name_that_many_places_have_is_asked_back(page: Client, clothes: Any) -> None:
    response = page.post(ASK, fields(place="Springfield"))
    assert response.status_code == 422
    labels = response.content.decode().count('name="place_choice"')
    assert labels > 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Lisboa", "Lisbon, Portugal"),
        ("wien", "Vienna, Austria"),
        ("Londres", "London, United Kingdom"),
    ],
)
def test_a_town_is_understood_by_its_name_in_another_language(
    page: Client, clothes: Any, no_network: None, typed: str, meant: str
) -> None:
    """Other places have that word in their names, or are called so and far smaller."""
    page.post(ASK, fields(place=typed))
    assert Suggestion.objects.get().event.place == meant


def test_the_chosen_place_brings_its_time_zone(
    page: Client, alice: Any, clothes: Any, no_network: None
) -> None:
    page.post(ASK, fields(place="Porto, Portugal"))
    event = Suggestion.objects.get().event
    assert (event.place, event.time_zone) == ("Porto, Portugal", "Europe/Lisbon")
    assert (event.latitude, event.longitude) == (41.1, -8.6)
    assert Profile.objects.get(user=alice).place == "Porto, Portugal"


def test_without_forecast_or_word_no_weather_is_invented(
    page: Client, clothes: Any, no_network: None
) -> None:
    page.post(ASK, fields(place="Porto, Portugal"))
    suggestion = Suggestion.objects.get()
    assert (suggestion.weather, suggestion.no_forecast) == ({}, "unavailable")


def test_the_wearers_word_is_kept_as_stated(page: Client, clothes: Any, no_network: None) -> None:
    page.post(ASK, fields(place="Porto, Portugal", temperature="cold", rain="rainy"))
    suggestion = Suggestion.objects.get()
    assert suggestion.weather["source"] == "stated"
    assert suggestion.weather["categories"]["temperature"] == "cold"
    assert suggestion.weather["shown"] == []
    assert suggestion.no_forecast == "unavailable"


def test_a_forecast_counts_before_the_wearers_word(
    page: Client, clothes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = stated_weather("warm", "dry")
    monkeypatch.setattr("styling.services.requests.get_weather", lambda **kwargs: snapshot)
    page.post(ASK, fields(place="Porto, Portugal", temperature="cold"))
    suggestion = Suggestion.objects.get()
    assert suggestion.weather["categories"]["temperature"] == "warm"
    assert suggestion.no_forecast == ""


def test_nothing_to_wear_is_said_not_asked(page: Client, alice: Any) -> None:
    make_garment(alice, in_wash=True)
    response = page.post(ASK, fields())
    assert response.status_code == 422
    assert "nothing here that can be worn" in response.content.decode()


def test_the_page_says_what_is_missing(page: Client, alice: Any) -> None:
    make_garment(alice)
    content = page.get(ASK).content.decode()
    assert "No bottom that can be worn now. No shoes that can be worn now." in content
    assert reverse("wardrobe:photo-upload") in content


def test_the_page_leads_to_what_would_do_once_it_was_looked_at(page: Client, alice: Any) -> None:
    make_garment(alice)
    boots = make_garment(alice, name="My boots", slot="shoes", type="boots", status="needs_review")
    content = page.get(ASK).content.decode()
    assert "Look at “My boots” first: a guess of it waits for your word." in content
    assert f'href="{reverse("wardrobe:garment-detail", args=[boots.pk])}">Have a look' in content
    assert "Add one, or take one out of the wash." not in content


def test_an_empty_wardrobe_is_shown_the_way_in(page: Client) -> None:
    content = page.get(ASK).content.decode()
    assert "One hanger, ready." in content
    assert all(
        reverse(f"wardrobe:{way}") in content for way in ("photo-upload", "basics", "garment-add")
    )
    assert 'name="kind"' not in content


def test_a_piece_of_another_wearer_cannot_start(page: Client, clothes: Any, charlie: Any) -> None:
    response = page.post(ASK, fields(start_from=str(make_garment(charlie).pk)))
    assert response.status_code == 422


def test_another_answer_for_the_same_event(page: Client, alice: Any, clothes: Any) -> None:
    first = ask_for_outfit(alice)
    data = {"request_key": str(uuid.uuid4())}
    address = reverse("styling:outfit-another", args=[first.pk])
    assert (
        page.post(address, data).headers["Location"] == page.post(address, data).headers["Location"]
    )
    second = Suggestion.objects.exclude(pk=first.pk).get()
    assert (second.previous, second.event) == (first, first.event)
    assert second.weather == first.weather


def test_another_needs_its_key(page: Client, alice: Any, clothes: Any) -> None:
    address = reverse("styling:outfit-another", args=[ask_for_outfit(alice).pk])
    assert page.post(address, {"request_key": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["outfit-detail", "outfit-why", "outfit-another"])
def test_charlie_does_not_find_alices_outfit(
    client: Client, alice: Any, charlie: Any, clothes: Any, name: str
) -> None:
    suggestion = ask_for_outfit(alice)
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    send = client.post if name == "outfit-another" else client.get
    assert send(reverse(f"styling:{name}", args=[suggestion.pk])).status_code == 404


@pytest.mark.parametrize("name", ["ask", "weather", "place-search", "history", "profile"])
def test_visitors_are_sent_to_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(f"styling:{name}"))
    assert response.headers["Location"].startswith(reverse("login"))


def test_places_are_offered_as_options(page: Client) -> None:
    content = page.get("/places/", {"place": "porto"}).content.decode()
    assert 'role="option"' in content
    assert "Porto, Portugal" in content


def test_a_place_cannot_carry_markup(page: Client, clothes: Any) -> None:
    content = page.post(ASK, fields(place="<script>x</script>")).content.decode()
    assert "<script>x" not in content


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("too_far", "No forecast that far ahead."),
        ("past", "That hour has passed."),
        ("unavailable", "The forecast is out of reach."),
    ],
)
def test_the_weather_block_says_why_there_is_none(
    page: Client, monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    def refuse(**kwargs: Any) -> None:
        raise NoForecastError("", code)

    monkeypatch.setattr("styling.services.requests.get_weather", refuse)
    content = page.get("/today/weather/", fields(place="Porto, Portugal")).content.decode()
    assert words in content
    assert 'name="temperature"' in content


def test_the_weather_block_asks_for_a_place(page: Client) -> None:
    assert "Where will you be?" in page.get("/today/weather/", fields()).content.decode()


def test_forecasts_reach_as_far_as_we_say() -> None:
    assert open_meteo.FORECAST_DAYS == 16
