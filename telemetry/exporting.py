"""Sending spans by OTLP over HTTP, from each process by a thread of its own.

A collector that is away costs nobody anything: its spans are dropped, and after a failure all processes of a worker
leave it alone for a while.
"""

import atexit
import logging
import mmap
import os
import struct
import threading
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from telemetry.traces import Trace

logger = logging.getLogger(__name__)

TIMEOUT_S = 2.0
"""For one batch with all its tries; `OTEL_EXPORTER_OTLP_TIMEOUT` sets another."""
REST_S = 30.0
FLUSH_S = 1.0


class Rest:
    """Until when a collector is left alone: in memory that forked processes share, in monotonic time."""

    def __init__(self) -> None:
        self._until = mmap.mmap(-1, 8)

    def begin(self) -> None:
        self._until[:] = struct.pack("d", time.monotonic() + REST_S)

    def is_over(self) -> bool:
        return bool(time.monotonic() >= struct.unpack("d", self._until[:])[0])


rest = Rest()


class RestingExporter(SpanExporter):
    """Drops batches while the collector rests."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if not rest.is_over():
            return SpanExportResult.SUCCESS
        result = self.exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            rest.begin()
            logger.warning("The collector of traces is away; it rests for %.0f s", REST_S)
        return result

    def shutdown(self) -> None:
        self.exporter.shutdown()


class Sender:
    """The one provider of this process."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        name = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "dresscode"}
        timeout_s = float(os.environ.get("OTEL_EXPORTER_OTLP_TIMEOUT", TIMEOUT_S))
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=timeout_s)
        self.provider = TracerProvider(resource=Resource.create(name), shutdown_on_exit=False)
        self.provider.add_span_processor(BatchSpanProcessor(RestingExporter(exporter)))
        self.tracer: Tracer = self.provider.get_tracer("dresscode")


_sender: Sender | None = None
_lock = threading.Lock()


def get_sender() -> Sender:
    """Made by the first span of a process."""
    global _sender
    endpoint: str = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    sender = _sender
    if sender is None or sender.endpoint != endpoint:
        with _lock:
            if _sender is None or _sender.endpoint != endpoint:
                _sender = Sender(endpoint)
            sender = _sender
    return sender


def forget() -> None:
    """A forked process has none of its parent's threads and connections: it makes its own."""
    global _sender, _lock
    _sender, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=forget)


def begin(name: str, parent: Trace | None, kind: str, link: Trace | None) -> tuple[Trace, Any]:
    """A started span, and the trace that goes on inside it."""
    context = Context()
    if parent:
        context = set_span_in_context(NonRecordingSpan(as_context(parent)), context)
    span = get_sender().tracer.start_span(
        name,
        context,
        kind=SpanKind[kind.upper()],
        links=[Link(as_context(link))] if link else [],
        record_exception=False,  # Messages of exceptions quote what they were about.
        set_status_on_exception=False,
    )
    found = span.get_span_context()
    trace = Trace(f"{found.trace_id:032x}", f"{found.span_id:016x}", found.trace_flags.sampled)
    return trace, span


def as_context(trace: Trace) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if trace.is_sampled else TraceFlags.DEFAULT)
    return SpanContext(int(trace.trace_id, 16), int(trace.span_id, 16), True, flags)


def mark_failed(span: Any) -> None:
    span.set_status(Status(StatusCode.ERROR))


def flush(limit_s: float = FLUSH_S) -> None:
    """The SDK's own flush knows no limit."""
    if _sender is None:
        return
    sending = threading.Thread(target=_sender.provider.force_flush, daemon=True)
    sending.start()
    sending.join(limit_s)


def flush_at_exit() -> None:
    """Threads cannot be started any more; the exporter's own timeout is the limit."""
    if _sender is not None:
        _sender.provider.force_flush()


atexit.register(flush_at_exit)
