"""What both embedded stores share: their folders, their error, waiting for one that is going away."""

import os
import shutil
import stat
import time
from pathlib import Path

from dresscode.embedded import paths
from dresscode.embedded.accounts import Account, can_enter
from dresscode.embedded.children import is_running

PREDECESSOR_TIMEOUT_S = 30.0


class EmbeddedStoreError(Exception):
    """An embedded store could not be started; the message says what to do."""


def make_private_dir(folder: Path, account: Account) -> Path:
    """A folder, mode 0700, owned by the account. Its parents may be entered by everyone.

    Raises:
        EmbeddedStoreError: someone else made it first (the socket folder lies in a shared place).
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.getuid(), account.uid}:
        raise EmbeddedStoreError(f"{folder} belongs to somebody else; remove it and start again")
    if os.getuid() == 0:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def make_socket_dir(state: Path, account: Account) -> Path:
    return make_private_dir(paths.socket_dir(state), account)


def reachable_program(program: Path, *, tree: Path, copies: Path, account: Account) -> Path:
    """The program itself, or its copy below `copies` when the account may not enter where pip put it.

    `tree` is the installed folder that has to travel with it, libraries included.
    """
    if can_enter(account, program.parent):
        return program
    copy = copies / tree.name
    if not copy.exists():
        unfinished = copies / f"{tree.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(tree, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy / program.relative_to(tree)


def wait_for_predecessor(pid_file: Path, program: str) -> None:
    """Wait until the store of a killed launcher is gone, then forget its pid file.

    The launcher's lock already excludes a second launcher. A pid in the file may have been given to
    another process since (it always is in a restarted container), so the program's name decides.

    Raises:
        EmbeddedStoreError: it is still running after `PREDECESSOR_TIMEOUT_S`.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    deadline = time.monotonic() + PREDECESSOR_TIMEOUT_S
    while is_running(pid, program):
        if time.monotonic() > deadline:
            raise EmbeddedStoreError(f"{program} (process {pid}) of an earlier run does not stop")
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)
