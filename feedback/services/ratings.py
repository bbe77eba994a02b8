"""Ratings: what wearers say of the outfits they were shown, and what they wore instead."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from feedback.learning.recording import record_outfit_signal
from feedback.models import Rating, WornInstead
from styling.models import Suggestion
from telemetry.spans import open_span
from wardrobe.models import Garment
from wardrobe.services.garments import mark_worn, unmark_worn


class NothingToRateError(Exception):
    """The suggestion has no pieces: it failed, or is still being written."""


class NothingInsteadError(Exception):
    """The garments are none, are the outfit itself, or are somebody else's."""


@transaction.atomic
def rate_outfit(
    *,
    suggestion: Suggestion,
    verdict: Rating.Verdict,
    reasons: Sequence[str] = (),
    comment: str = "",
) -> Rating:
    """Keep the wearer's word on an outfit; the last word counts.

    An accepted outfit counts as worn on the day of its event, once however often it is said, and nothing was worn
    instead. Raises NothingToRateError.
    """
    row = lock_outfit(suggestion)
    before = find_worn(row)
    rating = keep_rating(row, verdict, list(reasons), comment)
    if verdict == Rating.Verdict.ACCEPTED:
        WornInstead.objects.filter(suggestion=row).delete()
    record_outfit_signal(row)
    count_wear(row, before, find_worn(row))
    return rating


@transaction.atomic
def wear_instead(*, suggestion: Suggestion, garments: Collection[Garment]) -> WornInstead:
    """Keep what was worn in the place of an outfit, which is rejected by it; the last word counts.

    The garments count as worn on the day of the event, once however often it is said.
    Raises NothingToRateError, NothingInsteadError.
    """
    row = lock_outfit(suggestion)
    chosen = {garment.pk for garment in garments}
    is_theirs = all(garment.owner_id == row.owner_id for garment in garments)
    if not chosen or not is_theirs or chosen == {*row.garments.values_list("pk", flat=True)}:
        raise NothingInsteadError
    before = find_worn(row)
    worn, _ = WornInstead.objects.update_or_create(suggestion=row, defaults={"owner": row.owner})
    worn.garments.set(garments)
    if row.verdict != Rating.Verdict.REJECTED:
        keep_rating(row, Rating.Verdict.REJECTED, [], "")
    record_outfit_signal(row)
    count_wear(row, before, find_worn(row))
    return worn


@transaction.atomic
def forget_worn_instead(suggestion: Suggestion) -> None:
    """Take back what was worn instead; the outfit stays rejected."""
    row = lock_outfit(suggestion)
    before = find_worn(row)
    WornInstead.objects.filter(suggestion=row).delete()
    record_outfit_signal(row)
    count_wear(row, before, find_worn(row))


def lock_outfit(suggestion: Suggestion) -> Suggestion:
    """The row as it is now, locked until the transaction ends. Raises NothingToRateError."""
    row = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if row.status == Suggestion.Status.OPEN or not row.pieces.exists():
        raise NothingToRateError
    return row


def keep_rating(
    suggestion: Suggestion, verdict: Rating.Verdict, reasons: list[str], comment: str
) -> Rating:
    rating, _ = Rating.objects.update_or_create(
        suggestion=suggestion,
        defaults={
            "owner": suggestion.owner,
            "version": suggestion.call.version if suggestion.call else None,
            "verdict": verdict,
            "reasons": reasons if verdict == Rating.Verdict.REJECTED else [],
            "comment": comment,
        },
    )
    if suggestion.verdict != verdict:
        tell_verdict(suggestion, verdict)
        suggestion.verdict, suggestion.decided_at = verdict, timezone.now()
        suggestion.save(update_fields=["verdict", "decided_at"])
    return rating


def tell_verdict(suggestion: Suggestion, verdict: Rating.Verdict) -> None:
    """What the wearer said, as the result of an evaluation of the call that answered."""
    if suggestion.call_id is None:
        return
    with open_span("rate outfit") as span:
        span.judge(name="outfit", label=verdict, response_id=suggestion.call_id.hex)


def find_worn(suggestion: Suggestion) -> set[UUID]:
    """The keys of what was worn at the event, as far as the wearer said so."""
    if suggestion.verdict == Suggestion.Verdict.ACCEPTED:
        return {*suggestion.garments.values_list("pk", flat=True)}
    return {
        *Garment.objects.filter(worn_instead__suggestion=suggestion).values_list("pk", flat=True)
    }


def count_wear(suggestion: Suggestion, before: set[UUID], after: set[UUID]) -> None:
    """Count what is worn now on the event's day, and take back what was counted before and is not worn.

    Garments are taken in one order, so that two outfits that share some cannot wait for each other.
    """
    day = suggestion.event.date
    for garment in Garment.objects.filter(pk__in=before ^ after).order_by("pk"):
        if garment.pk in after:
            mark_worn(garment, on=day)
        else:
            unmark_worn(garment, on=day, previous=find_last_wear(garment, suggestion))


def find_last_wear(garment: Garment, apart_from: Suggestion) -> date | None:
    """The day of the last outfit with this garment that was worn, leaving one out."""
    accepted = Q(garments=garment, verdict=Suggestion.Verdict.ACCEPTED)
    worn = Suggestion.objects.filter(accepted | Q(worn_instead__garments=garment))
    day: date | None = worn.exclude(pk=apart_from.pk).aggregate(day=Max("event__date"))["day"]
    return day
