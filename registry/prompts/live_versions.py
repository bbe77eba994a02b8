"""Which version is live: in memory in every process, pushed by Redis, healed by an epoch check.

A process asks the database once a second at most. A message on Redis, or a NOTIFY while Redis is away,
makes the next `resolve` ask at once; a lost message costs that second. When the database cannot be asked, the last known answer holds.

Which engines may answer travels with it: a verdict or an override reaches a process as a move does.

A running canary travels with the live version, so that its start and its end reach a process as a move does.
A wearer whom it would answer is asked for once more in the database: after its end nothing begins on it.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from redis.backoff import NoBackoff
from redis.retry import Retry

from registry.engines import preferred_engine
from registry.models import Alias, Canary, Override, PromptVersion, Verdict
from registry.prompts.answering import find_answering
from registry.statements import Statement
from stores.redis import connect as make_client
from stores.threads import in_thread

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 1.0
RECONNECT_AFTER_S = 1.0


class NoLiveVersionError(LookupError):
    """A task has no production version."""


Standing = tuple[int | None, int | None, int | None, int | None]
"""By what engines may answer: the newest verdict and the open override, of the live version and of the canary's."""


@dataclass(frozen=True)
class LiveVersion:
    """The live version of a prompt as every process holds it."""

    version_id: int
    prompt_id: int
    number: int
    sha256: str
    bundle: dict[str, Any]
    epoch: int
    canary: "RunningCanary | None" = None
    """The canary that runs beside it."""
    assignment: "CanaryAssignment | None" = None
    """The wearer's side of it; None for nobody's questions."""
    engines: frozenset[str] | None = None
    """The engines that may answer wearers under it; None where nobody is a wearer, as in evaluations."""
    standing: "Standing" = (None,) * 4

    @property
    def parameters(self) -> dict[str, Any]:
        """What the version says to the built-in engine."""
        parameters: dict[str, Any] = self.bundle.get("parameters", {})
        return parameters

    @property
    def engine(self) -> str:
        """The first engine that may answer under it."""
        return preferred_engine(self.bundle["engine"], self.engines)


@dataclass(frozen=True)
class RunningCanary:
    """A running canary as every process holds it; `share` is of the wearers, 0..0.5."""

    canary_id: int
    share: float
    candidate: LiveVersion


@dataclass(frozen=True)
class CanaryAssignment:
    """On which side of a canary a wearer is; `token` is their number in it."""

    canary_id: int
    token: int
    is_candidate: bool


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


def resolve(task_name: str, wearer: object = None, *, certain: bool = False) -> LiveVersion:
    """The version that answers a wearer (a primary key): the canary's for its share of them, else the live
    one, as for nobody in particular. Raises NoLiveVersionError.

    `certain` asks the database for the epoch: nothing begins on a version after its rollback was
    acknowledged, not even in the moment before the news arrives. Without a database what is known holds.
    """
    return assign_wearer(resolve_live(task_name, certain=certain), wearer)


def resolve_live(task_name: str, *, certain: bool = False) -> LiveVersion:
    """The production version of a task's prompt. Raises NoLiveVersionError."""
    ensure_listener()
    now, news, entry = time.monotonic(), _news, _entries.get(task_name)
    is_fresh = entry and entry.news is news and now - entry.checked_at < CHECK_EVERY_S
    if entry and is_fresh and not certain:
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


aresolve = in_thread(resolve)


def assign_wearer(live: LiveVersion, wearer: object) -> LiveVersion:
    """The version for one wearer: the same one as long as the canary runs."""
    if live.canary is None or wearer is None:
        return live
    canary = live.canary
    token = draw_token(canary.canary_id, wearer)
    is_candidate = (token + 2**63) / 2**64 < canary.share
    if is_candidate and not is_running(canary.canary_id):
        return live
    assignment = CanaryAssignment(canary.canary_id, token, is_candidate)
    return replace(canary.candidate if is_candidate else live, assignment=assignment)


