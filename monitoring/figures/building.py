"""Rollups from calls: 5 minutes are counted, hours are sums of them, days sums of hours.

Each period is deleted and inserted anew in one transaction that holds a lock, so a job that runs twice or breaks off
leaves what one run would have left.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from monitoring.figures.statements import COUNT_CALLS, FIND_LATE, INSERT, SUM_ROLLUPS
from monitoring.models import Rollup, RollupProgress
from registry.models import InferenceCall
from registry.models.calls import NOBODY
from registry.tasks import all_tasks
from telemetry.steps import STEPS

Grain = Rollup.Grain
LENGTHS = {
    Grain.FIVE_MINUTES: timedelta(minutes=5),
    Grain.HOUR: timedelta(hours=1),
    Grain.DAY: timedelta(days=1),
}
KEPT = {Grain.FIVE_MINUTES: timedelta(days=7), Grain.HOUR: timedelta(days=90)}
"""Days are kept for ever."""

TRAILING = timedelta(minutes=15)
"""So far back every run counts again: a call is seen when the transaction that closed it commits."""

CHUNK = timedelta(hours=6)
"""So much is counted in one transaction; more only takes longer."""

LOCK = 1_320_513
"""Of PostgreSQL's advisory locks: who holds it may write rollups."""


EXAMPLES = [f"{subject}%" for subject in NOBODY]
"""Patterns of SQL: the subjects of calls for which nobody waited."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def floor_to(moment: datetime, length: timedelta) -> datetime:
    """The start of the period of this length, in UTC, that holds a moment."""
    return moment - (moment - EPOCH) % length


def build_due(now: datetime) -> None:
    """Count what has ended since the last run, or ever, and what may have come late by `TRAILING`.

    Afterwards every call that ended before `now`, and was committed by then, is in the rollups. A run that is
    broken off goes on from its last chunk. Time without calls is passed over.
    """
    progress = RollupProgress.objects.first()
    since = progress.built_until - TRAILING if progress else find_next_end()
    while since is not None and since <= now:
        start, end = find_chunk(since, now)
        build(start, end)
        note_progress(min(end, now))
        since = find_next_end(end)
    note_progress(now)
    delete_expired(now)


def note_progress(until: datetime) -> None:
    """Forward only: a run that was overtaken by another one says nothing new."""
    RollupProgress.objects.get_or_create(pk=1, defaults={"built_until": until})
    RollupProgress.objects.filter(built_until__lt=until).update(built_until=until)


def find_next_end(since: datetime | None = None) -> datetime | None:
    """When the first call ended, of all or from a moment on."""
    calls = InferenceCall.objects.for_people().filter(finished_at__isnull=False)
    if since:
        calls = calls.filter(finished_at__gte=since)
    return calls.order_by("finished_at").values_list("finished_at", flat=True).first()


def find_chunk(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """Whole 5 minutes from the one that holds `since` to the end of its chunk, or to the one that holds `until`."""
    length = LENGTHS[Grain.FIVE_MINUTES]
    end = min(floor_to(since, CHUNK) + CHUNK, floor_to(until, length) + length)
    return floor_to(since, length), end


@transaction.atomic
def build(since: datetime, until: datetime) -> None:
    """Count the calls of whole 5 minutes, and sum up the hours and days that hold them.

    The calls, and the rollups of 5 minutes of the same hours, have to be there still.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    replace(Grain.FIVE_MINUTES, since, until, COUNT_CALLS, **describe_tasks())
    for grain, source, unit in (
        (Grain.HOUR, Grain.FIVE_MINUTES, "hour"),
        (Grain.DAY, Grain.HOUR, "day"),
    ):
        length = LENGTHS[grain]
        start = floor_to(since, length)
        end = floor_to(until - timedelta(microseconds=1), length) + length
        replace(grain, start, end, SUM_ROLLUPS, source=source, unit=unit)


def describe_tasks() -> dict[str, Any]:
    """What the SQL has to know of tasks and of evaluations."""
    tasks = all_tasks()
    return {
        "tasks": list(tasks),
        "goals_ms": [task.goals.latency_ms for task in tasks.values()],
        "examples": EXAMPLES,
        "steps": list(STEPS),
    }


def replace(grain: str, since: datetime, until: datetime, select: str, **params: Any) -> None:
    values: dict[str, Any] = {"since": since, "until": until, "grain": grain, **params}
    Rollup.objects.filter(grain=grain, starts_at__gte=since, starts_at__lt=until).delete()
    with connection.cursor() as cursor:
        cursor.execute(select + INSERT, values)


def delete_expired(now: datetime) -> None:
    """Rollups of 5 minutes go with the whole day that holds them, so that an hour never loses a part."""
    for grain, kept in KEPT.items():
        last = floor_to(now - kept, LENGTHS[Grain.DAY])
        Rollup.objects.filter(grain=grain, starts_at__lt=last).delete()


def count_late_calls(now: datetime) -> int:
    """Find calls that came after their period had been built, as after a restore, and build it again.

    Looks as far back as 5 minutes are kept. An hour that has fewer calls than were counted has lost some to retention, and is
    left as it is.
    """
    progress = RollupProgress.objects.first()
    if progress is None:
        return 0
    until = floor_to(progress.built_until - TRAILING, LENGTHS[Grain.HOUR])
    since = floor_to(now - KEPT[Grain.FIVE_MINUTES], LENGTHS[Grain.DAY])
    period: dict[str, Any] = {
        "since": since,
        "until": until,
        "examples": EXAMPLES,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND_LATE, period)
        late: list[tuple[datetime, int]] = cursor.fetchall()
    for starts_at, _ in late:
        build(starts_at, starts_at + LENGTHS[Grain.HOUR])
    found = sum(int(calls) for _, calls in late)
    progress.late_calls += found
    progress.save(update_fields=["late_calls"])
    return found
