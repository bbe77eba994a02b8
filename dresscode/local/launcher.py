"""`manage.py up`: everything that Dresscode needs on one machine, as children of one process.

PostgreSQL and Redis first, unless their URLs name real ones; then the schema, the data that the code brings
along and the static files; then web, and once it answers workers, scheduler and what fills the demo. Whatever
dies is started again. The children die with the launcher, however it ends.
"""

import contextlib
import fcntl
import io
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from dresscode.local import demo, earlier_state
from dresscode.local.embedded import paths, postgres, redis
from dresscode.local.embedded.children import last_lines, spawn
from dresscode.local.static_files import collect_static_files
from dresscode.local.supervisor import Service, Supervisor

logger = logging.getLogger(__name__)

PORT_TIMEOUT_S = 5.0  # A killed launcher's web process may still be closing its sockets.
READY_TIMEOUT_S = 180.0
TICK_S = 0.2
JOB_GRACE_S = (
    20.0  # A job that takes longer is killed; its lease ends and the sweep brings it back.
)
LOG_MAX_BYTES = 10 * 1024 * 1024

# A line of ours as text or JSON, of a management command, of PostgreSQL; and how far the demo is.
LOUD_LINE = re.compile(
    rb"^[\d-]+ [\d:,]+ (WARNING|ERROR|CRITICAL)|\"level\": \"(WARNING|ERROR|CRITICAL)"
    rb"|^(\w+Error|ERRORS)\b|\] (FATAL|PANIC):|^Demo: "
)


class LaunchError(Exception):
    """Dresscode cannot start here; the message says why and what to do."""


# Before anything starts


@contextlib.contextmanager
def hold_state(state: Path) -> Iterator[None]:
    """Only one launcher works on a state folder; the lock ends with its process.

    Raises:
        LaunchError: another one holds it.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        state.chmod(
            0o711
        )  # The stores' own user passes through; what lies inside is private itself.
        (state / "logs").mkdir(mode=0o700, exist_ok=True)
    except PermissionError as error:
        raise LaunchError(f"{state} is not ours to write: {error.strerror}") from error
    with (state / "launcher.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise LaunchError(
                f"Dresscode already runs on {state} ({lock.read().strip()}). "
                "Stop it first, or set DRESSCODE_STATE to another folder."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, {settings.SITE_URL}")
        lock.flush()
        yield


def check_port(address: str, port: int) -> None:
    """Raises LaunchError when somebody else listens there."""
    deadline = time.monotonic() + PORT_TIMEOUT_S
    while True:
        try:
            with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
                return
        except OSError as error:
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"Port {port} on {address} cannot be used ({error.strerror}). "
                    "Stop what listens there, or set PORT to another one."
                ) from error
            time.sleep(TICK_S)


# The children


def start_child(name: str, *command: str, process: str) -> subprocess.Popen[bytes]:
    """A Python process of ours; its output goes to `logs/<name>.log`."""
    return spawn(
        [sys.executable, *command],
        log=log_of(name),
        folder=settings.BASE_DIR,
        environment={**os.environ, "DRESSCODE_PROCESS": process, "PYTHONUNBUFFERED": "1"},
    )


def log_of(name: str) -> Path:
    log: Path = settings.STATE_DIR / "logs" / f"{name}.log"
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log


def web() -> Service:
    # Answers in flight get a moment to end: see styling.streaming.reading.drain.
    return Service(
        "web", lambda: start_child("web", "-m", "dresscode.web", process="web"), grace_s=15.0
    )


def worker(queue: str, number: int) -> Service:
    """Listens on one queue: only then does rq take jobs in the way that survives a crash."""
    name = f"worker-{queue}-{number}"
    command = ["manage.py", "rqworker", queue, "--verbosity", "0"]
    return Service(name, lambda: start_child(name, *command, process="worker"), grace_s=JOB_GRACE_S)


def scheduler() -> Service:
    return Service(
        "scheduler", lambda: start_child("scheduler", "manage.py", "schedule", process="worker")
    )


def demo_filler() -> Service:
    """Looks at the demo's photos and evaluates its stylist, while the product is open already."""
    command = ["manage.py", "seed_demo"]
    return Service("demo", lambda: start_child("demo", *command, process="worker"), ends=True)


def start_stores(supervisor: Supervisor, say: Callable[[str], None]) -> None:
    """Those whose URL is not set; empty ones where the data are of an earlier pre-release.

    Raises:
        EarlierStateError: such data cannot be set aside.
    """
    start_postgres(supervisor)
    unknown = earlier_state.find_unknown_migrations()
    connections.close_all()
    if unknown:
        earlier_state.check_can_be_set_aside(unknown)
        supervisor.stop()
        aside = earlier_state.set_aside(settings.STATE_DIR)
        say(
            f"The data in {settings.STATE_DIR} are of an earlier pre-release, which cannot be upgraded.\n"
            f"They are kept in {aside}: with DRESSCODE_STATE set to it, the release that made them runs "
            "them. Dresscode starts afresh."
        )
        start_postgres(supervisor)
    # Only now: a newer server brings the files of an older one into its own form.
    start_redis(supervisor)


