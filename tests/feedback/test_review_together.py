"""Items that are decided together: which they are, who holds them, and that an undo takes all of them back."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from feedback.models import Correction, ReviewDecision, ReviewItem
from feedback.review.alike import lease_alike
from feedback.review.confusions import list_waiting
from feedback.review.filling import fill_queue
from feedback.review.queue import LeaseOverError, decide, decide_together, lease_items, undo_last
from feedback.services.consents import give_consent, withdraw_consent
from tests.factories import make_photo, make_user
from tests.feedback.reviewing import ask, make_corrected, make_reviewer, make_seen
from wardrobe.services.garments import edit_garment

pytestmark = pytest.mark.django_db

Verdict = ReviewDecision.Verdict
PAGE = "/admin/feedback/review/"
NEAR, FAR = "00000000000003ff", "000000000000ffff"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def reviewer() -> User:
    return make_reviewer()


@pytest.fixture
def confused(alice: User) -> list[ReviewItem]:
    """Four shirts that are blouses, two of nearly the same photo, and a shirt that is a dress."""
    for to in ("blouse", "blouse", "blouse", "blouse", "dress"):
        make_corrected(alice, to, confidence={"type": 0.7})
    fill_queue()
    ReviewItem.objects.update(opinions=1)
    items = list(ReviewItem.objects.order_by("pk"))
    for item, hashed in zip(items, ("0" * 16, FAR, NEAR, "", NEAR), strict=True):
        photo = item.garment.photo  # type: ignore[union-attr]
        type(photo).objects.filter(pk=photo.pk).update(perceptual_hash=hashed)  # type: ignore[union-attr]
    return list(ReviewItem.objects.order_by("pk"))


def take_all(reviewer: User) -> list[ReviewItem]:
    first = lease_items(reviewer)[0]
    return [first, *(one.item for one in lease_alike(reviewer, first))]


def test_what_is_alike_is_the_same_confusion_with_nearly_the_same_photos_first(
    confused: list[ReviewItem], reviewer: User
) -> None:
    first = lease_items(reviewer)[0]
    alike = lease_alike(reviewer, first)
    assert first == confused[0]
    assert [one.item for one in alike] == [confused[2], confused[1], confused[3]]
    assert [one.is_near for one in alike] == [True, False, False]


def test_nobody_else_gets_what_is_shown_together(
    confused: list[ReviewItem], reviewer: User
) -> None:
    take_all(reviewer)
    assert lease_items(make_reviewer()) == [confused[4]]


def test_each_gets_its_decision_and_each_correction_is_settled(
    confused: list[ReviewItem], reviewer: User
) -> None:
    decide_together(items=take_all(reviewer), reviewer=reviewer, verdict=Verdict.WEARER)
    decisions = ReviewDecision.objects.all()
    assert {decision.item for decision in decisions} == {*confused[:4]}
    assert {decision.value for decision in decisions} == {"blouse"}
    assert len({decision.batch for decision in decisions}) == 1
    assert Correction.objects.filter(review="accepted").count() == 4
    assert lease_items(reviewer) == [confused[4]]


def test_undo_takes_the_whole_batch_back_and_keeps_every_row(
    confused: list[ReviewItem], reviewer: User
) -> None:
    decide_together(items=take_all(reviewer), reviewer=reviewer, verdict=Verdict.WEARER)
    assert undo_last(reviewer) == confused[0]
    assert not ReviewDecision.objects.standing().exists()
    assert ReviewDecision.objects.count() == 8
    assert Correction.objects.filter(review="pending").count() == 5
    assert ReviewItem.objects.filter(leased_by=reviewer, decided_at=None).count() >= 4
    assert undo_last(reviewer) is None


def test_another_confusion_is_left_out_and_so_is_what_went_back(
    confused: list[ReviewItem], reviewer: User
) -> None:
    items = take_all(reviewer)
    ReviewItem.objects.filter(pk=confused[4].pk).update(leased_by=reviewer)
    ReviewItem.objects.filter(pk=confused[1].pk).update(leased_by=make_reviewer())
    decide_together(items=[*items, confused[4]], reviewer=reviewer, verdict=Verdict.WEARER)
    said = {decision.item for decision in ReviewDecision.objects.all()}
    assert said == {confused[0], confused[2], confused[3]}


def test_nothing_is_decided_once_the_first_went_back(
    confused: list[ReviewItem], reviewer: User
) -> None:
    items = take_all(reviewer)
    ReviewItem.objects.filter(pk=items[0].pk).update(leased_by=None)
    with pytest.raises(LeaseOverError):
        decide_together(items=items, reviewer=reviewer, verdict=Verdict.WEARER)
    assert not ReviewDecision.objects.exists()


def test_items_that_nobody_corrected_are_not_mixed_with_corrections(
    confused: list[ReviewItem], alice: User, reviewer: User
) -> None:
    one, other = ask(make_seen(alice)), ask(make_seen(alice))
    assert lease_items(reviewer, first=one.pk)[0] == one
    assert [alike.item for alike in lease_alike(reviewer, one)] == [other]


def test_without_consent_none_is_shown_beside_another(alice: User, reviewer: User) -> None:
    bob = make_user("bob@example.org")
    give_consent(bob)
    item = ask(make_seen(alice))
    ask(make_seen(bob))
    withdraw_consent(bob)
    assert lease_alike(reviewer, item) == []


def test_the_page_shows_them_on_demand_and_decides_what_is_ticked(
    client: Client, confused: list[ReviewItem], reviewer: User
) -> None:
    client.force_login(reviewer)
    page = client.get(PAGE)
    assert page.context["waiting_alike"] == 3
    assert ReviewItem.objects.filter(leased_by=reviewer).count() == 2
    page = client.get(f"{PAGE}?item={confused[0].pk}&more")
    assert [one.item for one in page.context["alike"]] == [confused[2], confused[1], confused[3]]
    answer = client.post(
        f"{PAGE}{confused[0].pk}/",
        {"verdict": "wearer", "also": [confused[2].pk, confused[3].pk]},
        follow=True,
    )
    assert "3 decided together." in answer.text
    assert ReviewDecision.objects.count() == 3
    assert "before that" not in answer.text


def test_confusions_that_wait_are_listed_with_what_reviewers_said_of_them_before(
    client: Client, alice: User, reviewer: User
) -> None:
    """The commonest first, of two and more, each with a way to all of it; colours by the main one."""
    bob = make_user()
    give_consent(bob)
    for owner in (alice, alice, bob):
        make_corrected(owner, confidence={"type": 0.7})
    make_corrected(alice, "dress", confidence={"type": 0.7})
    for _ in range(2):
        red = [{"name": "red", "hex": "#b02020", "share": 0.7}]
        edit_garment(make_seen(alice), changes={"colours": red})
    fill_queue()
    ReviewItem.objects.update(opinions=1)
    (item, _) = lease_items(reviewer)
    decide(item=item, reviewer=reviewer, verdict=Verdict.MODEL)
    blouses, reds = list_waiting(reviewer)
    assert (blouses.field, blouses.said, blouses.right) == ("type", "shirt", "blouse")
    assert (blouses.waiting, blouses.wearers, blouses.for_wearer, blouses.decided) == (2, 2, 0, 1)
    assert (reds.field, reds.right, reds.waiting, reds.decided) == ("colours", "red", 2, 0)
    client.force_login(reviewer)
    page = client.get(PAGE)
    assert f'href="?item={blouses.first}&amp;more"' in page.text
    assert "0 of 1 decided" in page.text
    assert page.context["today"] == {
        "all": 1, "own": 1, "people": 1, "model": 1, "wearer": 0, "other": 0, "unsure": 0,
    }  # fmt: skip
    shown = client.get(PAGE, {"item": blouses.first, "more": ""})
    assert len(shown.context["alike"]) == 1


def test_the_page_says_how_many_went_back_meanwhile(
    client: Client, confused: list[ReviewItem], reviewer: User
) -> None:
    client.force_login(reviewer)
    client.get(f"{PAGE}?item={confused[0].pk}&more")
    ReviewItem.objects.filter(pk=confused[3].pk).update(leased_by=make_reviewer())
    data = {"verdict": "wearer", "also": [confused[2].pk, confused[3].pk]}
    answer = client.post(f"{PAGE}{confused[0].pk}/", data, follow=True)
    assert "2 decided together." in answer.text
    assert "1 went back to the queue before that." in answer.text


def test_its_small_picture_is_for_who_holds_it(client: Client, alice: User, reviewer: User) -> None:
    photo = make_photo(alice, with_image=True)
    item = ask(make_seen(alice))
    item.garment.photo = photo  # type: ignore[union-attr]
    item.garment.save()  # type: ignore[union-attr]
    client.force_login(reviewer)
    small = f"{PAGE}{item.pk}/picture/?small"
    assert client.get(small).status_code == 404
    client.get(PAGE)
    assert client.get(small).headers["Content-Type"] == "image/webp"
