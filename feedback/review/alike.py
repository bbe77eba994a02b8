"""Items that one answer decides: the same confusion, those of nearly the same photo first."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from feedback.models import ReviewItem
from feedback.review.queue import LEASE
from registry.services.examples import NEAR_BITS

MOST = 24
"""So many are shown beside one, which is what a reviewer sees at a glance."""
COMPARED = 500
"""Of so many waiting ones the nearest are found."""


@dataclass(frozen=True)
class AlikeItem:
    item: ReviewItem
    is_near: bool


def count_alike(reviewer: User, item: ReviewItem) -> int:
    """How many more items this reviewer could decide together with one."""
    return ReviewItem.objects.waiting_for(reviewer).like(item).count()


@transaction.atomic
def lease_alike(reviewer: User, item: ReviewItem) -> list[AlikeItem]:
    """Up to MOST items with the confusion of one, this reviewer's alone as long as that one.

    Rows that another reviewer is just taking are skipped.
    """
    waiting = ReviewItem.objects.waiting_for(reviewer).like(item)
    pairs = waiting.values_list("pk", "garment__photo__perceptual_hash")[:COMPARED]
    own = item.garment.photo.perceptual_hash if item.garment and item.garment.photo else ""
    bits = {pk: count_bits(own, other) for pk, other in pairs}
    nearest = sorted(bits, key=lambda pk: bits[pk])[:MOST]
    rows = waiting.filter(pk__in=nearest).select_related("garment__photo")
    items = sorted(
        rows.select_for_update(of=("self",), skip_locked=True), key=lambda row: bits[row.pk]
    )
    for row in items:
        row.leased_by, row.leased_until = reviewer, timezone.now() + LEASE
    ReviewItem.objects.bulk_update(items, ["leased_by", "leased_until"])
    return [AlikeItem(row, bits[row.pk] <= NEAR_BITS) for row in items]


def count_bits(one: str, other: str) -> int:
    """In how many bits two perceptual hashes differ; in all 64 where a photo has none."""
    return (int(one, 16) ^ int(other, 16)).bit_count() if one and other else 64
