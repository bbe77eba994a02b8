"""A circuit breaker for an engine, shared by all processes: one finds it away, the others know.

Closed until an engine fails; then open for a while; then half open: one call of all processes probes
it, and its success closes the breaker (Nygard, "Release It!", 2nd ed., ch. 5). The state lies in
Redis; without Redis each process goes by what it saw itself.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from stores.redis import connect

logger = logging.getLogger(__name__)

# By hand: with pybreaker's and aiobreaker's storage in Redis every process probes a half-open engine at once, and
# while Redis is away what the process saw itself is forgotten.

COOLDOWN_S = 10.0
REDIS_TIMEOUT_S = 0.5
FORGET_AFTER_S = 24 * 3600
MAX_REASON = 300


@dataclass(frozen=True)
class Outage:
    """Since when an engine is away, until when it is left alone (both Unix times), and why."""

    since: float
    until: float
    reason: str


class Breaker:
    """The breaker of the engine called `name`."""

    def __init__(self, name: str, *, cooldown_s: float = COOLDOWN_S) -> None:
        self.name = name
        self.cooldown_s = cooldown_s
        self._seen: Outage | None = None
        self._probing_until = 0.0

    def allows(self) -> bool:
        """Whether to call the engine now: it is well, or this call is the one that probes it."""
        trouble = self.read()
        if trouble is None:
            return True
        # Another machine's clock may be ahead: nobody leaves an engine alone for longer than `cooldown_s` by their own.
        rests = 0 < trouble.until - time.time() <= self.cooldown_s
        return not rests and self._claim_probe()

    def read(self) -> Outage | None:
        """What is wrong with the engine, as far as is known."""
        self._seen = self._ask(lambda client: parse(client.hgetall(self._key())), self._seen)
        return self._seen

    def open(self, reason: str) -> None:
        """Leave the engine alone for `cooldown_s`."""
        now = time.time()
        since = self._seen.since if self._seen else now
        self._seen = trouble = Outage(since, now + self.cooldown_s, reason[:MAX_REASON])
        self._probing_until = 0.0

        def write(client: Any) -> None:
            with client.pipeline() as pipe:
                pipe.hset(self._key(), mapping=vars(trouble))
                pipe.expire(self._key(), FORGET_AFTER_S)
                pipe.delete(self._key("probe"))
                pipe.execute()

        self._ask(write, None)

    def close(self) -> None:
        """The engine answers. Costs nothing while it has been well."""
        if self._seen is not None:
            self._seen = None
            self._ask(lambda client: client.delete(self._key(), self._key("probe")), None)
            logger.info("Engine %s answers again", self.name)

    def _claim_probe(self) -> bool:
        """One call at a time; one that never ends gives way after a cooldown."""
        now = time.monotonic()
        if now < self._probing_until:
            return False
        expires_ms = int(self.cooldown_s * 1000)
        claimed = self._ask(
            lambda client: client.set(self._key("probe"), 1, nx=True, px=expires_ms), True
        )
        if claimed:
            self._probing_until = now + self.cooldown_s
        return bool(claimed)

    @cached_property
    def _client(self) -> "redis.Redis":
        """One try a question: redis-py's own retries would hold up the call for seconds."""
        return connect(
            settings.REDIS_URL,
            socket_timeout=REDIS_TIMEOUT_S,
            socket_connect_timeout=REDIS_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )

    def _key(self, part: str = "trouble") -> str:
        return f"{settings.REDIS_PREFIX}:engine:{self.name}:{part}"

    def _ask(self, question: Callable[[Any], Any], otherwise: Any) -> Any:
        """Redis's answer; `otherwise` when it is away, which must not cost a wearer the answer."""
        try:
            return question(self._client)
        except redis.RedisError:
            logger.warning("Redis is away: the breaker of %s goes by this process", self.name)
            return otherwise


def parse(fields: dict[str, str]) -> Outage | None:
    try:
        return Outage(float(fields["since"]), float(fields["until"]), fields["reason"])
    except (KeyError, ValueError):
        return None
