"""Reading an answer from wherever it is: this process, another one, or the database."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from uuid import UUID

from redis.exceptions import RedisError

from stores.threads import in_thread
from styling.streaming import leases
from styling.streaming.generation import POLL_S, Generation, running
from styling.streaming.threads import persist
from styling.streaming.transcript import (
    TERMINAL,
    Log,
    Position,
    StreamEvent,
    get_redis,
)

DRAIN_S = 5.0


async def follow(
    suggestion_id: UUID,
    *,
    seq: int = 0,
    attempt: int | None = None,
    state: leases.StreamState | None = None,
) -> AsyncGenerator[StreamEvent, None]:
    """Yield the events after `seq` as they come, each once, to the last one.

    Starts writing if nobody does. `state`: as it was read just now. Raises Suggestion.DoesNotExist.
    """
    position = Position(seq, attempt)
    while True:
        read_before, state = state, None
        generation, is_over = running.get(suggestion_id), False
        if generation is None:
            there = read_before or await read_where(suggestion_id)
            # Meanwhile another reader may have started it.
            generation = running.get(suggestion_id)
            if generation is None and there.is_claimable:
                generation = Generation(suggestion_id, heard=seq)
            is_over = generation is None and not there.is_open
        if generation is not None:
            source = generation.transcript.follow()
        elif is_over:
            source = replay(there.events)
        else:
            source = follow_elsewhere(suggestion_id)
        async with aclosing(source):
            async for event in source:
                if position.admits(event):
                    yield event
                    if event["type"] in TERMINAL:
                        return
        if is_over:
            return


async def read_where(suggestion_id: UUID) -> leases.StreamState:
    """Raises Suggestion.DoesNotExist."""
    return await persist(leases.read_stream_state, suggestion_id)


async def replay(events: list[StreamEvent]) -> AsyncGenerator[StreamEvent, None]:
    for event in events:
        yield event


async def follow_elsewhere(suggestion_id: UUID) -> AsyncGenerator[StreamEvent, None]:
    """What another process writes, until it is quiet for a moment or Redis is away."""
    try:
        async with aclosing(Log(suggestion_id).follow(patience_s=POLL_S)) as source:
            async for event in source:
                yield event
    except (RedisError, OSError):
        await asyncio.sleep(POLL_S)


async def stop(suggestion_id: UUID) -> None:
    """End the writing of a suggestion, here at once or wherever it is within a heartbeat."""
    if generation := running.get(suggestion_id):
        generation.interrupt("stop")
    else:
        await in_thread(leases.request_stop)(suggestion_id)


async def drain() -> None:
    """Before the process ends: let the answers that it writes come to their end for a moment, then
    let them go, for another process to start again."""
    tasks = [generation.task for generation in running.values()]
    if tasks:
        _, unfinished = await asyncio.wait(tasks, timeout=DRAIN_S)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)


async def write(suggestion_id: UUID) -> None:
    """Write an answer that nobody watches, to its end. For jobs: it ends with its loop."""
    try:
        await Generation(suggestion_id).task
    finally:
        await get_redis().aclose()


async def give_up(suggestion_ids: Iterable[UUID]) -> None:
    """Close answers that nobody writes and nobody came back for. For jobs: it ends with its loop."""
    try:
        for suggestion_id in suggestion_ids:
            await Generation(suggestion_id, gives_up=True).task
    finally:
        await get_redis().aclose()
