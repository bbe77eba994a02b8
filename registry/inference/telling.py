"""What the log and the trace say of a call that has ended: ids, codes, numbers, and no word of it."""

import logging
from typing import Any

from registry.engines import BUILTIN
from registry.inference.calls import Call
from registry.prompts import bundles
from telemetry.lines import log_fields

logger = logging.getLogger(__name__)

SAMPLING = ("temperature", "top_p", "top_k", "max_tokens")


def tell_end(call: Call, fields: dict[str, Any]) -> None:
    """`fields` are those that its row was closed with."""
    log_end(call, fields)
    describe_span(call, fields)


def log_end(call: Call, fields: dict[str, Any]) -> None:
    """One line of ids, codes and times."""
    log_fields(
        logger,
        "call",
        call=call.row.pk.hex,
        trace=call.row.trace_id.hex,
        task=call.row.task,
        version=call.live.number,
        sha256=call.live.sha256,
        epoch=call.live.epoch,
        engine=fields["engine"],
        outcome=str(fields["outcome"]),
        error_code=fields.get("error_code"),
        latency_ms=round(fields["latency_ms"], 1),
        ttft_ms=call.ttft_ms and round(call.ttft_ms, 1),
        steps_ms=fields["steps_ms"],
        shown=[one["code"] for one in fields["violations"] if one["shown"]],
        withheld=[one["code"] for one in fields["violations"] if not one["shown"]],
    )


def describe_span(call: Call, fields: dict[str, Any]) -> None:
    """By the conventions for generative AI: `{operation} {model}`, and each violation an evaluation's result."""
    row, live, span, engine = call.row, call.live, call.span, fields["engine"]
    model = BUILTIN if engine == BUILTIN else bundles.name_model(live.bundle["model"])
    model = model or fields.get("model") or engine
    span.rename(f"chat {model}")
    span.say(
        operation="chat",
        provider=engine,
        request_model=model,
        seed=row.seed,
        is_streamed=True,
        output_type="json",
        prompt_name=row.task,
        prompt_version=str(live.number),
        response_id=row.pk.hex,
        response_model=fields.get("model"),
        finish_reasons=[fields["finish_reason"]] if fields.get("finish_reason") else None,
        first_chunk_s=call.ttft_ms and call.ttft_ms / 1000,
        input_tokens=fields.get("input_tokens"),
        output_tokens=fields.get("output_tokens"),
        version_sha256=live.sha256,
        epoch=live.epoch,
        canary_side=name_side(call),
        violation_codes=[one["code"] for one in fields["violations"]],
        outcome=str(fields["outcome"]),
        **{name: live.bundle["sampling"].get(name) for name in SAMPLING},
    )
    for one in fields["violations"]:
        span.judge(name=one["code"], label="shown" if one["shown"] else "withheld")
    if error_code := fields.get("error_code"):
        span.fail(error_code)


def name_side(call: Call) -> str:
    """On which side of a canary it was made; empty where none ran."""
    side = call.live.assignment
    return "" if side is None else "candidate" if side.is_candidate else "live"