def start_postgres(supervisor: Supervisor) -> None:
    if settings.EMBEDDED_POSTGRES:
        launch = lambda: postgres.start(settings.STATE_DIR).process  # noqa: E731
        supervisor.start(Service("postgres", launch, stop_signal=signal.SIGINT, grace_s=30.0))


def start_redis(supervisor: Supervisor) -> None:
    if settings.EMBEDDED_REDIS:
        launch = lambda: redis.start(settings.STATE_DIR).process  # noqa: E731
        supervisor.start(Service("redis", launch, grace_s=30.0))


# What they need to find


def prepare() -> None:
    """The schema, what the code brings along, who may sign in, and the static files."""
    call_command("migrate", verbosity=0)
    call_command(
        "check", stdout=io.StringIO()
    )  # Its errors are raised; that there are none is no news.
    call_command("load_vocabulary")
    if settings.EMBEDDED:
        demo.make_accounts()
    if not (settings.EMBEDDED and demo.load_demo_prompts()):
        call_command("load_prompts")
    call_command("load_alert_rules")
    collect_static_files()
    connections.close_all()


# After


def wait_until_ready(service: Service, url: str) -> None:
    """Raises LaunchError when the web process does not get there."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not is_ready(url):
        if time.monotonic() > deadline or not service.is_running:
            lines = last_lines(log_of(service.name), 15)
            raise LaunchError(f"The web process does not answer:\n{lines}")
        time.sleep(TICK_S)


def is_ready(url: str) -> bool:
    """Asks as a browser at SITE_URL would, and without any proxy of the environment."""
    request = urllib.request.Request(f"{url}/readyz", headers={"Host": settings.SITE.netloc})  # noqa: S310
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def local_url() -> str:
    """Where this machine itself reaches the web process."""
    host = settings.BIND_ADDRESS
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://{host}:{settings.PORT}"


@dataclass
class LogFollower:
    """Repeats on the console what a child's log says at warning level and above."""

    log: Path
    offset: int

    @classmethod
    def from_end(cls, log: Path) -> "LogFollower":
        return cls(log, log.stat().st_size if log.exists() else 0)

    def read_loud_lines(self) -> list[str]:
        size = self.log.stat().st_size if self.log.exists() else 0
        if size <= self.offset:
            self.offset = min(self.offset, size)
            return []
        with self.log.open("rb") as file:
            file.seek(self.offset)
            text = file.read(size - self.offset)
        whole = text[: text.rfind(b"\n") + 1]
        self.offset += len(whole)
        lines = whole.splitlines()
        return [line.decode(errors="replace") for line in lines if LOUD_LINE.search(line)]


def start_product(supervisor: Supervisor) -> None:
    """Web first: on few cores it answers sooner alone. All are of one group: they stop side by side."""
    site = web()
    supervisor.start(site)
    wait_until_ready(site, local_url())
    workers = [worker("photos", number + 1) for number in range(settings.WORKERS)]
    supervisor.join(*workers, worker("maintenance", 1), scheduler())


def fill_demo(supervisor: Supervisor) -> None:
    """In a process of its own, unless an earlier start has finished it."""
    if settings.EMBEDDED and not demo.is_filled():
        supervisor.join(demo_filler())
    connections.close_all()


def watch(supervisor: Supervisor, say: Callable[[str], None]) -> None:
    """Until a signal raises KeyboardInterrupt."""
    followers = {s.name: LogFollower.from_end(log_of(s.name)) for s in supervisor.services}
    while True:
        supervisor.restart_dead()
        for name, follower in followers.items():
            for line in follower.read_loud_lines():
                say(f"{name}: {line}")
        time.sleep(TICK_S)


def stop_on_signals() -> None:
    """As KeyboardInterrupt, also where a script's shell made its background jobs deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup asked to live on.
        signal.signal(signal.SIGHUP, signal.default_int_handler)


def run(*, say: Callable[[str], None], announce: Callable[[], None]) -> None:
    """Start everything, call `announce`, watch until SIGINT or SIGTERM, stop everything.

    Raises:
        LaunchError, EarlierStateError, EmbeddedStoreError: something could not be started. Nothing is left behind.
    """
    stop_on_signals()
    supervisor = Supervisor()
    with hold_state(settings.STATE_DIR):
        check_port(settings.BIND_ADDRESS, settings.PORT)
        try:
            start_stores(supervisor, say)
            prepare()
            start_product(supervisor)
            announce()
            fill_demo(supervisor)
            watch(supervisor, say)
        except KeyboardInterrupt:
            say("\nStopping.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()
            with contextlib.suppress(OSError):
                paths.socket_dir(settings.STATE_DIR).rmdir()
