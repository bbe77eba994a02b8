"""One real vLLM server for all tests here; `make test-vllm` installs what it needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest

django.setup()

from tests.styling.conftest import (  # noqa: E402, F401
    _no_generation_outlives_its_test,
    _nothing_is_remembered,
    alice,
    forget_everything,
    open_page,
    vocabulary,
)
from tests.vllm import environment  # noqa: E402
from tests.vllm.checkpoints import build_gemma  # noqa: E402
from tests.vllm.server import VllmServer  # noqa: E402

PATIENCE_S = 300.0


@pytest.fixture(scope="session")
def vllm_python() -> Path:
    python = environment.find_python()
    if python is None:
        pytest.skip("vLLM is not installed: make test-vllm does it")
    return python


@pytest.fixture(scope="session")
def checkpoint(vllm_python: Path) -> Path:
    return build_gemma(vllm_python)


@pytest.fixture(scope="session")
def server(
    vllm_python: Path, checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VllmServer]:
    log = tmp_path_factory.mktemp("vllm") / "server.log"
    server = VllmServer(vllm_python, checkpoint, log)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def vllm(server: VllmServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> VllmServer:
    """The server, alive, as the engine of this test's calls."""
    if not server.is_healthy():
        server.kill()
        server.start()
    configure_engines(settings, server.url)
    monkeypatch.setattr("styling.streaming.generation.PIECES_WITHIN_S", 10 * PATIENCE_S)
    monkeypatch.setattr("wardrobe.tasks.DigitizePhoto.deadline_s", 10 * PATIENCE_S)
    return server


def configure_engines(settings: Any, url: str) -> None:
    """The project's engines, with patience for a model that shares two cores with its tests."""
    patience = {
        "first_token_timeout_s": PATIENCE_S,
        "token_timeout_s": PATIENCE_S,
        "total_timeout_s": 10 * PATIENCE_S,
    }
    vllm = {
        **settings.INFERENCE_ENGINES["vllm"],
        "OPTIONS": {**settings.INFERENCE_ENGINES["vllm"]["OPTIONS"], **patience, "base_url": url},
    }
    default = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.VLLM_BASE_URL = url
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "vllm": vllm, "default": default}
    forget_everything()
