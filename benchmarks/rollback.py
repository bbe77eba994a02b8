"""From the click on "Roll back" to the last of eight processes: ours, and a client with a 60-second cache.

    python -m benchmarks.rollback [--json]

Four uvicorn processes and four RQ workers, on PostgreSQL and Redis of this run. The click is the admin's own POST over HTTP.
The clocks are one: CLOCK_MONOTONIC is the machine's. It takes two minutes, most of them waiting for the cache.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.report import Figure, report
from benchmarks.rollback_watch import TASK, TTL_S
from benchmarks.stream import percentile, sign_in, stores, wait_for
from registry.services import releases
from registry.services.overrides import record_override
from registry.services.versions import create_version

WEB, WORKERS = 4, 4
CLICKS = 200
PAUSE_S = 0.1
CSRF = "c" * 32
FIRST_PORT = 18_410


@dataclass(frozen=True)
class Click:
    """A rollback: the epoch it led to, when it was asked for and when the admin had answered."""

    epoch: int
    asked: float
    told: float


def prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from registry.models import Prompt

    call_command("migrate", verbosity=0)
    prompt = Prompt.objects.create(name=TASK)
    bundle = {"system": "", "user": "", "engine": "builtin", "parameters": {}, "model": {}}
    bundle |= {"sampling": {}, "examples": [], "enable_thinking": False}
    for pace_ms in (0, 1):
        version = create_version(
            prompt=prompt, bundle={**bundle, "parameters": {"pace_ms": pace_ms}}
        )
        record_override(version=version, actor=None, reason="Benchmark", days=1)
        releases.promote_version(version=version, actor=None, reason="Benchmark")


@contextmanager
def processes(folder: Path) -> Iterator[None]:
    """Those of the product, each watching; the first web process is at FIRST_PORT."""
    from django_rq import get_queue

    web = [sys.executable, "-m", "uvicorn", "benchmarks.rollback_watch:application"]
    web += ["--log-level", "error", "--loop", "uvloop", "--port"]
    worker = [sys.executable, "manage.py", "rqworker", "photos", "--verbosity", "0"]
    environment = {**os.environ, "DRESSCODE_PROCESS": "web", "ROLLBACK_WATCH_IN_WEB": str(folder)}
    for _ in range(WORKERS):
        get_queue("photos").enqueue(
            "benchmarks.rollback_watch.watch_job", str(folder), job_timeout=900
        )
    started = [subprocess.Popen([*web, str(FIRST_PORT + n)], env=environment) for n in range(WEB)]
    environment = {**os.environ, "DRESSCODE_PROCESS": "worker"}
    started += [subprocess.Popen(worker, env=environment) for _ in range(WORKERS)]
    try:
        wait_for(FIRST_PORT)
        await_watchers(folder)
        yield
    finally:
        (folder / "over").touch()
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=60)


def await_watchers(folder: Path) -> None:
    for _ in range(600):
        if sum(" " in path.read_text() for path in folder.glob("*.seen")) == WEB + WORKERS:
            return
        time.sleep(0.1)
    raise RuntimeError("Not every process watches")


class Operator:
    """A signed-in superuser with the prompt's page open."""

    def __init__(self) -> None:
        from django.conf import settings

        from accounts.models import User
        from registry.models import Alias

        user = User.objects.create(email="desk@example.org", is_staff=True, is_superuser=True)
        cookies = {settings.SESSION_COOKIE_NAME: sign_in(user), settings.CSRF_COOKIE_NAME: CSRF}
        self.cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.alias = Alias.objects.select_related("version").get()
        versions = self.alias.prompt.versions.order_by("number")
        self.versions = list(versions.values_list("pk", flat=True))
        self.epoch, self.live = self.alias.epoch, self.alias.version_id

    def click(self) -> Click:
        """Roll back to the version that is not live."""
        (target,) = [pk for pk in self.versions if pk != self.live]
        form = {"to_version": target, "reason": "Benchmark", "expected_epoch": self.epoch}
        form |= {"in_flight": "drain", "is_override": "on", "csrfmiddlewaretoken": CSRF}
        connection = http.client.HTTPConnection("127.0.0.1", FIRST_PORT)
        path = f"/admin/registry/prompt/{self.alias.prompt_id}/roll-back/"
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        asked = time.monotonic()
        connection.request("POST", path, urlencode(form), headers)
        response = connection.getresponse()
        told = time.monotonic()
        if response.status != 302:
            raise RuntimeError(f"The admin answered {response.status}: {response.read()[:300]!r}")
        connection.close()
        self.epoch, self.live = self.epoch + 1, target
        return Click(self.epoch, asked, told)


def read_sightings(folder: Path, who: str) -> list[list[tuple[int, float]]]:
    """By process: the epochs it saw, and when."""
    logs = [path.read_text().splitlines() for path in folder.glob("*.seen")]
    split = [[line.split() for line in log] for log in logs]
    return [[(int(epoch), float(at)) for name, epoch, at in log if name == who] for log in split]


def reach_last(click: Click, sightings: list[list[tuple[int, float]]]) -> float:
    """When the last process had this move, or a later one."""
    return max(next(at for epoch, at in seen if epoch >= click.epoch) for seen in sightings)


def measure(folder: Path) -> list[Click]:
    with processes(folder):
        operator = Operator()
        clicks = []
        for _ in range(CLICKS):
            clicks.append(operator.click())
            time.sleep(PAUSE_S)
        time.sleep(TTL_S + 2)
    return clicks[5:]  # The first ones import and connect.


def describe(clicks: list[Click], folder: Path, who: str, label: str) -> list[Figure]:
    sightings = read_sightings(folder, who)
    last = [reach_last(click, sightings) for click in clicks]
    spread = [(at - click.asked) * 1000 for click, at in zip(clicks, last, strict=True)]
    after = [(at - click.told) * 1000 for click, at in zip(clicks, last, strict=True)]
    return [
        Figure(f"{label}: click to last process, p50", percentile(spread, 50), "ms"),
        Figure(f"{label}: click to last process, p99", percentile(spread, 99), "ms"),
        Figure(f"{label}: click to last process, most", max(spread), "ms"),
        Figure(f"{label}: admin's answer to last process, p99", percentile(after, 99), "ms"),
    ]


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(stores())
        prepare()
        clicks = measure(folder)
        ours = describe(clicks, folder, "pushed", "pushed")
        cached = describe(clicks, folder, "ttl", "60-second cache")
    answers = [(click.told - click.asked) * 1000 for click in clicks]
    answered = Figure("the admin's answer to the click, p50", percentile(answers, 50), "ms")
    report(
        "rollback",
        figures=[answered, *ours, *cached],
        ratios={"60-second cache, p50": ours[0].value / cached[0].value},
        environment={"web": WEB, "workers": WORKERS, "clicks": len(clicks)},
    )


if __name__ == "__main__":
    main()
