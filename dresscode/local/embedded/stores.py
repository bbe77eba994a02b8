"""What both embedded stores share: their folders, their error, waiting for one that is going away."""

import os
import shutil
import stat
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from dresscode.local.embedded import paths
from dresscode.local.embedded.accounts import Account, can_enter
from dresscode.local.embedded.children import is_running

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


@dataclass(frozen=True)
class Wheel:
    """An installed package whose programs we run, and the folders that they need to run."""

    package: str
    folders: tuple[str, ...]

    def find_program(self, path: str, *, home: Path, account: Account) -> Path:
        """The program where pip put it, or its copy below `home` when the account may not enter there.

        Raises:
            EmbeddedStoreError: the package is not installed.
        """
        try:
            installed = distribution(self.package)
        except PackageNotFoundError as error:
            raise EmbeddedStoreError(f"{self.package} is not installed") from error
        site = Path(str(installed.locate_file("")))
        if can_enter(account, (site / path).parent):
            return site / path
        copy = home / "programs" / f"{self.package}-{installed.version}"
        for folder in self.folders:
            copy_once(site / folder, copy / folder)
        return copy / path


def copy_once(source: Path, target: Path) -> None:
    """A copy that was interrupted is begun again."""
    if target.exists():
        return
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished, symlinks=True)
    unfinished.rename(target)


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
