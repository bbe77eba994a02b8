"""Pieces of the household in answers: Anna shares a shelf with Alice, Charlie shares nothing."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from styling.checks.violations import check_ownership
from styling.models import LeftOut, Look, OutfitPiece, Suggestion
from styling.services import looks, swaps
from styling.services.contexts import build_context
from styling.services.left_out import leave_out
from styling.services.pictures import list_garments
from styling.services.requests import open_another
from styling.sharing.drawing import Wish, plan_picture
from styling.streaming.leases import Closing, claim_suggestion, close_suggestion, find_lost
from styling.stylist.prompt_variables import describe_wardrobe
from styling.tasks import SuggestOutfit
from tests.factories import make_garment, make_user
from tests.styling.conftest import ask_for_outfit
from wardrobe.household import loans, members, shelves
from wardrobe.models import Care, Garment, Member, Shelf, ShelfShare, Wear
from wardrobe.photos import storage
from wardrobe.services.care import put_in_basket

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(vocabulary: None) -> User:
    return make_user("anna@example.org")


@pytest.fixture
def coat(anna: User) -> Garment:
    return make_garment(
        anna,
        name="Camel coat",
        slot="outerwear",
        type="coat",
        layering="outer",
        material="wool",
        warmth="medium",
        seasons=[],
        is_favourite=True,
        colours=[{"name": "camel", "hex": "#c19a6b", "share": 1.0}],
    )


@pytest.fixture
def shelf(alice: User, anna: User, coat: Garment) -> Shelf:
    """Alice may wear it and does use it."""
    owner = members.found_household(anna, name="Elm Street", called="Anna")
    mine = Member.objects.create(user=alice, household=owner.household, name="Alice")
    shelf = shelves.make_shelf(anna, name="Coats")
    shelves.put_on_shelf(shelf, [coat])
    shelves.share_shelf(shelf, {mine: "wear"})
    ShelfShare.objects.update(is_used=True)
    return shelf


def let(alice: User, shelf: Shelf, right: str) -> None:
    shelves.share_shelf(shelf, {Member.objects.get(user=alice): right})


def answer_with(suggestion: Suggestion, *garments: Garment) -> Suggestion:
    """As if the stylist had chosen these."""
    claim = claim_suggestion(suggestion.pk)
    assert claim
    pieces = [(garment.pk, garment.slot) for garment in garments]
    closing = Closing(status=Suggestion.Status.READY, events=[], pieces=pieces)
    assert close_suggestion(claim.suggestion, closing)
    suggestion.refresh_from_db()
    return suggestion


@pytest.fixture
def worn(alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf) -> Suggestion:
    """An answer with Anna's coat."""
    return answer_with(ask_for_outfit(alice), *clothes, coat)


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


# What is offered


