"""Texts that are no versions yet, tried by a job: nobody waits for an answer, and no call is kept, for no version of it
could be named."""

from typing import Any

from asgiref.sync import async_to_sync
from pydantic import BaseModel

from registry.answers import clean_text, parse_output
from registry.engines import BUILTIN, get_engine
from registry.engines.base import EngineRequest, OutputError
from registry.engines.listening import listen
from registry.engines.repairs import ask_again
from registry.evaluation.runner import SEED
from registry.prompts.bundles import Bundle
from registry.prompts.live_versions import LiveVersion
from registry.rendering import build_request
from registry.tasks import AnyTask, get_task


def try_bundle(task_name: str, bundle: Bundle, context: Any, *, engine: str) -> BaseModel | None:
    """What an engine answers under a bundle, read as a wearer's answer is; None for what is no answer of the task.

    Raises EngineError.
    """
    task = get_task(task_name)
    own = {**bundle, "engine": engine}
    live = LiveVersion(version_id=0, prompt_id=0, number=0, sha256="", bundle=own, epoch=0)
    request = build_request(task, task.pin_context(context, bundle), live, SEED)
    try:
        return read_answer(task, request, engine)
    except OutputError:
        return None


def read_answer(task: AnyTask, request: EngineRequest, engine: str) -> BaseModel:
    """As `registry.inference.answering` reads it: a model that wrote no JSON is asked once more. Raises EngineError."""
    said, end = async_to_sync(listen)(get_engine(engine), request)
    text = clean_text(said)
    try:
        return parse_output(task, text)
    except OutputError as error:
        if end.engine == BUILTIN or error.code != "invalid_json":
            raise
        fault = str(error)
    second, _ = async_to_sync(ask_again)(get_engine(engine), request, broken=text, fault=fault)
    return parse_output(task, clean_text(second))


def ask_engine(request: EngineRequest, engine: str) -> str:
    """The whole of what an engine says. Raises EngineError."""
    said, _ = async_to_sync(listen)(get_engine(engine), request)
    return said
