"""The one door to a model: resolve, render, open the row, stream, validate, close the row."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models.functions import Now
from pydantic import BaseModel

from registry.answers import clean_text, parse_output
from registry.engines import pick_engine
from registry.engines.base import (
    Asked,
    Completion,
    EngineError,
    EngineRequest,
    OutputError,
    TextDelta,
)
from registry.engines.repairs import ask_again
from registry.models import CallRequest, CanaryCall, InferenceCall
from registry.prompts import live_versions
from registry.prompts.live_versions import LiveVersion
from registry.rendering import build_request, hash_input, keep_request
from registry.tasks import AnyTask, Review, Violation, get_task

logger = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
MAX_OUTPUT_CHARACTERS = 200_000
RECALLED = "recalled by a rollback"
"""Cancel the task that iterates with this message, and the call is closed as superseded."""
Outcome = InferenceCall.Outcome


@dataclass(frozen=True)
class Started:
    """The row is open. `seed` is the one the engine was given."""

    call_id: UUID
    trace_id: UUID
    version: LiveVersion
    seed: int


@dataclass(frozen=True)
class Delta:
    """More of the answer's JSON text, raw, as it comes."""

    text: str


@dataclass(frozen=True)
class Finished:
    """A well-formed answer, as its review lets it be shown. `fell_back`: another engine than the first that may
    answer under the version, which was passed over for the error with the code `passed_over`."""

    call_id: UUID
    output: BaseModel
    violations: list[Violation]
    engine: str
    model: str
    fell_back: bool
    passed_over: str = ""


InferenceEvent = Started | Delta | Finished


class InferenceError(Exception):
    """A call that failed; its row says so. `permanent`: trying again cannot help."""

    def __init__(self, message: str, *, call_id: UUID, code: str, permanent: bool) -> None:
        super().__init__(message)
        self.call_id = call_id
        self.code = code
        self.permanent = permanent


class UnusablePromptError(EngineError):
    """The live version cannot be rendered for its task: roll it back."""

    code = "prompt_unusable"


class HeldBackError(EngineError):
    """The answer's review does not let anybody see it."""

    code = "held_back"


class LostCallError(EngineError):
    """The row was closed meanwhile: this process was taken for dead, and its answer comes too late."""

    code = "process_lost"


@dataclass
class _Call:
    """A call in progress: what its row will say when it closes."""

    row: InferenceCall
    task: AnyTask
    context: Any
    owner_id: Any = None
    review: Review = field(default_factory=Review)
    may_ask_again: bool = True
    began: float = field(default_factory=time.monotonic)
    text: list[str] = field(default_factory=list)
    size: int = 0
    ttft_ms: float | None = None
    completion: Completion | None = None

    def elapsed_ms(self) -> float:
        return (time.monotonic() - self.began) * 1000

    def add(self, text: str) -> None:
        if self.ttft_ms is None:
            self.ttft_ms = self.elapsed_ms()
        self.text.append(text)
        self.size += len(text)
        if self.size > MAX_OUTPUT_CHARACTERS:
            raise OutputError("The answer has no end", "truncated")


def run(
    task_name: str,
    context: Any,
    *,
    subject: str,
    seed: int | None = None,
    version: LiveVersion | None = None,
    wearer: object = None,
) -> Finished:
    """One whole call, for workers. Raises InferenceError and NoLiveVersionError."""
    return async_to_sync(_collect)(
        task_name, context, subject=subject, seed=seed, version=version, wearer=wearer
    )


async def _collect(task_name: str, context: Any, **options: Any) -> Finished:
    async with aclosing(stream(task_name, context, **options)) as events:
        async for event in events:
            if isinstance(event, Finished):
                return event
    raise AssertionError("a stream ends with Finished or raises")


