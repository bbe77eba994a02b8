"""The processes of Compose thrice over, on stores that fail over: all of it real, on this machine alone.

    nginx > three web > PgBouncer > PostgreSQL, and its synchronous standby
    three workers of photos > PostgreSQL by both its addresses
    one of maintenance > PgBouncer; the scheduler > PostgreSQL
    all of them > three Sentinels > Redis, and its replica

What dies of the processes is started again after a second, as Compose's `restart: unless-stopped` does; stores are not.
"""

import os
import re
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from rq.defaults import RQ_KEY_PREFIX

from tests.cluster.places import LOOPBACK, Network, Place, Server, free_ports
from tests.cluster.postgres import APP, DATABASE, OWNER, PASSWORD, PostgresPair
from tests.cluster.programs import program
from tests.cluster.redis import RedisCluster
from tests.cluster.shipped import command_of, environment_of, fill_in
from tests.conftest import ROOT, read_variables
from tests.dresscode.processes import wait_until

SITE = "localhost"
WEB, PHOTO_WORKERS = 3, 3
LEASE_S = 10
RESTART_AFTER_S = 1.0
WEARER, OPERATOR, WORD = "anna@example.com", "otto@example.com", "try-before-you-wear-it"
PROMPT = "cluster"
"""Of no task, so that nobody judges it: it is moved back and forth."""
AHEAD_S = 120
START_S = 300
"""Of all processes, on a machine that is so busy that starting seems to stand still."""
PEOPLE = f"""
from accounts.models import User
from registry.models import Prompt
from registry.services import releases, tokens
from registry.services.overrides import record_override
from registry.services.versions import create_version
User.objects.create_user(email="{WEARER}", password="{WORD}")
otto = User.objects.create_superuser(email="{OPERATOR}", password="{WORD}")
prompt = Prompt.objects.create(name="{PROMPT}")
bundle = {{"system": "", "user": "", "engine": "builtin", "model": {{}}, "sampling": {{}}, "examples": []}}
bundle["enable_thinking"] = False
for pace_ms in (0, 1):
    version = create_version(prompt=prompt, bundle={{**bundle, "parameters": {{"pace_ms": pace_ms}}}})
    record_override(version=version, actor=None, reason="For roll-backs in the cluster", days=1)
    releases.promote_version(version=version, actor=None, reason="For roll-backs in the cluster")
print(prompt.pk)
print(*prompt.versions.order_by("number").values_list("pk", flat=True))
print(tokens.make_token(owner=otto, name="cluster", days=1)[1])
"""


