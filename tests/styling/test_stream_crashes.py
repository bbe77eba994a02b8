"""Real processes that die in mid-sentence: the web process, and Redis."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from dresscode.local.embedded import redis
from registry.models import InferenceCall
from stores.threads import in_thread
from styling.models import Suggestion
from styling.streaming.generation import running
from styling.streaming.transcript import Log
from tests.dresscode.processes import LONGEST_S, leash, wait_until
from tests.styling.conftest import PATH, sign_in
from tests.styling.scripted import PROSE, answer_text, in_chunks
from tests.styling.test_stream_resume import halting

pytestmark = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def web_process(steps: list[Any]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A web process of the application that is ready to be connected to."""
    port = free_port()
    environment = {
        **os.environ,
        "DRESSCODE_PROCESS": "web",
        "TEST_DATABASE": connection.settings_dict["NAME"],
        "TEST_STEPS": json.dumps(steps),
    }
    command = ["-m", "uvicorn", "tests.styling.slow_server:application", "--port", str(port)]
    process = subprocess.Popen(
        leash([sys.executable, *command, "--ws", "websockets-sansio", "--log-level", "error"]),
        env=environment,
    )
    try:
        wait_until(lambda: process.poll() is not None or listens(port), "it listens")
        yield process, port
    finally:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def open_socket(stack: ExitStack, port: int, suggestion: Suggestion, session: str) -> Any:
    return stack.enter_context(
        connect(
            f"ws://127.0.0.1:{port}{PATH.format(suggestion.pk)}",
            origin=settings.SITE_URL,
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
        )
    )


def hear(page: ClientConnection, heard: list[dict[str, Any]], until: Callable[[], bool]) -> None:
    while not until():
        heard.append(json.loads(page.recv(timeout=LONGEST_S)))


@pytest.mark.slow
def test_another_web_process_goes_on_after_a_kill(
    suggestion: Suggestion, clothes: Any, alice: Any, script: Any
) -> None:
    steps = [step for chunk in in_chunks(answer_text(clothes), 9) for step in (chunk, 0.06)]
    session, heard = sign_in(alice), []
    with ExitStack() as stack:
        first, port = stack.enter_context(web_process(steps))
        second, other_port = stack.enter_context(web_process(steps))
        page = open_socket(stack, port, suggestion, session)
        page.send(json.dumps({"type": "resume", "seq": 0, "attempt": 1}))
        hear(page, heard, lambda: sum(event["type"] == "delta" for event in heard) >= 3)
        first.send_signal(signal.SIGKILL)
        with pytest.raises(ConnectionClosed):
            hear(page, heard, lambda: False)
        again = open_socket(stack, other_port, suggestion, session)
        again.send(json.dumps({"type": "resume", "seq": heard[-1]["seq"], "attempt": 1}))
        hear(again, heard, lambda: heard[-1]["type"] in {"done", "error"})
    assert [event["seq"] for event in heard] == list(range(1, len(heard) + 1))
    restart = max(i for i, event in enumerate(heard) if event["type"] == "superseded")
    words = [event["text"] for event in heard[restart:] if event["type"] == "delta"]
    row = Suggestion.objects.get(pk=suggestion.pk)
    assert "".join(words) == row.prose == PROSE
    assert [event["seq"] for event in row.events] == list(range(1, len(row.events) + 1))
    outcomes = InferenceCall.objects.order_by("started_at").values_list("outcome", "error_code")
    assert list(outcomes) == [("failed", "process_lost"), ("succeeded", "")]


@pytest.mark.slow
@pytest.mark.parametrize(("pause_s", "status"), [(0.03, "ready"), (1.0, "open")])
def test_a_web_process_that_is_told_to_stop_ends_its_answers_or_lets_them_go(
    suggestion: Suggestion, clothes: Any, alice: Any, script: Any, pause_s: float, status: str
) -> None:
    chunks = in_chunks(answer_text(clothes), 9)
    steps = [step for chunk in chunks[-20:] for step in (chunk, pause_s)]
    session, heard = sign_in(alice), []
    with ExitStack() as stack:
        process, port = stack.enter_context(web_process(["".join(chunks[:-20]), *steps]))
        page = open_socket(stack, port, suggestion, session)
        page.send(json.dumps({"type": "resume", "seq": 0}))
        hear(page, heard, lambda: any(event["type"] == "delta" for event in heard))
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=LONGEST_S)
    row = Suggestion.objects.get(pk=suggestion.pk)
    assert (row.status, row.leased_until) == (status, None)
    assert (
        InferenceCall.objects.get().outcome == {"ready": "succeeded", "open": "cancelled"}[status]
    )


@contextmanager
def redis_server(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of the test's own, which forgets everything when it is killed."""
    path = folder / "redis.sock"
    path.unlink(missing_ok=True)
    options = ["--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"]
    program = redis.find_program(folder)
    process = subprocess.Popen(leash([program, *options]), cwd=folder, stdout=subprocess.DEVNULL)
    try:
        while not path.exists():
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()


async def test_words_are_not_lost_while_redis_is_away(
    suggestion: Suggestion,
    clothes: Any,
    script: Any,
    open_page: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("styling.streaming.generation.POLL_S", 0.1)
    monkeypatch.setattr("styling.streaming.reading.POLL_S", 0.1)
    settings.REDIS_URL = f"unix://{tmp_path}/redis.sock"
    script.steps, gate = halting(answer_text(clothes), "The grey")
    page = await open_page(suggestion)
    with redis_server(tmp_path):
        await page.resume()
        await page.hear_until("delta")
    gate.set()  # From here on there is no Redis.
    await page.hear_until("done")
    row = await in_thread(Suggestion.objects.get)(pk=suggestion.pk)
    assert page.text == row.prose == PROSE
    assert row.events == page.events


async def test_the_log_is_whole_again_when_redis_returns_empty(
    suggestion: Suggestion,
    clothes: Any,
    script: Any,
    open_page: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("styling.streaming.generation.POLL_S", 0.1)
    monkeypatch.setattr("styling.streaming.reading.POLL_S", 0.1)
    settings.REDIS_URL = f"unix://{tmp_path}/redis.sock"
    before, _, after = answer_text(clothes).partition("The grey")
    gate, last = asyncio.Event(), asyncio.Event()
    script.steps = [before, gate, "The grey", last, after]
    page = await open_page(suggestion)
    with redis_server(tmp_path):
        await page.resume()
        await page.hear_until("delta")
    gate.set()
    await page.hear()
    with redis_server(tmp_path):
        while await Log(suggestion.pk).read() != page.events:  # noqa: ASYNC110 another's clock
            await asyncio.sleep(0.05)
        last.set()
        await page.hear_until("done")


async def test_a_reader_elsewhere_polls_the_row_while_redis_is_away(
    suggestion: Suggestion,
    clothes: Any,
    script: Any,
    open_page: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("styling.streaming.generation.POLL_S", 0.1)
    monkeypatch.setattr("styling.streaming.reading.POLL_S", 0.1)
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    script.steps, gate = halting(answer_text(clothes), "The grey")
    here = await open_page(suggestion)
    await here.resume()
    await here.hear_until("delta")
    generation = running.pop(suggestion.pk)  # As if another process wrote it.
    there = await open_page(suggestion)
    await there.resume()
    gate.set()
    await generation.task
    await there.hear_until("done")
    assert there.text == PROSE
