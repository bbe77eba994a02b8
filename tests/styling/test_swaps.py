"""Another piece in the place of one: what fits, taking it back, keeping, leaving out."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from styling.models import LeftOut, Suggestion
from styling.services import requests, swaps
from styling.services.contexts import build_context
from styling.services.swaps import NoSwapError
from styling.stylist.search import suggest_outfits
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def rivals(alice: User) -> dict[str, Garment]:
    """What could be worn instead: fine, fine, in the wash, and much too hot for the feet."""
    return {
        "oxford": make_garment(alice, name="Blue oxford", is_favourite=True),
        "tee": make_garment(alice, name="White tee", type="t-shirt"),
        "washing": make_garment(alice, name="Red shirt", in_wash=True),
        "sneakers": make_garment(alice, name="White sneakers", slot="shoes", type="sneakers"),
    }


@pytest.fixture
def outfit(alice: User, clothes: list[Garment], rivals: dict[str, Garment]) -> Suggestion:
    return finish(
        ask_for_outfit(alice),
        clothes,
        checked={"held_back": 1, "judged": {}, "faults": [], "withheld": 0},
    )


def worn(suggestion: Suggestion) -> list[str]:
    return [piece.garment.name for piece in suggestion.pieces.select_related("garment")]


def names_of(suggestion: Suggestion, garment: Garment) -> list[str]:
    return [one.garment.name for one in swaps.list_alternatives(suggestion, garment.pk)]


def test_alternatives_are_clean_of_the_same_place_and_not_worn(
    outfit: Suggestion, clothes: list[Garment]
) -> None:
    assert set(names_of(outfit, clothes[0])) == {"Blue oxford", "White tee"}
    assert names_of(outfit, clothes[2]) == ["White sneakers"]
    assert names_of(outfit, clothes[1]) == []
    assert all(one.change for one in swaps.list_alternatives(outfit, clothes[0].pk))


def test_a_swap_that_breaks_a_hard_rule_is_not_offered(alice: User, clothes: list[Garment]) -> None:
    """In the heat a parka is shown to nobody, whatever it would take the place of."""
    from styling.services.requests import StatedWeather

    jacket = make_garment(alice, name="Linen jacket", slot="outerwear", type="jacket", layering="outer", warmth="light")  # fmt: skip
    parka = make_garment(alice, name="Parka", slot="outerwear", type="parka", layering="outer", warmth="heavy")  # fmt: skip
    hot = finish(ask_for_outfit(alice, stated=StatedWeather("hot", "dry")), [*clothes, jacket])
    assert "Parka" not in names_of(hot, jacket)
    with pytest.raises(NoSwapError):
        swaps.swap_piece(hot, old=jacket.pk, new=parka.pk)


def test_a_swap_says_the_outfit_anew_and_can_be_undone(
    outfit: Suggestion, clothes: list[Garment], rivals: dict[str, Garment]
) -> None:
    before = (outfit.prose, outfit.reasons, outfit.checked)
    swaps.swap_piece(outfit, old=clothes[0].pk, new=rivals["oxford"].pk)
    outfit.refresh_from_db()
    assert worn(outfit) == ["Blue oxford", "Grey trousers", "Brown boots"]
    assert "oxford" in outfit.prose and "Navy shirt" not in outfit.prose
    assert outfit.checked["judged"]["worth"] and outfit.checked["held_back"] == 1
    assert swaps.undo_swap(outfit)
    outfit.refresh_from_db()
    assert worn(outfit) == [garment.name for garment in clothes]
    assert (outfit.prose, outfit.reasons, outfit.checked) == before
    assert not swaps.undo_swap(outfit)


def test_two_swaps_are_undone_one_by_one(
    outfit: Suggestion, clothes: list[Garment], rivals: dict[str, Garment]
) -> None:
    swaps.swap_piece(outfit, old=clothes[0].pk, new=rivals["oxford"].pk)
    swaps.swap_piece(outfit, old=clothes[2].pk, new=rivals["sneakers"].pk)
    swaps.undo_swap(outfit)
    assert worn(outfit) == ["Blue oxford", "Grey trousers", "Brown boots"]
    swaps.undo_swap(outfit)
    assert worn(outfit) == [garment.name for garment in clothes]


def test_what_is_said_of_an_outfit_holds_of_that_one(
    outfit: Suggestion, clothes: list[Garment], rivals: dict[str, Garment]
) -> None:
    Suggestion.objects.filter(pk=outfit.pk).update(verdict="accepted")
    with pytest.raises(NoSwapError):
        swaps.swap_piece(outfit, old=clothes[0].pk, new=rivals["oxford"].pk)


def test_nobody_elses_piece_and_nothing_washed_comes_in(
    outfit: Suggestion, clothes: list[Garment], rivals: dict[str, Garment], charlie: User
) -> None:
    for new in (make_garment(charlie).pk, rivals["washing"].pk, clothes[1].pk, uuid4()):
        with pytest.raises(NoSwapError):
            swaps.swap_piece(outfit, old=clothes[0].pk, new=new)


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice, backend=BACKEND)
    return client


def test_the_sheet_swaps_and_undoes(
    as_alice: Client, outfit: Suggestion, clothes: list[Garment], rivals: dict[str, Garment]
) -> None:
    args = [outfit.pk, clothes[0].pk]
    for headers in ({}, {"HX-Request": "true"}):
        sheet = as_alice.get(reverse("styling:outfit-piece", args=args), headers=headers)
        assert "Blue oxford" in sheet.content.decode()
        assert ("<html" in sheet.content.decode()) is not headers.get("HX-Request")
    page = as_alice.post(reverse("styling:outfit-swap", args=args), {"new": "any"}, follow=True)
    content = page.content.decode()
    undo = reverse("styling:outfit-unswap", args=[outfit.pk])
    assert worn(outfit)[0] != "Navy shirt" and f'action="{undo}"' in content
    assert "As you swapped it" in content
    as_alice.post(undo)
    assert worn(outfit)[0] == "Navy shirt"


@pytest.mark.parametrize("new", ["", "nonsense", "any"])
def test_a_swap_that_is_not_to_be_had_changes_nothing(
    as_alice: Client, outfit: Suggestion, clothes: list[Garment], new: str
) -> None:
    address = reverse("styling:outfit-swap", args=[outfit.pk, clothes[1].pk])
    page = as_alice.post(address, {"new": new}, follow=True)
    assert "does not fit there any more" in page.content.decode()
    assert worn(outfit) == [garment.name for garment in clothes]


def test_a_piece_that_is_kept_is_in_the_next_answer_and_the_one_after(
    as_alice: Client, outfit: Suggestion, rivals: dict[str, Garment]
) -> None:
    previous = outfit
    for keep in ({"keep": str(rivals["tee"].pk)}, {}):
        asked = {"request_key": str(uuid4()), **keep}
        page = as_alice.post(reverse("styling:outfit-another", args=[previous.pk]), asked)
        previous = Suggestion.objects.get(pk=page.url.split("/")[2])
        assert previous.kept == [rivals["tee"].pk]
        garments = Garment.objects.in_bulk(previous.candidates)
        context = build_context(previous, list(garments.values()))
        (best, *_) = suggest_outfits(context)
        assert str(rivals["tee"].pk) in {piece.id for piece in best.pieces}
        finish(previous, [garments[uuid_] for uuid_ in garments if str(uuid_) in best.main])


def test_several_are_kept_and_several_left_out(
    alice: User, clothes: list[Garment], rivals: dict[str, Garment]
) -> None:
    asked = ask_for_outfit(
        alice, keep=[rivals["tee"].pk, rivals["sneakers"].pk], without=[clothes[0].pk]
    )
    garments = list(Garment.objects.filter(pk__in=asked.candidates))
    assert clothes[0] not in garments
    (best, *_) = suggest_outfits(build_context(asked, garments))
    names = {piece.name for piece in best.pieces}
    assert {"White tee", "White sneakers"} <= names


def test_what_is_left_out_of_an_occasion_is_not_offered_for_it_until_undone(
    as_alice: Client, alice: User, outfit: Suggestion, clothes: list[Garment]
) -> None:
    address = reverse("styling:outfit-leave-out", args=[outfit.pk, clothes[2].pk])
    page = as_alice.post(address, follow=True)
    one = LeftOut.objects.get(garment=clothes[2], kind="casual")
    undo = reverse("styling:left-out-undo", args=[one.pk])
    assert f'action="{undo}"' in page.content.decode()
    as_alice.post(address)
    assert LeftOut.objects.count() == 1
    assert clothes[2].pk not in ask_for_outfit(alice).candidates
    assert clothes[2].name in as_alice.get(reverse("styling:profile")).content.decode()
    as_alice.post(undo)
    assert clothes[2].pk in ask_for_outfit(alice).candidates


def test_a_piece_that_is_asked_for_is_offered_though_it_was_left_out(
    alice: User, clothes: list[Garment]
) -> None:
    LeftOut.objects.create(owner=alice, garment=clothes[2], kind="casual")
    assert clothes[2].pk in ask_for_outfit(alice, start_from=clothes[2]).candidates
    assert clothes[2].pk in ask_for_outfit(alice, keep=[clothes[2].pk]).candidates


def test_charlie_can_do_nothing_with_alices_pieces(
    outfit: Suggestion, clothes: list[Garment], charlie: User, client: Client
) -> None:
    client.force_login(charlie, backend=BACKEND)
    one = LeftOut.objects.create(owner=outfit.owner, garment=clothes[0], kind="casual")
    piece: list[Any] = [outfit.pk, clothes[0].pk]
    told = [
        client.get(reverse("styling:outfit-piece", args=piece)).status_code,
        client.post(reverse("styling:outfit-swap", args=piece), {"new": "any"}).status_code,
        client.post(reverse("styling:outfit-leave-out", args=piece)).status_code,
        client.post(reverse("styling:outfit-unswap", args=[outfit.pk])).status_code,
        client.post(reverse("styling:left-out-undo", args=[one.pk])).status_code,
    ]
    assert told == [404] * 5
    assert LeftOut.objects.exists()
    assert requests.find_request(charlie, outfit.request_key) is None


def test_all_that_is_left_out_is_reached(client: Client, alice: User) -> None:
    client.force_login(alice, backend=BACKEND)
    pieces = [make_garment(alice, name=f"Piece {n:02}") for n in range(30)]
    LeftOut.objects.bulk_create(LeftOut(owner=alice, garment=one, kind="casual") for one in pieces)
    profile = reverse("styling:profile")
    assert 'href="?left-out=2#left-out"' in client.get(profile).text
    pages = [client.get(profile, {"left-out": at}).text for at in (1, 2, 3)]
    for one in pieces:
        assert sum(f"<bdi>{one.name}</bdi>" in text for text in pages) == 1