@dataclass
class Cluster:
    place: Place
    postgres: PostgresPair
    redis: RedisCluster
    bouncer: Server
    nginx: Server
    port: int
    web_ports: list[int]
    processes: dict[str, Server] = field(default_factory=dict)
    token: str = ""
    prompt: int = 0
    versions: dict[int, int] = field(default_factory=dict)
    """Of the prompt that is rolled back: primary keys by number."""
    held: set[str] = field(default_factory=set)
    """Processes that nobody starts again."""
    is_over: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[Any, str] = field(default_factory=dict)
    """Uploads over all tests: key and SHA-256."""
    seed: int = 0

    @classmethod
    def start(cls, *, say: Any = lambda text: None) -> "Cluster":
        place = Place(network=Network.lay())
        say("PostgreSQL and its standby")
        postgres = PostgresPair.start(place)
        say("Redis, its replica and three Sentinels")
        options = command_of("redis")[1:]
        redis = RedisCluster.start(place, program("redis-server"), options=options)
        port, bouncer_port, *web_ports = free_ports(2 + WEB)
        bouncer = make_bouncer(place, postgres, bouncer_port)
        nginx = make_nginx(place, port, web_ports)
        cluster = cls(place, postgres, redis, bouncer, nginx, port, web_ports)
        try:
            say("a release, by the commands of Compose")
            cluster.release()
            say("PgBouncer, nginx, web, workers, scheduler")
            cluster.start_processes()
        except BaseException:
            cluster.stop()
            raise
        return cluster

    # Starting

    def environment(self, *, role: str = APP, pooled: bool = False) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if name not in read_variables()}
        bouncer = f"postgres://{role}:{PASSWORD}@{LOOPBACK}:{self.bouncer_port}/{DATABASE}"
        return {
            **ours,
            "PATH": f"{Path(sys.executable).parent}:{ours['PATH']}",
            "DRESSCODE_ENV_FILE": os.devnull,
            "DRESSCODE_STATE": str(self.state),
            "SITE_URL": f"https://{SITE}:{self.port}",
            "SECRET_KEY": "only-for-this-cluster-" + "k" * 40,
            "DATABASE_URL": bouncer if pooled else self.postgres.url(role),
            "DATABASE_POOLED": str(int(pooled)),
            "REDIS_URL": self.redis.url,
            "PHOTO_LEASE_S": str(LEASE_S),
            "RQ_KEY_PREFIX": RQ_KEY_PREFIX,  # Ours, which the test run chose.
            "STAFF_SECOND_FACTOR": "0",
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def state(self) -> Path:
        return self.place.folder / "state"

    @property
    def bouncer_port(self) -> int:
        return int(self.bouncer.name.rpartition("-")[2])

    def release(self) -> None:
        self.state.mkdir()
        shell, option, script = command_of("release")
        self.run([f"/bin/{shell}", option, script])
        with self.postgres.connect(role=OWNER) as session:
            session.execute(read_grants())
        prompt, versions, self.token = self.shell(PEOPLE).splitlines()[-3:]
        self.prompt = int(prompt)
        self.versions = dict(enumerate(map(int, versions.split()), start=1))

    def run(
        self,
        command: list[str],
        *,
        folder: Path = ROOT,
        role: str = OWNER,
        pooled: bool = False,
        own: Mapping[str, str] | None = None,
    ) -> str:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**self.environment(role=role, pooled=pooled), **(own or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str, *, folder: Path = ROOT) -> str:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        return self.run(command, folder=folder).strip()

    def start_processes(self) -> None:
        self.bouncer.start()
        for number, port in enumerate(self.web_ports):
            self.add("web", number, {"PORT": str(port)}, pooled=True)
        for number in range(PHOTO_WORKERS):
            self.add("photos", number)
        self.add("maintenance", 0, pooled=True)
        self.add("scheduler", 0)
        self.nginx.start()
        for server in [*self.processes.values(), self.bouncer]:
            assert server.is_running, server.last_words()
        threading.Thread(target=self.keep, daemon=True).start()
        wait_until(self.is_whole, "all web processes are ready", still_s=START_S)

    def add(
        self,
        service: str,
        number: int,
        own: Mapping[str, str] | None = None,
        *,
        pooled: bool = False,
        folder: Path = ROOT,
        name: str = "",
    ) -> Server:
        """A process of Compose's. Started, and again whenever it ends."""
        python, *words = command_of(service)
        assert python == "python"
        name = name or f"{service}-{number}"
        environment = {
            **self.environment(pooled=pooled),
            **environment_of(service),
            **(own or {}),
        }
        log = self.place.folder / "logs" / f"{name}.log"
        server = Server(name, [sys.executable, *words], log, None, environment, folder=folder)
        self.processes[name] = server.start()
        return server

    def keep(self) -> None:
        """Start again what died. The thread lives as long as the cluster: what it starts dies with it."""
        while not self.is_over.wait(0.2):
            for name, server in list(self.processes.items()):
                if server.is_running or name in self.held:
                    continue
                if self.is_over.wait(RESTART_AFTER_S):
                    return
                if self.processes.get(name) is server and name not in self.held:
                    server.start()

    # What is asked of it

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        trusted = ssl.create_default_context(cafile=str(self.place.folder / "site.crt"))
        url = f"https://{SITE}:{self.port}"
        with httpx.Client(base_url=url, verify=trusted, timeout=90) as client:
            client.headers["Referer"] = url
            yield client

    def is_ready(self, port: int) -> bool:
        headers = {"Host": f"{SITE}:{self.port}", "X-Forwarded-Proto": "https"}
        try:
            answer = httpx.get(f"http://{LOOPBACK}:{port}/readyz", headers=headers, timeout=30)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    def is_whole(self) -> bool:
        """Whether every web process has its stores, and every process runs."""
        running = all(
            one.is_running for name, one in self.processes.items() if name not in self.held
        )
        return running and all(self.is_ready(port) for port in self.web_ports)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[Any]]:
        with self.postgres.connect(role=OWNER) as session:
            yield session

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self.database() as session:
            return session.execute(sql, values).fetchall()  # type: ignore[arg-type]

    # What is done to it

    def repoint(self) -> None:
        """As an operator does after a promotion: the new primary in PgBouncer's file, and a reload."""
        write_bouncer(self.place, self.postgres, self.bouncer_port)
        os.kill(self.bouncer.pid, signal.SIGHUP)

    @contextmanager
    def without(self, name: str) -> Iterator[Server]:
        """While the block runs, nobody starts this process again."""
        self.held.add(name)
        try:
            yield self.processes[name]
        finally:
            self.held.discard(name)

    @contextmanager
    def ahead(self, name: str) -> Iterator[None]:
        """One process goes by a clock that is two minutes ahead."""
        server = self.processes[name]
        before, server.command = (
            server.command,
            [program("faketime"), "-f", f"+{AHEAD_S}s", *server.command],
        )
        server.environment = {**server.environment, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}  # fmt: skip
        server.stop()
        try:
            wait_until(lambda: server.is_running, "it runs by another clock")
            yield
        finally:
            server.command = before
            server.stop()
            wait_until(lambda: server.is_running, "it runs by our clock again")

    def drop(self, name: str) -> None:
        """End a process for good, as a release does."""
        server = self.processes.pop(name)
        server.stop()

    def stop(self) -> None:
        self.is_over.set()
        for server in [self.nginx, *self.processes.values(), self.bouncer]:
            server.kill()
        self.redis.stop()
        self.postgres.stop()
        self.place.remove()


