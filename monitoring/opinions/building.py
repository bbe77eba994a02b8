"""Rollups of opinions: hours are counted, days are sums of hours; what was removed is added to both.

What is there of a period is deleted and inserted anew in one transaction that holds a lock: counting it again gives the
same bytes. Which periods are due is told by what was made or changed since the last run, however old they are: a
correction of today is about a garment of another day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncHour

from feedback.models import Correction, Rating, ReviewDecision
from monitoring.figures.building import KEPT, TRAILING, floor_to
from monitoring.models import OpinionProgress, OpinionRollup, Rollup
from monitoring.opinions.counting import (
    DAY,
    LENGTH_OF,
    Counted,
    Grain,
    Opinions,
    Periods,
    State,
    count_rows,
    key_of,
)
from wardrobe.models import Garment

LOCK = 1_320_514
"""Of PostgreSQL's advisory locks: who holds it may write rollups of opinions."""
AT_ONCE = 48
"""So many hours are counted in one transaction."""
LATE = KEPT[Rollup.Grain.FIVE_MINUTES]
"""So far back everything is counted again once an hour."""


def build_due(now: datetime) -> None:
    """Count what was said since the last run, or ever; afterwards all that was committed before is counted."""
    progress = OpinionProgress.objects.first()
    build_all(find_due(progress.built_until - TRAILING if progress else None), now)
    OpinionProgress.objects.update_or_create(pk=1, defaults={"built_until": now})
    delete_expired(now)


def count_again(now: datetime) -> None:
    """Everything of the last days: what came late, as after a restore, or was put in other words since."""
    if OpinionProgress.objects.exists():
        build_all(find_due(now - LATE), now)


def find_due(since: datetime | None) -> set[datetime]:
    """The hours about which something was said from a moment on, or ever, or was removed."""
    decisions = ReviewDecision.objects.all()
    asked: list[tuple[QuerySet[Any], str, str]] = [
        (Garment.objects.filter(call__isnull=False), "created_at", "created_at"),
        (Correction.objects.all(), "created_at", "created_at"),
        (Correction.objects.filter(garment__isnull=False), "created_at", "garment__created_at"),
        (Rating.objects.all(), "updated_at", "created_at"),
        (decisions, "created_at", "created_at"),
        (decisions.exclude(undoes=None), "created_at", "undoes__created_at"),
    ]
    due = {*OpinionRollup.objects.filter(state=State.LEAVING).values_list("starts_at", flat=True)}
    for rows, changed, counted in asked:
        if since:
            rows = rows.filter((f"{changed}__gte", since))
        hours = rows.order_by().annotate(hour=TruncHour(counted, tzinfo=UTC))
        due.update(hours.values_list("hour", flat=True).distinct())
    return due


def build_all(hours: Collection[datetime], now: datetime) -> None:
    ordered = sorted(hours)
    for place in range(0, len(ordered), AT_ONCE):
        build(ordered[place : place + AT_ONCE], now)


@transaction.atomic
def build(hours: Collection[datetime], now: datetime) -> None:
    """Count some hours, and the days that hold them. Of days whose hours are kept no longer the whole day is counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # Before the rows are counted: what is removed in between waits for the next run, and is not counted twice.
    leaving = list(OpinionRollup.objects.filter(state=State.LEAVING, starts_at__in=hours))
    oldest = find_oldest(now)
    recent = [hour for hour in hours if hour >= oldest]
    replace(Grain.HOUR, recent, count_rows(Periods(Grain.HOUR, recent)))
    days = find_days(recent)
    replace(Grain.DAY, days, add_up_hours(days))
    old = find_days(hour for hour in hours if hour < oldest)
    replace(Grain.DAY, old, count_rows(Periods(Grain.DAY, old)))
    add_gone(Grain.HOUR, [row for row in leaving if row.starts_at >= oldest])
    add_gone(Grain.DAY, leaving)
    OpinionRollup.objects.filter(pk__in=[row.pk for row in leaving]).delete()


def find_oldest(now: datetime) -> datetime:
    """From when on hours are kept: whole days of them."""
    return floor_to(now - KEPT[Rollup.Grain.HOUR], DAY)


def find_days(hours: Iterable[datetime]) -> set[datetime]:
    return {floor_to(hour, DAY) for hour in hours}


def add_up_hours(days: Collection[datetime]) -> Counted:
    counted: Counted = defaultdict(Opinions)
    for row in find_rows(Grain.HOUR, State.KEPT, Periods(Grain.DAY, days).hold("starts_at")):
        _, task, version, format = key_of(row)
        counted[floor_to(row.starts_at, DAY), task, version, format].add(row)
    return counted


def replace(grain: Grain, starts: Collection[datetime], counted: Counted) -> None:
    find_rows(grain, State.KEPT, Q(starts_at__in=starts)).delete()
    insert(grain, State.KEPT, counted)


def add_gone(grain: Grain, leaving: Collection[OpinionRollup]) -> None:
    length = LENGTH_OF[grain]
    starts = {floor_to(row.starts_at, length) for row in leaving}
    before = find_rows(grain, State.GONE, Q(starts_at__in=starts))
    counted: Counted = defaultdict(Opinions)
    for row in (*before, *leaving):
        starts_at, task, version, format = key_of(row)
        counted[floor_to(starts_at, length), task, version, format].add(row)
    before.delete()
    insert(grain, State.GONE, {key: one for key, one in counted.items() if one})


def find_rows(grain: Grain, state: State, where: Q) -> QuerySet[OpinionRollup]:
    return OpinionRollup.objects.filter(where, grain=grain, state=state)


def insert(grain: Grain, state: State, counted: Counted) -> None:
    rows = [
        one.make_row(grain, state, key) for key, one in sorted(counted.items(), key=itemgetter(0))
    ]
    OpinionRollup.objects.bulk_create(rows, batch_size=1_000)


def delete_expired(now: datetime) -> None:
    hours = OpinionRollup.objects.filter(grain=Grain.HOUR, starts_at__lt=find_oldest(now))
    hours.exclude(state=State.LEAVING).delete()
