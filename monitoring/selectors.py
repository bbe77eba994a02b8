"""What the others wrote, read for one page: queues, releases, corrections, the last failures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_rq
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from redis.exceptions import RedisError

from feedback.models import Correction
from feedback.values import show_value
from registry.models import InferenceCall
from wardrobe.models import Photo

QUEUES = ("photos", "maintenance")


def count_corrections(since: datetime, until: datetime, *, limit: int) -> list[dict[str, Any]]:
    """What wearers changed most from one moment on and before another: `field`, what the model `said`, what it was `corrected` to, in words, and `times`."""
    rows = (
        Correction.objects.filter(created_at__gte=since, created_at__lt=until)
        .order_by()
        .values("field", "model_value", "user_value")
        .annotate(times=Count("pk"))
        .order_by("-times", "field")[:limit]
    )
    return [
        {
            "field": row["field"],
            "model_value": row["model_value"],
            "user_value": row["user_value"],
            "said": show_value(row["model_value"]),
            "corrected": show_value(row["user_value"]),
            "times": row["times"],
        }
        for row in rows
    ]


def get_recent_failures(since: datetime, *, limit: int = 6) -> QuerySet[InferenceCall]:
    """The newest that somebody waited for."""
    failed = InferenceCall.objects.for_people().filter(
        outcome=InferenceCall.Outcome.FAILED, finished_at__gte=since
    )
    return failed.select_related("version").order_by("-finished_at")[:limit]


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
