"""The one door to a model: resolve, render, open the row, stream, validate, close the row."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from asgiref.sync import async_to_sync

from registry.answers import clean_text
from registry.engines import pick_engine
from registry.engines.base import Asked, Completion, EngineError, TextDelta
from registry.inference.answering import finish
from registry.inference.calls import Call, Opened, begin_call, prepare_call
from registry.inference.closing import close_failed, settle_broken_off
from registry.inference.events import Delta, Finished, InferenceError, InferenceEvent, Started
from registry.inference.heartbeats import heartbeat
from registry.prompts.live_versions import LiveVersion, NoLiveVersionError
from registry.tasks import Review
from stores.threads import in_thread
from telemetry import spans
from telemetry.steps import Waiting

logger = logging.getLogger(__name__)

RECALLED = "recalled by a rollback"
"""Cancel the task that iterates with this message, and the call is closed as superseded."""


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
    opened: Opened | None = None,
) -> AsyncGenerator[InferenceEvent, None]:
    """`Started`, then `Delta`s, then `Finished`. Raises InferenceError and NoLiveVersionError.

    `wearer` (a primary key) may be in a canary, and what was asked for them is kept for a while. `version` is asked in place of the live one. Iterate inside
    `contextlib.aclosing`: closing it early closes the row as cancelled, or as failed where the `review` held the answer back. Who
    reviews hears it as it comes, so that broken JSON is not asked for again. `opened` hears the call's id in the transaction
    that opens its row.
    """
    seed = secrets.randbits(31) if seed is None else seed
    call = prepare_call(task_name, context, subject, seed, version)
    call.owner_id = wearer
    if review is not None:
        call.review, call.may_ask_again = review, False
    row, is_over = call.row, False
    beginning = asyncio.ensure_future(in_thread(begin_call)(call, opened))
    try:
        request = await asyncio.shield(beginning)
        live = call.live
        if spans.is_on():
            request = replace(request, traceparent=call.span.trace.traceparent)
        async with heartbeat(row.pk):
            yield Started(row.pk, row.trace_id, live, seed)
            engine = pick_engine(live.bundle["engine"], live.engines)
            async with aclosing(engine.stream(request)) as said:
                with Waiting(call.steps, "engine") as waiting:
                    async for event in said:
                        waiting.pause()
                        if isinstance(event, TextDelta):
                            text = clean_text(event.text)
                            call.add(text)
                            yield Delta(text)
                        elif isinstance(event, Asked):
                            row.engine = event.engine
                        elif isinstance(event, Completion):
                            call.completion = event
                        waiting.resume()
        finished = await finish(call, request)
        is_over = True
        yield finished
    except NoLiveVersionError:
        raise
    except EngineError as error:
        await close_failed(call, error.code, str(error))
        raise InferenceError(
            str(error), call_id=row.pk, code=error.code, permanent=error.permanent
        ) from error
    except (asyncio.CancelledError, GeneratorExit) as error:
        if not is_over:
            await asyncio.shield(break_off(call, beginning, is_recalled=error.args == (RECALLED,)))
        raise
    except Exception as error:
        logger.exception("The call %s broke", row.pk)
        await close_failed(call, "internal", f"{type(error).__name__}: {error}")
        raise InferenceError(
            "The call broke", call_id=row.pk, code="internal", permanent=False
        ) from error
    finally:
        call.span.end()


async def break_off(call: Call, beginning: "asyncio.Future[Any]", *, is_recalled: bool) -> None:
    """Close a call that nobody hears any more, once its row is there."""
    await asyncio.gather(beginning, return_exceptions=True)
    await settle_broken_off(call, is_recalled=is_recalled)
