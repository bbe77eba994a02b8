""" "Noted. The next answer knows it." is true."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feedback.learning import changes
from feedback.learning.preferences import find_preferences
from feedback.models import PreferenceSignal, Rating
from styling.models import Suggestion
from styling.stylist.preferences import Rejection
from tests.factories import make_user
from tests.styling.conftest import ask_for_outfit

pytestmark = pytest.mark.django_db
SAID = {"verdict": "rejected", "reasons": ["too_cold", "colours"], "comment": "I hate the shirt."}
NOTED = "Noted. The next answer knows it."


@pytest.fixture
def wearer(client: Client, alice: User) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def reject(wearer: Client, outfit: Suggestion) -> str:
    page = wearer.post(reverse("feedback:rate-outfit", args=[outfit.pk]), SAID, follow=True)
    return page.content.decode()


def test_the_next_question_carries_what_was_said(
    wearer: Client, alice: User, outfit: Suggestion
) -> None:
    assert NOTED in reject(wearer, outfit)
    pieces = sorted(str(garment.pk) for garment in outfit.garments.all())
    told = ask_for_outfit(alice).known["preferences"]["rejections"]
    assert told == [
        {"pieces": pieces, "reasons": ["too_cold", "colours"], "comment": "I hate the shirt."}
    ]
    assert find_preferences(make_user("bob@example.org")).rejections == ()


def test_an_accepted_outfit_was_not_turned_down(
    wearer: Client, alice: User, outfit: Suggestion
) -> None:
    reject(wearer, outfit)
    wearer.post(reverse("feedback:rate-outfit", args=[outfit.pk]), {"verdict": "accepted"})
    assert find_preferences(alice).rejections == ()


def test_after_a_week_what_was_learned_is_left(
    wearer: Client, alice: User, outfit: Suggestion
) -> None:
    reject(wearer, outfit)
    Rating.objects.update(updated_at=timezone.now() - timedelta(days=8))
    assert find_preferences(alice).rejections == ()
    assert PreferenceSignal.objects.filter(owner=alice).exists()


def test_a_rejection_without_taste_still_is_one(
    wearer: Client, alice: User, outfit: Suggestion
) -> None:
    said = {"verdict": "rejected", "reasons": ["not_mine"]}
    wearer.post(reverse("feedback:rate-outfit", args=[outfit.pk]), said)
    (rejection,) = find_preferences(alice).rejections
    assert isinstance(rejection, Rejection) and rejection.reasons == ("not_mine",)


@pytest.mark.parametrize("forget", ["forget_all", "forget_signal", "switch"])
def test_what_is_forgotten_or_switched_off_counts_no_more(
    wearer: Client, alice: User, outfit: Suggestion, forget: str
) -> None:
    reject(wearer, outfit)
    if forget == "forget_all":
        changes.forget_all(alice)
    elif forget == "forget_signal":
        changes.forget_signal(alice, number=PreferenceSignal.objects.get().pk)
    else:
        changes.switch_learning(alice, is_on=False)
    assert find_preferences(alice).rejections == ()
    assert "preferences" not in ask_for_outfit(alice).known


def test_nothing_is_promised_while_learning_is_off(
    wearer: Client, alice: User, outfit: Suggestion
) -> None:
    changes.switch_learning(alice, is_on=False)
    page = reject(wearer, outfit)
    assert "Noted." in page
    assert NOTED not in page
