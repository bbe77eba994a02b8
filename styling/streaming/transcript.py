"""The numbered events of one answer: in memory while it is written, in Redis for other processes.

An event is a dict with `seq` (1, 2, 3, … without a gap) and `type`:

    weather     source, why, sentence, categories: what it dresses for, or why nobody knows
    piece       garment, name, slot, slot_label, place, filled (the places of all pieces), photo, cut_out,
                size, url: one validated piece
    delta       text: more of the prose
    reworded    (nothing): the words so far are void, the pieces stay, other words follow
    notice      code, message: something the wearer should know
    outfit      html, line, reasons, missing: the finished prose with links, rendered here
    superseded  attempt, message: what came before is void, it starts again
    done        status ("ready" or "stopped"): the end
    error       code, message: the other end
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from stores.redis import connect_async

StreamEvent = dict[str, Any]

TERMINAL = frozenset({"done", "error"})
TIMEOUT_S = 3.0
KEEP_S = 3_600
"""How long the log of an answer is in Redis, from its first word on; the row keeps it for good. One that is written for
longer begins its log anew."""


@dataclass
class Position:
    """How far a reader has got, and in which attempt at the answer."""

    seq: int = 0
    attempt: int | None = None

    def admits(self, event: StreamEvent) -> bool:
        """Whether `event` is the next for this reader; if so, step on to it.

        A reader that heard words of a dead process which reached nobody else is ahead of the log:
        the event that voids those words takes it back.
        """
        is_newer_attempt = (
            event["type"] == "superseded"
            and self.attempt is not None
            and event["attempt"] > self.attempt
        )
        if event["seq"] != self.seq + 1 and not (is_newer_attempt and event["seq"] <= self.seq):
            return False
        self.seq = event["seq"]
        if event["type"] == "superseded":
            self.attempt = event["attempt"]
        return True


class Transcript:
    """The events in memory. A reader holds a position, not a queue: a slow one costs nothing."""

    def __init__(self) -> None:
        self.events: list[StreamEvent] = []
        self._is_sealed = False
        self._waiting: set[asyncio.Future[None]] = set()

    def append(self, kind: str, **payload: Any) -> None:
        self.extend(self.number([{"type": kind, **payload}]))

    def number(self, events: Iterable[StreamEvent]) -> list[StreamEvent]:
        """The events as they would be appended, with the numbers they would get."""
        return [
            {"seq": seq, **event} for seq, event in enumerate(events, start=len(self.events) + 1)
        ]

    def extend(self, numbered: Iterable[StreamEvent]) -> None:
        self.events.extend(numbered)
        self._wake()

    def seal(self) -> None:
        """Nothing more comes from here: let the readers look elsewhere."""
        self._is_sealed = True
        self._wake()

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def wait_beyond(self, count: int) -> bool:
        """Wait for more than `count` events; False once sealed without them."""
        while len(self.events) <= count and not self._is_sealed:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.add(waiting)
            try:
                await waiting
            finally:
                self._waiting.discard(waiting)
        return len(self.events) > count

    async def follow(self) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events so far, then those to come, until sealed."""
        index = 0
        while await self.wait_beyond(index):
            yield self.events[index]
            index += 1


# Its own types say what any Redis could answer; ours answers bytes, in the shapes used below.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()


def get_redis() -> Any:
    """This event loop's client. A Redis that hangs holds an answer up twice for `TIMEOUT_S`: blocking reads wait for less."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = connect_async(
            settings.REDIS_URL,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 1),
            max_connections=2000,
            driver_info=None,  # Else each connection reads its own version from the disk, and tells it.
        )
    return _clients[loop]


@dataclass(frozen=True)
class Entry:
    """What is to be added to the stream of one answer."""

    key: str
    batch: dict[str, str]
    id: str
    is_first: bool = False

    def add_to(self, pipe: Any) -> None:
        """Two commands: the second answers with the number of entries, of a first one with 1, too."""
        pipe.xadd(self.key, self.batch, id=self.id)
        if self.is_first:
            pipe.expire(self.key, KEEP_S)
        else:
            pipe.xlen(self.key)


class Courier:
    """Carries the entries of all answers that are written in one event loop: those that come while a round trip is
    under way share the next one."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Entry, asyncio.Future[int]]] = []
        self._way: asyncio.Task[None] | None = None

    async def carry(self, entry: Entry) -> int:
        """Answers with the number of entries that are in its stream now. Raises RedisError, OSError."""
        arrival: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, arrival))
        if self._way is None or self._way.done():
            self._way = asyncio.create_task(self._go())
        return await arrival

    async def _go(self) -> None:
        while load := [one for one in self._waiting if not one[1].done()]:
            self._waiting = []
            for (_, arrival), added, count in zip(load, *await self._send(load), strict=True):
                if arrival.done():
                    continue
                if isinstance(fault := added if isinstance(added, Exception) else count, Exception):
                    arrival.set_exception(fault)
                else:
                    arrival.set_result(int(count))

    async def _send(self, load: Sequence[tuple[Entry, Any]]) -> tuple[list[Any], list[Any]]:
        """What Redis says of each entry, and how many there are, or why not."""
        try:
            async with get_redis().pipeline(transaction=False) as pipe:
                for entry, _ in load:
                    entry.add_to(pipe)
                said = await pipe.execute(raise_on_error=False)
        except Exception as error:  # noqa: BLE001 - Each of those who wait hears of it.
            return [error] * len(load), [error] * len(load)
        return said[::2], said[1::2]