async def stream(
    task_name: str,
    context: Any,
    *,
    subject: str,
    seed: int | None = None,
    version: LiveVersion | None = None,
    wearer: object = None,
    review: Review | None = None,
) -> AsyncGenerator[InferenceEvent, None]:
    """`Started`, then `Delta`s, then `Finished`. Raises InferenceError and NoLiveVersionError.

    `wearer` (a primary key) may be in a canary, and what was asked for them is kept for a while. `version` is asked in place of the live one. Iterate inside
    `contextlib.aclosing`: closing it early closes the row as cancelled, or as failed where the `review` held the answer back. Who
    reviews hears it as it comes, so that broken JSON is not asked for again.
    """
    live = version or await live_versions.aresolve(task_name, wearer, certain=True)
    seed = secrets.randbits(31) if seed is None else seed
    call = prepare_call(live, task_name, context, subject, seed)
    call.owner_id = wearer
    if review is not None:
        call.review, call.may_ask_again = review, False
    row, is_over = call.row, False
    try:
        request = await database_sync_to_async(open_call)(call, live, seed)
        async with heartbeat(row.pk):
            yield Started(row.pk, row.trace_id, live, seed)
            engine = pick_engine(live.bundle["engine"], live.engines)
            async with aclosing(engine.stream(request)) as events:
                async for event in events:
                    if isinstance(event, TextDelta):
                        text = clean_text(event.text)
                        call.add(text)
                        yield Delta(text)
                    elif isinstance(event, Asked):
                        row.engine = event.engine
                    elif isinstance(event, Completion):
                        call.completion = event
        finished = await finish(call, live, request)
        is_over = True
        yield finished
    except EngineError as error:
        await close_failed(call, error.code, str(error))
        raise InferenceError(
            str(error), call_id=row.pk, code=error.code, permanent=error.permanent
        ) from error
    except (asyncio.CancelledError, GeneratorExit) as error:
        if not is_over:
            await asyncio.shield(settle_broken_off(call, is_recalled=error.args == (RECALLED,)))
        raise
    except Exception as error:
        logger.exception("The call %s broke", row.pk)
        await close_failed(call, "internal", f"{type(error).__name__}: {error}")
        raise InferenceError(
            "The call broke", call_id=row.pk, code="internal", permanent=False
        ) from error


def prepare_call(live: LiveVersion, task_name: str, context: Any, subject: str, seed: int) -> _Call:
    """A call whose row is not in the database yet."""
    row = InferenceCall(
        task=task_name,
        version_id=live.version_id,
        epoch=live.epoch,
        subject=subject,
        seed=seed,
        engine=live.engine,
    )
    return _Call(row=row, task=get_task(task_name), context=context)


def open_call(call: _Call, live: LiveVersion, seed: int) -> EngineRequest:
    """Render the request and insert the row: also when that fails, for it counts against the version.

    Raises UnusablePromptError.
    """
    asked, kept = call.context, None
    try:
        call.context = call.task.pin_context(asked, live.bundle)
        request = build_request(call.task, call.context, live, seed)
        call.row.input_sha256 = hash_input(request)
        if call.owner_id is not None:
            kept = keep_request(request, call.row, call.owner_id, call.task.store_context(asked))
    except Exception as error:
        logger.exception("Version %s of %s cannot be used", live.number, call.task.name)
        raise UnusablePromptError(f"{type(error).__name__}: {error}") from error
    finally:
        save_call(call.row, live, kept)
    return request


@transaction.atomic
def save_call(row: InferenceCall, live: LiveVersion, request: CallRequest | None) -> None:
    """Insert the row with what was asked and, while a canary runs, on which side of it the call was made."""
    row.save(force_insert=True)
    if request:
        request.save(force_insert=True)
    if side := live.assignment:
        CanaryCall.objects.create(
            call=row,
            canary_id=side.canary_id,
            wearer=side.token,
            is_candidate=side.is_candidate,
        )


async def read_answer(
    call: _Call, live: LiveVersion, request: EngineRequest
) -> tuple[BaseModel, list[Violation]]:
    """The answer, and that it had to be asked for twice. Raises EngineError.

    The second try is of the engine that the version names; nobody hears it as it comes.
    """
    text = "".join(call.text)
    try:
        return parse_output(call.task, text), []
    except OutputError as error:
        is_ours = call.completion is not None and call.completion.engine == "builtin"
        if is_ours or not call.may_ask_again or error.code != "invalid_json":
            raise
        engine = pick_engine(live.bundle["engine"], live.engines)
        second, completion = await ask_again(engine, request, broken=text, fault=str(error))
    call.completion = completion
    return parse_output(call.task, clean_text(second)), [Violation(REPAIRED, "")]


