"""From a question to the last word of its answer by one id, and from the number that a wearer reads to the call."""

import asyncio
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.test import Client
from pytest_django.fixtures import Settings

from registry.engines.base import EngineUnavailableError
from registry.models import InferenceCall
from styling.models import Suggestion
from styling.streaming.generation import running
from telemetry import exporting
from tests.dresscode.collector import collect_traces
from tests.dresscode.lines import Kept, keep_lines
from tests.styling.test_ask import ASK, fields

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept() -> Iterator[Kept]:
    import_module("dresscode.asgi")  # It sets logging up anew.
    with keep_lines() as kept:
        yield kept


async def ask(user: Any) -> tuple[Suggestion, str]:
    """A question by the form, and the id of its request."""

    def post() -> tuple[Suggestion, str]:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post(ASK, fields(stated_temperature="mild", stated_rain="dry"))
        return Suggestion.objects.get(), answer.headers["X-Request-ID"]

    return await database_sync_to_async(post)()


async def test_an_answer_by_the_socket_has_the_id_of_its_question(
    alice: Any, script: Any, open_page: Any, kept: Kept
) -> None:
    suggestion, trace = await ask(alice)
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    call = await InferenceCall.objects.aget()
    assert call.trace_id.hex == trace
    ends = [line for line in kept.read() if line["message"] == "call"]
    assert [(line["call"], line["trace_id"]) for line in ends] == [(call.pk.hex, trace)]


async def test_a_collector_gets_one_trace_from_the_question_to_the_last_word(
    alice: Any, script: Any, open_page: Any, settings: Settings
) -> None:
    """And one span of the writing, though two sockets read it."""
    with collect_traces() as collector:
        settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
        suggestion, trace = await ask(alice)
        pages = [await open_page(suggestion) for _ in range(2)]
        for page in pages:
            await page.resume()
        for page in pages:
            await page.closed_with()
        await asyncio.gather(*[one.task for one in running.values()])
        exporting.get_sender().provider.force_flush()
        exporting.forget()
    asked = collector.find("POST /today/", trace)
    (written,) = (
        span for span in collector.spans(trace) if span.name == "invoke_workflow suggest_outfit"
    )
    (chat,) = (span for span in collector.spans(trace) if span.name.startswith("chat "))
    assert (asked.parent_id, written.parent_id, chat.parent_id) == (
        "",
        asked.span_id,
        written.span_id,
    )
    assert (await InferenceCall.objects.aget()).trace_id.hex == trace
    assert all(
        span.name.startswith(("POST ", "GET "))
        for span in collector.spans()
        if span.trace_id != trace
    )


async def test_the_number_of_a_failed_answer_leads_to_its_calls_and_lines(
    alice: Any, script: Any, open_page: Any, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggestion, trace = await ask(alice)
    script.steps = [EngineUnavailableError("away")]

    def refuse(*args: object, **options: object) -> None:
        raise EngineUnavailableError("away")

    monkeypatch.setattr("registry.engines.builtin.BuiltinEngine.stream", refuse)
    page = await open_page(suggestion)
    await page.resume()
    events = await page.hear_until("error")
    number = trace[:10]
    assert f"If you write to us, add {number}." in events[-1]["message"]
    await suggestion.arefresh_from_db()
    assert number in suggestion.failure
    calls = [call async for call in InferenceCall.objects.filter(trace_id=trace)]
    assert {call.outcome for call in calls} == {"failed"}
    found = [line for line in kept.read() if line["trace_id"].startswith(number)]
    ended = {line["call"] for line in found if line["message"] == "call"}
    assert ended == {call.pk.hex for call in calls}
