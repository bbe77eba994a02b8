"""What streams wait for: database work that outlasts a database's absence, and news of moves."""

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError

from registry.prompts import live_versions
from stores.threads import in_thread

logger = logging.getLogger(__name__)

NEWS_POLL_S = 0.25
CANCELLED_AGAIN_S = 0.5

P = ParamSpec("P")
T = TypeVar("T")


async def persist(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run database work, however long the database is away: the words are kept in memory."""
    pause_s = 0.2
    while True:
        try:
            return await in_thread(function)(*args, **kwargs)
        except (OperationalError, InterfaceError):
            logger.warning("The database is away; trying again in %.1f s", pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 5)


async def wait_for_news(seconds: float) -> None:
    """Some time, or until this process hears of a move: a listening thread does."""
    news = live_versions.last_news()
    for _ in range(round(seconds / NEWS_POLL_S)):
        await asyncio.sleep(NEWS_POLL_S)
        if live_versions.last_news() is not news:
            return


async def cancel_all(tasks: Collection[asyncio.Task[None]]) -> None:
    """Until they are over: what a task waits for may swallow a cancellation, as a client of Redis does that is just
    connecting."""
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=CANCELLED_AGAIN_S)
