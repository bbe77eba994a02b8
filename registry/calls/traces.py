"""What is known of a trace besides its calls: its log lines, and where its spans are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from registry.models import InferenceCall
from telemetry.files import Line, find_lines

LOGS = "logs"
"""The folder of log files inside the state folder."""


@dataclass(frozen=True)
class FoundTrace:
    """`traces` are ids that begin with the digits, each with the address of its spans, empty without one; `logs_url` is
    where a site's log lines are read elsewhere."""

    digits: str
    lines: Sequence[Line]
    traces: Sequence[tuple[str, str]]
    logs_url: str


def find_trace(digits: str, calls: Iterable[InferenceCall]) -> FoundTrace:
    """By the digits that were looked for; `calls` are those that were found by them."""
    lines = find_lines(settings.STATE_DIR / LOGS, digits)
    told = {trace_id for line in lines for trace_id in line.trace_ids}
    known = {call.trace_id.hex for call in calls}
    known |= {trace_id for trace_id in told if trace_id.startswith(digits)}
    return FoundTrace(
        digits=digits,
        lines=lines,
        traces=[(trace_id, fill(settings.TRACE_URL, trace_id)) for trace_id in sorted(known)],
        logs_url=fill(settings.LOG_URL, digits),
    )


def fill(url: str, trace_id: str) -> str:
    return url.replace("{trace_id}", trace_id)
