"""What a wearer does with an outfit in the calendar: move it, copy it, call it off, keep it under another sky."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from feedback.models import PreferenceSignal, Rating
from feedback.services.ratings import rate_outfit, withdraw_verdict
from styling.history.skies import find_snapshot
from styling.models import Event, OutfitPiece, Plan, Suggestion
from styling.services.plans import check_stored
from styling.services.profiles import get_profile
from styling.services.requests import find_request, get_window
from wardrobe.services.wears import move_outfit

FARTHEST = timedelta(days=366)
COPIED = ("known", "candidates", "missing", "seed", "no_forecast")


class NotPlannedError(Exception):
    """The outfit is not planned or worn for today or later, or is called off already."""


class NoSuchDayError(Exception):
    """The day has gone, or is more than a year ahead."""


@dataclass(frozen=True)
class Move:
    """From which day an outfit went, and the one that took its place there."""

    left: date
    swapped: Suggestion | None = None


def require_day(owner: User, day: date) -> None:
    if not owner.today <= day <= owner.today + FARTHEST:
        raise NoSuchDayError


def find_in_the_way(suggestion: Suggestion, day: date) -> Suggestion | None:
    """The outfit of a day whose hours are not free for this one, by the events' hours on that day."""
    starts, ends = get_window(suggestion.event, suggestion.event.time_zone)
    ahead = day - suggestion.event.date
    others = (
        Suggestion.objects.by_day_of(suggestion.owner)
        .filter(event__date=day, verdict=Suggestion.Verdict.ACCEPTED)
        .exclude(pk=suggestion.pk)
        .select_related("event", "owner")
        .order_by("event__starts_at", "pk")
    )
    for other in others:
        other_starts, other_ends = get_window(other.event, other.event.time_zone)
        if starts + ahead < other_ends and other_starts < ends + ahead:
            return other
    return None


@transaction.atomic
def move_plan(suggestion: Suggestion, *, day: date) -> Move:
    """Wear it on another day; what is planned there for the same hours comes to this one's day in its place.

    Raises NotPlannedError, NoSuchDayError.
    """
    row = lock_plan(suggestion)
    require_day(row.owner, day)
    left = row.event.date
    if day == left:
        return Move(left)
    other = find_in_the_way(row, day)
    set_day(row, day)
    if other:
        set_day(lock_plan(other), left)
    return Move(left, other)


def lock_plan(suggestion: Suggestion) -> Suggestion:
    """Raises NotPlannedError."""
    row = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("event", "owner")
        .get(pk=suggestion.pk)
    )
    if row.verdict != Suggestion.Verdict.ACCEPTED or row.event.date < row.owner.today:
        raise NotPlannedError
    return row


def set_day(row: Suggestion, day: date) -> None:
    """Answers that were not chosen stay where they were asked."""
    event = row.event
    if event.suggestions.exclude(pk=row.pk).exists():
        event = copy_event(event, day)
        row.event = event
        row.save(update_fields=["event"])
    else:
        event.date = day
        event.save(update_fields=["date"])
    move_outfit(owner=row.owner, origin=row.pk, day=day)
    PreferenceSignal.objects.filter(suggestion=row).update(day=day)
    plan = revise(row)
    plan.turned, plan.is_kept, plan.checked_at, plan.told_at = Plan.Turned.NOT, False, None, None
    plan.save(update_fields=["turned", "is_kept", "checked_at", "told_at"])
    check_stored(row)


def copy_event(event: Event, day: date) -> Event:
    """The same occasion on another day."""
    names = [
        "owner_id", "kind", "starts_at", "ends_at", "place", "latitude", "longitude", "time_zone",
        "note",
    ]  # fmt: skip
    return Event.objects.create(date=day, **{name: getattr(event, name) for name in names})


def revise(row: Suggestion) -> Plan:
    """Who reads the wearer's calendar elsewhere sees that this is a newer word."""
    plan, _ = Plan.objects.get_or_create(suggestion=row, defaults={"owner": row.owner})
    plan.revision += 1
    plan.changed_at = timezone.now()
    plan.save(update_fields=["revision", "changed_at"])
    return plan


@transaction.atomic
def copy_plan(suggestion: Suggestion, *, day: date, request_key: UUID) -> Suggestion:
    """Wear the same on another day, too: without words, which spoke of the sky of then. A repeat of the same
    `request_key` answers with the first. Raises NotPlannedError for an outfit without pieces, NoSuchDayError."""
    owner = suggestion.owner
    if existing := find_request(owner, request_key):
        return existing
    require_day(owner, day)
    pieces = list(suggestion.pieces.all())
    if not pieces:
        raise NotPlannedError
    event = copy_event(suggestion.event, day)
    weather = find_snapshot(event, day, sensitivity=get_profile(owner).sensitivity)
    row = Suggestion.objects.create(
        owner=owner,
        request_key=request_key,
        event=event,
        status=Suggestion.Status.READY,
        weather=weather.to_json() if weather else {},
        events=[{"seq": 1, "type": "done", "status": "ready"}],
        finished_at=timezone.now(),
        **{name: getattr(suggestion, name) for name in COPIED},
    )
    OutfitPiece.objects.bulk_create(
        OutfitPiece(suggestion=row, garment_id=one.garment_id, position=one.position, slot=one.slot)
        for one in pieces
    )
    Plan.objects.create(suggestion=row, owner=owner, is_copy=True)
    rate_outfit(suggestion=row, verdict=Rating.Verdict.ACCEPTED)
    row.refresh_from_db()
    return row


@transaction.atomic
def remove_copy(suggestion: Suggestion) -> bool:
    """Undo a copy: it is as if it had never been made. False for what is none."""
    if not Plan.objects.filter(suggestion=suggestion, is_copy=True).exists():
        return False
    withdraw_verdict(suggestion)
    event = suggestion.event
    suggestion.delete()
    if not event.suggestions.exists():
        event.delete()
    return True


@transaction.atomic
def call_off(suggestion: Suggestion) -> None:
    """It will not be worn, which is no word against it; its day keeps its picture. Raises NotPlannedError."""
    row = lock_plan(suggestion)
    withdraw_verdict(row)
    plan = revise(row)
    plan.called_off_at = timezone.now()
    plan.save(update_fields=["called_off_at"])


@transaction.atomic
def restore_plan(suggestion: Suggestion) -> None:
    """It is on again. Raises NotPlannedError for what is not called off, or whose day has gone."""
    plan = (
        Plan.objects.select_for_update()
        .filter(suggestion=suggestion)
        .exclude(called_off_at=None)
        .first()
    )
    if plan is None or suggestion.event.date < suggestion.owner.today:
        raise NotPlannedError
    rate_outfit(suggestion=suggestion, verdict=Rating.Verdict.ACCEPTED)


def keep_plan(suggestion: Suggestion, *, is_kept: bool = True) -> None:
    """Wear it under another sky all the same."""
    Plan.objects.filter(suggestion=suggestion).update(is_kept=is_kept)
