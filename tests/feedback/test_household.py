"""What a household says of an outfit that is shown to it: Alice shows, Bob says, Charlie is in another house."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from feedback.learning.preferences import find_preferences
from feedback.models import HouseholdOpinion, PreferenceSignal, Rating, ShownOutfit
from feedback.services import household
from styling.models import OutfitPiece, Suggestion
from styling.services.contexts import build_context
from styling.tasks import SuggestOutfit
from tests.factories import load_vocabulary, make_garment, make_user
from tests.styling.conftest import ask_for_outfit
from wardrobe.household import members
from wardrobe.models import Garment, Member

pytestmark = pytest.mark.django_db

OUTFITS = "/outfits/household/"


@pytest.fixture
def alice(db: None) -> User:
    load_vocabulary()
    return make_user("alice@example.org")


@pytest.fixture
def bob(alice: User) -> User:
    owner = members.found_household(alice, name="Elm Street", called="Alice")
    bob = make_user("bob@example.org")
    Member.objects.create(user=bob, household=owner.household, name="Bob")
    return bob


@pytest.fixture
def outfit(alice: User, bob: User) -> Suggestion:
    garments = [make_garment(alice), make_garment(alice, name="Boots", slot="shoes", type="boots")]
    outfit = ask_for_outfit(alice)
    Suggestion.objects.filter(pk=outfit.pk).update(status="ready", prose="Such words.")
    for position, garment in enumerate(garments):
        OutfitPiece.objects.create(
            suggestion=outfit, garment=garment, position=position, slot=garment.slot
        )
    outfit.refresh_from_db()
    return outfit


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_alice(alice: User) -> Client:
    return sign_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return sign_in(bob)


def show(client: Client, outfit: Suggestion, **data: str) -> Any:
    return client.post(f"/outfits/{outfit.pk}/household/", data, follow=True)


def say(client: Client, outfit: Suggestion, **data: str) -> Any:
    return client.post(f"{OUTFITS}{outfit.pk}/say/", data, follow=True)


def test_an_outfit_is_shown_and_spoken_of(
    as_alice: Client, as_bob: Client, outfit: Suggestion
) -> None:
    assert "Alice asks" not in as_bob.get(OUTFITS).text
    assert "Your household sees it" in show(as_alice, outfit).text
    page = as_bob.get(OUTFITS).text
    assert "Alice asks" in page and "Such words" not in page and "Navy shirt" not in page
    picture = as_bob.get(f"{OUTFITS}{outfit.pk}/picture/")
    assert picture["Content-Type"] == "image/jpeg"
    say(as_bob, outfit, verdict="good", words="The boots!")
    page = as_alice.get(f"/outfits/{outfit.pk}/").text
    assert "Bob" in page and "Looks good" in page and "The boots!" in page


def test_the_last_word_counts_and_can_be_taken_back(
    as_alice: Client, as_bob: Client, outfit: Suggestion
) -> None:
    show(as_alice, outfit)
    say(as_bob, outfit, verdict="good")
    assert "You said: Rather not." in say(as_bob, outfit, verdict="rather_not").text
    assert HouseholdOpinion.objects.get().verdict == "rather_not"
    say(as_bob, outfit, remove="1")
    assert not HouseholdOpinion.objects.exists()


def test_words_are_few_and_a_verdict_is_one_of_two(
    as_alice: Client, as_bob: Client, outfit: Suggestion
) -> None:
    show(as_alice, outfit)
    for data in ({"verdict": "hideous"}, {"verdict": "good", "words": "x" * 201}, {}):
        answer = as_bob.post(f"{OUTFITS}{outfit.pk}/say/", data)
        assert answer.status_code == 422
    assert not HouseholdOpinion.objects.exists()


def test_it_is_for_the_household_alone_and_as_long_as_it_is_shown(
    as_alice: Client, as_bob: Client, outfit: Suggestion
) -> None:
    stranger = make_user()
    members.found_household(stranger, name="Other", called="Charlie")
    as_charlie = sign_in(stranger)
    paths = (f"{OUTFITS}{outfit.pk}/picture/",)
    assert as_bob.get(paths[0]).status_code == 404
    show(as_alice, outfit)
    assert "Alice asks" not in as_charlie.get(OUTFITS).text
    assert as_charlie.get(paths[0]).status_code == 404
    assert say(as_charlie, outfit, verdict="good").status_code == 404
    say(as_bob, outfit, verdict="good")
    show(as_alice, outfit, hide="1")
    assert as_bob.get(paths[0]).status_code == 200, "she was asked: what Bob said would go"
    show(as_alice, outfit, hide="1", sure="1")
    assert as_bob.get(paths[0]).status_code == 404
    assert not HouseholdOpinion.objects.exists()


def test_of_who_left_nothing_is_shown(
    as_alice: Client, as_bob: Client, bob: User, outfit: Suggestion
) -> None:
    show(as_alice, outfit)
    say(as_bob, outfit, verdict="good", words="The boots!")
    members.leave(Member.objects.get(user=bob))
    assert "The boots!" not in as_alice.get(f"/outfits/{outfit.pk}/").text
    assert as_bob.get(f"{OUTFITS}{outfit.pk}/picture/").status_code == 404


def test_nothing_is_learned_of_it_by_anybody(
    as_alice: Client, as_bob: Client, alice: User, bob: User, outfit: Suggestion
) -> None:
    make_garment(bob)
    asked = {user: ask_for_outfit(user) for user in (alice, bob)}

    def told(user: User) -> Any:
        garments = list(Garment.objects.for_owner(user).order_by("pk"))
        context = build_context(asked[user], garments)
        return find_preferences(user).to_json(), SuggestOutfit().fill_variables(context)

    before = [told(user) for user in (alice, bob)]
    show(as_alice, outfit)
    say(as_bob, outfit, verdict="rather_not", words="No navy, ever. Too warm.")
    assert [told(user) for user in (alice, bob)] == before
    assert not Rating.objects.exists() and not PreferenceSignal.objects.exists()


def test_so_many_are_shown_at_a_time(
    alice: User, outfit: Suggestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(household, "MOST_SHOWN", 1)
    first = household.show_outfit(outfit)
    again = ask_for_outfit(alice)
    Suggestion.objects.filter(pk=again.pk).update(status="ready")
    again.refresh_from_db()
    OutfitPiece.objects.create(
        suggestion=again, garment=outfit.pieces.all()[0].garment, position=0, slot="top"
    )
    ShownOutfit.objects.filter(pk=first.pk).update(shown_at="2020-01-01T00:00Z")
    household.show_outfit(again)
    assert ShownOutfit.objects.get().suggestion == again


def test_who_is_alone_is_not_asked_to_show(as_alice: Client, outfit: Suggestion, bob: User) -> None:
    assert "Ask the household" in as_alice.get(f"/outfits/{outfit.pk}/").text
    members.dissolve(Member.objects.get(is_owner=True))
    assert "Ask the household" not in as_alice.get(f"/outfits/{outfit.pk}/").text
    assert "You are in no household" in show(as_alice, outfit).text
