"""Wears that follow from outfits: planned, withdrawn, and the log that was made of what was there before it."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.models import PreferenceSignal, Rating, WornInstead
from feedback.services.ratings import rate_outfit, wear_instead, withdraw_verdict
from styling.models import Event, OutfitPiece, Suggestion
from tests.factories import make_garment, make_user
from tests.styling.conftest import ask_for_outfit
from wardrobe.models import Garment, Wear
from wardrobe.services.wears import count_wears

pytestmark = pytest.mark.django_db
ACCEPTED, REJECTED = Rating.Verdict.ACCEPTED, Rating.Verdict.REJECTED
DAY = timedelta(days=1)
migration = importlib.import_module("feedback.migrations.0010_log_wears")


def move(outfit: Suggestion, day: object) -> None:
    Event.objects.filter(pk=outfit.event_id).update(date=day)
    outfit.refresh_from_db()


def counts(garment: Garment) -> tuple[object, ...]:
    garment.refresh_from_db()
    return garment.wear_count, garment.wears_since_wash, garment.last_worn_on


def test_accepted_and_then_not_for_me_leaves_what_was_worn_before(
    alice: User, outfit: Suggestion, garments: list[Garment]
) -> None:
    last_week = alice.today - 7 * DAY
    worn = make_garment(alice, wear_count=3, wears_since_wash=1, last_worn_on=last_week)
    OutfitPiece.objects.create(suggestion=outfit, garment=worn, position=2, slot="top")
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    assert counts(worn) == (4, 2, alice.today)
    rate_outfit(suggestion=outfit, verdict=REJECTED)
    assert counts(worn) == (3, 1, last_week)


def test_tomorrow_is_planned_and_counts_tomorrow(
    alice: User, page: Client, outfit: Suggestion, garments: list[Garment]
) -> None:
    move(outfit, alice.today + DAY)
    address = reverse("feedback:rate-outfit", args=[outfit.pk])
    said = page.post(address, {"verdict": "accepted"}, follow=True).text
    assert "Planned for" in said
    assert counts(garments[0]) == (0, 0, None)
    Wear.objects.update(day=alice.today)
    page.get(reverse("wardrobe:garment-detail", args=[garments[0].pk]))
    assert counts(garments[0]) == (1, 1, alice.today)


@pytest.mark.parametrize("ahead", [0, 1])
def test_not_wearing_it_after_all_is_no_dislike(
    alice: User, page: Client, outfit: Suggestion, garments: list[Garment], ahead: int
) -> None:
    move(outfit, alice.today + ahead * DAY)
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    assert PreferenceSignal.objects.count() == 1
    shown = page.get(reverse("styling:outfit-detail", args=[outfit.pk])).text
    address = reverse("feedback:withdraw-verdict", args=[outfit.pk])
    assert f'action="{address}"' in shown
    page.post(address)
    outfit.refresh_from_db()
    assert (outfit.verdict, outfit.decided_at) == ("", None)
    assert counts(garments[0]) == (0, 0, None)
    for model in (Rating, PreferenceSignal, Wear):
        assert not model.objects.exists()


def test_what_was_worn_instead_can_be_withdrawn(
    alice: User, outfit: Suggestion, garments: list[Garment]
) -> None:
    other = make_garment(alice)
    wear_instead(suggestion=outfit, garments=[other])
    assert counts(other)[0] == 1
    withdraw_verdict(outfit)
    assert counts(other) == (0, 0, None)
    assert not WornInstead.objects.exists()


def test_charlie_cannot_withdraw_what_alice_said(client: Client, outfit: Suggestion) -> None:
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    client.force_login(make_user("charlie@example.org"))
    address = reverse("feedback:withdraw-verdict", args=[outfit.pk])
    assert client.post(address).status_code == 404
    assert Rating.objects.exists()


@pytest.mark.parametrize(
    ("said", "count", "unwashed", "last", "log"),
    [
        ([], 4, 1, -9, [(-9, "earlier", 1, False), (None, "earlier", 3, True)]),
        ([], 4, 3, None, [(None, "earlier", 3, False), (None, "earlier", 1, True)]),
        ([], 0, 0, -9, [(-9, "earlier", 0, True)]),
        ([-3, -1], 2, 1, -1, [(-1, "accepted", 1, False), (-3, "accepted", 1, True)]),
        ([-3], 3, 1, 0, [(0, "earlier", 1, False), (-3, "accepted", 1, True), (None, "earlier", 1, True)]),
        ([-3, -1, -1], 1, 1, -1, [(-1, "accepted", 1, False), (-1, "accepted", 1, False)]),
        ([-2, 2], 2, 2, 2, [(2, "accepted", 1, False), (-2, "accepted", 1, False)]),
        ([-3], 1, 0, None, [(-3, "accepted", 1, True)]),
    ],
)  # fmt: skip
def test_the_log_is_made_of_what_was_there_and_no_count_changes(
    alice: User,
    said: list[int],
    count: int,
    unwashed: int,
    last: int | None,
    log: list[tuple[object, ...]],
) -> None:
    today = alice.today
    garment = make_garment(alice)
    for ahead in said:
        outfit = ask_for_outfit(alice, date=today + ahead * DAY)
        Suggestion.objects.filter(pk=outfit.pk).update(verdict="accepted", status="ready")
        OutfitPiece.objects.create(suggestion=outfit, garment=garment, position=0, slot="top")
    old = {
        "wear_count": count,
        "wears_since_wash": unwashed,
        "last_worn_on": None if last is None else today + last * DAY,
    }
    Garment.objects.filter(pk=garment.pk).update(**old)

    migration.log_wears(apps, None)
    made = [
        ((w.day - today).days if w.day else None, w.source, w.times, w.is_washed)
        for w in Wear.objects.all()
    ]
    assert sorted(made, key=str) == sorted(log, key=str)
    garment.refresh_from_db()
    derived = count_wears(Wear.objects.all(), today=today)
    assert vars(derived) == {name: getattr(garment, name) for name in old}
    planned = len({ahead for ahead in said if ahead > 0})
    assert (garment.wear_count, garment.wears_since_wash) == (
        count - planned,
        max(unwashed - planned, 0),
    )

    migration.forget_log(apps, None)
    garment.refresh_from_db()
    assert (garment.wear_count, garment.wears_since_wash) == (count, unwashed)
    assert not Wear.objects.exists()
