"""The review queue: who holds what, what a decision does, and that none is lost."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from feedback.models import Correction, ReviewDecision, ReviewItem
from feedback.review.agreement import find_kappa, list_agreements
from feedback.review.filling import fill_queue
from feedback.review.queue import (
    LeaseOverError,
    WordChangedError,
    decide,
    decide_together,
    lease_items,
    undo_last,
)
from feedback.services.consents import withdraw_consent
from feedback.services.reviews import settle_by_hand
from tests.feedback.reviewing import ask, make_corrected, make_reviewer, make_seen
from wardrobe.services.garments import edit_garment

pytestmark = pytest.mark.django_db

Verdict = ReviewDecision.Verdict
MODEL, WEARER, OTHER, UNSURE = Verdict.MODEL, Verdict.WEARER, Verdict.OTHER, Verdict.UNSURE


def take(reviewer: User) -> ReviewItem:
    return lease_items(reviewer)[0]


def say(reviewer: User, verdict: Verdict, value: str = "") -> ReviewDecision:
    """Of whatever comes next."""
    return decide(item=take(reviewer), reviewer=reviewer, verdict=verdict, value=value)


def test_nobody_gets_what_another_holds_until_the_lease_is_over(alice: User) -> None:
    for _ in range(3):
        ask(make_seen(alice))
    one, other = make_reviewer(), make_reviewer()
    held = lease_items(one)
    assert len(held) == 2
    assert [item.pk for item in lease_items(one)] == [item.pk for item in held]
    (rest,) = lease_items(other)
    assert rest not in held
    ReviewItem.objects.filter(leased_by=one).update(leased_until=timezone.now())
    assert held[0] in lease_items(other)
    with pytest.raises(LeaseOverError):
        decide(item=held[0], reviewer=one, verdict=MODEL)
    assert not ReviewDecision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_that_another_is_taking_are_skipped_not_waited_for(alice: User) -> None:
    first, second = ask(make_seen(alice)), ask(make_seen(alice))
    reviewer = make_reviewer()
    taken: list[ReviewItem] = []

    def lease() -> None:
        taken.extend(lease_items(reviewer))
        connection.close()

    with transaction.atomic():
        ReviewItem.objects.select_for_update().get(pk=first.pk)
        thread = threading.Thread(target=lease)
        thread.start()
        thread.join()
    assert taken == [second]


@pytest.mark.parametrize(
    ("verdict", "review", "value"),
    [
        (MODEL, "dismissed", "shirt"),
        (WEARER, "accepted", "blouse"),
        (OTHER, "neither", "dress"),
        (UNSURE, "pending", None),
    ],
)
def test_a_decision_settles_its_correction(
    alice: User, verdict: Verdict, review: str, value: Any
) -> None:
    make_corrected(alice, confidence={"type": 0.7})
    fill_queue()
    ReviewItem.objects.update(opinions=1)
    decision = say(make_reviewer(), verdict, "dress")
    assert (decision.item.field, decision.value) == ("type", value)
    assert Correction.objects.get().review == review
    assert ReviewItem.objects.get().decided_at


def test_what_was_decided_can_be_taken_back_and_both_are_kept(alice: User) -> None:
    make_corrected(alice, confidence={"type": 0.7})
    fill_queue()
    ReviewItem.objects.update(opinions=1)
    reviewer = make_reviewer()
    say(reviewer, WEARER)
    assert lease_items(reviewer) == []
    item = undo_last(reviewer)
    assert item == take(reviewer)
    assert Correction.objects.get().review == "pending"
    say(reviewer, MODEL)
    assert Correction.objects.get().review == "dismissed"
    assert ReviewDecision.objects.count() == 3
    assert [one.verdict for one in ReviewDecision.objects.standing()] == [MODEL]
    undo_last(reviewer)
    assert undo_last(reviewer) is None


@pytest.mark.parametrize(("to", "read"), [("dress", "blouse"), ("shirt", "blouse"), ("dress", "")])
def test_nothing_is_decided_of_a_word_that_nobody_read(alice: User, to: str, read: str) -> None:
    """Its wearer says something else, or takes the word back, while the item is open."""
    garment = make_corrected(alice, confidence={"type": 0.7})
    fill_queue()
    reviewer = make_reviewer()
    item = take(reviewer)
    edit_garment(garment, changes={"type": to})
    with pytest.raises(WordChangedError):
        decide_together(items=[item], reviewer=reviewer, verdict=WEARER, read=read)
    assert not ReviewDecision.objects.exists()


def test_a_wearer_who_said_nothing_is_not_found_right(alice: User) -> None:
    ask(make_seen(alice))
    with pytest.raises(WordChangedError):
        say(make_reviewer(), WEARER)


def test_what_is_settled_in_the_list_is_not_asked_and_what_is_put_back_is(alice: User) -> None:
    make_corrected(alice, confidence={"type": 0.7})
    fill_queue()
    ReviewItem.objects.update(opinions=1)
    one, other = make_reviewer(), make_reviewer()
    corrections = Correction.objects.all()
    (changed,) = settle_by_hand(corrections=corrections, review=Correction.Review.ACCEPTED)
    assert changed.pk and lease_items(one) == []
    settle_by_hand(corrections=corrections, review=Correction.Review.PENDING)
    say(one, WEARER)
    assert Correction.objects.get().review == "accepted"
    settle_by_hand(corrections=corrections, review=Correction.Review.PENDING)
    assert lease_items(one) == []
    say(other, MODEL)
    assert Correction.objects.get().review == "pending"
    assert settle_by_hand(corrections=corrections, review=Correction.Review.PENDING) == []


def test_decisions_cannot_be_changed(alice: User) -> None:
    ask(make_seen(alice))
    say(make_reviewer(), MODEL)
    for change in (
        lambda: ReviewDecision.objects.update(verdict="other"),
        lambda: ReviewDecision.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_second_opinion_is_asked_of_somebody_else(alice: User) -> None:
    make_corrected(alice, confidence={"type": 0.7})
    fill_queue()
    ReviewItem.objects.update(opinions=2)
    one, other = make_reviewer(), make_reviewer()
    say(one, WEARER)
    assert lease_items(one) == []
    assert Correction.objects.get().review == "pending"
    say(other, WEARER)
    assert Correction.objects.get().review == "accepted"


def test_reviewers_who_disagree_settle_nothing(alice: User) -> None:
    make_corrected(alice, confidence={"type": 0.7})
    fill_queue()
    ReviewItem.objects.update(opinions=2)
    say(make_reviewer(), WEARER)
    say(make_reviewer(), MODEL)
    assert Correction.objects.get().review == "pending"
    assert not ReviewItem.objects.waiting().exists()


@pytest.mark.parametrize(("verdict", "opinions"), [(OTHER, 2), (MODEL, 1), (UNSURE, 1)])
def test_whoever_contradicts_a_confident_model_is_checked(
    alice: User, verdict: Verdict, opinions: int
) -> None:
    ask(make_seen(alice, confidence={"type": 0.95}))
    say(make_reviewer(), verdict, "dress")
    assert ReviewItem.objects.get().opinions == opinions


def test_nothing_is_asked_once_consent_is_taken_back(alice: User) -> None:
    ask(make_seen(alice))
    reviewer = make_reviewer()
    item = take(reviewer)
    withdraw_consent(alice)
    with pytest.raises(LeaseOverError):
        decide(item=item, reviewer=reviewer, verdict=MODEL)
    assert lease_items(reviewer) == []


def test_an_account_can_be_deleted_and_the_decisions_stay(alice: User) -> None:
    ask(make_seen(alice))
    say(make_reviewer(), MODEL)
    alice.delete()
    assert ReviewDecision.objects.get().item.garment is None


def test_kappa_is_of_the_items_that_two_decided(alice: User) -> None:
    for second in (MODEL, OTHER):
        ask(make_seen(alice, confidence={"type": 0.7}), opinions=2)
        say(make_reviewer(), MODEL)
        say(make_reviewer(), second, "dress")
    (one,) = list_agreements()
    assert (one.field, one.items, one.kappa) == ("type", 2, 0.0)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        # Cohen's own arithmetic: 0.7 seen, 0.5 by chance.
        ([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15, 0.4),
        ([("a", "a")] * 3, None),
        ([], None),
    ],
)
def test_kappa_is_cohens(pairs: list[tuple[str, str]], kappa: float | None) -> None:
    assert find_kappa(pairs) == (None if kappa is None else pytest.approx(kappa))
