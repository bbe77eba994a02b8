"""What wearers wore in the place of an outfit."""

import pytest

from feedback.models import Rating, WornInstead
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
