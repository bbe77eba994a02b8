"""A collector of traces: it takes what comes by OTLP over HTTP, and keeps it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pytest_django.fixtures import Settings

from telemetry import exporting


@dataclass(frozen=True)
class Received:
    """A span as the collector sees it. `events` have a name and attributes; `links` are trace ids."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, Any]
    events: list[tuple[str, dict[str, Any]]]
    links: list[str]
    is_failed: bool


@dataclass
class Collector:
    url: str = ""
    bodies: list[bytes] = field(default_factory=list)

    def spans(self, trace_id: str = "") -> list[Received]:
        found = [span for body in self.bodies for span in read_spans(body)]
        return [span for span in found if not trace_id or span.trace_id == trace_id]

    def names(self, trace_id: str) -> set[str]:
        return {span.name for span in self.spans(trace_id)}

    def find(self, name: str, trace_id: str = "") -> Received:
        """The one span of that name."""
        (span,) = (span for span in self.spans(trace_id) if span.name == name)
        return span


def read_spans(body: bytes) -> Iterator[Received]:
    request = ExportTraceServiceRequest.FromString(body)
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Received(
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    read_attributes(span.attributes),
                    [(one.name, read_attributes(one.attributes)) for one in span.events],
                    [one.trace_id.hex() for one in span.links],
                    span.status.code == 2,
                )


def read_attributes(attributes: Any) -> dict[str, Any]:
    return {one.key: read_value(one.value) for one in attributes}


def read_value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [read_value(one) for one in value.array_value.values]
    return getattr(value, kind)


@contextmanager
def collect_traces() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                collector.bodies.append(body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        collector.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def collector(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Gets the spans of this process. No other test's failures keep them from being sent."""
    monkeypatch.setattr(exporting, "rest", exporting.Rest())
    with collect_traces() as collector:
        settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
        yield collector
        exporting.forget()


def send_all() -> None:
    assert exporting.get_sender().provider.force_flush()
