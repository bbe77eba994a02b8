"""Processes of a launcher under test, found in /proc and told apart from later ones with the same id."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    started: str
    command: str

    @property
    def is_alive(self) -> bool:
        found = read_process(self.pid)
        return found is not None and found.started == self.started


def read_process(pid: int) -> Process | None:
    """None when there is none, or only its zombie."""
    folder = Path(f"/proc/{pid}")
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else Process(pid, int(fields[1]), fields[19], command)


def descendants(pid: int) -> list[Process]:
    """Children, their children and so on."""
    ids = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    everyone = [process for process in map(read_process, ids) if process]
    found = [process for process in everyone if process.parent == pid]
    for process in found:
        found.extend(child for child in everyone if child.parent == process.pid)
    return found


def wait_until(condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s until {what}"
        time.sleep(0.1)
