"""What a collector gets of calls, moves and evaluations: names of the conventions, and no word of anybody."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes
from pytest_django.fixtures import Settings

from registry import inference
from registry.engines import get_engine
from registry.evaluation.runner import evaluate_version
from registry.models import Alias, InferenceCall, Prompt
from registry.services import releases
from telemetry import exporting
from telemetry.names import RESULT, RESULT_FIELDS, SPAN_FIELDS
from telemetry.spans import open_span
from tests.conftest import ROOT
from tests.dresscode.collector import Collector, collector, send_all
from tests.factories import make_operator
from tests.fakes import Script, answer, serve_vllm
from tests.registry.golden import evaluate, make_draft, recall_guests
from tests.registry.live import make_live
from tests.registry.toy import Greet, Guest

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["collector"]

CANARY = "canary-9c41"
TRACES = 1_000


def ask(name: str = "Ada", **options: object) -> InferenceCall:
    finished = inference.run("greet", Guest(name), subject="guest:1", seed=7, **options)
    return InferenceCall.objects.get(pk=finished.call_id)


def test_names_are_those_of_the_released_conventions() -> None:
    released = {value for value in vars(gen_ai_attributes).values() if isinstance(value, str)}
    ours = {*SPAN_FIELDS.values(), *RESULT_FIELDS.values()}
    unknown = {name for name in ours if name.startswith("gen_ai.")} - released
    assert unknown == {"gen_ai.prompt.version"}


def test_a_call_is_a_span_of_the_trace_that_its_row_names(
    prompt: Prompt, collector: Collector
) -> None:
    version = make_live(prompt)
    call = ask()
    send_all()
    span = collector.find("chat builtin")
    assert span.trace_id == call.trace_id.hex
    assert (
        span.attributes
        | {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "builtin",
            "gen_ai.request.model": "builtin",
            "gen_ai.request.seed": 7,
            "gen_ai.prompt.name": "greet",
            "gen_ai.prompt.version": str(version.number),
            "gen_ai.response.id": call.pk.hex,
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.usage.output_tokens": call.output_tokens,
            "dresscode.version.sha256": version.sha256,
            "dresscode.epoch": 1,
            "dresscode.outcome": "succeeded",
        }
        == span.attributes
    )
    assert not span.is_failed


def test_a_model_server_is_told_the_span_of_its_call(
    prompt: Prompt, collector: Collector, settings: Settings
) -> None:
    make_live(prompt)
    with serve_vllm(Script(answer('{"mood": "kind", "prose": "Hello Ada"}'))) as server:
        model = {
            "ENGINE": "registry.engines.vllm.VllmEngine",
            "OPTIONS": {"base_url": server.url, "model": "gemma"},
        }
        settings.INFERENCE_ENGINES = {"default": model, "builtin": model}
        get_engine.cache_clear()
        ask()
    send_all()
    [span] = [one for one in collector.spans() if one.name.startswith("chat")]
    assert server.traceparents == [f"00-{span.trace_id}-{span.span_id}-01"]


def test_violations_are_results_of_an_evaluation(
    prompt: Prompt, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)
    answer = '{"mood": "", "prose": "Hello Eve"}'
    monkeypatch.setattr(Greet, "offline", lambda *args: iter([answer]))
    ask()
    monkeypatch.setattr(Greet, "offline", lambda *args: iter(["no JSON"]))
    with pytest.raises(inference.InferenceError):
        ask()
    send_all()
    shown, broken = (span for span in collector.spans() if span.name == "chat builtin")
    found = {"gen_ai.evaluation.name": "wrong_name", "gen_ai.evaluation.score.label": "shown"}
    assert shown.events == [(RESULT, found)]
    assert shown.attributes["dresscode.violation.codes"] == ["wrong_name"]
    assert broken.attributes["error.type"] == "invalid_json"
    assert broken.is_failed


def test_an_evaluation_is_one_trace_and_a_rollback_a_span(
    prompt: Prompt, collector: Collector, tmp_path: Path
) -> None:
    golden = recall_guests(tmp_path)
    first, second = make_draft(prompt), make_draft(prompt, parameters={"word": "Hello"})
    run = evaluate_version(version=first, dataset_version=golden, jobs=2)
    evaluate(second, golden)
    for version in (first, second):
        releases.promote_version(version=version, actor=None, reason="a test")
    epoch = Alias.objects.get().epoch
    releases.roll_back(
        prompt=prompt, to_version=first, actor=None, reason="back", expected_epoch=epoch
    )
    send_all()
    traces = {result.call.trace_id.hex for result in run.results.all()}
    (trace,) = traces
    parent = collector.find("evaluate greet", trace)
    calls = [span for span in collector.spans(trace) if span.name == "chat builtin"]
    assert len(calls) == run.results.count()
    assert {span.parent_id for span in calls} == {parent.span_id}
    assert collector.find("rollback greet").attributes["dresscode.version.sha256"] == first.sha256


@pytest.mark.slow
def test_a_thousand_traces_hold_no_byte_of_anybodys_words(
    prompt: Prompt, collector: Collector, client: Client
) -> None:
    """In prompts, names, reasons, messages of exceptions, addresses of mail, and what browsers send."""
    operator = make_operator(f"{CANARY}@example.org", first_name=CANARY)
    version = make_draft(prompt, system=f"Be kind. {CANARY}", user=f"Greet $name, {CANARY}.")
    releases.promote_version(version=version, actor=operator, reason=CANARY)
    client.force_login(operator)
    for number in range(800):
        client.get(f"/{CANARY}/{number}?q={CANARY}", headers={"User-Agent": CANARY})
    client.post("/accounts/login/", {"username": f"{CANARY}@example.org"})
    for number in range(250):
        ask(f"{CANARY} {number}", wearer=operator.pk)
    with pytest.raises(RuntimeError), open_span("broken", is_root=True):
        raise RuntimeError(CANARY)
    send_all()
    assert len({span.trace_id for span in collector.spans()}) >= TRACES
    sent = b"".join(collector.bodies)
    assert sent.count(CANARY.encode()) == 0
    assert sent.count(version.sha256.encode()) >= 250


OFF = """
import sys, django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.INFERENCE_TASKS = ["tests.registry.toy.Greet"]
from registry import inference
from telemetry.spans import flush, preload
from tests.registry.toy import Guest
preload()
inference.run("greet", Guest(), subject="guest:1")
flush()
sys.exit(bool({"opentelemetry.sdk.trace", "opentelemetry.exporter", "telemetry.exporting"} & set(sys.modules)))
"""


def test_nothing_of_it_is_loaded_where_no_collector_is_named(prompt: Prompt) -> None:
    make_live(prompt)
    subprocess.run(
        [sys.executable, "-c", OFF, str(connection.settings_dict["NAME"])],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "dresscode.settings"},
        check=True,
    )


def test_a_dead_collector_is_left_alone_and_loses_nothing_of_ours(
    prompt: Prompt, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = address
    make_live(prompt)
    tried = []
    export = exporting.OTLPSpanExporter.export

    def count(self: object, spans: object) -> SpanExportResult:
        tried.append(spans)
        return export(self, spans)

    monkeypatch.setattr(exporting.OTLPSpanExporter, "export", count)
    for _ in range(3):
        assert ask().outcome == "succeeded"
        send_all()
    assert len(tried) == 1
    exporting.forget()
