import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from registry.engines.base import Completion, EngineEvent, EngineRequest
from registry.engines.builtin import THREADS, BuiltinEngine


def request(pieces: Iterator[str], *, pace_ms: float = 0.0) -> EngineRequest:
    return EngineRequest(
        task="greet", system="", user="", schema={}, offline=lambda: pieces, pace_ms=pace_ms
    )


async def play(engine: BuiltinEngine, request: EngineRequest) -> list[EngineEvent]:
    async with aclosing(engine.stream(request)) as events:
        return [event async for event in events]


async def test_pieces_come_in_order_and_are_counted() -> None:
    events = await play(BuiltinEngine(), request(iter(["{", '"a": 1', "}"])))
    assert events[-1] == Completion("builtin", output_tokens=3)


async def test_only_prose_is_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("registry.engines.builtin.asyncio.sleep", sleep)
    pieces = iter(['{"pieces": [],', '"prose": "', "Wear ", "this.", '"}'])
    await play(BuiltinEngine(), request(pieces, pace_ms=20))
    assert pauses == [0.02] * 3


async def test_the_event_loop_does_not_wait_for_slow_work() -> None:
    def work() -> Iterator[str]:
        time.sleep(0.5)
        yield "{}"

    playing = asyncio.create_task(play(BuiltinEngine(), request(work())))
    turns = 0
    while not playing.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 3


async def test_more_calls_than_threads_all_end() -> None:
    def work() -> Iterator[str]:
        time.sleep(0.02)
        yield "{}"

    engine = BuiltinEngine()
    calls = [play(engine, request(work())) for _ in range(3 * THREADS)]
    assert len(await asyncio.gather(*calls)) == 3 * THREADS
