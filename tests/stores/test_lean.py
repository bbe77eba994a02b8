"""What libraries take along where they find it, and nobody here uses, stays out of every process."""

import subprocess
import sys

import pytest

from stores.lean import import_without
from tests.conftest import ROOT

STARTED = """
import sys
import stores.redis

assert "redis.asyncio" in sys.modules
print("opentelemetry.sdk.metrics" in sys.modules)
from opentelemetry.sdk.metrics import MeterProvider  # Whoever wants it has it all the same.
"""


def test_redis_comes_without_metrics_that_nobody_reads() -> None:
    said = subprocess.check_output([sys.executable, "-c", STARTED], cwd=ROOT, text=True)
    assert said.strip() == "False"


def test_what_is_left_out_can_be_imported_later(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("colorsys", "this"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    import_without("colorsys", "this")
    assert "colorsys" in sys.modules
    assert "this" not in sys.modules


def test_what_is_in_memory_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    import_without("colorsys", "sys")
    assert "colorsys" in sys.modules
    assert sys.modules["sys"] is sys
