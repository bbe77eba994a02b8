"""Where the embedded stores listen: found from the state folder alone, so that a second terminal finds them too."""

import hashlib
import os
from pathlib import Path

# A Unix socket's path may have 107 bytes, and $TMPDIR differs between terminals.
SOCKET_ROOT = Path("/tmp")  # noqa: S108


def state_digest(state: Path) -> str:
    """Ten hex digits that tell one state folder from another."""
    return hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:10]


def socket_dir(state: Path) -> Path:
    """The folder of both sockets, mode 0700 once a store has started."""
    return SOCKET_ROOT / f"dresscode-{os.getuid()}-{state_digest(state)}"


def redis_url(state: Path, *, database: int = 0) -> str:
    return f"unix://{socket_dir(state) / 'redis.sock'}?db={database}"
