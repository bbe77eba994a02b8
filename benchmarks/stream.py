"""What our websocket adds to an engine's stream: time to the first word, time for each word, CPU.

    python -m benchmarks.stream [--json] [--crowds 1 32 200] [--processes 1]

A scripted engine stamps each word with the time at which it said it; wearers at real sockets of a real uvicorn subtract.
The floor is a bare relay in the same server: no database, no session, no log, a frame for each word. It is measured once
more behind what no product may leave out, a check of the page's origin and of whose session it is, and so is a plain
consumer of Channels that knows its wearer and nothing else. None of them, nor ours, reads the engine's words from a
socket: the engine is in the server. Ours gathers words for 50 to 150 ms on purpose (`draft.pace`), and lets a
clause that names a garment wait for its end; the same without that check is measured beside it.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import connect

from benchmarks.report import Figure, report

CROWDS = (1, 32, 200)
STAMP = re.compile(r"\b[a-j]{9,}\b")
DIGITS = str.maketrans("abcdefghij", "0123456789")
CLOTHES = (
    ("Shirt", "top", "shirt"), ("Trousers", "bottom", "pants"), ("Shoes", "shoes", "derbies"),
)  # fmt: skip
SPREAD_S = 2.0
"""Wearers come within this time, not in one instant."""


@dataclass
class Times:
    """Milliseconds: from asking to the first word, and from a word's being said to its being heard."""

    first_word: list[float] = field(default_factory=list)
    word: list[float] = field(default_factory=list)
    frames: int = 0


@dataclass(frozen=True)
class Wearer:
    path: str
    cookie: str = ""


@contextmanager
def stores() -> Iterator[None]:
    """PostgreSQL and Redis of this run, migrated and empty."""
    state = Path(tempfile.mkdtemp(prefix="dresscode-bench-"))
    state.chmod(0o711)  # PostgreSQL runs as another user when we are root.
    os.environ.update(DRESSCODE_STATE=str(state), DRESSCODE_ENV_FILE=os.devnull)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dresscode.settings"
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    from dresscode.local.embedded import paths, postgres, redis

    started = [postgres.start(state, disposable=True), redis.start(state, disposable=True)]
    try:
        yield
    finally:
        for store in reversed(started):
            store.stop()
        shutil.rmtree(state, ignore_errors=True)
        shutil.rmtree(paths.socket_dir(state), ignore_errors=True)


@contextmanager
def server(*, is_checked: bool = True) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "uvicorn", "benchmarks.stream_server:application", "--port", str(port)]
    options = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]
    options += ["--loop", "uvloop", "--log-level", "error"]
    environment = {**os.environ, "DRESSCODE_PROCESS": "web"}
    environment |= {} if is_checked else {"STREAM_UNCHECKED": "1"}
    process = subprocess.Popen([sys.executable, *command, *options], env=environment)
    try:
        wait_for(port)
        yield process, port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    for _ in range(300):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start")


def prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from registry.models import Prompt
    from registry.services.overrides import record_override
    from registry.services.releases import promote_version
    from registry.services.versions import create_version

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    bundle = {"system": "", "user": "", "engine": "stamping", "parameters": {}, "model": {}}
    bundle |= {"sampling": {}, "examples": [], "enable_thinking": False}
    prompt = Prompt.objects.create(name="suggest_outfit")
    version = create_version(prompt=prompt, bundle=bundle)
    record_override(version=version, actor=None, reason="Benchmark", days=1)
    promote_version(version=version, actor=None, reason="Benchmark")


def make_wearers(count: int) -> list[Wearer]:
    """Signed-in wearers, each with something to wear and an open question."""
    from django.conf import settings

    from accounts.models import User
    from wardrobe.models import Garment

    users = User.objects.bulk_create(
        User(email=f"{time.monotonic_ns()}-{number}@example.org") for number in range(count)
    )
    Garment.objects.bulk_create(
        Garment(owner=user, status="ready", name=name, slot=slot, type=type_)
        for user in users
        for name, slot, type_ in CLOTHES
    )
    cookies = [f"{settings.SESSION_COOKIE_NAME}={sign_in(user)}" for user in users]
    return [
        Wearer(f"/ws/outfits/{ask(user)}/", cookie)
        for user, cookie in zip(users, cookies, strict=True)
    ]


def sign_in(user: object) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def ask(user: object) -> str:
    from datetime import date
    from datetime import time as clock
    from uuid import uuid4

    from styling.services.requests import EventRequest, StatedWeather, open_suggestion

    event = EventRequest("casual", date.today(), clock(9), clock(17))  # noqa: DTZ011
    suggestion = open_suggestion(
        owner=user, request_key=uuid4(), event=event, stated=StatedWeather("mild", "dry")
    )
    return str(suggestion.pk)


