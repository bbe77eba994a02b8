"""A call in progress, and the opening of its row."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from registry.engines.base import Completion, EngineRequest, OutputError
from registry.inference.events import UnusablePromptError
from registry.models import CallRequest, CanaryCall, InferenceCall
from registry.prompts import live_versions
from registry.prompts.live_versions import LiveVersion
from registry.rendering import build_request, hash_input, keep_request
from registry.statements import Insertion, sent_together
from registry.tasks import AnyTask, Review, get_task
from telemetry.spans import Span, start_span
from telemetry.steps import Steps, take_steps

logger = logging.getLogger(__name__)

MAX_OUTPUT_CHARACTERS = 200_000

Opened = Callable[[UUID], None]
"""What a caller writes down of a call by its id, in the transaction that opens its row."""


@dataclass
class Call:
    """A call in progress: what its row will say when it closes."""

    row: InferenceCall
    span: Span
    task: AnyTask
    context: Any
    live: LiveVersion = field(init=False)
    """Known once it is begun."""
    asked: LiveVersion | None = None
    """In place of the live version."""
    seed: int = 0
    owner_id: Any = None
    review: Review = field(default_factory=Review)
    may_ask_again: bool = True
    began: float = field(default_factory=time.monotonic)
    text: list[str] = field(default_factory=list)
    size: int = 0
    ttft_ms: float | None = None
    completion: Completion | None = None
    steps: Steps = field(default_factory=take_steps)

    def elapsed_ms(self) -> float:
        return (time.monotonic() - self.began) * 1000

    def add(self, text: str) -> None:
        if self.ttft_ms is None:
            self.ttft_ms = self.elapsed_ms()
        self.text.append(text)
        self.size += len(text)
        if self.size > MAX_OUTPUT_CHARACTERS:
            raise OutputError("The answer has no end", "truncated")


def prepare_call(
    task_name: str, context: Any, subject: str, seed: int, version: LiveVersion | None
) -> Call:
    """A call that has no version and no row in the database yet; it belongs to the current trace."""
    span = start_span("chat", kind="client")
    trace_id = UUID(span.trace.trace_id)
    row = InferenceCall(trace_id=trace_id, task=task_name, subject=subject, seed=seed)
    task = get_task(task_name)
    return Call(row=row, span=span, task=task, context=context, seed=seed, asked=version)


def begin_call(call: Call, opened: Opened | None) -> EngineRequest:
    """Find the version and open the row: one piece of work. Raises NoLiveVersionError, UnusablePromptError."""
    row = call.row
    live = call.asked or live_versions.resolve(row.task, call.owner_id, certain=True)
    call.live = live
    row.version_id, row.epoch, row.engine = live.version_id, live.epoch, live.engine
    return open_call(call, opened)


def open_call(call: Call, opened: Opened | None) -> EngineRequest:
    """Render the request and insert the row: also when that fails, for it counts against the version.

    Raises UnusablePromptError.
    """
    asked, live, kept = call.context, call.live, None
    try:
        call.context = call.task.pin_context(asked, live.bundle)
        request = build_request(call.task, call.context, live, call.seed)
        call.row.input_sha256 = hash_input(request)
        if call.owner_id is not None:
            kept = keep_request(request, call.row, call.owner_id, call.task.store_context(asked))
    except Exception as error:
        logger.exception("Version %s of %s cannot be used", live.number, call.task.name)
        raise UnusablePromptError(f"{type(error).__name__}: {error}") from error
    finally:
        with call.steps.measure("database"):
            save_call(call.row, live, kept, opened)
    return request


insert_call = Insertion(InferenceCall)
insert_request = Insertion(CallRequest, "EXISTS (SELECT FROM accounts_user WHERE id = %s)")
"""Not where the account was closed meanwhile."""


def save_call(
    row: InferenceCall, live: LiveVersion, request: CallRequest | None, opened: Opened | None
) -> None:
    """Insert the row with what was asked and, while a canary runs, on which side of it the call was made."""
    with sent_together():
        insert_call(row)
        if request:
            insert_request(request, request.owner_id)
        if side := live.assignment:
            CanaryCall.objects.create(
                call=row,
                canary_id=side.canary_id,
                wearer=side.token,
                is_candidate=side.is_candidate,
            )
        if opened:
            opened(row.pk)
