"""The one outcome of a call, written on its row."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError

from registry.answers import clean_text
from registry.inference.calls import Call
from registry.inference.telling import tell_end
from registry.models import InferenceCall
from registry.statements import Change
from registry.tasks import Violation
from stores.threads import in_thread

logger = logging.getLogger(__name__)

OUTPUT_VIOLATIONS = {"invalid_json", "empty_answer", "truncated"}
Outcome = InferenceCall.Outcome


close_row = Change(InferenceCall, "id = %s AND outcome IS NULL", now="finished_at", returning="id")


def describe_violations(
    call: Call, *, shown: Sequence[Violation] = (), stopped: Sequence[Violation] = ()
) -> list[dict[str, Any]]:
    """For the row: what somebody saw, and what was stopped before."""
    pairs = [(v, True) for v in shown] + [(v, False) for v in (*stopped, *call.review.stopped)]
    return [
        {"code": v.code, "message": clean_text(v.message), "shown": is_shown}
        for v, is_shown in pairs
    ]


async def close_failed(call: Call, code: str, message: str) -> None:
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


async def settle_broken_off(call: Call, *, is_recalled: bool) -> None:
    """Close a call whose reader went away, or has heard enough of it."""
    if call.review.is_held_back and not is_recalled:
        await close_failed(call, call.review.code, "The answer was held back")
        return
    outcome = Outcome.SUPERSEDED if is_recalled else Outcome.CANCELLED
    await settle_call(call, outcome=outcome, violations=describe_violations(call))


async def settle_call(call: Call, **fields: Any) -> None:
    """Close a call that gives no answer. Without a database its row is left to `close_lost_calls`."""
    try:
        if not await close_call(call, **fields):
            logger.warning("The call %s had been closed already", call.row.pk)
    except (DatabaseError, InterfaceError):
        logger.warning("The call %s stays open: no database", call.row.pk, exc_info=True)


async def close_call(call: Call, **fields: Any) -> bool:
    return await in_thread(write_end)(call, **fields)


def write_end(call: Call, **fields: Any) -> bool:
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
    fields |= {"ttft_ms": call.ttft_ms, "latency_ms": latency_ms}
    fields["steps_ms"] = call.steps.rounded(pauses={"engine": paused_ms})
    was_open = bool(close_row(call.row.pk, **fields))
    if was_open:
        tell_end(call, fields)
    return was_open
