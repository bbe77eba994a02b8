"""Ratings: what wearers say of the outfits they were shown."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from feedback.models import Rating
from styling.models import Suggestion
from telemetry.spans import open_span
from wardrobe.models import Garment
from wardrobe.services.garments import mark_worn, unmark_worn


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
        tell_verdict(row, verdict)
        count_wear(row, is_worn=verdict == Rating.Verdict.ACCEPTED)
        row.verdict, row.decided_at = verdict, timezone.now()
        row.save(update_fields=["verdict", "decided_at"])
    return rating


def tell_verdict(suggestion: Suggestion, verdict: Rating.Verdict) -> None:
    """What the wearer said, as the result of an evaluation of the call that answered."""
    if suggestion.call_id is None:
        return
    with open_span("rate outfit") as span:
        span.judge(name="outfit", label=verdict, response_id=suggestion.call_id.hex)


def count_wear(suggestion: Suggestion, *, is_worn: bool) -> None:
    """Count the outfit as worn on its event's day, or take that back.

    Garments are taken in one order, so that two outfits that share some cannot wait for each other.
    """
    day = suggestion.event.date
    for piece in suggestion.pieces.select_related("garment").order_by("garment_id"):
        if is_worn:
            mark_worn(piece.garment, on=day)
        elif suggestion.verdict == Suggestion.Verdict.ACCEPTED:
            unmark_worn(piece.garment, on=day, previous=find_last_wear(piece.garment, suggestion))


def find_last_wear(garment: Garment, apart_from: Suggestion) -> date | None:
    """The day of the last outfit with this garment that was worn, leaving one out."""
    worn = Suggestion.objects.filter(garments=garment, verdict=Suggestion.Verdict.ACCEPTED)
    day: date | None = worn.exclude(pk=apart_from.pk).aggregate(day=Max("event__date"))["day"]
    return day
