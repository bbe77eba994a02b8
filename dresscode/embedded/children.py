"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dresscode.embedded.accounts import Account

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


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
    drop = account is not None and account.uid != os.getuid()
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            start_new_session=True,
            user=account.uid if account and drop else None,
            group=account.gid if account and drop else None,
            extra_groups=[] if drop else None,
            preexec_fn=die_with_parent(death_signal),
        )


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child of this process runs first: asks the kernel for `death_signal` when we die.

    Made here and called after the fork, and after a change of user, which would clear the request.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # It died between fork and prctl.
            os._exit(1)

    return ask_kernel


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
