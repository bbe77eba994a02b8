"""Which version is live: in memory in every process, pushed by Redis, healed by an epoch check.

A process asks the database once a second at most. A message on Redis makes the next `resolve` ask at
once; a lost message costs that second. When the database cannot be asked, the last known answer holds.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import redis
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from redis.backoff import NoBackoff
from redis.retry import Retry

from registry.models import Alias, PromptVersion

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 1.0
RECONNECT_AFTER_S = 1.0


class NoLiveVersionError(LookupError):
    """A task has no production version."""


@dataclass(frozen=True)
class LiveVersion:
    """The live version of a prompt as every process holds it."""

    version_id: int
    prompt_id: int
    number: int
    sha256: str
    bundle: dict[str, Any]
    epoch: int

    @property
    def parameters(self) -> dict[str, Any]:
        """What the version says to the built-in engine."""
        parameters: dict[str, Any] = self.bundle.get("parameters", {})
        return parameters


@dataclass(frozen=True)
class _Entry:
    """What was known, since when, and under which `_news`: both taken before the database was asked,
    so that a move during the question leaves the answer stale."""

    live: LiveVersion
    checked_at: float
    news: object


_entries: dict[str, _Entry] = {}
_news = object()
"""Replaced whenever something may have moved; assignment is atomic, so no lock is needed."""
_listener_lock = threading.Lock()
_listener: threading.Thread | None = None


def channel() -> str:
    return f"{settings.REDIS_PREFIX}:versions"


def resolve(task_name: str) -> LiveVersion:
    """The production version of a task's prompt. Raises NoLiveVersionError."""
    ensure_listener()
    now, news, entry = time.monotonic(), _news, _entries.get(task_name)
    if entry and entry.news is news and now - entry.checked_at < CHECK_EVERY_S:
        return entry.live
    try:
        live = refresh(task_name, entry.live if entry else None)
    except (DatabaseError, InterfaceError):
        if entry is None:
            raise
        logger.warning("Keeping version %s of %s: no database", entry.live.number, task_name)
        live = entry.live
    _entries[task_name] = _Entry(live, now, news)
    return live


aresolve = database_sync_to_async(resolve)


def refresh(task_name: str, known: LiveVersion | None) -> LiveVersion:
    """Ask for the epoch; read the whole version only if it moved."""
    aliases = Alias.objects.filter(prompt__name=task_name, name=Alias.Name.PRODUCTION)
    if known and aliases.values_list("epoch", flat=True).first() == known.epoch:
        return known
    alias = aliases.select_related("version").first()
    if alias is None:
        raise NoLiveVersionError(
            f"{task_name} has no live version: run manage.py load_prompts first"
        )
    return hold(alias.version, epoch=alias.epoch)


def hold(version: PromptVersion, *, epoch: int = 0) -> LiveVersion:
    """A version as processes hold it; epoch 0 says that it need not be live."""
    return LiveVersion(
        version.pk, version.prompt_id, version.number, version.sha256, version.bundle, epoch
    )


def forget() -> None:
    """Let the next `resolve` of every task ask the database; what is known stays as a fallback."""
    global _news
    _news = object()


def publish_move(prompt_name: str, epoch: int) -> None:
    """Tell every process, this one first. A Redis that is away costs them one second."""
    forget()
    try:
        with connect() as client:
            client.publish(channel(), f"{prompt_name} {epoch}")
    except redis.RedisError:
        logger.warning(
            "Redis is away: processes see the move of %s at their next check", prompt_name
        )


@contextmanager
def connect(socket_timeout: float | None = 1.0) -> Iterator["redis.Redis"]:
    """One try: redis-py's own retries would hold up whoever moves an alias for seconds."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=socket_timeout,
        socket_connect_timeout=1.0,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        yield client
    finally:
        client.close()


def ensure_listener() -> None:
    """One listening thread a process; a forked worker starts its own."""
    global _listener
    if _listener and _listener.is_alive():
        return
    with _listener_lock:
        if _listener is None or not _listener.is_alive():
            _listener = threading.Thread(
                target=listen, name=f"versions-{uuid4().hex[:6]}", daemon=True
            )
            _listener.start()


def listen() -> None:
    """Mark everything stale at each message, and at each (re)connection, for one may be lost."""
    while True:
        try:
            with connect(socket_timeout=None) as client, client.pubsub() as subscription:  # type: ignore[no-untyped-call]
                subscription.subscribe(channel())
                for _ in subscription.listen():
                    forget()
        except (redis.RedisError, OSError, ValueError):
            time.sleep(RECONNECT_AFTER_S)
