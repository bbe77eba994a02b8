"""Two questions a load balancer asks: does this process answer, and can it do its work."""

import logging

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

TIMEOUT_S = 2.0


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all; touches no store, so a lost store restarts nobody."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when PostgreSQL, its schema and Redis are there, else 503; says which is missing and no more."""
    checks = {"postgres": check_postgres(), "redis": check_redis()}
    checks["migrations"] = checks["postgres"] and check_migrations()
    ready = all(checks.values())
    answer = {"status": "ok" if ready else "unavailable", "checks": checks}
    return JsonResponse(answer, status=200 if ready else 503)


def check_postgres() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("PostgreSQL does not answer", exc_info=True)
        return False
    return True


def check_migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        logger.warning("the schema could not be read", exc_info=True)
        return False


def check_redis() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT_S)
    try:
        return bool(client.ping())
    except redis.RedisError:
        logger.warning("Redis does not answer", exc_info=True)
        return False
    finally:
        client.close()
