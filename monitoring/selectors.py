"""What the others wrote, read for one page: queues, releases, the last failures."""

from dataclasses import dataclass
from datetime import datetime

import django_rq
from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from redis.exceptions import RedisError

from registry.models import InferenceCall
from wardrobe.models import Photo

QUEUES = tuple(settings.RQ_QUEUES)


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
    left_photos: int
    """Of the unfinished ones: they wait for a worker of the live version's release, `left_s` the longest."""
    left_s: float


def count_queued() -> int | None:
    try:
        return sum(django_rq.get_queue(name).count for name in QUEUES)
    except RedisError:
        return None


def get_backlog(since: datetime) -> Backlog:
    unfinished = Photo.objects.unfinished().aggregate(count=Count("pk"), oldest=Min("created_at"))
    left = Photo.objects.left().aggregate(count=Count("pk"), oldest=Min("updated_at"))
    return Backlog(
        queued=count_queued(),
        unfinished_photos=unfinished["count"],
        failed_photos=Photo.objects.filter(
            status=Photo.Status.FAILED, created_at__gte=since
        ).count(),
        oldest_s=tell_age(unfinished["oldest"]),
        left_photos=left["count"],
        left_s=tell_age(left["oldest"]),
    )


def tell_age(moment: datetime | None) -> float:
    """In seconds; 0 of none."""
    return (timezone.now() - moment).total_seconds() if moment else 0.0
