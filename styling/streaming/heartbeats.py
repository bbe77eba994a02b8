"""The leases of the answers that a process writes, renewed together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from stores.threads import in_thread
from styling.streaming import leases
from styling.streaming.leases import Renewal
from styling.streaming.threads import cancel_all, wait_for_news

logger = logging.getLogger(__name__)

HEARTBEAT_S = 2.5


@dataclass(eq=False)
class Held:
    """An answer that is being written: the attempt that holds it, the call that it waits for now, and whom to tell what
    was asked of it meanwhile."""

    suggestion_id: UUID
    attempt: int
    tell: Callable[[Renewal], None]
    call_id: UUID | None = None


class Heart:
    """Beats as long as answers are held in its event loop: one statement for all of them."""

    def __init__(self) -> None:
        self._held: set[Held] = set()
        self._beating: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def holding(self, held: Held) -> AsyncIterator[None]:
        self._held.add(held)
        if self._beating is None:
            # In no trace and no language: it outlives the answer with which it begins.
            self._beating = asyncio.create_task(self._beat(), context=Context())
        try:
            yield
        finally:
            self._held.discard(held)
            if not self._held and self._beating:
                beating, self._beating = self._beating, None
                await cancel_all([beating])

    async def _beat(self) -> None:
        while True:
            await wait_for_news(HEARTBEAT_S)
            try:
                await self._renew([*self._held])
            except Exception:  # The next beat makes up for it: a lease is four of them long.
                logger.warning("The leases of %d answers wait", len(self._held), exc_info=True)

    async def _renew(self, held: list[Held]) -> None:
        asked = [(one.suggestion_id, one.attempt, one.call_id) for one in held]
        renewed = await in_thread(leases.renew_leases)(asked)
        for one, (_, _, call_id), renewal in zip(held, asked, renewed, strict=True):
            # It may have ended since, or begun another call, of which nobody was asked.
            if one in self._held and one.call_id == call_id:
                one.tell(renewal)


_hearts: WeakKeyDictionary[asyncio.AbstractEventLoop, Heart] = WeakKeyDictionary()


def get_heart() -> Heart:
    """This event loop's."""
    return _hearts.setdefault(asyncio.get_running_loop(), Heart())
