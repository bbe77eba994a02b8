"""Reviews: an operator's judgement of what wearers corrected."""

from collections.abc import Iterable

from django.db import transaction

from feedback.models import Correction, ReviewItem


def review_corrections(*, corrections: Iterable[Correction], review: Correction.Review) -> int:
    """Settle corrections; answers with how many changed."""
    ids = [correction.pk for correction in corrections]
    return Correction.objects.filter(pk__in=ids).exclude(review=review).update(review=review)


@transaction.atomic
def settle_by_hand(
    *, corrections: Iterable[Correction], review: Correction.Review
) -> list[Correction]:
    """Settle corrections without the queue; answers with those that changed.

    What waited in the queue is not asked any more. What is put back is asked of one reviewer more than have decided.
    """
    ids = [correction.pk for correction in corrections]
    rows = Correction.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    changed = list(rows.exclude(review=review).order_by("pk"))
    review_corrections(corrections=changed, review=review)
    if review == Correction.Review.PENDING:
        for item in ReviewItem.objects.filter(correction__in=changed, decided_at__isnull=False):
            item.decided_at, item.opinions = None, item.decisions.standing().count() + 1
            item.save(update_fields=["decided_at", "opinions"])
    return changed
