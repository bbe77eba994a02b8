"""The user that the embedded stores run as: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from dresscode.local.embedded.paths import state_digest

UNREACHABLE_STATE_ROOT = Path("/var/lib/dresscode")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int


def store_account() -> Account:
    """Who the stores run as: ourselves, or `postgres` (else `nobody`) when we are root.

    Raises:
        LookupError: this user has no name, which PostgreSQL needs.
    """
    if os.getuid() != 0:
        return _lookup(os.getuid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise LookupError("root has no unprivileged user (postgres, nobody) to start PostgreSQL as")


def _lookup(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise LookupError(f"user id {uid} has no name on this machine") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account may pass through every existing part of this path."""
    if account.uid == os.getuid():
        return True
    return all(
        _may_search(account, part.stat()) for part in (folder, *folder.parents) if part.exists()
    )


def _may_search(account: Account, status: os.stat_result) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def stores_dir(state: Path, account: Account) -> Path:
    """Where the stores keep their files: the state folder, unless its owner's home shuts the account out."""
    if can_enter(account, state):
        return state
    return UNREACHABLE_STATE_ROOT / state_digest(state)
