"""Runs a program that gets a signal when whoever started it dies, however it dies.

    python -I -S leash.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT...]

A process of its own does this because code between fork and exec must not run beside other threads.
"""

import ctypes
import os
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def die_with(parent: int, death_signal: int) -> None:
    """Ask the kernel for `death_signal` when `parent` is gone. Does nothing where there is no Linux.

    The kernel forgets the wish when the process changes its user, so it comes after that.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:  # It died before it was asked for.
        os._exit(1)


def change_user(uid: int, gid: int) -> None:
    if uid == os.getuid():
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(arguments: Sequence[str]) -> None:
    parent, death_signal, uid, gid = map(int, arguments[:4])
    change_user(uid, gid)
    die_with(parent, death_signal)
    program = arguments[4:]
    os.execv(program[0], list(program))


if __name__ == "__main__":
    main(sys.argv[1:])
