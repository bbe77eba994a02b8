"""Removing calls that are kept no longer; the figures of them stay.

By whole days of UTC, oldest first, and in small batches: each is a short transaction that locks the rows it removes and
no others. A day is left as it is while it holds more calls than its rollups counted.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, ForeignObjectRel, Min, OuterRef, Sum

from monitoring.figures.building import LENGTHS, TRAILING, Grain, floor_to
from monitoring.figures.reading import newest_at
from monitoring.models import Alert, AlertTransition, Rollup
from registry.models import CallRequest, InferenceCall, InferenceCallQuerySet

BATCH = 1_000
DAY = LENGTHS[Grain.DAY]

logger = logging.getLogger(__name__)


def delete_old_calls(now: datetime) -> int:
    """Remove the calls that ended more than `CALLS_KEPT_DAYS` ago and that nothing refers to; returns how many."""
    newest = newest_at()
    if newest is None:
        return 0
    kept_since = min(now - timedelta(days=settings.CALLS_KEPT_DAYS), newest - TRAILING)
    evidence = find_evidence()
    return sum(delete_day(day, evidence) for day in list_days(floor_to(kept_since, DAY)))


def list_days(until: datetime) -> Iterator[datetime]:
    """The days before `until`, from the first that has a call."""
    firsts = [
        calls.filter(finished_at__lt=until).aggregate(Min("finished_at"))["finished_at__min"]
        for calls in (InferenceCall.objects.for_people(), InferenceCall.objects.for_evaluations())
    ]
    day = min((floor_to(first, DAY) for first in firsts if first), default=until)
    while day < until:
        yield day
        day += DAY


def find_evidence() -> set[UUID]:
    """The calls that alerts and their history name."""
    return {
        UUID(pk)
        for model in (Alert, AlertTransition)
        for calls in model._default_manager.values_list("figures__calls", flat=True)
        for pk in calls or ()
    }


def delete_day(day: datetime, evidence: set[UUID]) -> int:
    ended = InferenceCall.objects.filter(finished_at__gte=day, finished_at__lt=day + DAY)
    counted = Rollup.objects.filter(grain=Grain.DAY, starts_at=day).aggregate(calls=Sum("calls"))
    if ended.for_people().count() > (counted["calls"] or 0):
        logger.warning("Calls of %s stay: not all of them were counted", day.date())
        return 0
    deleted = 0
    for calls in (ended.for_people(), ended.for_evaluations()):
        unused = exclude_used(calls).exclude(pk__in=evidence).order_by()
        while pks := list(unused.values_list("pk", flat=True)[:BATCH]):
            deleted += delete(pks)
    return deleted


def exclude_used(calls: InferenceCallQuerySet) -> InferenceCallQuerySet:
    """Without those that a row of another table refers to. Kept requests are theirs, and go with them."""
    for relation in InferenceCall._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not CallRequest:
            rows = relation.related_model._base_manager.filter(
                **{relation.field.name: OuterRef("pk")}
            )
            calls = calls.exclude(Exists(rows))
    return calls


def delete(pks: list[UUID]) -> int:
    """By SQL: Django would load each call with its answer first. A reference made meanwhile fails the whole batch."""
    CallRequest.objects.filter(call__in=pks).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_inferencecall WHERE id = ANY(%s)", [pks])
        return int(cursor.rowcount)
