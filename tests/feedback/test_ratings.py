"""What wearers say of outfits, and what follows from it."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.models import Rating
from feedback.services.ratings import NothingToRateError, rate_outfit, wear_instead
from styling.models import Suggestion
from tests.factories import make_garment, make_user
from tests.styling.conftest import ask_for_outfit
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
ACCEPTED, REJECTED = Rating.Verdict.ACCEPTED, Rating.Verdict.REJECTED


def address(suggestion: Suggestion) -> str:
    return reverse("feedback:rate-outfit", args=[suggestion.pk])


def test_wearing_an_outfit_counts_each_piece_once(
    outfit: Suggestion, garments: list[Garment]
) -> None:
    for _ in range(3):
        rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    for garment in garments:
        garment.refresh_from_db()
        assert (garment.wear_count, garment.wears_since_wash) == (1, 1)
        assert garment.last_worn_on == outfit.event.date


def test_the_last_word_counts(outfit: Suggestion) -> None:
    rate_outfit(suggestion=outfit, verdict=REJECTED, reasons=["too_warm"], comment="Too much.")
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    rating = Rating.objects.get()
    outfit.refresh_from_db()
    assert (rating.verdict, rating.reasons) == ("accepted", [])
    assert outfit.verdict == "accepted"


def test_turning_it_down_after_all_takes_the_wear_back(
    outfit: Suggestion, garments: list[Garment]
) -> None:
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    rate_outfit(suggestion=outfit, verdict=REJECTED)
    garments[0].refresh_from_db()
    assert (garments[0].wear_count, garments[0].last_worn_on) == (0, None)


def test_an_open_answer_cannot_be_rated(alice: User, garments: list[Garment]) -> None:
    with pytest.raises(NothingToRateError):
        rate_outfit(suggestion=ask_for_outfit(alice), verdict=ACCEPTED)


def test_reasons_are_kept(page: Client, outfit: Suggestion) -> None:
    data = {"verdict": "rejected", "reasons": ["too_warm", "mood"], "comment": "Boots rub."}
    assert page.post(address(outfit), data).status_code == 302
    rating = Rating.objects.get()
    assert (rating.reasons, rating.comment) == (["too_warm", "mood"], "Boots rub.")


def test_wearing_it_is_taken_back_at_a_tap(
    page: Client, outfit: Suggestion, garments: list[Garment]
) -> None:
    said = page.post(address(outfit), {"verdict": "accepted"}, follow=True).text
    undo = reverse("feedback:withdraw-verdict", args=[outfit.pk])
    assert re.search(rf'data-undo.*?action="{undo}"', said, re.DOTALL)
    page.post(undo)
    garments[0].refresh_from_db()
    outfit.refresh_from_db()
    assert (garments[0].wear_count, outfit.verdict) == (0, "")


def test_turning_it_down_is_taken_back_at_a_tap(page: Client, outfit: Suggestion) -> None:
    said = page.post(address(outfit), {"verdict": "rejected", "reasons": ["mood"]}, follow=True)
    undo = reverse("feedback:withdraw-verdict", args=[outfit.pk])
    assert re.search(rf'data-undo.*?action="{undo}"', said.text, re.DOTALL)
    later = page.get(reverse("styling:outfit-detail", args=[outfit.pk])).text
    assert "data-undo" not in later and f'action="{undo}"' in later
    shown = page.post(undo, follow=True).text
    outfit.refresh_from_db()
    assert outfit.verdict == "" and not Rating.objects.exists()
    assert f'action="{undo}"' not in shown


def test_undoing_a_word_keeps_what_was_worn_instead(
    page: Client, outfit: Suggestion, alice: User
) -> None:
    other = make_garment(alice, name="Other shirt")
    wear_instead(suggestion=outfit, garments=[other])
    said = page.post(address(outfit), {"verdict": "rejected"}, follow=True).text
    undo = re.search(r'data-undo.*?action="([^"]+)"', said, re.DOTALL)
    assert undo
    page.post(undo[1])
    outfit.refresh_from_db()
    assert outfit.worn_instead.garments.get() == other


def test_show_me_another_opens_one(page: Client, outfit: Suggestion) -> None:
    data = {"verdict": "rejected", "then": "another", "request_key": str(uuid.uuid4())}
    page.post(address(outfit), data)
    assert Suggestion.objects.exclude(pk=outfit.pk).get().previous == outfit


@pytest.mark.parametrize(
    "data", [{}, {"verdict": "loved"}, {"verdict": "rejected", "reasons": "x"}]
)
def test_nonsense_is_not_kept(page: Client, outfit: Suggestion, data: dict[str, Any]) -> None:
    assert page.post(address(outfit), data).status_code == 422
    assert not Rating.objects.exists()


def test_charlie_cannot_rate_alices_outfit(client: Client, outfit: Suggestion) -> None:
    charlie = make_user("charlie@example.org")
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address(outfit), {"verdict": "accepted"}).status_code == 404
    assert not Rating.objects.exists()
