"""One real vLLM server for all tests here; `make test-vllm` installs what it needs."""

import hashlib
import subprocess
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
from tests.vllm.server import MODEL, VllmServer  # noqa: E402

HERE = Path(__file__).resolve().parent
PROMPTS = sorted((HERE.parent.parent / "fixtures" / "prompts").glob("*.md"))
PATIENCE_S = 60.0


@pytest.fixture(scope="session")
def vllm_python() -> Path:
    python = environment.find_python()
    if python is None:
        pytest.skip("vLLM is not installed: make test-vllm does it")
    return python


@pytest.fixture(scope="session")
def checkpoint(vllm_python: Path) -> Path:
    """The tiny Gemma 4, made once for each change of what makes it."""
    return build_checkpoint(vllm_python, HERE / "checkpoint.py", *map(str, PROMPTS))


def build_checkpoint(python: Path, script: Path, *arguments: str) -> Path:
    """What `script` writes, cached beside the environment by the script's content."""
    content = hashlib.sha256(script.read_bytes())
    for file in (HERE / "chat_template.jinja", *PROMPTS):
        content.update(file.read_bytes())
    out = (
        environment.environment_dir() / "checkpoints" / f"{script.stem}-{content.hexdigest()[:12]}"
    )
    if not (out / "finished").exists():
        command = [str(python), str(script), str(out), *arguments]
        subprocess.run(command, check=True, capture_output=True, text=True)
        (out / "finished").touch()
    return out


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
def vllm(server: VllmServer, settings: Any) -> VllmServer:
    """The server, alive, as the engine of this test's calls."""
    if not server.is_healthy():
        server.kill()
        server.start()
    configure_engines(settings, server.url)
    return server


def configure_engines(settings: Any, url: str) -> None:
    """The project's engines, with patience for a model that shares two cores with its tests."""
    patience = {"first_token_timeout_s": PATIENCE_S, "token_timeout_s": PATIENCE_S}
    vllm = {
        **settings.INFERENCE_ENGINES["vllm"],
        "OPTIONS": {**settings.INFERENCE_ENGINES["vllm"]["OPTIONS"], **patience, "base_url": url},
    }
    default = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.VLLM_BASE_URL = url
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "vllm": vllm, "default": default}
    forget_everything()


__all__ = ["MODEL"]
