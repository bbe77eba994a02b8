"""Texts that are no versions yet, tried by a job: nobody waits for an answer, and no call is kept, for no version of it
could be named."""

from contextlib import aclosing
from typing import Any

from asgiref.sync import async_to_sync
from pydantic import BaseModel, ValidationError

from registry.engines import get_engine
from registry.engines.base import Completion, EngineRequest, OutputError, TextDelta
from registry.evaluation.runner import SEED
from registry.prompts.bundles import Bundle
from registry.prompts.live_versions import LiveVersion
from registry.rendering import build_request
from registry.tasks import get_task


def try_bundle(task_name: str, bundle: Bundle, context: Any, *, engine: str) -> BaseModel | None:
    """What an engine answers under a bundle; None for what is no answer of the task. Raises EngineError."""
    task = get_task(task_name)
    own = {**bundle, "engine": engine}
    live = LiveVersion(version_id=0, prompt_id=0, number=0, sha256="", bundle=own, epoch=0)
    request = build_request(task, task.pin_context(context, bundle), live, SEED)
    try:
        answer: BaseModel = task.output.model_validate_json(ask_engine(request, engine))
    except (OutputError, ValidationError):
        return None
    return answer


def ask_engine(request: EngineRequest, engine: str) -> str:
    """The whole of what an engine says. Raises EngineError."""
    said: str = async_to_sync(listen)(request, engine)
    return said


async def listen(request: EngineRequest, engine: str) -> str:
    text: list[str] = []
    async with aclosing(get_engine(engine).stream(request)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text.append(event.text)
            elif isinstance(event, Completion):
                return "".join(text)
    raise OutputError("The stream ended without a completion", "truncated")
