"""Work for the queue. The row is the truth: a trip whose job was lost is queued again."""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_rq import get_queue
from redis.exceptions import RedisError

from styling.models import Trip
from styling.trips import packing
from styling.weather.open_meteo import FORECAST_DAYS

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
LONGEST_S = 180
MOST_AT_ONCE = 50


def enqueue_packing(trip: Trip) -> None:
    """Queue it once the transaction has committed. A Redis that is away is no fault here: the sweep finds it."""
    transaction.on_commit(partial(push, trip), robust=True)


def push(trip: Trip) -> None:
    try:
        get_queue(QUEUE).enqueue(
            pack_trip_job,
            str(trip.pk),
            trip.attempt,
            job_id=name_job(trip),
            result_ttl=0,
            failure_ttl=60,
            job_timeout=LONGEST_S,
        )
    except (RedisError, OSError):
        logger.warning("trip %s waits for the sweep: Redis is away", trip.pk, exc_info=True)


def name_job(trip: Trip) -> str:
    return f"pack-{trip.pk}-{trip.attempt}"


def pack_trip_job(trip_id: str, attempt: int) -> None:
    packing.pack_trip(trip_id, attempt)


def sweep_trips_job() -> int:
    """Queue again what wants a list and has no job, queued or running; answers with how many."""
    queue = get_queue(QUEUE)
    known = {*queue.job_ids, *queue.started_job_registry.get_job_ids()}
    lost = [trip for trip in Trip.objects.unpacked() if name_job(trip) not in known]
    for trip in lost:
        push(trip)
    return len(lost)


def look_again_job() -> int:
    """Once a day, the skies of packed trips that begin within the forecast's days; answers with how many were read."""
    today = timezone.now().date()
    soon = Trip.objects.filter(
        status=Trip.Status.READY,
        ends_on__gte=today - timedelta(days=1),
        starts_on__lt=today + timedelta(days=FORECAST_DAYS),
    )
    due = soon.filter(Q(looked_on__isnull=True) | Q(looked_on__lt=today))
    found = due.select_related("owner").order_by(F("looked_on").asc(nulls_first=True))
    trips = list(found[:MOST_AT_ONCE])
    for trip in trips:
        packing.look_again(trip)
    return len(trips)
