"""Hearing an answer out, where nobody waits for its words as they come."""

from contextlib import aclosing

from registry.engines.base import Completion, Engine, EngineRequest, OutputError, TextDelta


async def listen(engine: Engine, request: EngineRequest) -> tuple[str, Completion]:
    """The whole text of an answer, and its end. Raises EngineError, also where it breaks off without one."""
    text: list[str] = []
    async with aclosing(engine.stream(request)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text.append(event.text)
            elif isinstance(event, Completion):
                return "".join(text), event
    raise OutputError("The stream ended without a completion", "truncated")
