"""What wearers wore in the place of an outfit."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from feedback.models import Rating, WornInstead
from feedback.selectors import list_swaps
from feedback.services.ratings import (
    NothingInsteadError,
    forget_worn_instead,
    rate_outfit,
    wear_instead,
)
from styling.models import Suggestion
from tests.factories import make_garment, make_user
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
ACCEPTED = Rating.Verdict.ACCEPTED


@pytest.fixture
def other(garments: list[Garment]) -> Garment:
    return make_garment(garments[0].owner, name="The other shirt")


def count_wears(*garments: Garment) -> list[int]:
    for garment in garments:
        garment.refresh_from_db()
    return [garment.wear_count for garment in garments]


def test_what_was_worn_counts_and_the_outfit_is_rejected(
    outfit: Suggestion, garments: list[Garment], other: Garment
) -> None:
    for _ in range(2):
        wear_instead(suggestion=outfit, garments=[other, garments[1]])
    outfit.refresh_from_db()
    assert {*outfit.worn_instead.garments.all()} == {other, garments[1]}
    assert (outfit.verdict, Rating.objects.get().verdict) == ("rejected", "rejected")
    assert count_wears(garments[0], garments[1], other) == [0, 1, 1]
    assert other.last_worn_on == outfit.event.date


def test_what_was_said_first_is_taken_back(
    outfit: Suggestion, garments: list[Garment], other: Garment
) -> None:
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    wear_instead(suggestion=outfit, garments=[other, garments[1]])
    assert count_wears(garments[0], garments[1], other) == [0, 1, 1]
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    assert count_wears(garments[0], garments[1], other) == [1, 1, 0]
    assert not WornInstead.objects.exists()


def test_it_can_be_forgotten(outfit: Suggestion, garments: list[Garment], other: Garment) -> None:
    wear_instead(suggestion=outfit, garments=[other])
    forget_worn_instead(outfit)
    assert count_wears(other) == [0]
    assert not WornInstead.objects.exists()


def test_reasons_that_were_given_stay(outfit: Suggestion, other: Garment) -> None:
    rate_outfit(suggestion=outfit, verdict=Rating.Verdict.REJECTED, reasons=["too_cold"])
    wear_instead(suggestion=outfit, garments=[other])
    assert Rating.objects.get().reasons == ["too_cold"]


def test_neither_nothing_nor_the_same_nor_anothers_was_worn_instead(
    outfit: Suggestion, garments: list[Garment]
) -> None:
    charlies = make_garment(make_user("charlie@example.org"))
    for chosen in ([], garments, [garments[0], charlies]):
        with pytest.raises(NothingInsteadError):
            wear_instead(suggestion=outfit, garments=chosen)
    assert not WornInstead.objects.exists()
    assert not Rating.objects.exists()


def address(outfit: Suggestion) -> str:
    return reverse("feedback:wear-instead", args=[outfit.pk])


def test_one_tap_swaps_a_piece_and_a_second_one_changes_nothing(
    page: Client, outfit: Suggestion, garments: list[Garment], other: Garment
) -> None:
    assert "Wore this: The other shirt" in page.get(address(outfit)).text
    for _ in range(2):
        page.post(address(outfit), {"old": garments[0].pk, "new": other.pk})
        assert {*WornInstead.objects.get().garments.all()} == {other, garments[1]}
        assert count_wears(other) == [1]
    assert (
        "You wore something else"
        in page.get(reverse("styling:outfit-detail", args=[outfit.pk])).text
    )


def test_a_piece_is_left_out_and_another_worn_besides(
    page: Client, outfit: Suggestion, garments: list[Garment]
) -> None:
    shoes = make_garment(outfit.owner, slot="shoes", type="sneakers")
    page.post(address(outfit), {"old": garments[0].pk})
    said = page.post(address(outfit), {"new": shoes.pk}, follow=True).text
    assert {*WornInstead.objects.get().garments.all()} == {garments[1], shoes}
    undo = re.findall(r'data-undo.*?action="([^"]+)"', said, re.DOTALL)[-1]
    assert page.post(undo).url == address(outfit)
    assert {*WornInstead.objects.get().garments.all()} == {garments[1]}, "the tap before stands"


def test_undoing_makes_it_worn_again(
    page: Client, outfit: Suggestion, garments: list[Garment], other: Garment
) -> None:
    page.post(reverse("feedback:rate-outfit", args=[outfit.pk]), {"verdict": "accepted"})
    said = page.post(address(outfit), {"old": garments[0].pk, "new": other.pk}, follow=True).text
    page.post(re.findall(r'data-undo.*?action="([^"]+)"', said, re.DOTALL)[-1])
    outfit.refresh_from_db()
    assert outfit.verdict == "accepted" and not WornInstead.objects.exists()
    assert count_wears(garments[0]) == [1] and count_wears(other) == [0]


def test_swapping_back_leaves_nothing_worn_instead(
    page: Client, outfit: Suggestion, garments: list[Garment], other: Garment
) -> None:
    page.post(address(outfit), {"old": garments[0].pk, "new": other.pk})
    page.post(address(outfit), {"old": other.pk, "new": garments[0].pk})
    assert not WornInstead.objects.exists()


def test_only_the_latest_worn_are_offered_until_all_are_asked_for(
    outfit: Suggestion, other: Garment
) -> None:
    for _ in range(13):
        make_garment(outfit.owner)
    swap = list_swaps(outfit)[0]
    assert (len(swap.others), swap.more) == (12, 2)
    assert list_swaps(outfit, all_of="top")[0].more == 0


def test_all_of_a_slot_come_a_page_at_a_time(page: Client, outfit: Suggestion) -> None:
    for number in range(30):
        make_garment(outfit.owner, name=f"Shirt {number}")
    first = page.get(f"{address(outfit)}?all=top")
    last = page.get(f"{address(outfit)}?all=top&page=2")
    assert (first.text.count("Wore this: Shirt"), last.text.count("Wore this: Shirt")) == (24, 6)
    assert 'href="?all=top&amp;page=2#swap-' in first.text
    assert len(page.get(f"{address(outfit)}?all=top&page=x").content) < 60_000


def test_charlie_neither_sees_nor_says_what_alice_wore(
    client: Client, outfit: Suggestion, other: Garment
) -> None:
    client.force_login(make_user("charlie@example.org"))
    assert client.get(address(outfit)).status_code == 404
    assert client.post(address(outfit), {"new": other.pk}).status_code == 404
    assert not WornInstead.objects.exists()


def test_a_piece_of_somebody_elses_is_refused(page: Client, outfit: Suggestion) -> None:
    charlies = make_garment(make_user("charlie@example.org"))
    answer = page.post(address(outfit), {"new": charlies.pk}, follow=True)
    assert "could not be understood" in answer.text
    assert not WornInstead.objects.exists()


def test_an_answer_without_pieces_has_nothing_to_swap(
    page: Client, outfit: Suggestion, garments: list[Garment]
) -> None:
    outfit.pieces.all().delete()
    answer = page.get(address(outfit), follow=True)
    assert "There is no outfit here yet" in answer.text


def test_the_calendar_says_what_was_worn_instead(
    client: Client, outfit: Suggestion, other: Garment
) -> None:
    client.force_login(outfit.owner)
    wear_instead(suggestion=outfit, garments=[other])
    day = client.get(reverse("styling:day", args=[outfit.event.date])).content.decode()
    assert "You wore something else." in day and str(other) in day
    assert "Asked, and left" not in day
    week = client.get(reverse("styling:history"), {"day": outfit.event.date}).content.decode()
    assert "You wore something else." in week
    assert "Only asked" not in week and "Nothing planned." not in week
