"""From the upload of 100 photos until all are ready, with two workers.

    python -m benchmarks.uploads [--photos 100] [--delay 1.0] [--wardrowbe DIR] [--json]

Real PostgreSQL, Redis, web process and two workers of photos; the photos go through the page's own address, one a
request, SENDERS at a time, as JPEG of SIZE. They are looked at once by a model behind HTTP, played by this process: each
of its answers takes --delay seconds and is always the same. And once by the built-in engine. Told are the seconds from
the first byte sent until the last photo is ready, and the CPU of the web process and the workers with all that they
fork, without the stores.

The peer is wardrowbe's backend (https://github.com/Anyesh/wardrowbe), with the same photos, model and count of workers,
each with as many calls at once as ours. It is not fetched: --wardrowbe names a checkout of it. Without one it is missing.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from benchmarks.report import Figure, report
from benchmarks.stream import stores
from benchmarks.uploads_wardrowbe import PeerMissingError, Wardrowbe

SIZE = (3000, 2250)
SENDERS = 4
WORKERS = 2
CALLS_PER_WORKER = 8
LONGEST_S = 900
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
OURS = json.dumps({"garments": [{"type": "t-shirt", "colours": [{"name": "navy", "share": 1.0}]}]})
THEIRS = json.dumps({"type": "t-shirt", "primary_color": "navy", "colors": ["navy"]})
GOAL = 3.0
"""Times faster than the peer."""


class Model(BaseHTTPRequestHandler):
    """An OpenAI-compatible model that knows one answer: streamed as ours asks for it, whole as the peer does."""

    protocol_version = "HTTP/1.1"
    delay_s = 0.0
    asked = 0

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.say({"data": [{"id": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked += 1
        time.sleep(self.delay_s)
        usage = {"prompt_tokens": 1, "completion_tokens": 1}
        if not body.get("stream"):
            message = {"role": "assistant", "content": THEIRS}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self.say({"model": "model", "choices": [choice], "usage": usage})
            return
        choice = {"index": 0, "delta": {"content": OURS}, "finish_reason": "stop"}
        lines = [{"choices": [choice]}, {"choices": [], "usage": usage}]
        text = "".join(f"data: {json.dumps(line)}\n\n" for line in lines) + "data: [DONE]\n\n"
        self.send("text/event-stream", text.encode())

    def say(self, answer: dict[str, Any]) -> None:
        self.send("application/json", json.dumps(answer).encode())

    def send(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serve_model(delay_s: float) -> Iterator[str]:
    Model.delay_s = delay_s
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def draw_photos(count: int) -> list[bytes]:
    from tests.wardrobe.pictures import draw_noise, encode

    return [encode(draw_noise(*SIZE, seed=seed), "jpeg", quality=90) for seed in range(count)]


@dataclass(frozen=True)
class Run:
    seconds: float
    sent_s: float
    cpu_s: float
    asked: int


def measure(
    photos: list[bytes],
    send: Callable[[bytes], None],
    count_ready: Callable[[], int],
    processes: list[subprocess.Popen[bytes]],
) -> Run:
    """Raises RuntimeError where photos are not ready after LONGEST_S."""
    asked, cpu, began = Model.asked, sum(map(read_cpu_s, processes)), time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(send, photos))
    sent = time.monotonic()
    while (ready := count_ready()) < len(photos):
        if time.monotonic() - began > LONGEST_S:
            raise RuntimeError(f"{ready} of {len(photos)} photos are ready")
        time.sleep(0.1)
    seconds = time.monotonic() - began
    spent = sum(map(read_cpu_s, processes)) - cpu
    return Run(seconds, sent - began, spent, Model.asked - asked)


def read_cpu_s(process: subprocess.Popen[bytes]) -> float:
    """Of a process, the children that it has waited for, and those that still run."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return sum(map(read_ticks, [str(process.pid), *children])) * TICK_S


def read_ticks(pid: str) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0  # It ended just now, and its parent counts it.
    return sum(map(int, fields[11:15]))


