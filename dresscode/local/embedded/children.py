"""Child processes that never outlive their parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dresscode.local.embedded import leash
from dresscode.local.embedded.accounts import Account


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child whose output goes to `log` and that gets `death_signal` when we die, however we die.

    Call it from the main thread: Linux sends the signal when the *thread* that forked ends. The child
    has its own session, so that Ctrl-C in a terminal reaches us alone and we choose the order of stopping.
    Elsewhere than on Linux a killed parent leaves its children behind.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            leash_command(command, account=account, death_signal=death_signal),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            start_new_session=True,
        )


def leash_command(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> list[str]:
    """The command as a child of ours that gets `death_signal` when we die; see `spawn`."""
    uid, gid = (account.uid, account.gid) if account else (os.getuid(), os.getgid())
    held = [sys.executable, "-I", "-S", leash.__file__, os.getpid(), int(death_signal), uid, gid]
    return [str(part) for part in (*held, *command)]


def is_running(pid: int, program: str) -> bool:
    """Whether this process is alive and is `program`; a recycled id belongs to something else."""
    try:
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (ProcessLookupError, FileNotFoundError):
        return False
    except PermissionError:
        return True
    return program in Path(os.fsdecode(command.split(b"\0", 1)[0])).name


def last_lines(log: Path, count: int = 5) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""
