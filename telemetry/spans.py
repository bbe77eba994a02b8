"""Spans: pieces of work that a trace consists of."""

from collections.abc import Iterator
from contextlib import contextmanager

from telemetry.traces import Trace, current_trace, new_trace, read_traceparent, within


@contextmanager
def open_span(name: str, *, parent: Trace | None = None, is_root: bool = False) -> Iterator[Trace]:
    """Work that goes on in the trace of `parent`, else in the current one, else in a new one."""
    found = None if is_root else parent or current_trace()
    with within(found or new_trace()) as trace:
        yield trace


def find_parent(traceparent: str) -> Trace | None:
    """The trace that a row or a job names, for what goes on in it; None to go on in the current one.

    In a job of that trace the job is what the work belongs to.
    """
    named, current = read_traceparent(traceparent), current_trace()
    return current if named and current and named.trace_id == current.trace_id else named