async def finish(call: _Call, live: LiveVersion, request: EngineRequest) -> Finished:
    """Validate the whole answer and close the row as succeeded. Raises EngineError."""
    if call.completion is None:
        raise OutputError("The stream ended without a completion", "truncated")
    output, repaired = await read_answer(call, live, request)
    shown, found = await database_sync_to_async(review_output)(call, output)
    was_open = await close_call(
        call,
        outcome=InferenceCall.Outcome.SUCCEEDED,
        output=output.model_dump(mode="json"),
        violations=describe_violations(call, shown=found, stopped=repaired),
    )
    if not was_open:
        raise LostCallError("The call was closed while it was being answered")
    return Finished(
        call_id=call.row.pk,
        output=shown,
        violations=[*repaired, *found],
        engine=call.completion.engine,
        model=call.completion.model,
        fell_back=call.completion.engine != live.engine,
        passed_over=call.completion.passed_over,
    )


def review_output(call: _Call, output: BaseModel) -> tuple[BaseModel, list[Violation]]:
    """The answer as it is shown, and what is wrong with that. Raises HeldBackError."""
    shown = call.review.edit(output)
    if call.review.is_held_back:
        raise HeldBackError("The answer was held back")
    return shown, call.task.check(call.context, shown)


def describe_violations(
    call: _Call, *, shown: Sequence[Violation] = (), stopped: Sequence[Violation] = ()
) -> list[dict[str, Any]]:
    """For the row: what somebody saw, and what was stopped before."""
    pairs = [(v, True) for v in shown] + [(v, False) for v in (*stopped, *call.review.stopped)]
    return [
        {"code": v.code, "message": clean_text(v.message), "shown": is_shown}
        for v, is_shown in pairs
    ]


async def close_failed(call: _Call, code: str, message: str) -> None:
    violations = describe_violations(call)
    if code in OUTPUT_VIOLATIONS:
        violations.append({"code": code, "message": "", "shown": False})
    await settle_call(
        call,
        outcome=InferenceCall.Outcome.FAILED,
        error_code=code,
        error=clean_text(message)[:2000],
        violations=violations,
    )


async def settle_broken_off(call: _Call, *, is_recalled: bool) -> None:
    """Close a call whose reader went away, or has heard enough of it."""
    if call.review.is_held_back and not is_recalled:
        await close_failed(call, call.review.code, "The answer was held back")
        return
    outcome = Outcome.SUPERSEDED if is_recalled else Outcome.CANCELLED
    await settle_call(call, outcome=outcome, violations=describe_violations(call))


OUTPUT_VIOLATIONS = {"invalid_json", "empty_answer", "truncated"}
REPAIRED = "repaired_json"


async def settle_call(call: _Call, **fields: Any) -> None:
    """Close a call that gives no answer. Without a database its row is left to `close_lost_calls`."""
    try:
        if not await close_call(call, **fields):
            logger.warning("The call %s had been closed already", call.row.pk)
    except (DatabaseError, InterfaceError):
        logger.warning("The call %s stays open: no database", call.row.pk, exc_info=True)


async def close_call(call: _Call, **fields: Any) -> bool:
    """Write the one outcome. A row that something else has closed already is left alone: False."""
    completion = call.completion
    fields["engine"] = completion.engine if completion else call.row.engine
    if completion:
        fields |= {
            "model": completion.model,
            "finish_reason": completion.finish_reason,
            "input_tokens": completion.input_tokens,
            "output_tokens": completion.output_tokens,
        }
    paused_ms = completion.paused_ms if completion else 0.0
    latency_ms = max(0.0, call.elapsed_ms() - paused_ms)
    fields |= {"ttft_ms": call.ttft_ms, "latency_ms": latency_ms, "finished_at": Now()}
    rows = InferenceCall.objects.unfinished().filter(pk=call.row.pk)
    return bool(await database_sync_to_async(rows.update)(**fields))


@asynccontextmanager
async def heartbeat(call_id: UUID) -> AsyncIterator[None]:
    """Say every few seconds that the process of an open call is alive."""
    beating = asyncio.create_task(beat(call_id))
    try:
        yield
    finally:
        beating.cancel()
        # Not `suppress(CancelledError)`, which would swallow the caller's own.
        await asyncio.gather(beating, return_exceptions=True)


async def beat(call_id: UUID) -> None:
    rows = InferenceCall.objects.unfinished().filter(pk=call_id)
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        try:
            await database_sync_to_async(rows.update)(heartbeat_at=Now())
        except Exception:  # A missed beat is not a lost call.
            logger.warning("No heartbeat for the call %s", call_id, exc_info=True)