_couriers: WeakKeyDictionary[asyncio.AbstractEventLoop, Courier] = WeakKeyDictionary()


def get_courier() -> Courier:
    """This event loop's."""
    return _couriers.setdefault(asyncio.get_running_loop(), Courier())


class LogTakenError(Exception):
    """Another process holds this answer now: the words of this one are void."""


@dataclass
class Log:
    """The same events as a Redis Stream, an entry for each batch.

    Entry ids are `<attempt>-<last seq>`, so that Redis itself refuses the late words of a process
    that lost its lease.
    """

    suggestion_id: UUID
    attempt: int = 0
    key: str = field(init=False)
    _written: int = 0
    _entries: int = 0
    _is_sure: bool = False
    _has_begun: bool = False

    def __post_init__(self) -> None:
        self.key = f"{settings.REDIS_PREFIX}:outfit:{self.suggestion_id}"

    async def write(self, events: Sequence[StreamEvent]) -> None:
        """Bring the stream up to `events`, in one round trip when the last one went well.

        A Redis that came back empty is given everything again. Raises RedisError, OSError or
        LogTakenError.
        """
        events = tuple(events)  # More may be told while these are under way.
        if self.attempt == 1 and not self._has_begun:
            await self._begin(events)
            return
        if not self._is_sure:
            await self._look()
        if len(events) == self._written:
            return
        self._is_sure = False
        if await self._add(events, after=self._written) < self._entries:
            await self._add(events, after=0)
        self._written, self._is_sure = len(events), True

    async def _begin(self, events: Sequence[StreamEvent]) -> None:
        """Where nobody wrote before, there is nothing to look for: only a later attempt could be there, and of that Redis
        refuses the id of this one."""
        if not events:
            return
        self._has_begun = True
        await get_courier().carry(self._make_entry(events, is_first=True))
        self._written, self._entries, self._is_sure = len(events), 1, True

    def _make_entry(
        self, events: Sequence[StreamEvent], *, after: int = 0, is_first: bool = False
    ) -> Entry:
        batch = {"events": json.dumps(events[after:])}
        return Entry(self.key, batch, f"{self.attempt}-{len(events)}", is_first)

    async def _look(self) -> None:
        """Find out what has arrived: after a fault nobody else knows."""
        self._written = self._entries = 0
        if not (entries := await get_redis().xrevrange(self.key, count=1)):
            return
        attempt, _, seq = entries[0][0].partition(b"-")
        if int(attempt) > self.attempt:
            raise LogTakenError
        if int(attempt) == self.attempt:
            self._written, self._entries = int(seq), await get_redis().xlen(self.key)

    async def _add(self, events: Sequence[StreamEvent], *, after: int) -> int:
        """Answers with the number of entries that are in the stream now."""
        self._entries = self._entries + 1 if after else 1
        entry = self._make_entry(events, after=after)
        if after:
            return await get_courier().carry(entry)
        async with get_redis().pipeline(transaction=True) as pipe:
            pipe.delete(self.key)
            entry.add_to(pipe)
            pipe.expire(self.key, KEEP_S)
            await pipe.execute()
        return 1

    async def read(self) -> list[StreamEvent]:
        """All that is there. Raises RedisError, OSError."""
        entries = await get_redis().xrange(self.key)
        return [event for entry in entries for event in decode_entry(entry)]

    async def follow(self, *, patience_s: float) -> AsyncGenerator[StreamEvent, None]:
        """Yield what is there and what comes, until nothing has come for `patience_s`.

        Raises RedisError, OSError.
        """
        last: bytes | str = "0-0"
        while True:
            reply = await get_redis().xread({self.key: last}, block=int(patience_s * 1000))
            if not reply:
                return
            entries = reply[0][1]
            for entry in entries:
                for event in decode_entry(entry):
                    yield event
            last = entries[-1][0]


def decode_entry(entry: tuple[bytes, dict[bytes, bytes]]) -> list[StreamEvent]:
    events: list[StreamEvent] = json.loads(entry[1][b"events"])
    return events
