"""Ratings: what wearers say of the outfits they were shown, and what they wore instead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback.learning.recording import record_outfit_signal
from feedback.models import Rating, WornInstead
from styling.models import Plan, Suggestion
from telemetry.spans import open_span
from wardrobe.models import Garment, Wear
from wardrobe.services.wears import replace_outfit


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

    An accepted outfit is logged for the day of its event, once however often it is said, and nothing was worn
    instead. It counts as worn when that day has come where the wearer is. Raises NothingToRateError.
    """
    row = lock_outfit(suggestion)
    before = find_worn(row)
    rating = keep_rating(row, verdict, list(reasons), comment)
    if verdict == Rating.Verdict.ACCEPTED:
        WornInstead.objects.filter(suggestion=row).delete()
        take_place(row)
    record_outfit_signal(row)
    log_worn(row, before)
    return rating


def take_place(row: Suggestion) -> None:
    """What was called off is on again, and an answer that was asked for because the sky turned on a plan is worn in
    its place."""
    again = Plan.objects.filter(suggestion=row).exclude(called_off_at=None)
    again.update(called_off_at=None, revision=F("revision") + 1, changed_at=timezone.now())
    earlier = row.previous
    if earlier is None or earlier.event_id != row.event_id:
        return
    is_planned = earlier.verdict == Suggestion.Verdict.ACCEPTED
    if is_planned and Plan.objects.filter(suggestion=earlier).exclude(turned="").exists():
        withdraw_verdict(earlier)


@transaction.atomic
def wear_instead(*, suggestion: Suggestion, garments: Collection[Garment]) -> WornInstead:
    """Keep what was worn in the place of an outfit, which is rejected by it; the last word counts.

    The garments are logged for the day of the event, once however often it is said.
    Raises NothingToRateError, NothingInsteadError.
    """
    row = lock_outfit(suggestion)
    chosen = {garment.pk for garment in garments}
    worn_by = Garment.objects.worn_by(row.owner) | Garment.objects.filter(
        pk__in=row.pieces.values("garment")
    )
    is_theirs = worn_by.filter(pk__in=chosen).count() == len(chosen)
    if not chosen or not is_theirs or chosen == {*row.garments.values_list("pk", flat=True)}:
        raise NothingInsteadError
    before = find_worn(row)
    worn, _ = WornInstead.objects.update_or_create(suggestion=row, defaults={"owner": row.owner})
    worn.garments.set(garments)
    if row.verdict != Rating.Verdict.REJECTED:
        keep_rating(row, Rating.Verdict.REJECTED, [], "")
    record_outfit_signal(row)
    log_worn(row, before)
    return worn


@transaction.atomic
def forget_worn_instead(suggestion: Suggestion) -> None:
    """Take back what was worn instead; the outfit stays rejected."""
    row = lock_outfit(suggestion)
    before = find_worn(row)
    WornInstead.objects.filter(suggestion=row).delete()
    record_outfit_signal(row)
    log_worn(row, before)


@transaction.atomic
def withdraw_verdict(suggestion: Suggestion) -> None:
    """Take back whatever was said of an outfit: it is as if it had only been shown, which is no dislike.

    What it was worn or planned for is forgotten, and what was learned of it, too. Raises NothingToRateError.
    """
    row = lock_outfit(suggestion)
    before = find_worn(row)
    WornInstead.objects.filter(suggestion=row).delete()
    Rating.objects.filter(suggestion=row).delete()
    row.verdict, row.decided_at = Suggestion.Verdict.NONE, None
    row.save(update_fields=["verdict", "decided_at"])
    record_outfit_signal(row)
    log_worn(row, before)


@dataclass(frozen=True)
class Said:
    """All that a wearer has said of an outfit, so that a later word can be taken back. `replaces` tells of the earlier
    outfit in whose place it would be worn that it was planned until then."""

    verdict: str = ""
    reasons: tuple[str, ...] = ()
    comment: str = ""
    instead: tuple[UUID, ...] = ()
    replaces: bool = False


def read_said(suggestion: Suggestion) -> Said:
    rating = Rating.objects.filter(suggestion=suggestion).first()
    instead = Garment.objects.filter(worn_instead__suggestion=suggestion)
    earlier = suggestion.previous
    return Said(
        verdict=rating.verdict if rating else "",
        reasons=tuple(rating.reasons) if rating else (),
        comment=rating.comment if rating else "",
        instead=tuple(instead.order_by("pk").values_list("pk", flat=True)),
        replaces=earlier is not None and earlier.verdict == Suggestion.Verdict.ACCEPTED,
    )


@transaction.atomic
def put_back(suggestion: Suggestion, said: Said) -> None:
    """What was said of it before, in the place of what is said now. Raises NothingToRateError."""
    withdraw_verdict(suggestion)
    suggestion.refresh_from_db()
    if said.verdict:
        rate_outfit(
            suggestion=suggestion,
            verdict=Rating.Verdict(said.verdict),
            reasons=said.reasons,
            comment=said.comment,
        )
    if said.instead:
        garments = Garment.objects.filter(pk__in=said.instead)
        wear_instead(suggestion=suggestion, garments=list(garments))
    earlier = suggestion.previous
    if said.replaces and earlier and not earlier.verdict:
        rate_outfit(suggestion=earlier, verdict=Rating.Verdict.ACCEPTED)


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
        return {*suggestion.pieces.values_list("garment", flat=True)}
    return {
        *Garment.objects.filter(worn_instead__suggestion=suggestion).values_list("pk", flat=True)
    }


def log_worn(suggestion: Suggestion, before: set[UUID]) -> None:
    """Log what is worn to the event now, and forget what was worn to it `before` and is not any more."""
    is_accepted = suggestion.verdict == Suggestion.Verdict.ACCEPTED
    replace_outfit(
        owner=suggestion.owner,
        origin=suggestion.pk,
        day=suggestion.event.date,
        before=before,
        after=find_worn(suggestion),
        source=Wear.Source.ACCEPTED if is_accepted else Wear.Source.INSTEAD,
    )
