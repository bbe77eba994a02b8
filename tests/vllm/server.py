"""A real vLLM server on loopback, with a tiny model, to start, kill and start again."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

REVISION = "ee0ef6023621cff504d758262d4e04895a5af4a2"
GEMMA = {"id": "google/gemma-4-E4B-it", "revision": REVISION}
"""The model that the shipped prompts ask for; what answers to its name here is our tiny one."""
MODEL = f"{GEMMA['id']}@{REVISION}"
START_TIMEOUT_S = 900.0
VARIABLES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "OMP_NUM_THREADS": "1",  # Two threads on two cores wait for each other: 5 tokens/s, not 85.
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1",
}
FLAGS = [
    *("--dtype", "bfloat16", "--enforce-eager", "--distributed-executor-backend", "uni"),
    *("--max-model-len", "16384", "--max-num-batched-tokens", "16384", "--max-num-seqs", "32"),
    # On a CPU a seed with a chunked prefill ends the engine.
    "--no-enable-chunked-prefill",
    *("--limit-mm-per-prompt", '{"image":4,"video":0}'),
    *("--structured-outputs-config", '{"backend":"xgrammar","disable_any_whitespace":true}'),
    *("--enable-auto-tool-choice", "--tool-call-parser", "gemma4", "--reasoning-parser", "gemma4"),
    *("--enable-lora", "--max-lora-rank", "8"),
]

POOLING_FLAGS = [
    *("--runner", "pooling", "--dtype", "float32", "--enforce-eager"),
    *("--distributed-executor-backend", "uni", "--limit-mm-per-prompt", '{"image":1}'),
]


@dataclass
class VllmServer:
    """Serves `checkpoint` under the name `model`. `python` is the interpreter of vLLM's environment. The port stays the same over restarts."""

    python: Path
    checkpoint: Path
    log: Path
    model: str = MODEL
    flags: Sequence[str] = tuple(FLAGS)
    port: int = field(default_factory=lambda: find_free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError with its last words when it does not."""
        command = [str(self.python), "-m", "vllm.entrypoints.openai.api_server"]
        command += ["--model", str(self.checkpoint), "--served-model-name", self.model]
        command += ["--host", "127.0.0.1", "--port", str(self.port), *self.flags]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env={**clean_environment(), **VARIABLES},
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"vLLM did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.3)

    def is_healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """It and all its children, at once, as the kernel does when memory is short."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def read_metric(self, name: str) -> float:
        """The sum over all labels of one of its counters or gauges, such as `num_requests_running`."""
        lines = httpx.get(f"{self.url}/metrics", timeout=10).text.splitlines()
        values = [line.rpartition(" ")[2] for line in lines if line.startswith(f"vllm:{name}{{")]
        assert values, f"vLLM has no metric {name}"
        return sum(map(float, values))

    def post(self, path: str, body: dict[str, object]) -> httpx.Response:
        return httpx.post(f"{self.url}{path}", json=body, timeout=60)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """Without what our own tests and Python's start set for themselves."""
    ours = ("DJANGO_", "DRESSCODE_", "PYTEST_", "PYTHON", "VIRTUAL_ENV", "VLLM_", "REDIS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
