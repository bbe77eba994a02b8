"""Reading an answer from wherever it is: this process, another one, or the database."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from uuid import UUID

from redis.exceptions import RedisError

from styling.streaming import leases
from styling.streaming.generation import POLL_S, Generation, running
from styling.streaming.threads import in_thread, persist
from styling.streaming.transcript import (
    TERMINAL,
    Log,
    Position,
    StreamEvent,
    get_redis,
)

DRAIN_S = 5.0


async def follow(
    suggestion_id: UUID, *, seq: int = 0, attempt: int | None = None
) -> AsyncGenerator[StreamEvent, None]:
    """Yield the events after `seq` as they come, each once, to the last one.

    Starts writing if nobody does. Raises Suggestion.DoesNotExist.
    """
    position = Position(seq, attempt)
    while True:
        generation = running.get(suggestion_id)
        if generation is None:
            state = await persist(leases.read_stream_state, suggestion_id)
            # Meanwhile another reader may have started it.
            generation = running.get(suggestion_id)
            if generation is None and state.is_claimable:
                generation = Generation(suggestion_id, heard=seq)
        if generation is not None:
            source = generation.transcript.follow()
        elif state.is_open:
            source = follow_elsewhere(suggestion_id)
        else:
            source = replay(state.events)
        async with aclosing(source):
            async for event in source:
                if position.admits(event):
                    yield event
                    if event["type"] in TERMINAL:
                        return
        if generation is None and not state.is_open:
            return


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
