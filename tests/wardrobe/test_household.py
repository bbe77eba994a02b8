"""A household: Alice owns it, Bob is in it, Charlie is not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import make_garment, make_photo, make_user
from wardrobe.household import invitations, loans, members, shelves
from wardrobe.models import (
    Care,
    Garment,
    Household,
    Invitation,
    LoanRequest,
    Member,
    Shelf,
    ShelfShare,
)

pytestmark = pytest.mark.django_db

DRAWN = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[A-Za-z0-9]{64}\b")
"""Keys and tokens, in which any number stands now and then."""
HOME = "/wardrobe/household/"


@pytest.fixture
def bob(words: None) -> User:
    return make_user("bob@example.org", first_name="Bob")


@pytest.fixture
def as_bob(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def house(alice: User, bob: User) -> Household:
    owner = members.found_household(alice, name="Elm Street", called="Alice")
    Member.objects.create(user=bob, household=owner.household, name="Bob")
    return owner.household


@pytest.fixture
def coat(alice: User, media: Any) -> Garment:
    photo = make_photo(alice, with_image=True)
    coat = make_garment(
        alice,
        photo=photo,
        name="Camel coat",
        type="coat",
        slot="outerwear",
        price=239,
        notes="A gift of Tom’s",
        brand="Loden & Co",
        colours=[{"name": "camel", "hex": "#c19a6b", "share": 1.0}],
    )
    coat.image.name = photo.thumbnail.name
    coat.save()
    return coat


@pytest.fixture
def shelf(alice: User, house: Household, coat: Garment) -> Shelf:
    shelf = shelves.make_shelf(alice, name="Coats")
    shelves.put_on_shelf(shelf, [coat])
    return shelf


def let(shelf: Shelf, who: User, right: str, *, is_used: bool = False) -> None:
    shelves.share_shelf(shelf, {Member.objects.get(user=who): right})
    ShelfShare.objects.filter(shelf=shelf, may_wear=True).update(is_used=is_used)


# Beginning and inviting


def test_a_household_is_begun(as_alice: Client, alice: User) -> None:
    assert "Begin a household" in as_alice.get(HOME).text
    assert as_alice.post(HOME, {"name": "", "called": "Alice"}).status_code == 422
    as_alice.post(HOME, {"name": "Elm Street", "called": "Alice"})
    page = as_alice.get(HOME).text
    assert "Elm Street" in page and "alice@example.org" not in page
    assert Member.objects.get(user=alice).is_owner


def link_of(household: Household) -> str:
    owner = household.members.get(is_owner=True)
    link = invitations.make_link(invitations.invite(owner))
    return link[link.index("/wardrobe/") :]


def test_a_link_lets_one_person_in_who_is_told_what_is_seen(
    house: Household, as_charlie: Client, charlie: User
) -> None:
    link = link_of(house)
    page = as_charlie.get(link).text
    assert "In it: Alice, Bob." in page and "Nobody sees your email" in page
    assert as_charlie.post(link, {"called": " "}).status_code == 422
    as_charlie.post(link, {"called": "Charlie"})
    assert Member.objects.get(user=charlie).household == house
    dora = Client()
    dora.force_login(make_user())
    assert dora.get(link).status_code == 404
    assert dora.post(link, {"called": "Dora"}).status_code == 404


def test_a_visitor_signs_in_first(house: Household) -> None:
    answer = Client().get(link_of(house))
    assert answer.status_code == 302 and "next=" in answer.url


@pytest.mark.parametrize("how", ["revoked", "over", "forged", "dissolved"])
def test_a_link_that_is_no_more_leads_nowhere(
    house: Household, alice: User, as_charlie: Client, as_alice: Client, how: str
) -> None:
    link = link_of(house)
    invitation = Invitation.objects.get()
    if how == "revoked":
        address = f"{HOME}invitations/{invitation.pk}/revoke/"
        assert "Take the invitation back?" in as_alice.post(address).text
        assert Invitation.objects.open().exists()
        as_alice.post(address, {"sure": "1"})
    elif how == "over":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "forged":
        link = link.replace(invitation.pk.hex, "0" * 32)
    else:
        as_alice.post(f"{HOME}dissolve/")
    assert as_charlie.get(link).status_code == 404
    assert as_charlie.post(link, {"called": "Charlie"}).status_code == 404
    assert not Member.objects.filter(user__email="charlie@example.org").exists()


def test_a_mail_says_the_same_of_every_address(
    house: Household, as_alice: Client, charlie: User
) -> None:
    for email in (charlie.email, "nobody@example.org"):
        as_alice.post(f"{HOME}invite/", {"email": email})
    known, unknown = mail.outbox
    assert known.subject == unknown.subject and "/join/" in known.body
    assert [part for part in known.body.split() if "/join/" not in part] == [
        part for part in unknown.body.split() if "/join/" not in part
    ]
    page = as_alice.get(HOME).text
    assert page.count("/join/") >= 2 and "nobody@example.org" in page


def test_invitations_are_so_many_a_day(house: Household, as_alice: Client) -> None:
    for _ in range(invitations.MOST_A_DAY):
        as_alice.post(f"{HOME}invite/", {"email": ""})
    Invitation.objects.update(revoked_at=timezone.now())
    assert "a lot of invitations" in as_alice.post(f"{HOME}invite/", {}, follow=True).text
    assert Invitation.objects.count() == invitations.MOST_A_DAY


def test_a_full_household_takes_nobody(
    house: Household, alice: User, as_charlie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_of(house)
    monkeypatch.setattr(invitations, "MOST_MEMBERS", 2)
    assert "is full" in as_charlie.post(link, {"called": "Charlie"}).text
    assert house.members.count() == 2


def test_nobody_is_in_two_households(house: Household, as_charlie: Client, charlie: User) -> None:
    members.found_household(charlie, name="Other", called="C")
    link = link_of(house)
    assert "Leave it before" in as_charlie.get(link).text
    as_charlie.post(link, {"called": "Charlie"})
    assert Member.objects.get(user=charlie).household != house


def test_members_who_do_not_own_it_cannot_manage_it(
    house: Household, as_bob: Client, alice: User
) -> None:
    link_of(house)
    invitation, owner = Invitation.objects.get(), Member.objects.get(user=alice)
    for path in (
        "invite/",
        "dissolve/",
        f"invitations/{invitation.pk}/revoke/",
        f"members/{owner.pk}/",
    ):
        assert as_bob.post(f"{HOME}{path}", {"remove": "1"}).status_code == 404, path
    assert house.members.count() == 2 and Invitation.objects.open().exists()
    assert "/join/" not in as_bob.get(HOME).text


# Leaving


def test_who_leaves_sees_nothing_and_shows_nothing(
    shelf: Shelf, coat: Garment, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "wear", is_used=True)
    own = shelves.make_shelf(bob, name="Hats")
    let(own, shelf.owner, "wear")
    assert as_bob.get(f"/media/garments/{coat.pk}/").status_code == 200
    as_bob.post(f"{HOME}leave/")
    assert not Member.objects.filter(user=bob).exists()
    assert not ShelfShare.objects.exists()
    for path in (
        f"/media/garments/{coat.pk}/",
        f"{HOME}pieces/{coat.pk}/",
        f"/wardrobe/{coat.pk}/",
    ):
        assert as_bob.get(path).status_code == 404, path
    assert Shelf.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("go", [members.leave, members.remove_member])
def test_who_is_out_is_asked_for_nothing_any_more(
    shelf: Shelf,
    coat: Garment,
    alice: User,
    bob: User,
    as_alice: Client,
    as_bob: Client,
    go: Callable[[Member], None],
) -> None:
    """Nor in the next household: the wish was of somebody who is not in it."""
    let(shelf, bob, "wear")
    owner, other = Member.objects.get(user=alice), Member.objects.get(user=bob)
    loans.ask_for(coat, other)
    wish = f"{HOME}requests/{LoanRequest.objects.get().pk}/"
    assert "Bob asks for it" in as_alice.get(HOME).text and wish in as_bob.get(HOME).text
    members.hand_over(owner, other)
    go(Member.objects.get(user=alice))
    assert wish not in as_bob.get(HOME).text
    members.found_household(alice, name="Oak Lane", called="Alice")
    assert "asks for it" not in as_alice.get(HOME).text
    assert as_alice.post(f"{wish}lend/").status_code == 404


def test_an_owner_hands_over_before_leaving(
    house: Household, as_alice: Client, alice: User, bob: User
) -> None:
    assert "Hand it over" in as_alice.post(f"{HOME}leave/", follow=True).text
    other = Member.objects.get(user=bob)
    as_alice.post(f"{HOME}members/{other.pk}/", {"hand_over": "1"})
    as_alice.post(f"{HOME}leave/")
    assert [member.is_owner for member in house.members.all()] == [True]
    assert not Member.objects.filter(user=alice).exists()


@pytest.mark.parametrize("deed", ["hand_over", "remove", "leave", "dissolve", "invite"])
@pytest.mark.parametrize("meanwhile", ["bob left", "bob owns it", "dissolved"])
def test_two_tabs_leave_a_household_with_one_owner(
    house: Household,
    as_alice: Client,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
    deed: str,
    meanwhile: str,
) -> None:
    """What the other tab did, or the other person, comes between the look and the lock."""
    other = Member.objects.get(user=bob)
    lock = members.lock_household

    def come_first(household: Household) -> None:
        if meanwhile == "bob left":
            Member.objects.filter(user=bob).delete()
        elif meanwhile == "bob owns it":
            Member.objects.filter(user=alice).update(is_owner=False)
            Member.objects.filter(user=bob).update(is_owner=True)
        else:
            Household.objects.all().delete()
        lock(household)

    for module in (members, invitations):
        monkeypatch.setattr(module, "lock_household", come_first)
    address = f"members/{other.pk}/" if deed in {"hand_over", "remove"} else f"{deed}/"
    answer = as_alice.post(f"{HOME}{address}", {deed: "1"}, follow=True)
    assert answer.status_code == 200
    owners = Member.objects.filter(household=house, is_owner=True).count()
    assert owners == Household.objects.count()


def test_an_owner_removes_somebody(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "look")
    as_alice.post(f"{HOME}members/{Member.objects.get(user=bob).pk}/", {"remove": "1"})
    assert as_bob.get(f"/media/garments/{coat.pk}/").status_code == 404
    assert "Begin a household" in as_bob.get(HOME).text


def test_the_last_one_takes_the_household_along(alice: User, as_alice: Client) -> None:
    members.found_household(alice, name="Elm Street", called="Alice")
    as_alice.post(f"{HOME}leave/")
    assert not Household.objects.exists()


# Shelves


def test_a_shelf_shows_its_pieces_to_those_who_may_look(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, bob: User, as_charlie: Client
) -> None:
    assert as_bob.get(f"{HOME}shelves/{shelf.pk}/").status_code == 404
    name = f"member-{Member.objects.get(user=bob).pk}"
    as_alice.post(f"{HOME}shelves/{shelf.pk}/share/", {name: "look"})
    page = as_bob.get(f"{HOME}shelves/{shelf.pk}/").text
    assert "Alice’s camel coat" in page
    assert as_bob.get(f"/media/garments/{coat.pk}/").status_code == 200
    assert as_charlie.get(f"{HOME}shelves/{shelf.pk}/").status_code == 404
    assert as_charlie.get(f"/media/garments/{coat.pk}/").status_code == 404


def test_what_is_borrowed_has_its_name_in_each_language(
    shelf: Shelf, coat: Garment, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "wear")
    pages = (HOME, f"{HOME}shelves/{shelf.pk}/", f"{HOME}pieces/{coat.pk}/")
    for language, of in {"de": "von", "es": "de"}.items():
        User.objects.filter(pk=bob.pk).update(language=language)
        for path in pages:
            assert re.search(rf"\w+ {of} Alice\b", as_bob.get(path).text), (language, path)


def test_a_housemate_is_told_nothing_of_its_owners_life(
    shelf: Shelf, coat: Garment, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "wear")
    Garment.objects.filter(pk=coat.pk).update(
        wear_count=4141, last_worn_on=timezone.now().date(), is_favourite=True
    )
    pages = [HOME, f"{HOME}shelves/{shelf.pk}/", f"{HOME}pieces/{coat.pk}/"]
    told = "".join(as_bob.get(path).text for path in pages)
    assert str(coat.photo_id) not in told
    told = DRAWN.sub("", told)
    for kept in (
        "239",
        "Tom’s",
        "Loden",
        "4141",
        "Favourite",
        "alice@example.org",
    ):
        assert kept not in told, kept
    assert as_bob.get(f"/media/photos/{coat.photo_id}/image/").status_code == 404


def test_another_photo_of_it_is_not_shown_to_the_household(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, alice: User, bob: User
) -> None:
    let(shelf, bob, "look")
    view = make_photo(alice, with_image=True, view_of=coat)
    Garment.objects.filter(pk=coat.pk).update(face=view, image="")
    assert as_alice.get(f"/media/garments/{coat.pk}/").status_code == 200
    assert as_bob.get(f"/media/garments/{coat.pk}/").status_code == 404


@pytest.mark.parametrize("how", ["take off", "unshare", "delete the shelf", "delete the piece"])
def test_what_is_taken_back_is_gone_at_once(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, bob: User, how: str
) -> None:
    let(shelf, bob, "wear", is_used=True)
    LoanRequest.objects.create(garment=coat, member=Member.objects.get(user=bob))
    at = f"{HOME}shelves/{shelf.pk}/"
    paths = {
        "take off": (f"{at}take-off/", {"garment": str(coat.pk)}),
        "unshare": (f"{at}share/", {}),
        "delete the shelf": (f"{at}delete/", {}),
        "delete the piece": (f"/wardrobe/{coat.pk}/delete/", {}),
    }
    path, data = paths[how]
    assert as_alice.post(path, data).status_code == 302
    for path in (f"/media/garments/{coat.pk}/", f"{HOME}pieces/{coat.pk}/"):
        assert as_bob.get(path).status_code == 404, path
    assert not Garment.objects.worn_by(bob).exists()
    assert not LoanRequest.objects.exists()


def test_taking_off_is_undone(shelf: Shelf, coat: Garment, as_alice: Client) -> None:
    at = f"{HOME}shelves/{shelf.pk}/take-off/"
    page = as_alice.post(at, {"garment": str(coat.pk)}, follow=True).text
    undo = page.split('<form method="post" action="')[1].split('"')[0].replace("&amp;", "&")
    as_alice.post(undo)
    assert shelf.pieces.get().garment == coat


def test_pieces_come_from_the_wardrobe_and_are_ones_own(
    shelf: Shelf, coat: Garment, as_alice: Client, alice: User, bob: User
) -> None:
    hat, theirs = make_garment(alice, name="Straw hat"), make_garment(bob)
    assert f"shelves/choose/?garment={hat.pk}" in as_alice.get(f"/wardrobe/{hat.pk}/").text
    assert "shelves/choose/" in as_alice.get("/wardrobe/select/").text
    data = {"garment": [str(hat.pk), str(theirs.pk), "x"]}
    page = as_alice.post(f"{HOME}shelves/choose/", data).text
    assert "Straw hat" in page and "Coats" in page
    as_alice.post(f"{HOME}shelves/choose/", {**data, "shelf": str(shelf.pk)})
    assert {*shelf.garments.all()} == {coat, hat}
    as_alice.post(f"{HOME}shelves/add/", {**data, "name": "Sun"})
    assert {*Shelf.objects.get(name="Sun").garments.all()} == {hat}


def test_shelves_and_pieces_are_bounded(
    shelf: Shelf, alice: User, monkeypatch: pytest.MonkeyPatch, as_alice: Client
) -> None:
    monkeypatch.setattr(shelves, "MOST_SHELVES", 1)
    monkeypatch.setattr(shelves, "MOST_PIECES", 1)
    assert (
        "as one may have" in as_alice.post(f"{HOME}shelves/add/", {"name": "B"}, follow=True).text
    )
    hat = make_garment(alice)
    data = {"garment": str(hat.pk), "shelf": str(shelf.pk)}
    assert "is full" in as_alice.post(f"{HOME}shelves/choose/", data, follow=True).text
    assert shelf.pieces.count() == 1


def test_using_a_shelf_is_the_wearers_own_word(
    shelf: Shelf, coat: Garment, as_bob: Client, bob: User
) -> None:
    at = f"{HOME}shelves/{shelf.pk}/use/"
    let(shelf, bob, "look")
    assert as_bob.post(at, {"is_used": "on"}).status_code == 404
    let(shelf, bob, "wear")
    assert not Garment.objects.worn_by(bob).exists()
    as_bob.post(at, {"is_used": "on"})
    assert [*Garment.objects.worn_by(bob)] == [coat]
    as_bob.post(at)
    assert not Garment.objects.worn_by(bob).exists()


# Lent and returned


def test_a_piece_is_asked_for_lent_and_given_back(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "wear", is_used=True)
    as_bob.post(f"{HOME}pieces/{coat.pk}/ask/")
    as_bob.post(f"{HOME}pieces/{coat.pk}/ask/")
    wish = LoanRequest.objects.get()
    assert "Bob asks for it" in as_alice.get(HOME).text
    as_alice.post(f"{HOME}requests/{wish.pk}/lend/")
    care = Care.objects.get()
    assert (care.kind, care.whom, care.borrower, care.garment) == ("lent", "Bob", bob, coat)
    coat.refresh_from_db()
    assert coat.elsewhere == 1
    assert not LoanRequest.objects.exists()
    assert "With you since" in as_bob.get(HOME).text
    assert "With Bob since" in as_alice.get(HOME).text
    assert [*Garment.objects.worn_by(bob).ready_for(bob)] == [coat]
    as_bob.post(f"{HOME}pieces/{coat.pk}/give-back/")
    care.refresh_from_db()
    coat.refresh_from_db()
    assert care.ended_on and coat.elsewhere == 0


def test_a_loan_is_undone_as_if_it_never_was(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "wear")
    as_bob.post(f"{HOME}pieces/{coat.pk}/ask/")
    page = as_alice.post(f"{HOME}requests/{LoanRequest.objects.get().pk}/lend/", follow=True).text
    undo = page.split('<form method="post" action="')[1].split('"')[0]
    assert as_bob.post(undo).status_code == 404
    as_alice.post(undo)
    coat.refresh_from_db()
    assert not Care.objects.exists() and coat.elsewhere == 0


def test_who_does_not_want_to_be_asked_lends_at_once(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "wear")
    as_alice.post(f"{HOME}rule/")
    assert "Take it" in as_bob.get(f"{HOME}pieces/{coat.pk}/").text
    as_bob.post(f"{HOME}pieces/{coat.pk}/ask/")
    assert Care.objects.get().borrower == bob
    as_alice.post(f"{HOME}rule/", {"asks_first": "on"})
    assert Member.objects.get(user=coat.owner).asks_first


def test_what_is_lent_to_one_is_not_there_for_another(
    shelf: Shelf, coat: Garment, house: Household, as_charlie: Client, charlie: User, bob: User
) -> None:
    Member.objects.create(user=charlie, household=house, name="Charlie")
    let(shelf, bob, "wear", is_used=True)
    let(shelf, charlie, "wear", is_used=True)
    LoanRequest.objects.create(garment=coat, member=Member.objects.get(user=charlie))
    Client()
    from wardrobe.household import loans

    loans.lend(coat, to=Member.objects.get(user=bob))
    assert not Garment.objects.worn_by(charlie).ready_for(charlie).exists()
    assert "Out" in as_charlie.get(f"{HOME}pieces/{coat.pk}/").text


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ({"washing": 1, "in_wash": True}, "It is in the wash: lend it once it is clean."),
        ({"elsewhere": 1}, "It is not with you: lend it once it is back."),
    ],
)
def test_what_is_out_is_not_offered_for_lending_and_says_why(
    shelf: Shelf,
    coat: Garment,
    as_alice: Client,
    as_bob: Client,
    bob: User,
    out: dict[str, Any],
    why: str,
) -> None:
    let(shelf, bob, "wear")
    as_bob.post(f"{HOME}pieces/{coat.pk}/ask/")
    lend, away = f"{HOME}requests/{LoanRequest.objects.get().pk}/lend/", f"/{coat.pk}/away/"
    assert lend in as_alice.get(HOME).text
    assert away in as_alice.get(f"/wardrobe/{coat.pk}/").text
    Garment.objects.filter(pk=coat.pk).update(**out)
    page = as_alice.get(HOME).text
    assert why in page
    assert lend not in page
    piece = as_alice.get(f"/wardrobe/{coat.pk}/").text
    assert "it can be lent or repaired once it is" in piece
    assert away not in piece


def test_what_its_owner_has_not_looked_at_is_not_offered(
    shelf: Shelf, coat: Garment, as_bob: Client, bob: User
) -> None:
    let(shelf, bob, "wear")
    ask = f"{HOME}pieces/{coat.pk}/ask/"
    assert ask in as_bob.get(f"{HOME}pieces/{coat.pk}/").text
    Garment.objects.filter(pk=coat.pk).update(status=Garment.Status.NEEDS_REVIEW)
    page = as_bob.get(f"{HOME}pieces/{coat.pk}/").text
    assert "You can ask for it once Alice has looked at it." in page
    assert ask not in page
    assert "Not looked at yet" in as_bob.get(HOME).text


def test_a_switch_says_what_follows_without_it_and_not_that_it_is_off(
    house: Household, as_alice: Client
) -> None:
    """It stands below the switch whether that is on or not."""
    for sent in ({"asks_first": "on"}, {}):
        as_alice.post(f"{HOME}rule/", sent)
        page = as_alice.get(HOME).text
        assert "Otherwise whoever may wear it takes it, and you see who has it." in page
        assert "Off:" not in page


def test_a_wish_is_declined_or_withdrawn(
    shelf: Shelf, coat: Garment, as_alice: Client, as_bob: Client, as_charlie: Client, bob: User
) -> None:
    let(shelf, bob, "wear")
    for client, said in ((as_alice, "Declined."), (as_bob, "Withdrawn.")):
        as_bob.post(f"{HOME}pieces/{coat.pk}/ask/")
        path = f"{HOME}requests/{LoanRequest.objects.get().pk}/drop/"
        assert as_charlie.post(path).status_code == 404
        assert said in client.post(path, follow=True).text
        assert not LoanRequest.objects.exists()


def test_an_account_that_goes_leaves_the_household_to_the_next(
    shelf: Shelf, coat: Garment, alice: User, bob: User
) -> None:
    from wardrobe.household import loans

    hat = make_garment(bob, name="Straw hat")
    loans.lend(hat, to=Member.objects.get(user=alice))
    members.let_go(alice)
    alice.delete()
    assert Member.objects.get(user=bob).is_owner
    care = Care.objects.get(garment=hat)
    assert (care.borrower, care.whom, care.ended_on) == (None, "", None)


def test_the_page_asks_the_database_for_no_more_with_many_pieces(
    shelf: Shelf,
    alice: User,
    bob: User,
    as_bob: Client,
    django_assert_max_num_queries: Any,
) -> None:
    let(shelf, bob, "wear", is_used=True)
    shelves.put_on_shelf(shelf, [make_garment(alice, name=f"Shirt {n}") for n in range(60)])
    with django_assert_max_num_queries(22):
        page = as_bob.get(HOME)
    assert len(page.content) < 60_000


# Taking it back


def undo_of(page: str) -> str:
    found = re.search(r'data-undo.*?action="([^"]+)"', page, re.DOTALL)
    return found[1].replace("&amp;", "&") if found else ""


def test_what_bob_took_without_asking_he_never_took(
    as_bob: Client, alice: User, bob: User, shelf: Shelf, coat: Garment
) -> None:
    let(shelf, bob, shelves.WEAR)
    Member.objects.filter(user=alice).update(asks_first=False)
    page = as_bob.post(f"{HOME}pieces/{coat.pk}/ask/", follow=True).text
    assert Care.objects.get().borrower == bob
    as_bob.post(undo_of(page))
    assert not Care.objects.exists()
    assert "in the wash or in repair" in as_bob.post(undo_of(page), follow=True).text


def test_what_is_given_back_is_not_taken_again_where_it_went_elsewhere(
    as_bob: Client, as_alice: Client, bob: User, shelf: Shelf, coat: Garment
) -> None:
    let(shelf, bob, shelves.WEAR)
    loans.lend(coat, to=Member.objects.get(user=bob))
    page = as_bob.post(f"{HOME}pieces/{coat.pk}/give-back/", follow=True).text
    as_alice.post(f"/wardrobe/{coat.pk}/wash/")
    assert "in the wash or in repair" in as_bob.post(undo_of(page), follow=True).text
    assert not Care.objects.away().exists()


def test_what_is_not_shared_any_more_is_not_taken_again(
    as_bob: Client, bob: User, shelf: Shelf, coat: Garment
) -> None:
    let(shelf, bob, shelves.WEAR)
    loans.lend(coat, to=Member.objects.get(user=bob))
    page = as_bob.post(f"{HOME}pieces/{coat.pk}/give-back/", follow=True).text
    let(shelf, bob, shelves.LOOK)
    as_bob.post(undo_of(page))
    assert not Care.objects.away().exists()


def test_a_withdrawn_wish_comes_back_only_for_who_may_wear_it(
    as_bob: Client, bob: User, shelf: Shelf, coat: Garment
) -> None:
    let(shelf, bob, shelves.WEAR)
    wish = LoanRequest.objects.create(garment=coat, member=Member.objects.get(user=bob))
    page = as_bob.post(f"{HOME}requests/{wish.pk}/drop/", follow=True).text
    as_bob.post(undo_of(page))
    assert LoanRequest.objects.get().garment == coat
    page = as_bob.post(f"{HOME}requests/{LoanRequest.objects.get().pk}/drop/", follow=True).text
    let(shelf, bob, shelves.LOOK)
    told = as_bob.post(undo_of(page), follow=True).text
    assert "could not be taken back" in told and "As it was before." not in told
    assert not LoanRequest.objects.exists()


def test_a_wish_for_what_somebody_had_who_is_gone_is_not_found(
    as_bob: Client, alice: User, bob: User, shelf: Shelf, coat: Garment
) -> None:
    let(shelf, bob, shelves.WEAR)
    wish = LoanRequest.objects.create(garment=coat, member=Member.objects.get(user=bob))
    page = as_bob.post(f"{HOME}requests/{wish.pk}/drop/", follow=True).text
    alice.delete()
    assert as_bob.post(undo_of(page)).status_code == 404


def test_sharing_less_and_back_leaves_the_housemates_own_word(
    as_alice: Client, bob: User, shelf: Shelf, coat: Garment
) -> None:
    let(shelf, bob, shelves.WEAR, is_used=True)
    member = Member.objects.get(user=bob)
    LoanRequest.objects.create(garment=coat, member=member)
    address = f"{HOME}shelves/{shelf.pk}/share/"
    page = as_alice.post(address, {f"member-{member.pk}": "look"}, follow=True).text
    assert not ShelfShare.objects.get().may_wear and not LoanRequest.objects.exists()
    as_alice.post(undo_of(page))
    assert ShelfShare.objects.get().is_used and LoanRequest.objects.get().member == member


def test_an_undo_of_sharing_leaves_who_chose_otherwise_since(
    as_alice: Client, bob: User, shelf: Shelf
) -> None:
    let(shelf, bob, shelves.WEAR, is_used=True)
    member = Member.objects.get(user=bob)
    address = f"{HOME}shelves/{shelf.pk}/share/"
    page = as_alice.post(address, {f"member-{member.pk}": "wear"}, follow=True).text
    shelves.use_shelf(ShelfShare.objects.get(), is_used=False)
    as_alice.post(undo_of(page))
    assert not ShelfShare.objects.get().is_used
