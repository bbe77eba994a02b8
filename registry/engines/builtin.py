"""The engine that needs nothing: it plays the task's own answer."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from registry.engines.base import Completion, EngineEvent, EngineRequest, TextDelta

THREADS = 4
LONGEST_PACE_MS = 500
PROSE = re.compile(r'"prose"\s*:')
_DONE = object()


class BuiltinEngine:
    """Runs `request.offline` on a few threads, so that the event loop never waits for NumPy.

    Words of the prose are paced (`request.pace_ms`), the JSON before it goes out at once.
    """

    def __init__(self, name: str = "builtin") -> None:
        self.name = name
        self.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="builtin")

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        loop = asyncio.get_running_loop()
        pieces = await loop.run_in_executor(self.executor, request.offline)
        count, head, is_prose, paused_s = 0, "", False, 0.0
        while (piece := await loop.run_in_executor(self.executor, take, pieces)) is not _DONE:
            if is_prose and request.pace_ms:
                began = loop.time()
                await asyncio.sleep(request.pace_ms / 1000)
                paused_s += loop.time() - began
            text = str(piece)
            yield TextDelta(text)
            count += 1
            if not is_prose:
                head += text
                is_prose = bool(PROSE.search(head))
        yield Completion(engine=self.name, output_tokens=count, paused_ms=paused_s * 1000)


def take(pieces: Iterator[str]) -> object:
    """The next piece; a sentinel at the end, for StopIteration cannot cross a future."""
    return next(pieces, _DONE)


def read_pace(parameters: dict[str, Any]) -> float:
    """Milliseconds between the words of a built-in answer. Raises ValueError."""
    pace = parameters.get("pace_ms", 0)
    is_number = isinstance(pace, int | float) and not isinstance(pace, bool)
    if not is_number or not 0 <= pace <= LONGEST_PACE_MS:
        raise ValueError(f"pace_ms is a number from 0 to {LONGEST_PACE_MS}")
    return float(pace)
