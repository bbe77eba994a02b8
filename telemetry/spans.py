"""Spans: the pieces of work that a trace consists of.

They are sent where `OTEL_EXPORTER_OTLP_ENDPOINT` says so. Without it there are ids and nothing else: its exporter
is not even imported.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings

from telemetry.names import RESULT, RESULT_FIELDS, SPAN_FIELDS
from telemetry.traces import Trace, current_trace, new_trace, read_traceparent, within

EXPORTING = "telemetry.exporting"


class Span:
    """`trace` is what goes on inside it. Fields are those of `telemetry.names`: ids, codes, numbers."""

    def __init__(self, trace: Trace, sent: Any = None) -> None:
        self.trace = trace
        self._sent = sent

    def rename(self, name: str) -> None:
        if self._sent:
            self._sent.update_name(name)

    def say(self, **fields: Any) -> None:
        """Fields that are None or empty are left out."""
        if self._sent:
            told = {name: value for name, value in fields.items() if value not in (None, "", [])}
            self._sent.set_attributes({SPAN_FIELDS[name]: value for name, value in told.items()})

    def judge(self, **fields: str) -> None:
        """That somebody, or a check of ours, found something in an answer."""
        if self._sent:
            told = {RESULT_FIELDS[name]: value for name, value in fields.items()}
            self._sent.add_event(RESULT, told)

    def fail(self, code: str) -> None:
        if self._sent:
            self.say(error_type=code)
            import_module(EXPORTING).mark_failed(self._sent)

    def end(self) -> None:
        """A second time does nothing."""
        if self._sent:
            self._sent.end()
            self._sent = None


def is_on() -> bool:
    return bool(settings.OTEL_EXPORTER_OTLP_ENDPOINT)


def start_span(
    name: str,
    *,
    parent: Trace | None = None,
    is_root: bool = False,
    kind: str = "internal",
    link: Trace | None = None,
) -> Span:
    """Work that goes on in the trace of `parent`, else in the current one, else in a new one; to be ended.

    `kind` is one of OpenTelemetry's: internal, server, client, producer, consumer. `link`: a trace that it has to do
    with and does not belong to.
    """
    above = None if is_root else parent or current_trace()
    if link and above and link.trace_id == above.trace_id:
        link = None
    if not is_on():
        return Span(above or new_trace())
    return Span(*import_module(EXPORTING).begin(name, above, kind, link))


@contextmanager
def open_span(name: str, **options: Any) -> Iterator[Span]:
    """As `start_span`; what the block does belongs to it."""
    span = start_span(name, **options)
    try:
        with within(span.trace):
            yield span
    except BaseException as error:
        span.fail(type(error).__name__)
        raise
    finally:
        span.end()


def find_parent(traceparent: str) -> Trace | None:
    """The trace that a row or a job names, for what goes on in it; None to go on in the current one.

    In a job of that trace the job is what the work belongs to.
    """
    named, current = read_traceparent(traceparent), current_trace()
    return current if named and current and named.trace_id == current.trace_id else named


def preload() -> None:
    """Before processes fork from this one: importing takes 0.3 s, which each of them would pay."""
    if is_on():
        import_module(EXPORTING)


def flush() -> None:
    """Send what has ended, for a moment at most: for a process that is about to end."""
    if is_on():
        import_module(EXPORTING).flush()
