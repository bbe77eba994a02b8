"""A call in progress, and the opening of its row."""

import logging
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from registry.engines.base import Completion, EngineRequest, OutputError
from registry.inference.events import UnusablePromptError
from registry.models import CallRequest, CanaryCall, InferenceCall
from registry.prompts.live_versions import LiveVersion
from registry.rendering import build_request, hash_input, keep_request
from registry.tasks import AnyTask, Review, get_task
from telemetry.spans import Span, start_span
from telemetry.steps import Steps, take_steps

logger = logging.getLogger(__name__)

MAX_OUTPUT_CHARACTERS = 200_000


@dataclass
class Call:
    """A call in progress: what its row will say when it closes."""

    row: InferenceCall
    live: LiveVersion
    span: Span
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


def prepare_call(live: LiveVersion, task_name: str, context: Any, subject: str, seed: int) -> Call:
    """A call whose row is not in the database yet; it belongs to the current trace."""
    span = start_span("chat", kind="client")
    row = InferenceCall(
        trace_id=UUID(span.trace.trace_id),
        task=task_name,
        version_id=live.version_id,
        epoch=live.epoch,
        subject=subject,
        seed=seed,
        engine=live.engine,
    )
    return Call(row=row, live=live, span=span, task=get_task(task_name), context=context)


def open_call(call: Call, live: LiveVersion, seed: int) -> EngineRequest:
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
        with call.steps.measure("database"):
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
