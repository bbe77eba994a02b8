"""Writing: a suggestion is claimed by one process, held by a lease, and closed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from registry.selectors import read_recalls
from registry.services.sweeps import close_lost_call
from registry.statements import Change, Question, Statement, ask_together
from styling.models import Suggestion
from styling.services.contexts import ask_around, build_context
from styling.services.pictures import enqueue_picture
from styling.services.requests import find_offered
from styling.streaming.transcript import StreamEvent
from styling.stylist.context import OutfitContext
from wardrobe.models import Garment
from wardrobe.models.garments import among

LEASE = timedelta(seconds=10)
"""How long a process may be silent before another takes its answer over: as long as a wearer would
look at a line that stands still."""
MAX_ATTEMPTS = 3
MAX_RUNNING = 3
ABANDONED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Claim:
    """The right to write one suggestion, until another process has claimed it.

    `crowded` are the same wearer's older answers, which were asked to end.
    """

    suggestion: Suggestion
    context: OutfitContext
    garments: dict[UUID, Garment]
    crowded: list[UUID]


@dataclass(frozen=True)
class Renewal:
    """What was heard as a lease was renewed: whether the claim holds, the interrupt that was asked for, and how the
    version that answers was recalled since; empty where none was."""

    is_held: bool
    interrupt: str
    recall: str


@dataclass(frozen=True)
class Closing:
    """How a suggestion ends."""

    status: Suggestion.Status
    events: Sequence[StreamEvent]
    pieces: Sequence[tuple[UUID, str]] = ()
    prose: str = ""
    reasons: Sequence[str] = ()
    missing: Sequence[str] = ()
    failure: str = ""
    first_word_ms: float | None = None
    checked: Mapping[str, Any] = field(default_factory=dict)


def claim_suggestion(suggestion_id: UUID) -> Claim | None:
    """Take an open suggestion that no living process writes; None if there is nothing to take, or another process was
    faster.

    The call of a process that died is closed. A wearer with too many answers under way loses the
    oldest of them.
    """
    if not (found := read_claimable(suggestion_id)):
        return None
    (claimed,) = found
    read_there = read_own if claimed.known.get("own_only") else read_worn_by
    as_read = [claimed.pk, claimed.attempt, claimed.call_id]
    held, offered, crowded, *around = ask_together(
        Question(CLAIM, [LEASE.total_seconds(), *as_read]),
        read_there.of(claimed.owner_id, claimed.candidates),
        read_crowding.of(claimed.owner_id, claimed.pk),
        *ask_around(claimed, claimed.candidates),
    )
    if not held:
        return None
    ((claimed.attempt, claimed.interrupt),) = held
    if claimed.call and claimed.call.outcome is None:
        close_lost_call(claimed.call)
    if crowded:
        Suggestion.objects.filter(pk__in=crowded).update(interrupt=Suggestion.Interrupt.CROWDED)
    context = build_context(claimed, offered, around)
    return Claim(claimed, context, {one.pk: one for one in offered}, crowded)


CLAIM = (
    "UPDATE styling_suggestion "
    "SET attempt = attempt + 1, leased_until = statement_timestamp() + make_interval(secs => %s) "
    "WHERE id = %s AND attempt = %s AND call_id IS NOT DISTINCT FROM %s AND status = 'open' "
    "AND (leased_until IS NULL OR leased_until < statement_timestamp()) RETURNING attempt, interrupt"
)
"""Of one that nobody claimed since it was read."""


def ask_claimable(suggestion_id: UUID) -> QuerySet[Suggestion]:
    return (
        Suggestion.objects.open()
        .filter(Q(leased_until__isnull=True) | Q(leased_until__lt=Now()), id=suggestion_id)
        .select_related("event", "owner", "call")
    )


def ask_there(owner: int, candidates: list[UUID], **known: bool) -> QuerySet[Garment]:
    """Of what was offered: their own, and what may be borrowed now."""
    asking = Suggestion(owner=User(pk=owner), known=known)
    there = Q(owner=owner) | among(find_offered(asking))
    return Garment.objects.filter(there, pk__one_of=candidates)


def ask_crowding(owner: int, newest: UUID) -> QuerySet[Suggestion, UUID]:
    """The oldest of their other answers that are being written, where with the newest they are too many."""
    running = Suggestion.objects.open().filter(owner=owner, leased_until__gt=Now())
    others = running.exclude(pk=newest).order_by("-created_at")
    return others.values_list("pk", flat=True)[MAX_RUNNING - 1 :]


read_claimable = Statement(ask_claimable, UUID)
read_worn_by = Statement(ask_there, int, list)
read_own = Statement(partial(ask_there, own_only=True), int, list)
read_crowding = Statement(ask_crowding, int, UUID)


RENEWAL = (
    "WITH asked AS (SELECT * FROM unnest(%s::uuid[], %s::integer[]) AS one (id, attempt)), "
    "held AS (SELECT id, interrupt FROM styling_suggestion JOIN asked USING (id, attempt) WHERE status = 'open'), "
    "free AS (SELECT id FROM styling_suggestion WHERE id IN (SELECT id FROM held) FOR NO KEY UPDATE SKIP LOCKED), "
    "renewed AS (UPDATE styling_suggestion SET leased_until = statement_timestamp() + make_interval(secs => %s) "
    "FROM asked WHERE styling_suggestion.id = asked.id AND styling_suggestion.attempt = asked.attempt "
    "AND status = 'open' AND asked.id IN (SELECT id FROM free)) "
    "SELECT id, interrupt FROM held"
)
"""One that something else is just writing is held, and is renewed the next time: the others do not wait for it."""


def renew_leases(
    asked: Sequence[tuple[UUID, int, UUID | None]],
) -> list[Renewal]:
    """Keep claims, of (suggestion, attempt, the call that it waits for)."""
    keys, attempts, calls = [[one[place] for one in asked] for place in range(3)]
    held, recalls = ask_together(
        Question(RENEWAL, [keys, attempts, LEASE.total_seconds()]),
        read_recalls.of([call for call in calls if call]),
    )
    interrupts, recalled = dict(held), dict(recalls)
    return [
        Renewal(key in interrupts, interrupts.get(key, ""), recalled.get(call) or "")
        for key, _, call in asked
    ]


def release_lease(suggestion_id: UUID, *, attempt: int) -> None:
    """Let the next reader go on at once, without waiting for the lease to run out."""
    Suggestion.objects.open().filter(pk=suggestion_id, attempt=attempt).update(leased_until=None)


def record_call(suggestion: Suggestion, call_id: UUID) -> None:
    """Name the call that this attempt waits for."""
    write_call(suggestion.pk, suggestion.attempt, call=call_id)


write_call = Change(Suggestion, "id = %s AND attempt = %s", returning="id")


def request_stop(suggestion_id: UUID) -> None:
    """Ask whichever process writes it to end. It hears of it when it next renews its lease."""
    Suggestion.objects.open().filter(pk=suggestion_id, interrupt="").update(
        interrupt=Suggestion.Interrupt.STOP
    )


def close_suggestion(suggestion: Suggestion, closing: Closing) -> bool:
    """Store the end of what was claimed, once: False if the claim was lost and nothing was stored.

    Only garments that are the owner's, or theirs to wear, were offered and still exist become pieces.
    """
    held = write_end.of(
        suggestion.pk,
        suggestion.attempt,
        status=closing.status,
        events=list(closing.events),
        prose=closing.prose,
        reasons=list(closing.reasons),
        missing=list(closing.missing),
        failure=closing.failure,
        first_word_ms=closing.first_word_ms,
        checked=dict(closing.checked),
        leased_until=None,
        finished_at=timezone.now(),
    )
    pieces = [
        (garment_id, position, slot)
        for position, (garment_id, slot) in enumerate(closing.pieces)
        if garment_id in suggestion.candidates
    ]
    columns = [[piece[place] for piece in pieces] for place in range(3)]
    wearable = read_wearable.of(suggestion.owner_id, columns[0])
    sql = END.format(held=held.sql, wearable=wearable.sql)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*held.params, *columns, *wearable.params])
        is_held = cursor.fetchone() is not None
    if is_held:
        enqueue_picture(suggestion)
    return is_held


HELD = "id = %s AND attempt = %s AND status = 'open'"
write_end = Change(Suggestion, HELD, returning="id")
END = (
    "WITH held AS ({held}), pieces AS ("
    "INSERT INTO styling_outfitpiece (suggestion_id, garment_id, position, slot) "
    "SELECT held.id, piece.* FROM held, unnest(%s::uuid[], %s::smallint[], %s::text[]) AS piece (garment, position, slot) "
    "WHERE piece.garment IN ({wearable})) SELECT id FROM held"
)
"""The end and the pieces are one statement: neither is stored without the other."""


def ask_wearable(owner: int, keys: list[UUID]) -> QuerySet[Garment, UUID]:
    there = Garment.objects.worn_by(User(pk=owner)).filter(pk__one_of=keys)
    return there.order_by().values_list("pk", flat=True)


read_wearable = Statement(ask_wearable, int, list)


def find_lost(suggestion: Suggestion, keys: Sequence[UUID]) -> set[UUID]:
    """Which of these garments its wearer may not wear any more."""
    return {*keys} - {*read_wearable(suggestion.owner_id, keys)}


def list_abandoned() -> list[UUID]:
    """Open suggestions that nobody writes and nobody came back for."""
    long_ago = Now() - ABANDONED_AFTER
    return list(
        Suggestion.objects.open()
        .filter(
            Q(leased_until__lt=long_ago) | Q(leased_until__isnull=True, created_at__lt=long_ago)
        )
        .values_list("id", flat=True)
    )


@dataclass(frozen=True)
class StreamState:
    """Where the words of a suggestion are: stored, with a living process, or nowhere."""

    owner_id: int
    events: list[StreamEvent]
    is_open: bool
    is_claimable: bool


def read_stream_state(suggestion_id: UUID) -> StreamState:
    """Raises Suggestion.DoesNotExist."""
    if not (found := read_where(suggestion_id)):
        raise Suggestion.DoesNotExist
    ((events, status, is_free, owner_id),) = found
    is_open = status == Suggestion.Status.OPEN
    return StreamState(owner_id, events, is_open=is_open, is_claimable=is_open and is_free)


def find_owned(suggestion_id: UUID, owner_id: int) -> StreamState | None:
    """None where there is no such suggestion of theirs."""
    try:
        state = read_stream_state(suggestion_id)
    except Suggestion.DoesNotExist:
        return None
    return state if state.owner_id == owner_id else None


def ask_where(
    suggestion_id: UUID,
) -> QuerySet[Suggestion, tuple[list[StreamEvent], str, bool, int]]:
    return (
        Suggestion.objects.filter(pk=suggestion_id)
        .annotate(is_free=Q(leased_until__isnull=True) | Q(leased_until__lt=Now()))
        .values_list("events", "status", "is_free", "owner_id")
    )


read_where = Statement(ask_where, UUID)
