"""What a garment's page says of its life in words: only what was told, and in step with what is told."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_garment
from wardrobe.models import Garment, Wear
from wardrobe.services import care
from wardrobe.services.story import say_care, say_worn, tell_story
from wardrobe.services.wears import log_wear

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("times", "last", "said"),
    [
        (0, None, "Not worn yet."),
        (1, None, "Worn once."),
        (6, None, "Worn 6 times."),
        (1, TODAY, "Worn once, today."),
        (22, TODAY, "Worn 22 times, last today."),
        (1, date(2026, 11, 28), "Worn once, yesterday."),
        (3, date(2026, 11, 28), "Worn 3 times, last yesterday."),
        (1, date(2026, 9, 14), "Worn once, on 14 September 2026."),
        (6, date(2026, 9, 14), "Worn 6 times, last on 14 September 2026."),
    ],
)
def test_it_says_how_often_and_when_last(times: int, last: date | None, said: str) -> None:
    assert say_worn(Garment(wear_count=times, last_worn_on=last), TODAY) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"type": "shirt"}, "Clean."),
        ({"type": "shirt", "wears_since_wash": 1}, "One more wear until the wash."),
        ({"type": "sweater", "wears_since_wash": 1}, "3 more wears until the wash."),
        ({"type": "shirt", "wears_since_wash": 2}, "Due for the wash."),
        ({"type": "shirt", "wears_since_wash": 2, "wash_after": 9}, "7 more wears until the wash."),
        ({"type": "shirt", "in_wash": True}, "In the wash."),
        ({"type": "shirt", "quantity": 3, "washing": 1}, ""),
        ({"type": "boots", "wears_since_wash": 40}, ""),
    ],
)
def test_it_says_whether_it_is_clean(fields: dict[str, object], said: str) -> None:
    assert say_care(Garment(**fields)) == said


def wear_together(*garments: Garment, ago: int = 1, origin: UUID | None = None) -> None:
    origin = origin or uuid4()
    for one in garments:
        day = one.owner.today - timedelta(days=ago)
        Wear.objects.create(owner=one.owner, garment=one, day=day, source="accepted", origin=origin)


def test_it_says_with_what_it_was_worn_most(alice: User) -> None:
    shirt, jeans, boots, coat = (make_garment(alice, name=name) for name in "sjbc")
    wear_together(shirt, jeans, boots, ago=1)
    assert tell_story(shirt, alice.today).companion is None, "one outfit is no most often"
    wear_together(shirt, boots, ago=2)
    wear_together(shirt, boots, jeans, ago=3)
    for ahead in (-1, -2, -3, -4):
        wear_together(shirt, coat, ago=ahead)
    for ago in (4, 5, 6, 7):
        log_wear(shirt, day=alice.today - timedelta(days=ago))
        log_wear(coat, day=alice.today - timedelta(days=ago))
    assert tell_story(shirt, alice.today).companion == boots, "not what is planned, nor another's"


def test_a_borrowed_piece_is_no_companion(alice: User, charlie: User) -> None:
    shirt, theirs = make_garment(alice), make_garment(charlie)
    for ago in (1, 2):
        wear_together(shirt, theirs, ago=ago)
    assert tell_story(shirt, alice.today).companion is None


def test_its_page_tells_it_and_a_tap_keeps_it_true(as_alice: Client, alice: User) -> None:
    shirt, jeans = make_garment(alice, type="shirt"), make_garment(alice, name="Blue jeans")
    for ago in (3, 4):
        wear_together(shirt, jeans, ago=ago)
    address = f"/wardrobe/{shirt.pk}/"
    link = f'Most often with <a href="/wardrobe/{jeans.pk}/"><bdi>Blue jeans</bdi></a>.'
    assert link in as_alice.get(address).text
    answer = as_alice.post(f"{address}worn/", headers={"HX-Request": "true"}).text
    assert 'id="story" hx-swap-oob="true"' in answer and "last today." in answer
    care.put_in_basket(shirt)
    assert "In the wash." in as_alice.get(address).context["story"].care
