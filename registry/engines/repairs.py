"""A second question about an answer that was no JSON of the wanted shape."""

from dataclasses import replace

from registry.engines.base import Completion, Engine, EngineRequest
from registry.engines.listening import listen

QUESTION = (
    "That was not the JSON that was asked for ({fault}). Answer the same question again, with one "
    "JSON object of the given shape and nothing else."
)
MAX_QUOTED = 8_000
"""Characters of the broken answer that are shown to the model again."""


async def ask_again(
    engine: Engine, request: EngineRequest, *, broken: str, fault: str
) -> tuple[str, Completion]:
    """The engine's second answer, whole, with the first and its fault before its eyes.

    Raises EngineError.
    """
    first = {"user": request.user, "assistant": broken[:MAX_QUOTED]}
    again = replace(
        request, examples=[*request.examples, first], user=QUESTION.format(fault=fault[:200])
    )
    return await listen(engine, again)
