"""One id from a request to all that it sets going, and none that a stranger chose."""

import logging
import threading

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django_rq import get_queue

from dresscode.logs import TraceFilter
from dresscode.middleware import TraceMiddleware
from telemetry.spans import find_parent, open_span
from telemetry.traces import (
    META,
    Trace,
    add_number,
    current_trace,
    new_trace,
    read_traceparent,
    within,
)

# The example of https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers.
STRANGER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def stamp() -> str:
    record = logging.LogRecord("dresscode", logging.INFO, __file__, 1, "", (), None)
    TraceFilter().filter(record)
    return str(record.trace_id)


def test_a_trace_travels_as_the_standard_writes_it() -> None:
    trace = read_traceparent(STRANGER)
    assert trace == Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
    assert trace.traceparent == STRANGER
    unsampled = read_traceparent(STRANGER[:-2] + "00")
    assert unsampled and not unsampled.is_sampled
    made = new_trace()
    assert read_traceparent(made.traceparent) == made


@pytest.mark.parametrize(
    "text",
    ["", "x", STRANGER.upper(), STRANGER + "\n", STRANGER.replace("00f067aa0ba902b7", "0" * 16),
     STRANGER.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32), "ff" + STRANGER[2:]],
)  # fmt: skip
def test_what_is_no_trace_is_none(text: str) -> None:
    assert read_traceparent(text) is None


def test_a_request_its_lines_and_its_answer_share_an_id() -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(stamp())
        return HttpResponse()

    request = RequestFactory().get("/", headers={"traceparent": STRANGER})
    answer = TraceMiddleware(view)(request)
    assert answer.headers["X-Request-ID"] == seen[0]
    assert len(seen[0]) == 32
    assert seen[0] != STRANGER[3:35]
    assert stamp() == "-"


@pytest.mark.django_db(transaction=True)
def test_a_job_knows_the_trace_that_it_was_queued_in() -> None:
    queue = get_queue("maintenance")
    with within(new_trace()) as trace:
        inside = queue.enqueue("tests.dresscode.jobs.nothing_job")
    outside = queue.enqueue("tests.dresscode.jobs.nothing_job")
    assert queue.fetch_job(inside.id).meta[META] == trace.traceparent
    assert META not in queue.fetch_job(outside.id).meta


def test_work_goes_on_in_the_trace_that_its_row_names() -> None:
    named = new_trace()
    with open_span("photo", parent=find_parent(named.traceparent)):
        inner = current_trace()
    assert inner and inner.trace_id == named.trace_id
    with open_span("job", is_root=True) as job:
        assert find_parent("") is None
        with open_span("photo", parent=find_parent("")) as photo:
            assert photo.trace == job.trace
        other = Trace(job.trace.trace_id, "1" * 16)
        assert find_parent(other.traceparent) == job.trace


def test_a_thread_begins_with_no_trace() -> None:
    found: list[Trace | None] = []
    with within(new_trace()):
        thread = threading.Thread(target=lambda: found.append(current_trace()))
        thread.start()
        thread.join()
    assert found == [None]


def test_a_number_is_the_beginning_of_the_id() -> None:
    with within(new_trace()) as trace:
        assert (
            add_number("It broke.") == f"It broke. If you write to us, add {trace.trace_id[:10]}."
        )
        assert STRANGER[3:13] in add_number("It broke.", STRANGER)
    assert add_number("It broke.") == "It broke."


def test_a_page_that_breaks_shows_the_number_of_its_log_lines(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    def explode() -> str:
        lines.append(stamp())
        raise RuntimeError

    monkeypatch.setattr("dresscode.health.explain_postgres", explode)
    client.raise_request_exception = False
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] == lines[0]
    assert f"<code>{lines[0][:10]}</code>" in answer.content.decode()
