"""PostgreSQL as the environment names it: embedded, a server, several of which one takes writes, or PgBouncer."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from dresscode.environment.reading import env
from dresscode.local.embedded import paths

ENGINE = "django.db.backends.postgresql"
WEB_POOL = {"min_size": 1, "max_size": 8, "timeout": 10}
# A migration may take its time; a page or a job that holds a lock for longer than this is a fault.
DATABASE_LIMITS = (
    "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s"
)
# By Linux's own values a host that went away without a word is noticed after a quarter of an hour or two hours.
NOTICE_SILENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
PORT = "5432"


def read_database(state: Path, *, process: str) -> dict[str, Any]:
    """The web process pools its connections; workers fork, so they may not."""
    url: str = env.str("DATABASE_URL", "")
    database = read_address(url) if url else embedded(state)
    is_pooled = bool(url) and read_pooled()
    options = {**(NOTICE_SILENCE if url else {}), **database.get("OPTIONS", {})}
    # PgBouncer refuses what is said at connection, and has no session for later: there the role has its limits.
    if process != "command" and not is_pooled:
        options["options"] = f"{options.get('options', '')} {DATABASE_LIMITS}".strip()
    if process == "web":
        options["pool"] = WEB_POOL
    return {
        **database,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
        "OPTIONS": options,
    }


def read_pooled() -> bool:
    """Whether no session outlives a transaction."""
    return bool(env.bool("DATABASE_POOLED", False))


def embedded(state: Path) -> dict[str, Any]:
    return {
        "ENGINE": ENGINE,
        "NAME": "dresscode",
        "USER": "dresscode",
        "HOST": str(paths.socket_dir(state)),
    }


def read_address(url: str) -> dict[str, Any]:
    """Of several hosts, as in postgres://…@db1:5432,db2:5432/dresscode, the one that takes writes is used."""
    head, at, rest = url.rpartition("@")
    places, slash, path = rest.partition("/")
    is_several = "," in places
    single = f"{head}{at}localhost{slash}{path}" if is_several else url
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(single))
        hosts = [split_place(place) for place in places.split(",")] if is_several else []
    except (ValueError, dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as error:
        raise ImproperlyConfigured("DATABASE_URL must be a postgres:// address") from error
    if database["ENGINE"] != ENGINE:
        raise ImproperlyConfigured("DATABASE_URL must be a postgres:// address")
    if is_several:
        names, ports = zip(*hosts, strict=True)
        database |= {"HOST": ",".join(names), "PORT": ",".join(ports)}
        # Else libpq takes the first that answers, which may be a replica.
        database["OPTIONS"] = {"target_session_attrs": "read-write", **database.get("OPTIONS", {})}
    return database


def split_place(place: str) -> tuple[str, str]:
    """A host and its port. Raises ValueError."""
    parts = urlsplit(f"//{place}")
    if not parts.hostname:
        raise ValueError("a host has no name")
    return parts.hostname, str(parts.port or PORT)
