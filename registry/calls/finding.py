"""Calls by what is known of them, a page at a time, each read by an index however many calls there are."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, models, transaction
from django.db.models import F, Q
from psycopg.errors import QueryCanceled

from registry.models import InferenceCall, InferenceCallQuerySet, PromptVersion
from registry.tasks import all_tasks, find_never_shown

PAGE_SIZE = 50
COUNTED = 1_000
"""So many are counted, and no more."""

TIME_LIMIT_MS = 3_000
"""For a page: a mix of filters that fits hardly any call could read all of them."""

TRACE_DIGITS = range(8, 33)
TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Outcome(models.TextChoices):
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Broken off"
    RUNNING = "running", "Running"


class Seen(models.TextChoices):
    SHOWN = "shown", "Shown"
    NEVER_SHOWN = "never_shown", "Shown, what must never be"
    WITHHELD = "withheld", "Withheld"


class Who(models.TextChoices):
    PEOPLE = "people", "People"
    EVALUATIONS = "evaluations", "Evaluations"
    PROBE = "probe", "The probe"


OUTCOMES = {
    Outcome.SUCCEEDED: Q(outcome="succeeded"),
    Outcome.FAILED: Q(outcome="failed"),
    Outcome.STOPPED: Q(outcome__in=["cancelled", "superseded"]),
    Outcome.RUNNING: Q(outcome__isnull=True),
}


class TooLongError(Exception):
    """Looking for calls was given up."""


def find_calls(
    *,
    q: Q | None = None,
    who: str = "",
    task: str = "",
    version: PromptVersion | None = None,
    engine: str = "",
    outcome: str = "",
    error: str = "",
    violation: str = "",
    seen: str = "",
    slower: float | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> InferenceCallQuerySet:
    """Those that fit all of it; blank and None are all. A search finds those of anybody.

    `since` and `until` are when a call ended: from the one on and before the other. A version says its task. `slower` is in
    milliseconds: those that took longer, however they ended.
    """
    calls = InferenceCall.objects.all()
    if q is not None:
        calls = calls.filter(q)
    elif who == Who.EVALUATIONS:
        calls = calls.for_evaluations()
    elif who == Who.PROBE:
        calls = calls.for_probe()
    elif task or version or engine:
        calls = calls.for_people_by_another_index()
    else:
        calls = calls.for_people()
    exact: dict[str, Any] = {
        "task": "" if version else task,
        "version": version,
        "engine": engine,
        "finished_at__gte": since,
        "finished_at__lt": until,
    }
    calls = calls.filter(**{name: value for name, value in exact.items() if value})
    if outcome:
        calls = calls.filter(OUTCOMES[Outcome(outcome)])
    if error:
        calls = calls.filter(OUTCOMES[Outcome.FAILED], error_code=error)
    if slower is not None:
        calls = calls.filter(latency_ms__gt=slower)
    if seen == Seen.NEVER_SHOWN:
        calls = calls.with_fault(violation, is_shown=True).filter(shows_what_must_not_be(task))
    elif violation or seen:
        calls = calls.with_fault(violation, is_shown=seen == Seen.SHOWN if seen else None)
    return calls


def shows_what_must_not_be(task: str) -> Q:
    """What the task must never show; without one each task's own codes."""
    names = [task] if task else list(all_tasks())
    found = Q(pk__in=[])
    for name in names:
        for code in sorted(find_never_shown(name)):
            found |= Q(task=name, violations__contains=[{"code": code, "shown": True}])
    return found


def read_search(text: str) -> Q | None:
    """What somebody typed: a subject such as `photo:ID`, the first digits of a trace id in whatever spelling, a
    `traceparent`, or the key of a call as log lines have it. None for none of these."""
    if ":" in text:
        return Q(subject=text)
    digits = read_digits(text)
    if not digits:
        return None
    first, last = (UUID(digits.ljust(32, end)) for end in "0f")
    found = Q(trace_id__gte=first, trace_id__lte=last)
    return found | Q(pk=first) if first == last else found


def read_digits(text: str) -> str:
    """The first digits of a trace id, or all of an id, in whatever spelling; empty for what is none."""
    parent = TRACEPARENT.fullmatch(text.strip().lower())
    digits = parent["trace"] if parent else re.sub(r"[-\s]", "", text).lower()
    is_known = len(digits) in TRACE_DIGITS and not set(digits) - set("0123456789abcdef")
    return digits if is_known else ""


@dataclass(frozen=True)
class Page:
    """Calls under way, then those that ended last. `older` and `newer` are calls to go on from, if there are more."""

    calls: list[InferenceCall]
    older: UUID | None = None
    newer: UUID | None = None


NEWEST_FIRST = (F("finished_at").desc(nulls_first=True), "-started_at", "-pk")
OLDEST_FIRST = ("finished_at", "started_at", "pk")


def read_page(
    calls: InferenceCallQuerySet, *, older: UUID | None = None, newer: UUID | None = None
) -> Page:
    """The calls before or after one of the list; the newest where there is no such call (any more)."""
    calls = calls.select_related("version__prompt").defer("output", "version__bundle")
    if newer and (page := read_newer(calls, newer)):
        return page
    start = InferenceCall.objects.filter(pk=older).first() if older else None
    found = list(calls.filter(is_older(start)).order_by(*NEWEST_FIRST)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(
        calls=shown,
        older=shown[-1].pk if len(found) > PAGE_SIZE else None,
        newer=shown[0].pk if start and shown else None,
    )


def read_all(calls: InferenceCallQuerySet) -> Iterator[InferenceCall]:
    """All in the order of the list, a page at a time: each read by an index, and no cursor held meanwhile.

    Raises TooLongError where a page takes longer than that of the list may.
    """
    older: UUID | None = None
    while True:
        with time_limit(TIME_LIMIT_MS):
            page = read_page(calls, older=older)
        yield from page.calls
        older = page.older
        if older is None:
            return


def read_newer(calls: InferenceCallQuerySet, pk: UUID) -> Page | None:
    """None where they would not fill a page: the first page shows them."""
    start = InferenceCall.objects.filter(pk=pk, finished_at__isnull=False).first()
    if start is None:
        return None
    found = list(calls.filter(is_newer(start)).order_by(*OLDEST_FIRST)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE][::-1]
    if len(found) <= PAGE_SIZE:
        return None
    return Page(calls=shown, older=shown[-1].pk, newer=shown[0].pk)


def is_older(start: InferenceCall | None) -> Q:
    """Comes after it in the list. Its end alone is asked for first: that is what the indexes hold."""
    if start is None:
        return Q()
    at = start.finished_at
    tie = Q(started_at__lt=start.started_at) | Q(started_at=start.started_at, pk__lt=start.pk)
    if at is None:
        return Q(finished_at__isnull=False) | tie
    return Q(finished_at__lte=at) & (Q(finished_at__lt=at) | tie)


def is_newer(start: InferenceCall) -> Q:
    """Of a call that has ended: comes before it in the list, and has ended too."""
    at = start.finished_at
    tie = Q(started_at__gt=start.started_at) | Q(started_at=start.started_at, pk__gt=start.pk)
    return Q(finished_at__gte=at) & (Q(finished_at__gt=at) | tie)


def count_calls(calls: InferenceCallQuerySet) -> int:
    """How many there are: exact up to `COUNTED`, and one more for more. In the order of the list, by its index."""
    return calls.order_by(NEWEST_FIRST[0]).values("finished_at")[: COUNTED + 1].count()


@contextmanager
def time_limit(ms: int) -> Iterator[None]:
    """Of each query inside. Raises TooLongError."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [ms])
            yield
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooLongError from error
        raise
