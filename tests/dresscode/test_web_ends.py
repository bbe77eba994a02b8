"""How a web process begins, and how it ends: by the signal, which runs nothing at exit, so that its lifespan has to do it."""

import gc
import runpy
from collections.abc import Iterator

import pytest
import uvicorn
from asgiref.testing import ApplicationCommunicator
from django.urls import get_resolver

from dresscode.asgi import application
from dresscode.local import launcher
from telemetry.spans import open_span
from telemetry.traces import current_trace
from tests.conftest import ROOT
from tests.dresscode.collector import Collector, collector

__all__ = ["collector"]


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    """The test run has set its own objects aside, too (`tests/conftest.py`)."""
    gc.unfreeze()
    yield
    gc.unfreeze()
    gc.freeze()


def is_watched(one: object) -> bool:
    """Whether collections walk through it."""
    return any(found is one for found in gc.get_objects())


async def test_collections_pass_over_what_a_process_has_loaded_as_it_begins() -> None:
    assert is_watched(application)
    process = ApplicationCommunicator(application, {"type": "lifespan"})
    await process.send_input({"type": "lifespan.startup"})
    await process.receive_output()
    assert not is_watched(application)
    assert not is_watched(get_resolver().url_patterns)
    await process.send_input({"type": "lifespan.shutdown"})
    await process.wait()


async def test_the_last_spans_are_sent_before_the_process_ends(collector: Collector) -> None:
    process = ApplicationCommunicator(application, {"type": "lifespan"})
    await process.send_input({"type": "lifespan.startup"})
    assert await process.receive_output() == {"type": "lifespan.startup.complete"}
    with open_span("last work", is_root=True):
        trace = current_trace()
    assert collector.spans() == []
    await process.send_input({"type": "lifespan.shutdown"})
    assert await process.receive_output() == {"type": "lifespan.shutdown.complete"}
    await process.wait()
    assert trace
    assert collector.find("last work").trace_id == trace.trace_id


def test_web_processes_run_their_lifespan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the launcher, and those of the guide."""
    started: list[str] = []
    monkeypatch.setattr(launcher, "start_child", lambda *command, **_: started.extend(command))
    launcher.web().launch()
    assert started == ["web", "-m", "dresscode.web"]
    assert "python -m dresscode.web" in (ROOT / "docs/deployment.md").read_text()
    options: dict[str, object] = {}
    monkeypatch.setattr(uvicorn, "run", lambda *_, **given: options.update(given))
    runpy.run_module("dresscode.web", run_name="__main__")
    assert options["lifespan"] == "on"
