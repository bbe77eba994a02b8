"""Processes of a launcher under test, found in /proc and told apart from later ones with the same id."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dresscode.local.embedded.children import leash_command

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
STILL_S = 90.0
"""Who has not moved for so long hangs."""
WORK_S = 5.0
"""CPU seconds in that time that tell work from the ticking of an idle product."""
LOOK_EVERY_S = 2.0
LONGEST_S = 900.0
"""No test waits this long unless something hangs, on however busy a machine."""


@dataclass(frozen=True)
class Process:
    """`cpu_s` counts its children that ended, too."""

    pid: int
    parent: int
    started: str
    command: str
    cpu_s: float

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
    if fields[0] == "Z":
        return None
    cpu_s = sum(map(int, fields[11:15])) / TICKS_PER_S
    return Process(pid, int(fields[1]), fields[19], command, cpu_s)


def descendants(pid: int) -> list[Process]:
    """Children, their children and so on."""
    ids = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    everyone = [process for process in map(read_process, ids) if process]
    found = [process for process in everyone if process.parent == pid]
    for process in found:
        found.extend(child for child in everyone if child.parent == process.pid)
    return found


def leash(command: Sequence[str | Path]) -> list[str]:
    """The command of a child that is killed when the test's process dies, however it dies."""
    return leash_command(command, death_signal=signal.SIGKILL)


def kill_tree(pid: int) -> None:
    """The process and its descendants; it is stopped first, so that it starts no further ones."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    tree = descendants(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    kill_all(tree)


def kill_all(processes: Iterable[Process]) -> None:
    for process in processes:
        if process.is_alive:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def wait_until(
    condition: Callable[[], object],
    what: str,
    *,
    progress: Callable[[], object] = lambda: None,
    still_s: float = STILL_S,
) -> None:
    """Wait for as long as something moves: our descendants use the CPU, or `progress` changes its answer.

    A busy machine makes everything slow, so no time on the clock tells a hang from work.
    """
    began = moved_at = looked_at = time.monotonic()
    before, worked_s = progress(), cpu_of_descendants()
    while not condition():
        now = time.monotonic()
        if now - looked_at > LOOK_EVERY_S:
            looked_at, seen, work_s = now, progress(), cpu_of_descendants()
            if seen != before or abs(work_s - worked_s) > WORK_S:
                moved_at, before, worked_s = now, seen, work_s
        assert now - moved_at < still_s, f"nothing moved for {still_s:.0f} s, waiting until {what}"
        assert now - began < LONGEST_S, f"waited {LONGEST_S:.0f} s until {what}"
        time.sleep(0.1)


def cpu_of_descendants() -> float:
    return sum(process.cpu_s for process in descendants(os.getpid()))
