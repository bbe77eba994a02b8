"""Whose turn it is: items are leased to one reviewer at a time, decided, and taken back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, When
from django.utils import timezone

from accounts.models import User
from feedback.models import Correction, ReviewDecision, ReviewItem
from feedback.services.reviews import review_corrections
from feedback.values import read_word
from telemetry.lines import log_move
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


class WordChangedError(Exception):
    """The wearer says something else than the reviewer read, or nothing any more."""


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


def decide(
    *, item: ReviewItem, reviewer: User, verdict: ReviewDecision.Verdict, value: Any = None
) -> ReviewDecision:
    """Keep what a reviewer says of one item. `value` counts for OTHER alone. Raises LeaseOverError."""
    (decision,) = decide_together(items=[item], reviewer=reviewer, verdict=verdict, value=value)
    return decision


@transaction.atomic
def decide_together(
    *,
    items: Sequence[ReviewItem],
    reviewer: User,
    verdict: ReviewDecision.Verdict,
    value: Any = None,
    read: str | None = None,
) -> list[ReviewDecision]:
    """Keep what a reviewer says of items with one confusion, a row for each.

    An item is decided once as many as it asks for have said something. Of those beside the first the ones that went
    back to the queue meanwhile, or are another confusion, are left out. `read` is the wearer's word as the reviewer
    read it, empty where there was none; None checks nothing. Raises LeaseOverError and WordChangedError for the first.
    """
    first, now = items[0], timezone.now()
    check_word(first, verdict, read)
    held = ReviewItem.objects.waiting().filter(leased_by=reviewer)
    like = held.like(first).filter(pk__in=[one.pk for one in items]).values_list("pk", flat=True)
    chosen = held.filter(pk__in=[first.pk, *like]).order_by("pk")
    rows = list(chosen.select_for_update(of=("self",)))
    rows.sort(key=lambda row: row.pk != first.pk)
    if not rows or rows[0].pk != first.pk:
        raise LeaseOverError
    took = (now - (rows[0].shown_at or now)).total_seconds() * 1000 / len(rows)
    batch = uuid4() if len(rows) > 1 else None
    decisions = [
        ReviewDecision(
            item=row,
            reviewer=reviewer,
            verdict=verdict,
            value=find_value(row, verdict, value),
            took_ms=max(0, round(took)),
            batch=batch,
        )
        for row in rows
    ]
    ReviewDecision.objects.bulk_create(decisions)
    for row in rows:
        close(row, verdict)
    keys = [row.pk for row in rows]
    log_move("decide_review", actor=reviewer, verdict=str(verdict), items=keys)
    return decisions


def check_word(item: ReviewItem, verdict: ReviewDecision.Verdict, read: str | None) -> None:
    """Locks the correction, so that it stays as it was read. Raises WordChangedError."""
    corrections = Correction.objects.select_for_update()
    said = corrections.filter(pk=item.correction_id).first() if item.correction_id else None
    word = read_word(said.user_value) if said else ""
    is_missing = said is None and verdict == ReviewDecision.Verdict.WEARER
    if is_missing or (read is not None and read != word):
        raise WordChangedError


def close(item: ReviewItem, verdict: ReviewDecision.Verdict) -> None:
    """Give a decided item back, to the next reviewer or to nobody."""
    contradicts = verdict not in {ReviewDecision.Verdict.MODEL, ReviewDecision.Verdict.UNSURE}
    if contradicts and (item.confidence or 0) >= LIKELY_BELOW:
        item.opinions = 2
    standing = list(item.decisions.standing())
    item.leased_by = item.leased_until = item.shown_at = None
    if len(standing) >= item.opinions:
        item.decided_at = timezone.now()
        settle(item, standing)
    item.save()


def find_value(item: ReviewItem, verdict: ReviewDecision.Verdict, other: Any) -> Any:
    """What the attribute is by a verdict; None where nobody can tell."""
    if verdict == ReviewDecision.Verdict.MODEL:
        return item.model_value
    if verdict == ReviewDecision.Verdict.WEARER and item.correction:
        return item.user_value
    return other if verdict == ReviewDecision.Verdict.OTHER else None


def settle(item: ReviewItem, decisions: list[ReviewDecision]) -> None:
    """Settle the correction that was asked about, if all say the same of it."""
    verdicts = {ReviewDecision.Verdict(decision.verdict) for decision in decisions}
    if item.correction and len(verdicts) == 1 and (review := SETTLES.get(verdicts.pop())):
        review_corrections(corrections=[item.correction], review=review)


@transaction.atomic
def undo_last(reviewer: User) -> ReviewItem | None:
    """Take back a reviewer's newest decision, with all that were made together with it; the items are theirs again.

    Answers with the first of them; None where there is nothing to take back.
    """
    standing = ReviewDecision.objects.standing().filter(reviewer=reviewer)
    last = standing.first()
    if last is None:
        return None
    made = standing.filter(batch=last.batch) if last.batch else standing.filter(pk=last.pk)
    decisions = list(made.order_by("pk"))
    keys = [decision.item_id for decision in decisions]
    rows = ReviewItem.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=keys)
    items = {row.pk: row for row in rows}
    ReviewDecision.objects.bulk_create(
        ReviewDecision(
            item=items[one.item_id], reviewer=reviewer, verdict=one.verdict, took_ms=0, undoes=one
        )
        for one in decisions
    )
    for item in items.values():
        reopen(item, reviewer)
    log_move("undo_review", actor=reviewer, items=keys)
    return items[keys[0]]


def reopen(item: ReviewItem, reviewer: User) -> None:
    """Lease an item again to whoever took their decision back."""
    if item.decided_at and item.correction:
        review_corrections(corrections=[item.correction], review=Correction.Review.PENDING)
    item.decided_at, item.leased_by = None, reviewer
    item.leased_until = timezone.now() + LEASE
    item.save()
