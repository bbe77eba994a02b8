"""Database work of streams, in threads of its own."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Run database work in any thread: hundreds of streams must not queue for a single one."""
    threaded: Callable[P, Coroutine[Any, Any, T]] = database_sync_to_async(
        function, thread_sensitive=False
    )
    return threaded


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
