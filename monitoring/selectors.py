"""What the others wrote, read for one page: calls by task and version, series, queues, releases."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_rq
from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    F,
    FloatField,
    Func,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.utils import timezone
from redis.exceptions import RedisError

from feedback.models import Correction
from registry.models import Deployment, InferenceCall
from wardrobe.models import Photo

QUEUES = ("photos", "maintenance")


@dataclass(frozen=True)
class Window:
    """A period that ends now, cut into equal buckets for the chart."""

    name: str
    length: timedelta
    bucket: timedelta

    def starts_at(self, now: datetime) -> datetime:
        return now - self.length


WINDOWS = {
    window.name: window
    for window in (
        Window("1h", timedelta(hours=1), timedelta(minutes=5)),
        Window("24h", timedelta(hours=24), timedelta(hours=1)),
        Window("7d", timedelta(days=7), timedelta(hours=6)),
    )
}


class Percentile(Aggregate):
    """PostgreSQL's `percentile_cont`: NULLs are left out, no rows give NULL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=f"{fraction:.4f}", **extra)


class DateBin(Func):
    """PostgreSQL's `date_bin(stride, timestamp, origin)`."""

    function = "DATE_BIN"
    output_field = DateTimeField()


SUCCEEDED = Q(outcome=InferenceCall.Outcome.SUCCEEDED)
FAILED = Q(outcome=InferenceCall.Outcome.FAILED)
STOPPED_BY_CHECK = Q(violations__contains=[{"shown": False}])
SHOWN_WITH_FAULT = Q(violations__contains=[{"shown": True}])


@dataclass(frozen=True)
class CallStats:
    """Calls of one version of one task; times in milliseconds, None without a succeeded call."""

    task: str
    version_number: int
    calls: int
    succeeded: int
    failed: int
    stopped: int
    running: int
    stopped_by_check: int
    shown_with_fault: int
    builtin: int
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    ttft_p50_ms: float | None
    ttft_p95_ms: float | None

    @property
    def failed_share(self) -> float:
        """Of the calls that ended by themselves, 0..1."""
        ended = self.succeeded + self.failed
        return self.failed / ended if ended else 0.0


def get_calls(since: datetime) -> QuerySet[InferenceCall]:
    """Calls that somebody waited for, in no order."""
    return InferenceCall.objects.for_people().filter(started_at__gte=since).order_by()


def get_call_stats(since: datetime) -> list[CallStats]:
    """One row per task and version that was called, newest version first."""
    rows = (
        get_calls(since)
        .values("task", version_number=F("version__number"))
        .annotate(
            calls=Count("pk"),
            succeeded=Count("pk", filter=SUCCEEDED),
            failed=Count("pk", filter=FAILED),
            stopped=Count("pk", filter=Q(outcome__in=["cancelled", "superseded"])),
            running=Count("pk", filter=Q(outcome__isnull=True)),
            stopped_by_check=Count("pk", filter=STOPPED_BY_CHECK),
            shown_with_fault=Count("pk", filter=SHOWN_WITH_FAULT),
            builtin=Count("pk", filter=Q(engine="builtin")),
            latency_p50_ms=Percentile("latency_ms", 0.5, filter=SUCCEEDED),
            latency_p95_ms=Percentile("latency_ms", 0.95, filter=SUCCEEDED),
            ttft_p50_ms=Percentile("ttft_ms", 0.5, filter=SUCCEEDED),
            ttft_p95_ms=Percentile("ttft_ms", 0.95, filter=SUCCEEDED),
        )
        .order_by("task", "-version_number")
    )
    return [CallStats(**row) for row in rows]


@dataclass(frozen=True)
class Point:
    """One bucket of the series; times in milliseconds."""

    at: datetime
    calls: int
    latency_p95_ms: float | None
    ttft_p95_ms: float | None


def get_series(*, task: str, window: Window, now: datetime) -> list[Point]:
    """Buckets that hold a succeeded call, oldest first."""
    since = window.starts_at(now)
    rows = (
        get_calls(since)
        .filter(SUCCEEDED, task=task)
        .annotate(
            at=DateBin(Value(window.bucket), F("started_at"), Value(since)),
        )
        .values("at")
        .annotate(
            calls=Count("pk"),
            latency_p95_ms=Percentile("latency_ms", 0.95),
            ttft_p95_ms=Percentile("ttft_ms", 0.95),
        )
        .order_by("at")
    )
    return [Point(**row) for row in rows]


def get_deployments(since: datetime) -> QuerySet[Deployment]:
    return (
        Deployment.objects.filter(created_at__gte=since)
        .select_related("prompt", "to_version", "actor")
        .order_by("created_at")
    )


def count_violations(since: datetime) -> list[tuple[str, int]]:
    """How often each check fired, most often first."""
    counts: Counter[str] = Counter()
    rows = get_calls(since).exclude(violations=[]).values_list("violations", flat=True)
    for violations in rows.iterator():
        counts.update(violation["code"] for violation in violations)
    return counts.most_common()


def count_corrections(since: datetime, *, limit: int = 8) -> list[dict[str, Any]]:
    """What wearers changed most: field, the model's value, theirs, times."""
    rows = (
        Correction.objects.filter(created_at__gte=since)
        .order_by()
        .values("field", "model_value", "user_value")
        .annotate(times=Count("pk"))
        .order_by("-times", "field")[:limit]
    )
    return [dict(row) for row in rows]


def get_recent_failures(since: datetime, *, limit: int = 6) -> QuerySet[InferenceCall]:
    return get_calls(since).filter(FAILED).select_related("version").order_by("-started_at")[:limit]


@dataclass(frozen=True)
class Backlog:
    """Work that waits. `queued` is None while Redis cannot be asked; ages are in seconds."""

    queued: int | None
    unfinished_photos: int
    failed_photos: int
    oldest_s: float


def count_queued() -> int | None:
    try:
        return sum(django_rq.get_queue(name).count for name in QUEUES)
    except RedisError:
        return None


def get_backlog(since: datetime) -> Backlog:
    unfinished = Photo.objects.unfinished().aggregate(count=Count("pk"), oldest=Min("created_at"))
    oldest = unfinished["oldest"]
    return Backlog(
        queued=count_queued(),
        unfinished_photos=unfinished["count"],
        failed_photos=Photo.objects.filter(
            status=Photo.Status.FAILED, created_at__gte=since
        ).count(),
        oldest_s=(timezone.now() - oldest).total_seconds() if oldest else 0.0,
    )
