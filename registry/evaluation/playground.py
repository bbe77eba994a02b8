"""Trying versions on one question, side by side, before anybody evaluates one."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from registry import inference
from registry.evaluation.runner import SEED, hold_unpaced, read_file
from registry.inference import InferenceError
from registry.models import EXAMPLE_SUBJECT, Example, InferenceCall, PromptVersion
from registry.tasks import Score, get_task

logger = logging.getLogger(__name__)

SUBJECT = f"{EXAMPLE_SUBJECT}tried-by:"
"""With the operator's primary key: such calls are nobody's, and no dashboard counts them."""

LIMIT_S = 180.0
"""More than an engine's own timeouts come to: for engines that have none."""


@dataclass(frozen=True)
class PlaygroundQuestion:
    """What the versions are asked; `expected` is a golden label, None where nobody knows."""

    task_name: str
    context: Any
    expected: dict[str, Any] | None = None
    seed: int = SEED


@dataclass(frozen=True)
class AnswerDelta:
    """More of the answer of the version at `place`."""

    place: int
    text: str


@dataclass(frozen=True)
class Answered:
    """The end of one answer. `score` is None without a label; `output` is JSON, empty for a failure."""

    place: int
    version: PromptVersion
    call: InferenceCall | None
    output: str = ""
    score: Score | None = None
    error: str = ""


def ask_example(task_name: str, example: Example) -> PlaygroundQuestion:
    context = get_task(task_name).example_context(example.input, read_file(example))
    return PlaygroundQuestion(task_name, context, example.expected)


def ask_photo(task_name: str, data: bytes) -> PlaygroundQuestion:
    """About a photo that is kept nowhere. Raises ValueError, which says what is wrong with it."""
    return PlaygroundQuestion(task_name, get_task(task_name).photo_context(data))


def is_trying(operator_pk: int) -> bool:
    """Whether an earlier try of theirs is being answered still: one at a time."""
    calls = InferenceCall.objects.unfinished()
    return calls.filter(subject=f"{SUBJECT}{operator_pk}").exists()


async def try_versions(
    versions: Sequence[PromptVersion], question: PlaygroundQuestion, *, operator_pk: int
) -> AsyncGenerator[AnswerDelta | Answered, None]:
    """Ask all of them at once, under one seed, and yield what comes, as it comes.

    Iterate inside `contextlib.aclosing`: closing it early cancels the calls.
    """
    heard: asyncio.Queue[AnswerDelta | Answered] = asyncio.Queue()
    asking = [
        asyncio.create_task(ask(place, version, question, operator_pk, heard))
        for place, version in enumerate(versions)
    ]
    try:
        missing = len(asking)
        while missing:
            event = await heard.get()
            missing -= isinstance(event, Answered)
            yield event
    finally:
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


async def ask(
    place: int,
    version: PromptVersion,
    question: PlaygroundQuestion,
    operator_pk: int,
    heard: "asyncio.Queue[AnswerDelta | Answered]",
) -> None:
    """Put one version's answer into `heard`: its end always, for the page waits for it."""
    try:
        call_id, error = await listen(place, version, question, operator_pk, heard)
        answered = await database_sync_to_async(judge)(place, version, question, call_id, error)
    except Exception as failure:
        logger.exception("Trying version %s of %s broke", version.number, question.task_name)
        answered = Answered(place, version, None, error=f"{type(failure).__name__}: {failure}")
    heard.put_nowait(answered)


async def listen(
    place: int,
    version: PromptVersion,
    question: PlaygroundQuestion,
    operator_pk: int,
    heard: "asyncio.Queue[AnswerDelta | Answered]",
) -> tuple[UUID | None, str]:
    """The call, and why it failed; empty if it did not."""
    call_id: UUID | None = None
    stream = inference.stream(
        question.task_name,
        question.context,
        subject=f"{SUBJECT}{operator_pk}",
        seed=question.seed,
        version=hold_unpaced(version),
    )
    try:
        async with asyncio.timeout(LIMIT_S), aclosing(stream) as events:
            async for event in events:
                if isinstance(event, inference.Started):
                    call_id = event.call_id
                elif isinstance(event, inference.Delta):
                    heard.put_nowait(AnswerDelta(place, event.text))
    except InferenceError as failure:
        return failure.call_id, str(failure)
    except TimeoutError:
        return call_id, f"It was not done after {LIMIT_S:.0f} s."
    return call_id, ""


def judge(
    place: int,
    version: PromptVersion,
    question: PlaygroundQuestion,
    call_id: UUID | None,
    error: str,
) -> Answered:
    """The answer as its row has it, and how it compares with the label."""
    call = InferenceCall.objects.filter(pk=call_id).first() if call_id else None
    task = get_task(question.task_name)
    answer = call.output if call and call.output is not None else None
    score = None
    if question.expected is not None:
        output = task.output.model_validate(answer) if answer is not None else None
        context = task.pin_context(question.context, version.bundle)
        score = task.score(context, question.expected, output)
    return Answered(place, version, call, write_output(answer), score, error)


def write_output(output: dict[str, Any] | None) -> str:
    """As JSON for people; empty for none."""
    return "" if output is None else json.dumps(output, ensure_ascii=False, indent=2)
