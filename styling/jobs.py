"""Work for the queues."""

import logging
import time
from collections.abc import Callable
from datetime import date
from functools import partial

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from django_rq import get_queue
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError
from rq.timeouts import JobTimeoutException

from styling.calendars import subscriptions
from styling.models import Subscription
from styling.morning import due, telling
from styling.services import pictures, plans
from styling.sharing import links
from styling.streaming import leases
from styling.streaming.reading import give_up
from styling.weather import open_meteo

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
LOOK_TIMEOUT_S = 40
"""For one calendar: fifteen seconds to fetch it, the rest to unfold what recurs."""
PICTURES_AT_ONCE, PICTURING_S = 500, 30.0


def sweep_suggestions_job() -> None:
    """Close the answers that nobody writes and nobody came back for."""
    if abandoned := leases.list_abandoned():
        async_to_sync(give_up)(abandoned)


def delete_expired_features_job() -> int:
    """Without it the store of forecasts would grow for ever."""
    return open_meteo.delete_expired_features()


def check_plans_job() -> int:
    """Compare planned outfits with the forecast of now; answers with how many the sky turned on."""
    return len(plans.check_due())


def look_at_calendars_job() -> int:
    """Queue a look at each subscribed calendar whose hour has come; answers with how many."""
    due = subscriptions.list_due()
    for pk in due:
        push_look(pk)
    return len(due)


def enqueue_look(subscription: Subscription) -> None:
    """Now, once the transaction has committed; a Redis that is away is no fault, for the hourly job comes."""
    transaction.on_commit(partial(push_look, subscription.pk), robust=True)


def push_look(pk: int) -> None:
    push_job(f"calendar-{pk}", look_at_calendar_job, pk, job_timeout=LOOK_TIMEOUT_S)


def push_job(name: str, job: Callable[..., object], *args: object, **options: object) -> None:
    """Once, as long as one of that name waits. The rows know what is due: what is lost comes with the next round."""
    try:
        get_queue(QUEUE).enqueue(
            job, *args, job_id=name, unique=True, result_ttl=0, failure_ttl=0, **options
        )
    except DuplicateJobError:
        return
    except (RedisError, OSError):
        logger.warning("%s waits for the next round: Redis is away", name)


def look_at_calendar_job(pk: int) -> bool:
    """A file that takes too long to unfold has failed like one that cannot be fetched."""
    try:
        return subscriptions.look(pk)
    except JobTimeoutException:
        found = Subscription.objects.filter(pk=pk).first()
        if found:
            subscriptions.fail(found, "too_slow")
        return False


def tell_wearers_job() -> int:
    """Queue what is to be told now, a job for each wearer; answers with how many."""
    now = timezone.now()
    mornings, turned = list(due.list_mornings(now)), due.list_turned(now)
    for key, day in mornings:
        push_job(f"morning-{key}-{day}", tell_morning_job, key, day.isoformat())
    for key in turned:
        push_job(f"sky-{key}", tell_turned_job, key)
    return len(mornings) + len(turned)


def tell_morning_job(key: int, day: str) -> bool:
    """One that was queued so long that its hour is past says nothing."""
    morning = date.fromisoformat(day)
    is_due = (key, morning) in due.list_mornings(timezone.now())
    return is_due and telling.tell_morning(key, morning)


def tell_turned_job(key: int) -> int:
    return telling.tell_turned(key) if key in due.list_turned(timezone.now()) else 0


def picture_outfit_job(kind: str, pk: str) -> bool:
    outfit = pictures.KINDS[kind]._default_manager.filter(pk=pk).first()
    return outfit is not None and pictures.picture_outfit(outfit)


def picture_outfits_job() -> int:
    """Compose pictures that are missing, as many as half a minute takes; answers with their number."""
    until, made = time.monotonic() + PICTURING_S, 0
    for model in pictures.KINDS.values():
        for outfit in pictures.find_unpictured(model)[:PICTURES_AT_ONCE]:
            made += pictures.picture_outfit(outfit)
            if time.monotonic() > until:
                return made
    return made


def delete_orphan_pictures_job() -> int:
    """Of a part of the wearers; the next run goes on with the others."""
    return pictures.delete_orphans(most_s=PICTURING_S)


def sweep_shared_job() -> int:
    return links.sweep()