def draw_token(canary_id: int, wearer: object) -> int:
    """A number that a wearer always draws in this canary: uniform over PostgreSQL's bigint, and unlike
    the one drawn in another canary, so that not the same wearers are asked to try everything."""
    digest = hashlib.sha256(f"{canary_id}:{wearer}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def is_running(canary_id: int) -> bool:
    """Asked for the canary's share alone; without a database its wearers get the live version."""
    try:
        return Canary.objects.running().filter(pk=canary_id).exists()
    except (DatabaseError, InterfaceError):
        return False


def refresh(task_name: str, known: LiveVersion | None) -> LiveVersion:
    """Ask for the epoch, the canary and what lets engines answer; read the whole versions only if one moved."""
    found = read_standing(task_name)
    if known and found == [identify(known)]:
        return known
    alias = find_production(task_name).select_related("version").first() if found else None
    if alias is None:
        raise NoLiveVersionError(
            f"{task_name} has no live version: run manage.py load_prompts first"
        )
    canary = hold_canary(alias.canary_id, epoch=alias.epoch) if alias.canary_id else None
    live = hold_answering(alias.version, epoch=alias.epoch)
    standing = (alias.verdict, alias.override, alias.canary_verdict, alias.canary_override)
    return replace(live, canary=canary, standing=standing)


def find_production(task_name: str) -> QuerySet[Any]:
    """The alias, of which a prompt has one at most."""
    return annotate_standing(
        Alias.objects.filter(prompt__name=task_name, name=Alias.Name.PRODUCTION)
    )


STANDING = ("verdict", "override", "canary_verdict", "canary_override")


def annotate_standing(aliases: QuerySet[Alias]) -> QuerySet[Any]:
    """The canary that runs, and the parts of `Standing`."""
    running = Canary.objects.running().filter(prompt=OuterRef("prompt"))
    mine: dict[str, Any] = {"version": OuterRef("version")}
    canarys: dict[str, Any] = {
        "version__canaries__prompt": OuterRef("prompt"),
        "version__canaries__state": Canary.State.RUNNING,
    }
    return aliases.annotate(
        canary_id=newest(running),
        verdict=newest(Verdict.objects.filter(**mine)),
        override=newest(Override.objects.open().filter(**mine)),
        canary_verdict=newest(Verdict.objects.filter(**canarys)),
        canary_override=newest(Override.objects.open().filter(**canarys)),
    )


read_standing = Statement(
    lambda name: find_production(name).values_list("version_id", "epoch", "canary_id", *STANDING),
    str,
)


def newest(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by("-pk").values("pk")[:1])


def identify(live: LiveVersion) -> tuple[int | None, ...]:
    """What changes whenever something moved: the version and its epoch, the canary that runs, what lets engines answer.

    The epoch alone would do, if nobody ever put other rows under a running process.
    """
    canary_id = live.canary.canary_id if live.canary else None
    return live.version_id, live.epoch, canary_id, *live.standing


def hold_canary(canary_id: int, *, epoch: int) -> RunningCanary:
    canary = Canary.objects.select_related("version").get(pk=canary_id)
    return RunningCanary(canary_id, canary.share, hold_answering(canary.version, epoch=epoch))


def hold_answering(version: PromptVersion, *, epoch: int) -> LiveVersion:
    """A version for wearers: answered by the engines that may."""
    return replace(hold(version, epoch=epoch), engines=find_answering(version))


def hold(version: PromptVersion, *, epoch: int = 0) -> LiveVersion:
    """A version as processes hold it, for any engine to answer; epoch 0 says that it need not be live."""
    return LiveVersion(
        version.pk, version.prompt_id, version.number, version.sha256, version.bundle, epoch
    )


def forget() -> None:
    """Let the next `resolve` of every task ask the database; what is known stays as a fallback."""
    global _news
    _news = object()


def last_news() -> object:
    """Another object after every move that this process has heard of."""
    return _news


def notify_move(prompt_name: str, epoch: int) -> None:
    """Have PostgreSQL tell of a move, as part of the transaction that makes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel(), f"{prompt_name} {epoch}"])


def announce(prompt_name: str, epoch: int) -> None:
    """Have every process look again once the transaction has committed."""
    notify_move(prompt_name, epoch)
    transaction.on_commit(lambda: publish_move(prompt_name, epoch), robust=True)


def publish_move(prompt_name: str, epoch: int) -> None:
    """Tell every process of a move, a canary or a verdict, this one first."""
    forget()
    try:
        with connect() as client:
            client.publish(channel(), f"{prompt_name} {epoch}")
    except redis.RedisError:
        logger.warning(
            "Redis is away: processes hear of the move of %s from the database", prompt_name
        )


@contextmanager
def connect(socket_timeout: float | None = 1.0) -> Iterator["redis.Redis"]:
    """One try: redis-py's own retries would hold up whoever moves an alias for seconds."""
    client = make_client(
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
    """Hear of moves from Redis, and from the database while Redis is away, unless it is behind a pool of transactions,
    which keeps no session that could hear: there the epoch is asked for within `CHECK_EVERY_S`."""
    while True:
        try:
            listen_to_redis()
        except (redis.RedisError, OSError, ValueError):
            if settings.DATABASE_POOLED:
                time.sleep(RECONNECT_AFTER_S)
                continue
            try:
                listen_to_database()
            except Exception:  # noqa: BLE001 - Nothing may end the listener.
                time.sleep(RECONNECT_AFTER_S)


def listen_to_redis() -> None:
    """Mark everything stale at each message, and at each (re)connection, for one may be lost."""
    with connect(socket_timeout=None) as client, client.pubsub() as subscription:  # type: ignore[no-untyped-call]
        subscription.subscribe(channel())
        for _ in subscription.listen():
            forget()


def listen_to_database() -> None:
    """The same, of NOTIFY, until Redis is back: it takes a connection, so not while there is no need."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'LISTEN "{channel()}"')
            forget()
            while not is_redis_there():
                for _ in connection.connection.notifies(timeout=RECONNECT_AFTER_S):
                    forget()
            cursor.execute("UNLISTEN *")  # A pool would lend the connection on as it is.
    finally:
        connection.close()


def is_redis_there() -> bool:
    try:
        with connect() as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
