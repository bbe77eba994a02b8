"""Signs of life of an open call."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from django.db.models.functions import Now

from registry.models import InferenceCall
from stores.threads import in_thread

logger = logging.getLogger(__name__)

HEARTBEAT_S = 5.0


@asynccontextmanager
async def heartbeat(call_id: UUID) -> AsyncIterator[None]:
    """Say every few seconds that the process of an open call is alive."""
    beating = asyncio.create_task(beat(call_id))
    try:
        yield
    finally:
        beating.cancel()
        # Not `suppress(CancelledError)`, which would swallow the caller's own.
        await asyncio.gather(beating, return_exceptions=True)


async def beat(call_id: UUID) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        try:
            await in_thread(note_beat)(call_id)
        except Exception:  # A missed beat is not a lost call.
            logger.warning("No heartbeat for the call %s", call_id, exc_info=True)


def note_beat(call_id: UUID) -> None:
    InferenceCall.objects.unfinished().filter(pk=call_id).update(heartbeat_at=Now())
