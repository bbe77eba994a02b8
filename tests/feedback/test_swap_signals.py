"""A piece that a wearer swapped says which of two outfits they prefer, as long as the swap stands."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.learning import changes
from feedback.learning.preferences import find_preferences, learn_lines, read_signals
from feedback.models import PreferenceSignal, Rating
from feedback.services.ratings import rate_outfit, wear_instead, withdraw_verdict
from styling.learning.signals import observe
from styling.models import Suggestion
from styling.services import swaps
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
GREEN = [{"name": "green", "hex": "#2f8a4a", "share": 1.0}]


@pytest.fixture
def green(alice: User) -> Garment:
    return make_garment(alice, name="Green oxford", colours=GREEN)


@pytest.fixture
def shown(alice: User, clothes: list[Garment]) -> Suggestion:
    return finish(ask_for_outfit(alice), clothes)


def swap(shown: Suggestion, old: Garment, new: Garment) -> Suggestion:
    swaps.swap_piece(shown, old=old.pk, new=new.pk)
    return Suggestion.objects.get(pk=shown.pk)


def test_a_swap_is_a_pair(shown: Suggestion, clothes: list[Garment], green: Garment) -> None:
    swap(shown, clothes[0], green)
    signal = PreferenceSignal.objects.get()
    assert signal.kind == "swapped"
    assert "green" in signal.features and "green" not in signal.against
    (told,) = read_signals(shown.owner)
    (observed,) = observe(told)
    assert observed.is_comparison and observed.liked
    assert observed.features["green"] == 1 and observed.features["boots"] == 0


def test_an_undone_swap_was_never_told(
    shown: Suggestion, clothes: list[Garment], green: Garment, alice: User
) -> None:
    before = find_preferences(alice)
    swapped = swap(shown, clothes[0], green)
    assert swaps.undo_swap(swapped)
    assert not PreferenceSignal.objects.exists() and find_preferences(alice) == before


def test_swapping_back_by_hand_says_nothing(
    shown: Suggestion, clothes: list[Garment], green: Garment
) -> None:
    swap(swap(shown, clothes[0], green), green, clothes[0])
    assert not PreferenceSignal.objects.exists()


def test_a_verdict_on_what_was_swapped_says_both(
    shown: Suggestion, clothes: list[Garment], green: Garment
) -> None:
    swapped = swap(shown, clothes[0], green)
    pair = PreferenceSignal.objects.get()
    rate_outfit(suggestion=swapped, verdict=Rating.Verdict.ACCEPTED)
    worn = PreferenceSignal.objects.get()
    assert worn.kind == "accepted" and worn.pk > pair.pk
    assert (worn.features, worn.against) == (pair.features, pair.against)
    told = read_signals(shown.owner)[0]
    assert [is_worn for _, is_worn in told.outfits] == [True, False]
    assert [one.is_comparison for one in observe(told)] == [True, False]
    withdraw_verdict(swapped)
    assert PreferenceSignal.objects.get().kind == "swapped"


def test_what_was_worn_instead_of_a_swapped_outfit_is_the_last_word(
    shown: Suggestion, clothes: list[Garment], green: Garment, alice: User
) -> None:
    swapped = swap(shown, clothes[0], green)
    wear_instead(suggestion=swapped, garments=[make_garment(alice)])
    signal = PreferenceSignal.objects.get()
    assert signal.kind == "instead" and "green" in signal.against


def test_a_piece_that_is_deleted_later_changes_nothing_of_it(
    shown: Suggestion, clothes: list[Garment], green: Garment
) -> None:
    swapped = swap(shown, clothes[0], green)
    pair = PreferenceSignal.objects.get()
    clothes[0].delete()
    rate_outfit(suggestion=swapped, verdict=Rating.Verdict.ACCEPTED)
    assert PreferenceSignal.objects.get().against == pair.against


def test_swaps_move_the_answers_are_shown_and_forgotten_exactly(
    client: Client, alice: User, clothes: list[Garment], green: Garment
) -> None:
    for _ in range(3):
        swap(finish(ask_for_outfit(alice), clothes), clothes[0], green)
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("feedback:learned")).text
    assert "You like green." in page and "a piece swapped" in page
    assert find_preferences(alice).weights["green"] > 0
    *_, last = PreferenceSignal.objects.order_by("pk")
    changes.forget_signal(alice, number=last.pk)
    two = [line.weight for line in learn_lines(alice)]
    last.delete()
    changes.undo_change(alice)
    assert [line.weight for line in learn_lines(alice)] == two
    changes.forget_all(alice)
    assert not find_preferences(alice)
