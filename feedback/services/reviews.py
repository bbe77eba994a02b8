"""Reviews: an operator's judgement of what wearers corrected."""

from collections.abc import Iterable

from feedback.models import Correction


def review_corrections(*, corrections: Iterable[Correction], review: Correction.Review) -> int:
    """Settle corrections; answers with how many changed."""
    ids = [correction.pk for correction in corrections]
    return Correction.objects.filter(pk__in=ids).exclude(review=review).update(review=review)
