"""Starts `manage.py up` as a newcomer would: in an empty folder, with nothing set."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from dresscode.local.embedded import paths
from tests.conftest import ROOT, read_variables
from tests.dresscode.processes import Process, descendants, wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Launcher:
    state: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="dresscode-up-")))
    port: int = field(default_factory=free_port)
    host: str = "localhost"
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if name not in read_variables()}
        own = {"DRESSCODE_STATE": str(self.state), "PORT": str(self.port)}
        return {**ours, **own, "DRESSCODE_ENV_FILE": os.devnull, **self.settings}

    def spawn(self) -> subprocess.Popen[str]:
        self.state.chmod(0o711)  # PostgreSQL runs as another user when we are root.
        return subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self) -> "Launcher":
        self.process = self.spawn()
        wait_until(lambda: self.is_ready() or self.process.poll() is not None, "it is ready", 90)
        assert self.process.poll() is None, self.process.communicate()[0]
        return self

    def is_ready(self) -> bool:
        url = f"http://127.0.0.1:{self.port}/readyz"
        try:
            return httpx.get(url, headers={"Host": self.host}, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def children(self, part: str = "") -> list[Process]:
        """Living descendants whose command line contains `part`."""
        assert self.process is not None
        return [process for process in descendants(self.process.pid) if part in process.command]

    def shell(self, code: str) -> str:
        """What this Python code prints in a second terminal's `manage.py shell`."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=True
        ).stdout.strip()

    def interrupt(self) -> tuple[int, str]:
        """Ctrl-C; returns the exit code and everything that was printed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, output

    def remove(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.interrupt()
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.rmtree(paths.socket_dir(self.state), ignore_errors=True)