def read_grants() -> str:
    """The statements of docs/deployment.md that make the application's role, which exists already."""
    page = (ROOT / "docs" / "deployment.md").read_text()
    [block] = re.findall(
        r"^    CREATE ROLE dresscode_app[^\n]*\n((?:    .*\n)+)", page, re.MULTILINE
    )
    return str(block)


def make_bouncer(place: Place, postgres: PostgresPair, port: int) -> Server:
    """On loopback, beside the processes: it cannot run as root."""
    write_bouncer(place, postgres, port)
    users = "".join(f'"{role}" "{PASSWORD}"\n' for role in (OWNER, APP))
    place.write("userlist.txt", users)
    server = place.store(
        f"pgbouncer-{port}", [program("pgbouncer"), place.folder / "pgbouncer.ini"]
    )
    server.enter = ()
    return server


def write_bouncer(place: Place, postgres: PostgresPair, port: int) -> None:
    primary = f"host={place.host} port={postgres.ports[postgres.primary]}"
    values = {
        "host=db1.example.org port=5432": primary,
        "listen_port = 6432": f"listen_port = {port}\nunix_socket_dir =",
        "/etc/pgbouncer/userlist.txt": str(place.folder / "userlist.txt"),
    }
    place.write("pgbouncer.ini", fill_in("pgbouncer/pgbouncer.ini", values))


def make_nginx(place: Place, port: int, web_ports: list[int]) -> Server:
    make_certificate(place)
    [line] = [
        line
        for line in fill_in("nginx/dresscode.conf", {}).splitlines()
        if "server 127.0.0.1:8000" in line
    ]
    values = {
        line: "\n".join(line.replace("8000", str(web)) for web in web_ports),
        "listen 443 ssl": f"listen {LOOPBACK}:{port} ssl",
        "dresscode.example.org": SITE,
        "/etc/ssl/dresscode.crt": str(place.folder / "site.crt"),
        "/etc/ssl/dresscode.key": str(place.folder / "site.key"),
    }
    place.write("dresscode.conf", fill_in("nginx/dresscode.conf", values))
    folder = place.make_folder("nginx")
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"""daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
{temporary}    include {place.folder}/dresscode.conf;
}}
"""
    file = place.write("nginx.conf", main)
    server = place.store("nginx", [program("nginx"), "-c", file, "-e", "stderr"])
    server.enter = ()
    return server


def make_certificate(place: Place) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SITE)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SITE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    place.write("site.key", secret.decode())
    public = place.write("site.crt", certificate.public_bytes(serialization.Encoding.PEM).decode())
    public.chmod(0o644)