def test_a_piece_on_a_shelf_in_use_is_offered_with_whose_it_is(
    alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    claim = claim_suggestion(ask_for_outfit(alice).pk)
    assert claim
    piece = claim.context.find(str(coat.pk))
    assert piece and (piece.name, piece.whose) == ("Anna’s camel coat", "Anna")
    assert not piece.favourite and piece.last_worn_on is None
    assert '"Anna’s camel coat"' in describe_wardrobe(claim.context)
    schema = SuggestOutfit().schema(claim.context, {})
    assert str(coat.pk) in str(schema)


@pytest.mark.parametrize("why", ["look", "unused", "nothing", "wash", "lent", "off", "left"])
def test_nobody_elses_pieces_otherwise(
    alice: User, anna: User, clothes: list[Garment], coat: Garment, shelf: Shelf, why: str
) -> None:
    if why in {"look", "nothing"}:
        let(alice, shelf, "look" if why == "look" else "")
    elif why == "unused":
        ShelfShare.objects.update(is_used=False)
    elif why == "wash":
        put_in_basket(coat)
    elif why == "lent":
        third = Member.objects.create(
            user=make_user(), household=Member.objects.get(user=anna).household, name="Tom"
        )
        loans.lend(coat, to=third)
    elif why == "off":
        shelves.take_off(shelf, [coat.pk])
    else:
        members.leave(Member.objects.get(user=alice))
    suggestion = ask_for_outfit(alice)
    assert coat.pk not in suggestion.candidates
    context = build_context(suggestion, clothes)
    (fault,) = check_ownership(context, [(str(coat.pk), "outerwear")])
    assert fault.code == "unowned_item"


def test_what_is_lent_to_them_is_offered_to_them_alone(
    alice: User, anna: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    loans.lend(coat, to=Member.objects.get(user=alice))
    assert coat.pk in ask_for_outfit(alice).candidates
    make_garment(anna)
    assert coat.pk not in ask_for_outfit(anna).candidates


def test_a_question_may_go_without_and_so_do_those_that_follow(
    alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    first = ask_for_outfit(alice, own_only=True)
    assert coat.pk not in first.candidates
    answer_with(first, *clothes)
    second = open_another(previous=first, request_key=UUID(int=7))
    assert coat.pk not in second.candidates
    third = open_another(previous=ask_for_outfit(alice), request_key=UUID(int=8))
    assert coat.pk in third.candidates


def test_the_page_asks_only_those_who_use_a_shelf(
    as_alice: Client, alice: User, clothes: list[Garment], coat: Garment
) -> None:
    assert "With the household" not in as_alice.get("/today/").text


def test_the_page_has_the_switch(
    as_alice: Client, alice: User, clothes: list[Garment], shelf: Shelf, coat: Garment
) -> None:
    assert "With the household’s pieces" in as_alice.get("/today/").text
    as_alice.post("/today/dress/", {})
    assert coat.pk in Suggestion.objects.latest("created_at").candidates
    asked = {"request_key": str(UUID(int=9)), "kind": "casual", "day": alice.today.isoformat()}
    asked |= {"date": alice.today.isoformat(), "starts_at": "10:00", "ends_at": "12:00"}
    as_alice.post("/today/", {**asked, "asks_borrowed": "True"})
    assert coat.pk not in Suggestion.objects.get(request_key=UUID(int=9)).candidates
    as_alice.post("/today/", {**asked, "request_key": str(UUID(int=10))})
    assert coat.pk in Suggestion.objects.get(request_key=UUID(int=10)).candidates


def test_another_wearers_shelf_changes_nothing_without_ones_own_word(
    alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    """What the stylist is told of Alice is the same to the letter before and after Anna shares."""
    ShelfShare.objects.all().delete()
    before = ask_for_outfit(alice)
    told = SuggestOutfit().fill_variables(build_context(before, clothes))
    let(alice, shelf, "wear")
    after = ask_for_outfit(alice)
    assert after.candidates == before.candidates
    assert after.known == before.known
    assert SuggestOutfit().fill_variables(build_context(before, clothes)) == told


# While it is written


def test_what_is_taken_back_meanwhile_is_neither_told_nor_kept(
    alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    suggestion = ask_for_outfit(alice)
    claim = claim_suggestion(suggestion.pk)
    assert claim and claim.context.find(str(coat.pk))
    let(alice, shelf, "look")
    assert find_lost(claim.suggestion, [coat.pk, clothes[0].pk]) == {coat.pk}
    pieces = [(garment.pk, garment.slot) for garment in (*clothes, coat)]
    closing = Closing(status=Suggestion.Status.READY, events=[], pieces=pieces)
    close_suggestion(claim.suggestion, closing)
    assert {piece.garment for piece in suggestion.pieces.all()} == {*clothes}


def test_what_is_taken_back_between_asking_and_writing_is_not_offered(
    alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    suggestion = ask_for_outfit(alice)
    shelves.delete_shelf(shelf)
    claim = claim_suggestion(suggestion.pk)
    assert claim and coat.pk not in claim.garments


# Afterwards


def test_the_answer_says_whose_it_is(as_alice: Client, worn: Suggestion, coat: Garment) -> None:
    page = as_alice.get(f"/outfits/{worn.pk}/").text
    assert "Anna’s camel coat" in page
    sheet = as_alice.get(f"/outfits/{worn.pk}/pieces/{coat.pk}/").text
    assert "Anna’s camel coat" in sheet
    opened = as_alice.get(f"/wardrobe/{coat.pk}/", follow=True)
    assert opened.redirect_chain and "Ask for it" in opened.text


@pytest.mark.parametrize("how", ["unshared", "off", "left"])
def test_what_is_taken_back_leaves_answers_pages_and_pictures_at_once(
    as_alice: Client, alice: User, worn: Suggestion, coat: Garment, shelf: Shelf, how: str
) -> None:
    look = looks.keep_look(alice, list_garments(worn), name="Kept")
    assert look.pieces.count() == 4
    if how == "unshared":
        let(alice, shelf, "")
    elif how == "off":
        shelves.take_off(shelf, [coat.pk])
    else:
        members.leave(Member.objects.get(user=alice))
    told = [f"/outfits/{worn.pk}/", f"/looks/{look.pk}/", f"/outfits/day/{worn.event.date}/"]
    for path in told:
        assert str(coat.pk) not in as_alice.get(path).text, path
    assert as_alice.get(f"/outfits/{worn.pk}/pieces/{coat.pk}/").status_code == 404
    assert coat not in list_garments(worn) and coat not in looks.list_pieces(look)
    assert OutfitPiece._base_manager.filter(garment=coat).exists()


def test_what_is_shared_again_is_there_again(
    alice: User, worn: Suggestion, coat: Garment, shelf: Shelf
) -> None:
    let(alice, shelf, "")
    let(alice, shelf, "look")
    assert coat in list_garments(worn)


def test_no_old_picture_shows_what_was_taken_back(
    as_alice: Client, alice: User, worn: Suggestion, shelf: Shelf, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    Suggestion.objects.filter(pk=worn.pk).update(
        picture=storage.save_file(f"looks/{alice.pk}/{worn.pk}/look-old.webp", b"old")
    )
    assert as_alice.get(f"/media/looks/{worn.pk}/").content == b"old"
    let(alice, shelf, "")
    assert as_alice.get(f"/media/looks/{worn.pk}/").status_code == 404


def test_a_public_picture_shows_ones_own_pieces_alone(worn: Suggestion, coat: Garment) -> None:
    picture = plan_picture(worn, Wish("square", with_names=True))
    assert coat not in picture.garments and "camel" not in picture.describe().lower()


def test_a_borrowed_piece_comes_by_a_swap_and_goes_back(
    alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    own = make_garment(
        alice, name="Grey coat", slot="outerwear", type="coat", layering="outer", warmth="medium"
    )
    suggestion = answer_with(ask_for_outfit(alice), *clothes, own)
    (offer,) = swaps.list_alternatives(suggestion, own.pk)
    assert offer.garment == coat and offer.garment.name == "Anna’s camel coat"
    assert "favourite" not in offer.change
    swaps.swap_piece(suggestion, old=own.pk, new=coat.pk)
    assert coat in list_garments(suggestion)
    let(alice, shelf, "look")
    assert swaps.list_alternatives(suggestion, clothes[0].pk) == []
    assert swaps.undo_swap(suggestion)


def test_the_builder_and_looks_hold_what_may_be_worn(
    as_alice: Client, alice: User, clothes: list[Garment], coat: Garment, shelf: Shelf
) -> None:
    page = as_alice.get("/looks/build/?slot=outerwear").text
    assert "Anna’s camel coat" in page
    as_alice.post("/looks/keep/", {"piece": [str(coat.pk)], "name": "With the coat"})
    assert [piece.garment for piece in Look.objects.get().pieces.all()] == [coat]
    let(alice, shelf, "look")
    assert "camel" not in as_alice.get("/looks/build/?slot=outerwear").text


def test_a_piece_is_left_out_by_each_wearer_for_themselves(
    as_alice: Client, alice: User, anna: User, worn: Suggestion, coat: Garment, shelf: Shelf
) -> None:
    leave_out(coat, owner=anna, kind="casual")
    as_alice.post(f"/outfits/{worn.pk}/pieces/{coat.pk}/leave-out/")
    assert LeftOut.objects.filter(garment=coat, kind="casual").count() == 2
    assert coat.pk not in ask_for_outfit(alice).candidates
    assert "Anna’s camel coat" in as_alice.get("/you/").text
    let(alice, shelf, "")
    assert "camel" not in as_alice.get("/you/").text.lower()


# What was worn


def wear(as_alice: Client, worn: Suggestion, alice: User) -> None:
    worn.event.date = alice.today
    worn.event.save()
    as_alice.post(f"/outfits/{worn.pk}/rate/", {"verdict": "accepted"})


def test_wearing_it_is_in_both_logs_and_makes_it_due_for_the_wash(
    as_alice: Client, alice: User, anna: User, worn: Suggestion, coat: Garment
) -> None:
    before = Garment.objects.values("wear_count", "last_worn_on").get(pk=coat.pk)
    wear(as_alice, worn, alice)
    assert Wear.objects.get(garment=coat).owner == alice
    after = Garment.objects.get(pk=coat.pk)
    assert {"wear_count": after.wear_count, "last_worn_on": after.last_worn_on} == before
    assert after.wears_since_wash == 1
    page = Client()
    page.force_login(anna)
    log = page.get(f"/wardrobe/{coat.pk}/").text
    assert "By Alice" in log and f"/outfits/{worn.pk}/" not in log
    row = Wear.objects.get(garment=coat)
    page.post(f"/wardrobe/{coat.pk}/worn/{row.pk}/undo/")
    assert Wear.objects.filter(pk=row.pk).exists()


def test_a_plan_of_the_borrowers_is_not_told_to_its_owner(
    as_alice: Client, alice: User, anna: User, worn: Suggestion, coat: Garment
) -> None:
    as_alice.post(f"/outfits/{worn.pk}/rate/", {"verdict": "accepted"})
    assert Wear.objects.get(garment=coat).is_planned
    page = Client()
    page.force_login(anna)
    assert "By Alice" not in page.get(f"/wardrobe/{coat.pk}/").text


def test_its_owners_own_ranking_does_not_change_by_it(
    as_alice: Client, alice: User, anna: User, worn: Suggestion, coat: Garment
) -> None:
    make_garment(anna, name="White shirt")
    asked = ask_for_outfit(anna)
    garments = list(Garment.objects.for_owner(anna).order_by("pk"))
    told = SuggestOutfit().fill_variables(build_context(asked, garments))
    wear(as_alice, worn, alice)
    garments = list(Garment.objects.for_owner(anna).order_by("pk"))
    assert SuggestOutfit().fill_variables(build_context(asked, garments)) == told


def test_pages_of_figures_stand_what_was_borrowed(
    as_alice: Client, alice: User, worn: Suggestion, coat: Garment, shelf: Shelf
) -> None:
    wear(as_alice, worn, alice)
    for path in ("/wardrobe/numbers/", "/outfits/", f"/outfits/day/{alice.today}/", "/wardrobe/"):
        answer = as_alice.get(path)
        assert answer.status_code == 200, path
    assert "Anna’s camel coat" in as_alice.get(f"/outfits/day/{alice.today}/").text


def test_something_else_is_worn_in_place_of_a_part(
    as_alice: Client, alice: User, worn: Suggestion, coat: Garment, clothes: list[Garment]
) -> None:
    other = make_garment(alice, name="White tee", type="tee")
    data = {"old": str(clothes[0].pk), "new": str(other.pk)}
    as_alice.post(f"/outfits/{worn.pk}/instead/", data)
    assert {*Garment.objects.filter(wears__origin=worn.pk)} == {*clothes[1:], coat, other}
    assert Care.objects.count() == 0
