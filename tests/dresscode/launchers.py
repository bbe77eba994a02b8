"""Starts `manage.py up` as a newcomer would: in an empty folder, with nothing set.

A launcher under test is killed when the test's process dies, and with it go its own children.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from dresscode.local.embedded import paths
from dresscode.local.embedded.children import spawn
from tests.conftest import ROOT, STATE, read_variables
from tests.dresscode.processes import Process, descendants, kill_tree, wait_until

FILLED = STATE / "filled"
ANNOUNCED = "Dresscode runs at"
HOMES = "SELECT count(*) FROM styling_profile WHERE place <> ''"
UNJUDGED = """SELECT count(*) FROM registry_alias a
    WHERE NOT EXISTS (SELECT FROM registry_verdict v WHERE v.version_id = a.version_id)"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_log() -> Path:
    """A file for what the launcher prints: outside of its state folder, which two may want."""
    number, path = tempfile.mkstemp(prefix="dresscode-up-", suffix=".log")
    os.close(number)
    return Path(path)


@dataclass
class Launcher:
    state: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="dresscode-up-")))
    port: int = field(default_factory=free_port)
    host: str = "localhost"
    settings: dict[str, str] = field(default_factory=dict)
    log: Path = field(default_factory=make_log)
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def filled(cls, **fields: Any) -> "Launcher":
        """Not running; its demo is complete and all that is live is judged: a copy of what one launcher of
        this test run left behind."""
        with (STATE / "filled.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not FILLED.exists():
                fill(FILLED)
        launcher = cls(**fields)
        # With owners: PostgreSQL insists on its own.
        subprocess.run(["cp", "-a", f"{FILLED}/.", str(launcher.state)], check=True)
        return launcher

    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if name not in read_variables()}
        own = {"DRESSCODE_STATE": str(self.state), "PORT": str(self.port)}
        return {**ours, **own, "DRESSCODE_ENV_FILE": os.devnull, **self.settings}

    def spawn(self) -> subprocess.Popen[bytes]:
        self.state.chmod(0o711)  # PostgreSQL runs as another user when we are root.
        self.log.unlink(missing_ok=True)
        self.process = spawn(
            [sys.executable, "manage.py", "up"],
            log=self.log,
            folder=ROOT,
            environment=self.environment(),
            death_signal=signal.SIGKILL,
        )
        return self.process

    def start(self) -> "Launcher":
        """Until it says that it runs. Raises AssertionError, with nothing left behind."""
        process = self.spawn()
        try:
            self.wait_until(lambda: self.is_announced() or process.poll() is not None, "it runs")
            assert process.poll() is None, self.output
        except BaseException:
            self.kill()
            raise
        return self

    def wait_until(self, condition: Callable[[], object], what: str) -> None:
        wait_until(condition, what, progress=self.read_progress)

    def read_progress(self) -> object:
        """Who runs and how long each log is: it changes for as long as something happens."""
        logs = [self.log, *(self.state / "logs").glob("*")]
        sizes = [log.stat().st_size for log in logs if log.exists()]
        return sizes, {process.pid for process in self.children()}

    def wait_until_filled(self) -> "Launcher":
        """Until the demo is complete, which its wearer's home tells."""
        self.wait_until(lambda: self.count(HOMES) > 0, "the demo is complete")
        return self

    def wait_until_judged(self) -> "Launcher":
        """Until the demo is complete and what is live is judged: nothing is left to do in the background."""
        self.wait_until_filled()
        self.wait_until(lambda: self.count(UNJUDGED) == 0, "what is live is judged")
        return self

    def count(self, query: str) -> int:
        sockets = str(paths.socket_dir(self.state))
        with psycopg.connect(host=sockets, dbname="dresscode", user="dresscode") as database:
            [number] = database.execute(query).fetchone() or [0]
        return int(number)

    @property
    def output(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def is_announced(self) -> bool:
        return ANNOUNCED in self.output

    def is_ready(self) -> bool:
        url = f"http://127.0.0.1:{self.port}/readyz"
        try:
            return httpx.get(url, headers={"Host": self.host}, timeout=60).status_code == 200
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
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """Until it has ended; the exit code and everything that was printed."""
        process = self.process
        assert process is not None
        self.wait_until(lambda: process.poll() is not None, "the launcher has ended")
        return process.returncode, self.output

    def kill(self) -> None:
        """It and everything that it started, at once."""
        if self.process is not None:
            kill_tree(self.process.pid)
            self.process.wait()

    def remove(self) -> None:
        try:
            if self.process is not None and self.process.poll() is None:
                self.interrupt()
        finally:
            self.kill()
            self.log.unlink(missing_ok=True)
            shutil.rmtree(self.state, ignore_errors=True)
            shutil.rmtree(paths.socket_dir(self.state), ignore_errors=True)


def fill(folder: Path) -> None:
    """The state of a launcher that was started on nothing, filled, and stopped; whole or not there at all.

    That an empty folder is enough is tested here, once.
    """
    launcher = Launcher()
    try:
        assert list(launcher.state.iterdir()) == []
        code, output = launcher.start().wait_until_judged().interrupt()
        assert code == 0, output
        shutil.rmtree(launcher.state / "logs")
        subprocess.run(["cp", "-a", str(launcher.state), f"{folder}.part"], check=True)
        Path(f"{folder}.part").rename(folder)
    finally:
        launcher.remove()
