"""The page of today: one tap that needs no choice, moods in words, what is chosen already, the sky."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from styling.forms import MOODS
from styling.models import Suggestion
from styling.services import requests
from styling.services.contexts import build_context
from styling.services.profiles import get_profile
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
TOLD = {
    "comfortable": "comfortable",
    "dressier": "dressier",
    "simpler": "plainer",
    "warmer": "warmer",
    "lighter": "lighter",
}
"""What the stylist is told of each mood."""


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


def dress(client: Client, **said: Any) -> Suggestion:
    """Just dress me."""
    key = uuid4()
    client.post(reverse("styling:dress-me"), {"request_key": str(key), **said})
    return Suggestion.objects.get(request_key=key)


def test_one_tap_asks_for_today_at_the_usual_hours(
    as_alice: Client, alice: User, clothes: list[Garment]
) -> None:
    key = uuid4()
    page = as_alice.post(reverse("styling:dress-me"), {"request_key": str(key)})
    asked = Suggestion.objects.get()
    assert page.url == reverse("styling:outfit-detail", args=[asked.pk])
    assert asked.event.date >= alice.today and asked.request_key == key
    as_alice.post(reverse("styling:dress-me"), {"request_key": str(key)})
    assert Suggestion.objects.count() == 1


def test_what_it_assumes_stands_under_it(as_alice: Client, clothes: list[Garment]) -> None:
    content = read(as_alice, "styling:ask")
    assert 'action="/today/dress/"' in content and " to " in content.split("just__how")[1][:90]


@pytest.mark.parametrize("mood", MOODS)
def test_each_mood_is_a_word_that_is_understood(
    as_alice: Client, alice: User, clothes: list[Garment], mood: str
) -> None:
    """It is on the page, kept with the question, shown with the answer, and told the stylist as nothing else is."""
    content = read(as_alice, "styling:ask")
    assert f'name="mood" value="{mood}"' in content.split("just__how")[1].split("</form>")[0]
    asked = dress(as_alice, mood=[mood, "sparkling"], note="no jeans")
    assert asked.event.note == f"no jeans, {mood}"
    told = build_context(asked, clothes).wishes.leanings
    assert {one.value for one in told} == {TOLD[mood]}
    assert not build_context(dress(as_alice, note="no jeans"), clothes).wishes.leanings
    finish(asked, clothes)
    assert mood in as_alice.get(reverse("styling:outfit-why", args=[asked.pk])).content.decode()


def test_moods_come_together(as_alice: Client, clothes: list[Garment]) -> None:
    asked = dress(as_alice, mood=["warmer", "dressier"])
    assert asked.event.note == "warmer, dressier"
    told = build_context(asked, clothes).wishes.leanings
    assert {one.value for one in told} == {TOLD["warmer"], TOLD["dressier"]}


def test_nothing_to_wear_is_said(as_alice: Client, alice: User) -> None:
    page = as_alice.post(reverse("styling:dress-me"))
    assert page.status_code == 422 and not Suggestion.objects.exists()


def test_what_is_chosen_for_today_comes_first(
    as_alice: Client, alice: User, clothes: list[Garment]
) -> None:
    chosen = finish(ask_for_outfit(alice, date=alice.today), clothes)
    other = finish(ask_for_outfit(alice), clothes)
    Suggestion.objects.filter(pk__in=[chosen.pk, other.pk]).update(verdict="accepted")
    content = read(as_alice, "styling:ask")
    assert reverse("styling:outfit-detail", args=[chosen.pk]) in content
    assert reverse("styling:outfit-detail", args=[other.pk]) not in content
    assert 'class="button button--large"' in content  # Just dress me steps back.


def test_the_sky_says_the_day_or_why_not(
    as_alice: Client, alice: User, clothes: list[Garment], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Going by the season." in read(as_alice, "styling:sky")
    from tests.styling.test_verdict import sky

    def forecast(*args: Any, **options: Any) -> Any:
        return sky({18, 19})

    monkeypatch.setattr(requests, "get_event_weather", forecast)
    get_profile(alice)
    content = read(as_alice, "styling:sky")
    assert "Mild. Dry until six." in content and content.count("<li") == 11
