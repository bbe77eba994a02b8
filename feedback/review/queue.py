"""Whose turn it is: items are leased to one reviewer at a time, decided, and taken back."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, When
from django.utils import timezone

from accounts.models import User
from feedback.models import Correction, ReviewDecision, ReviewItem
from feedback.services.reviews import review_corrections
from wardrobe.models.garments import LIKELY_BELOW

LEASE = timedelta(minutes=5)
HELD = 2
"""The one that is shown and the next one, whose picture is loaded meanwhile."""
SETTLES = {
    ReviewDecision.Verdict.MODEL: Correction.Review.DISMISSED,
    ReviewDecision.Verdict.WEARER: Correction.Review.ACCEPTED,
    ReviewDecision.Verdict.OTHER: Correction.Review.NEITHER,
}
"""What becomes of a correction; of one that nobody can tell, nothing."""


class LeaseOverError(Exception):
    """Somebody else holds the item, or its wearer has taken their consent back."""


@transaction.atomic
def lease_items(reviewer: User, *, reason: str = "", first: int = 0) -> list[ReviewItem]:
    """The items that this reviewer is to decide next, theirs alone until the lease is over.

    Rows that another reviewer is just taking are skipped, not waited for. `first` is the key of one that is to
    come before others.
    """
    waiting = ReviewItem.objects.waiting_for(reviewer)
    if reason:
        waiting = waiting.filter(reason=reason)
    waiting = waiting.order_by(
        Case(When(pk=first, then=0), default=1), *(ReviewItem._meta.ordering or ())
    )
    items = list(waiting.select_for_update(of=("self",), skip_locked=True)[:HELD])
    now = timezone.now()
    for item in items:
        if item.leased_by_id != reviewer.pk:
            item.shown_at = None
        item.leased_by, item.leased_until = reviewer, now + LEASE
    if items:
        items[0].shown_at = now
    ReviewItem.objects.bulk_update(items, ["leased_by", "leased_until", "shown_at"])
    return items


@transaction.atomic
def decide(
    *, item: ReviewItem, reviewer: User, verdict: ReviewDecision.Verdict, value: Any = None
) -> ReviewDecision:
    """Keep what a reviewer says. The item is decided once as many as it asks for have said something.

    `value` counts for OTHER alone. Raises LeaseOverError.
    """
    row = ReviewItem.objects.waiting().select_for_update(of=("self",)).filter(pk=item.pk).first()
    if row is None or row.leased_by_id != reviewer.pk:
        raise LeaseOverError
    took = timezone.now() - (row.shown_at or timezone.now())
    decision = ReviewDecision.objects.create(
        item=row,
        reviewer=reviewer,
        verdict=verdict,
        value=find_value(row, verdict, value),
        took_ms=max(0, round(took.total_seconds() * 1000)),
    )
    contradicts = verdict not in {ReviewDecision.Verdict.MODEL, ReviewDecision.Verdict.UNSURE}
    if contradicts and (row.confidence or 0) >= LIKELY_BELOW:
        row.opinions = 2
    standing = list(row.decisions.standing())
    row.leased_by = row.leased_until = row.shown_at = None
    if len(standing) >= row.opinions:
        row.decided_at = timezone.now()
        settle(row, standing)
    row.save()
    return decision


def find_value(item: ReviewItem, verdict: ReviewDecision.Verdict, other: Any) -> Any:
    """What the attribute is by a verdict; None where nobody can tell."""
    if verdict == ReviewDecision.Verdict.MODEL:
        return item.model_value
    if verdict == ReviewDecision.Verdict.WEARER and item.correction:
        return item.correction.user_value
    return other if verdict == ReviewDecision.Verdict.OTHER else None


def settle(item: ReviewItem, decisions: list[ReviewDecision]) -> None:
    """Settle the correction that was asked about, if all say the same of it."""
    verdicts = {ReviewDecision.Verdict(decision.verdict) for decision in decisions}
    if item.correction and len(verdicts) == 1 and (review := SETTLES.get(verdicts.pop())):
        review_corrections(corrections=[item.correction], review=review)


@transaction.atomic
def undo_last(reviewer: User) -> ReviewItem | None:
    """Take back a reviewer's newest decision; the item is theirs again. None where there is none."""
    last = ReviewDecision.objects.standing().filter(reviewer=reviewer).first()
    if last is None:
        return None
    item = ReviewItem.objects.select_for_update(of=("self",)).get(pk=last.item_id)
    ReviewDecision.objects.create(
        item=item, reviewer=reviewer, verdict=last.verdict, took_ms=0, undoes=last
    )
    if item.decided_at and item.correction:
        review_corrections(corrections=[item.correction], review=Correction.Review.PENDING)
    item.decided_at, item.leased_by = None, reviewer
    item.leased_until = timezone.now() + LEASE
    item.save()
    return item
