"""An engine that says what a test tells it to, when the test tells it to."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from registry.engines.base import Completion, EngineEvent, EngineRequest, TextDelta
from wardrobe.models import Garment

Step = str | float | Exception | asyncio.Event | Callable[[], Any]

PROSE = "The navy shirt leads.\n\nThe grey trousers follow, and the “brown boots” end it. 👢"


def answer_text(garments: Sequence[Garment], *, prose: str = PROSE, **fields: Any) -> str:
    """The answer that offers these garments, as an engine would write it."""
    pieces = [{"garment_id": str(garment.pk), "slot": garment.slot} for garment in garments]
    answer = {"pieces": pieces, "missing": [], "reasons": ["Navy and grey agree."], "prose": prose}
    return json.dumps({**answer, **fields})


def in_chunks(text: str, size: int = 7) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


class Script:
    """Strings are said, numbers are seconds of silence, events are waited for, callables called,
    exceptions raised. `calls` counts how often it was played."""

    steps: Sequence[Step] = ()
    calls = 0


class ScriptedEngine:
    def __init__(self, name: str) -> None:
        self.name = name

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        Script.calls += 1
        for step in Script.steps:
            if isinstance(step, str):
                yield TextDelta(step)
            elif isinstance(step, Exception):
                raise step
            elif isinstance(step, asyncio.Event):
                await step.wait()
            elif isinstance(step, (int, float)):
                await asyncio.sleep(step)
            else:
                step()
            await asyncio.sleep(0)
        yield Completion(engine=self.name)
