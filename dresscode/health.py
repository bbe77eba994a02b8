"""Two questions a load balancer asks: does this process answer, and can it do its work."""

import logging

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monitoring.figures.reading import newest_at
from stores.redis import connect

logger = logging.getLogger(__name__)

TIMEOUT_S = 2.0
UNKNOWN = "Nobody can tell without PostgreSQL."


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all; touches no store, so a lost store restarts nobody."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when PostgreSQL, its schema and Redis are there, else 503, with the reason of each that is not.

    `figures_age_s` is information: how long the scheduler, or the jobs that it queues, have counted nothing; null before
    they have, or while nobody can tell. No reason quotes an error, which may name an address.
    """
    reasons = {"postgres": explain_postgres(), "redis": explain_redis()}
    reasons["migrations"] = explain_migrations() if not reasons["postgres"] else UNKNOWN
    ready = not any(reasons.values())
    answer = {
        "status": "ok" if ready else "unavailable",
        "checks": {part: not reason for part, reason in reasons.items()},
        "reasons": {part: reason for part, reason in reasons.items() if reason},
        "figures_age_s": None if reasons["postgres"] else read_figures_age(),
    }
    return JsonResponse(answer, status=200 if ready else 503)


def explain_postgres() -> str:
    """Why it cannot be used; empty if it can."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("PostgreSQL does not answer", exc_info=True)
        return "PostgreSQL does not answer."
    return ""


def explain_migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        logger.warning("the schema could not be read", exc_info=True)
        return "The schema could not be read."
    return f"Migrations to be applied: {missing}." if missing else ""


def explain_redis() -> str:
    client = connect(settings.REDIS_URL, socket_timeout=TIMEOUT_S)
    try:
        client.ping()
    except redis.TimeoutError:
        logger.warning("Redis does not answer in time", exc_info=True)
        return f"Redis does not answer within {TIMEOUT_S:g} s."
    except redis.RedisError:
        logger.warning("Redis does not answer", exc_info=True)
        return "Redis does not answer."
    finally:
        client.close()
    return ""


def read_figures_age() -> float | None:
    """Seconds since calls were counted."""
    try:
        newest = newest_at()
    except DatabaseError:
        return None
    if newest is None:
        return None
    return max(0.0, round((timezone.now() - newest).total_seconds(), 1))
