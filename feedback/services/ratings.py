"""Ratings: what wearers say of the outfits they were shown."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from feedback.models import Rating
from styling.models import Suggestion
from wardrobe.services.garments import mark_worn


class NothingToRateError(Exception):
    """The suggestion has no pieces: it failed, or is still being written."""


@transaction.atomic
def rate_outfit(
    *,
    suggestion: Suggestion,
    verdict: Rating.Verdict,
    reasons: Sequence[str] = (),
    comment: str = "",
) -> Rating:
    """Keep the wearer's word on an outfit; the last word counts.

    An accepted outfit counts as worn on the day of its event, once however often it is said.
    Raises NothingToRateError.
    """
    row = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if row.status == Suggestion.Status.OPEN or not row.pieces.exists():
        raise NothingToRateError
    rating, _ = Rating.objects.update_or_create(
        suggestion=row,
        defaults={
            "owner": row.owner,
            "version": row.call.version if row.call else None,
            "verdict": verdict,
            "reasons": list(reasons) if verdict == Rating.Verdict.REJECTED else [],
            "comment": comment,
        },
    )
    if row.verdict != verdict:
        row.verdict, row.decided_at = verdict, timezone.now()
        row.save(update_fields=["verdict", "decided_at"])
    if verdict == Rating.Verdict.ACCEPTED:
        mark_outfit_worn(row)
    return rating


def mark_outfit_worn(suggestion: Suggestion) -> None:
    """In one order, so that two outfits that share garments cannot wait for each other."""
    for piece in suggestion.pieces.select_related("garment").order_by("garment_id"):
        mark_worn(piece.garment, on=suggestion.event.date)