@contextmanager
def run_ours(model_url: str) -> Iterator[tuple[list[subprocess.Popen[bytes]], str]]:
    """The web process and the workers, once all of them take work; their processes and the address."""
    port = find_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "VLLM_BASE_URL": model_url,
        "DRESSCODE_CALLS_PER_WORKER": str(CALLS_PER_WORKER if model_url else 1),
    }
    work = ["manage.py", "rqworker", "photos", "--verbosity", "0"]
    commands = [("web", ["-m", "dresscode.web"]), *[("worker", work)] * WORKERS]
    processes = [
        subprocess.Popen([sys.executable, *command], env={**environment, "DRESSCODE_PROCESS": kind})
        for kind, command in commands
    ]
    try:
        url = f"http://localhost:{port}"
        wait_until(lambda: answers(url) and count_workers() == WORKERS)
        yield processes, url
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def find_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("a process does not start")
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/accounts/login/").is_success
    except httpx.HTTPError:
        return False


def count_workers() -> int:
    """Those that wait for a job: they have loaded all by then."""
    from django_rq import get_connection
    from rq import Worker

    workers = Worker.all(connection=get_connection("photos"))
    return sum(worker.get_state() == "idle" for worker in workers)


def upload_to_ours(photos: list[bytes], model_url: str) -> Run:
    from django.test import Client

    from tests.factories import make_user
    from wardrobe.models import Photo

    owner = make_user(f"{uuid.uuid4()}@example.org")
    signed_in = Client(SERVER_NAME="localhost")
    signed_in.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    cookies = {name: morsel.value for name, morsel in signed_in.cookies.items()}
    with (
        run_ours(model_url) as (processes, url),
        httpx.Client(base_url=url, cookies=cookies, timeout=120) as client,
    ):
        client.get("/photos/add/").raise_for_status()
        headers = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": f"{url}/photos/add/"}

        def send(photo: bytes) -> None:
            key, file = str(uuid.uuid4()), ("photo.jpg", photo, "image/jpeg")
            answer = client.post(
                "/photos/add/", data={"upload_key": key}, files={"photos": file}, headers=headers
            )
            answer.raise_for_status()

        mine = Photo.objects.filter(owner=owner)
        return measure(
            photos, send, lambda: mine.filter(status=Photo.Status.READY).count(), processes
        )


def fill() -> None:
    """Tables, words and prompts, with every engine allowed to answer."""
    import django

    django.setup()
    from django.core.management import call_command

    for command in ("migrate", "load_vocabulary", "load_prompts"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from tests.factories import let_every_engine_answer

    let_every_engine_answer("digitize_photo")


def list_figures(name: str, run: Run, count: int) -> list[Figure]:
    return [
        Figure(f"{name}, all ready after", run.seconds, "s"),
        Figure(f"{name}, all sent after", run.sent_s, "s"),
        Figure(f"{name}, photos a second", count / run.seconds, "/s"),
        Figure(f"{name}, CPU of a photo", 1000 * run.cpu_s / count, "ms CPU"),
        Figure(f"{name}, questions to the model", run.asked, ""),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--wardrowbe", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    missing: list[str] = []
    ratios: dict[str, float] = {}
    with stores(), serve_model(given.delay) as model_url:
        fill()
        photos = draw_photos(given.photos)
        ours = upload_to_ours(photos, model_url)
        figures = list_figures("ours, with the model", ours, given.photos)
        try:
            with Wardrowbe.start(
                given.wardrowbe,
                model_url,
                port=find_port(),
                workers=WORKERS,
                calls=CALLS_PER_WORKER,
            ) as peer:
                theirs = measure(photos, peer.send, peer.count_ready, peer.processes)
            figures += list_figures("wardrowbe, with the model", theirs, given.photos)
            ratios[f"wardrowbe (goal: {1 / GOAL:.2f})"] = ours.seconds / theirs.seconds
        except PeerMissingError as error:
            missing.append(str(error))
        builtin = upload_to_ours(photos, "")
        figures += list_figures("ours, built-in engine", builtin, given.photos)
    if least := find_least(given.photos, given.delay):
        ratios["the model's own time"] = ours.seconds / least
    report(
        "uploads",
        figures=figures,
        ratios=ratios,
        missing=missing,
        environment={"photos": given.photos, "delay_s": given.delay},
    )


def find_least(count: int, delay_s: float) -> float:
    """Seconds that the model takes for all, with as many calls at once as all workers have together."""
    at_once = WORKERS * CALLS_PER_WORKER
    return delay_s * -(-count // at_once)


if __name__ == "__main__":
    main()