async def listen(wearer: Wearer, port: int, delay_s: float, times: Times) -> None:
    await asyncio.sleep(delay_s)
    async with connect(
        f"ws://127.0.0.1:{port}{wearer.path}",
        origin=os.environ.get("SITE_URL", "http://localhost:8000"),
        additional_headers={"Cookie": wearer.cookie},
        open_timeout=60,
    ) as page:
        asked = time.monotonic()
        await page.send(json.dumps({"type": "resume", "seq": 0}))
        is_first = True
        async for frame in page:
            heard = time.monotonic()
            times.frames += 1
            event = json.loads(frame)
            if event["type"] == "delta":
                if is_first:
                    times.first_word.append((heard - asked) * 1000)
                    is_first = False
                said = (int(stamp.translate(DIGITS)) for stamp in STAMP.findall(event["text"]))
                times.word.extend((heard - stamp / 1e6) * 1000 for stamp in said)
            elif event["type"] in {"done", "error"}:
                assert event["type"] == "done", event
                return


async def listen_all(wearers: list[Wearer], ports: list[int]) -> Times:
    """The processes take turns, as behind a balancer."""
    times = Times()
    pause = SPREAD_S / len(wearers)
    await asyncio.gather(
        *(
            listen(wearer, ports[number % len(ports)], number * pause, times)
            for number, wearer in enumerate(wearers)
        )
    )
    return times


def read_cpu_s(pid: int) -> float:
    """Of all its threads, also those that are over; to the microsecond, where /proc counts ticks of 10 ms."""
    return time.clock_gettime(~pid << 3 | 2)  # Linux: the clock of another process's CPU time.


@dataclass(frozen=True)
class Result:
    """`cpu_ms` and `frames` of one answer, and the share of a core that all of them took while they lasted."""

    times: Times
    cpu_ms: float
    core_share: float
    frames: float


Servers = list[tuple[subprocess.Popen[bytes], int]]


def measure(wearers: list[Wearer], servers: Servers) -> Result:
    before, began = sum(read_cpu_s(process.pid) for process, _ in servers), time.monotonic()
    times = asyncio.run(listen_all(wearers, [port for _, port in servers]))
    cpu_s = sum(read_cpu_s(process.pid) for process, _ in servers) - before
    took_s = time.monotonic() - began
    answers = len(wearers)
    return Result(times, cpu_s * 1000 / answers, cpu_s / took_s, times.frames / answers)


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else values[0]


def describe(who: str, crowd: int, result: Result) -> list[Figure]:
    first_word_ms = 100.0  # The engine's own, see benchmarks.stream_server.
    label = f"{who}, {crowd} wearer{'s' if crowd > 1 else ''}"
    added = [value - first_word_ms for value in result.times.first_word]
    return [
        Figure(f"{label}: added to the first word, median", statistics.median(added), "ms"),
        Figure(f"{label}: added to the first word, p95", percentile(added, 95), "ms"),
        Figure(f"{label}: added to a word, median", statistics.median(result.times.word), "ms"),
        Figure(f"{label}: added to a word, p95", percentile(result.times.word, 95), "ms"),
        Figure(f"{label}: server CPU for an answer", result.cpu_ms, "ms"),
        Figure(f"{label}: of a core, all answers", result.core_share * 100, "%"),
        Figure(f"{label}: frames of an answer", result.frames, ""),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="What our websocket adds to an engine's stream.")
    parser.add_argument("--crowds", type=int, nargs="+", default=CROWDS, help="wearers at once")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--processes", type=int, default=1, help="web processes of ours")
    options = parser.parse_args()
    crowds: list[int] = options.crowds
    figures: list[Figure] = []
    ratios: dict[str, float] = {}
    with stores():
        prepare()
        with ExitStack() as started:
            processes = range(options.processes)
            servers = [started.enter_context(server()) for _ in processes]
            free = [started.enter_context(server(is_checked=False)) for _ in processes]
            measure(make_wearers(4 * len(servers)), servers)  # Imports, caches, connections.
            measure(make_wearers(4 * len(servers)), free)
            for crowd in crowds:
                wearers = make_wearers(crowd)
                ours = measure(wearers, servers)
                unchecked = measure(make_wearers(crowd), free)
                plain = measure([Wearer("/plain/", one.cookie) for one in wearers], servers)
                known = measure([Wearer("/known/", one.cookie) for one in wearers], servers)
                bare = measure([Wearer("/bare/")] * crowd, servers)
                figures += describe("ours", crowd, ours)
                figures += describe("ours without the check", crowd, unchecked)
                figures += describe("plain consumer", crowd, plain)
                figures += describe("relay that knows its wearer", crowd, known)
                figures += describe("bare relay", crowd, bare)
                ratios[f"bare relay, CPU, {crowd} wearers"] = ours.cpu_ms / bare.cpu_ms
                ratios[f"relay that knows its wearer, CPU, {crowd} wearers"] = (
                    ours.cpu_ms / known.cpu_ms
                )
                ratios[f"plain consumer, CPU, {crowd} wearers"] = ours.cpu_ms / plain.cpu_ms
    report(
        "stream",
        figures=figures,
        ratios=ratios,
        environment={
            "words": 100,
            "words_per_s": 33,
            "gathered_ms": "50 to 150",
            "spread_s": SPREAD_S,
            "processes": options.processes,
        },
    )


if __name__ == "__main__":
    main()
