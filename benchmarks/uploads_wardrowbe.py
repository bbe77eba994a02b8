"""wardrowbe's backend as the peer of `benchmarks.uploads`. Written from its published source, and never run here.

It needs a checkout with a virtual environment of its requirements in backend/.venv, and stores of its own that are
reached over TCP: PEER_DATABASE_URL (postgresql+asyncpg://…, with its migrations applied) and PEER_REDIS_URL (redis://…).
"""

import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

API = "/api/v1"
STARTS_S = 60


class PeerMissingError(Exception):
    """The peer cannot be run here; the message says why."""


@dataclass(frozen=True)
class Wardrowbe:
    """It runs, and somebody has signed in."""

    client: httpx.Client
    processes: list[subprocess.Popen[bytes]]

    @classmethod
    @contextmanager
    def start(
        cls, folder: Path | None, model_url: str, *, port: int, workers: int, calls: int
    ) -> Iterator["Wardrowbe"]:
        """Its API and as many workers, each with so many calls of the model at once. Raises PeerMissingError."""
        backend, environment = find_backend(folder), find_stores()
        python = backend / ".venv" / "bin" / "python"
        serve = [python, "-m", "uvicorn", "app.main:app", "--port", str(port)]
        work = [python, "-m", "arq", "app.workers.worker.WorkerSettings"]
        with tempfile.TemporaryDirectory() as storage:
            environment |= {
                "AI_BASE_URL": f"{model_url}/v1",
                "AI_TAGGING_CONCURRENCY": str(calls),
                "DEBUG": "true",  # Anybody may sign in, without a provider of identities.
                "SECRET_KEY": uuid.uuid4().hex,
                "STORAGE_PATH": storage,
            }
            processes = [
                subprocess.Popen(command, cwd=backend, env={**os.environ, **environment})
                for command in (serve, *[work] * workers)
            ]
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                    sign_in(client)
                    yield cls(client, processes)
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait()

    def send(self, photo: bytes) -> None:
        file = ("photo.jpg", photo, "image/jpeg")
        self.client.post(f"{API}/items", files={"image": file}).raise_for_status()

    def count_ready(self) -> int:
        found = self.client.get(f"{API}/items", params={"status": "ready", "page_size": 1})
        return int(found.raise_for_status().json()["total"])


def find_backend(folder: Path | None) -> Path:
    if folder is None:
        raise PeerMissingError("wardrowbe (--wardrowbe names no checkout of it)")
    backend = folder.resolve() / "backend"
    if not (backend / ".venv" / "bin" / "python").exists():
        raise PeerMissingError(f"wardrowbe (there is no {backend}/.venv)")
    return backend


def find_stores() -> dict[str, str]:
    names = {"DATABASE_URL": "PEER_DATABASE_URL", "REDIS_URL": "PEER_REDIS_URL"}
    unset = [name for name in names.values() if not os.environ.get(name)]
    if unset:
        raise PeerMissingError(f"wardrowbe ({' and '.join(unset)} not set)")
    return {its: os.environ[ours] for its, ours in names.items()}


def sign_in(client: httpx.Client) -> None:
    """As somebody new, once it answers. Raises RuntimeError where it does not start."""
    name = uuid.uuid4().hex
    somebody = {"external_id": name, "email": f"{name}@example.org", "display_name": "Somebody"}
    deadline = time.monotonic() + STARTS_S
    while time.monotonic() < deadline:
        try:
            answer = client.post(f"{API}/auth/sync", json=somebody)
        except httpx.TransportError:
            time.sleep(0.5)
            continue
        token = answer.raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return
    raise RuntimeError("wardrowbe does not start")
