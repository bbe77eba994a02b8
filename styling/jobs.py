"""Work for the queues."""

import logging
import time
from functools import partial

from asgiref.sync import async_to_sync
from django.db import transaction
from django_rq import get_queue
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError
from rq.timeouts import JobTimeoutException

from styling.calendars import subscriptions
from styling.models import Look, Subscription, Suggestion
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
PICTURED: dict[str, type[Suggestion] | type[Look]] = {"suggestion": Suggestion, "look": Look}


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
    try:
        get_queue(QUEUE).enqueue(
            look_at_calendar_job,
            pk,
            job_id=f"calendar-{pk}",
            unique=True,
            job_timeout=LOOK_TIMEOUT_S,
            result_ttl=0,
            failure_ttl=0,
        )
    except DuplicateJobError:
        return
    except (RedisError, OSError):
        logger.warning("calendar %s waits for the next hour: Redis is away", pk)


def look_at_calendar_job(pk: int) -> bool:
    """A file that takes too long to unfold has failed like one that cannot be fetched."""
    try:
        return subscriptions.look(pk)
    except JobTimeoutException:
        found = Subscription.objects.filter(pk=pk).first()
        if found:
            subscriptions.fail(found, "too_slow")
        return False


def picture_outfit_job(kind: str, pk: str) -> bool:
    outfit = PICTURED[kind]._default_manager.filter(pk=pk).first()
    return outfit is not None and pictures.picture_outfit(outfit)


def picture_outfits_job() -> int:
    """Compose pictures that are missing, as many as half a minute takes; answers with their number."""
    until, made = time.monotonic() + PICTURING_S, 0
    for model in PICTURED.values():
        for outfit in pictures.find_unpictured(model)[:PICTURES_AT_ONCE]:
            made += pictures.picture_outfit(outfit)
            if time.monotonic() > until:
                return made
    return made


def delete_orphan_pictures_job() -> int:
    return pictures.delete_orphans()


def sweep_shared_job() -> int:
    return links.sweep()
