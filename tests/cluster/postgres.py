"""A primary of PostgreSQL and a standby without which it acknowledges nothing, from the binaries of `make run`."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from dresscode.local.embedded import postgres as embedded
from tests.cluster.places import Place, Server, free_ports
from tests.dresscode.processes import wait_until

PASSWORD = "only-in-this-cluster"
DATABASE = "dresscode"
OWNER, APP, SUPERUSER = "dresscode", "dresscode_app", "postgres"
SLOT = "standby"
# Processes are killed here, never the machine: what the kernel was given is on the disk.
SETTINGS = {
    "fsync": "off",
    "wal_level": "replica",
    "max_connections": "100",
    "hot_standby": "on",
    "jit": "off",
}
LIMITS = {
    "statement_timeout": "15s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
}
"""Of the application's role: behind PgBouncer nothing can be said at connection."""


@dataclass
class PostgresPair:
    place: Place
    programs: Path
    ports: list[int]
    servers: list[Server]
    primary: int = 0
    """Its number; the other one is the standby."""

    @classmethod
    def start(cls, place: Place) -> "PostgresPair":
        program = embedded.WHEEL.find_program(
            embedded.PROGRAM, home=place.folder, account=place.account
        )
        self = cls(place, program.parent, free_ports(2), [])
        place.make_folder("sockets")
        self.servers = [self.make_server(0), self.make_server(1)]
        self.make_primary()
        self.add_standby()
        return self

    def make_server(self, number: int) -> Server:
        said = {
            **SETTINGS,
            "port": str(self.ports[number]),
            "listen_addresses": self.place.host,
            "unix_socket_directories": str(self.place.folder / "sockets"),
            "cluster_name": f"node{number}",
        }
        options = [part for name, value in said.items() for part in ("-c", f"{name}={value}")]
        data = self.place.folder / f"postgres-{number}"
        command = [self.programs / "postgres", "-D", data, *options]
        server = self.place.store(f"postgres-{number}", command)
        server.death_signal = signal.SIGINT  # Its children are its own to end.
        return server

    def make_primary(self) -> None:
        data = self.place.make_folder("postgres-0")
        secret = self.place.write("postgres-password", PASSWORD)
        self.run_as_account(
            "initdb", f"--pgdata={data}", f"--username={SUPERUSER}", f"--pwfile={secret}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all all scram-sha-256\nhost replication all all scram-sha-256\n")
        self.servers[0].start()
        self.wait_until_answering(0)
        with self.connect(database="template1") as session:
            session.execute("CREATE EXTENSION IF NOT EXISTS vector")
        with self.connect(database=SUPERUSER) as session:
            for role in (OWNER, APP):
                session.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
            for name, value in LIMITS.items():
                session.execute(f"ALTER ROLE {APP} SET {name} = '{value}'")
            session.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def run_as_account(self, program: str, *arguments: object) -> None:
        """Without the network: what only writes files, which are the account's."""
        account = self.place.account
        done = subprocess.run(
            [self.programs / program, *map(str, arguments)],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            user=account.uid,
            group=account.gid,
            extra_groups=[],
        )
        assert done.returncode == 0, done.stderr

    def add_standby(self) -> None:
        """A copy of the primary that follows it; from then on the primary waits for it before it acknowledges."""
        number = 1 - self.primary
        data = self.place.make_folder(f"postgres-{number}")
        copy = self.place.store(
            "basebackup",
            [
                self.programs / "pg_basebackup", "--host", self.place.host,
                "--port", str(self.ports[self.primary]), "--username", SUPERUSER, "--pgdata", data,
                "--write-recovery-conf", "--create-slot", "--slot", SLOT, "--checkpoint=fast", "--no-sync",
            ],
        )  # fmt: skip
        copy.environment = {**copy.environment, "PGPASSWORD": PASSWORD}
        copy.start()
        assert copy.process is not None and copy.process.wait() == 0, copy.last_words()
        self.servers[number].start()
        self.wait_until_answering(number)
        with self.connect(database=SUPERUSER) as session:
            session.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            session.execute("SELECT pg_reload_conf()")
        wait_until(self.is_synchronous, "the standby is in step")

    def is_synchronous(self) -> bool:
        with self.connect(database=SUPERUSER) as session:
            states = session.execute("SELECT sync_state FROM pg_stat_replication").fetchall()
        return states == [("sync",)]

    def promote(self) -> None:
        """The standby takes writes, and waits for nobody until it has a standby itself."""
        number = 1 - self.primary
        with self.connect(number, database=SUPERUSER) as session:
            assert session.execute("SELECT pg_promote()").fetchone() == (True,)
        self.primary = number

    def wait_until_answering(self, number: int) -> None:
        def answers() -> bool:
            try:
                self.connect(number, database=SUPERUSER).close()
            except psycopg.OperationalError:
                assert self.servers[number].is_running, self.servers[number].last_words()
                return False
            return True

        wait_until(answers, "PostgreSQL answers")

    def connect(
        self, number: int | None = None, *, database: str = DATABASE, role: str = SUPERUSER
    ) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=self.place.host,
            port=self.ports[self.primary if number is None else number],
            dbname=database,
            user=role,
            password=PASSWORD,
            connect_timeout=5,
            autocommit=True,
        )

    def url(self, role: str) -> str:
        """Both, whichever takes writes."""
        places = ",".join(f"{self.place.host}:{port}" for port in self.ports)
        return f"postgres://{role}:{PASSWORD}@{places}/{DATABASE}"

    def stop(self) -> None:
        for server in self.servers:
            server.kill()
