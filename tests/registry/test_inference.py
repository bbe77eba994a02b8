import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connection

from registry import inference
from registry.inference import Delta, Finished, InferenceError, Started
from registry.models import InferenceCall, Prompt
from registry.services import sweeps
from tests.dresscode.processes import leash
from tests.registry.live import make_live
from tests.registry.toy import Greet, Guest

pytestmark = pytest.mark.django_db(transaction=True)


async def collect(**options: object) -> list[inference.InferenceEvent]:
    async with aclosing(inference.stream("greet", Guest(), subject="guest:1")) as events:
        return [event async for event in events]


async def test_a_stream_starts_speaks_and_finishes(prompt: Prompt) -> None:
    await database_sync_to_async(make_live)(prompt)
    first, *deltas, last = await collect()
    assert isinstance(first, Started)
    assert isinstance(last, Finished)
    text = "".join(delta.text for delta in deltas if isinstance(delta, Delta))
    assert text.startswith('{"mood": "kind", "prose": "Hello Ada')
    row = await InferenceCall.objects.aget()
    assert (row.outcome, row.engine, row.violations) == ("succeeded", "builtin", [])
    assert row.output == {"mood": "kind", "prose": "Hello Ada, good to see you. "}
    assert row.ttft_ms is not None
    assert row.latency_ms is not None
    assert row.ttft_ms <= row.latency_ms


def test_run_returns_the_whole_answer(prompt: Prompt) -> None:
    version = make_live(prompt, parameters={"word": "Welcome"})
    finished = inference.run("greet", Guest(), subject="guest:1", seed=7)
    assert finished.output.model_dump()["prose"].startswith("Welcome Ada")
    assert not finished.fell_back
    call = InferenceCall.objects.get()
    assert (call.version, call.seed, call.epoch) == (version, 7, 1)


def test_violations_are_kept_with_the_call(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    make_live(prompt)
    monkeypatch.setattr(
        Greet, "offline", lambda *args: iter(['{"mood": "", ', '"prose": "Hello Eve"}'])
    )
    inference.run("greet", Guest(), subject="guest:1")
    assert [v["code"] for v in InferenceCall.objects.get().violations] == ["wrong_name"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("", "empty_answer"),
        ('{"mood": "kind", "prose": "Hel', "invalid_json"),
        ('{"mood": 5}', "invalid_json"),
        ("[" * 100_000, "invalid_json"),
        ("x" * (inference.MAX_OUTPUT_CHARACTERS + 1), "truncated"),
    ],
)
def test_a_broken_answer_is_a_failed_call(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch, answer: str, code: str
) -> None:
    make_live(prompt)
    monkeypatch.setattr(Greet, "offline", lambda *args: iter([answer]))
    with pytest.raises(InferenceError):
        inference.run("greet", Guest(), subject="guest:1")
    row = InferenceCall.objects.get()
    assert (row.outcome, row.error_code, row.output) == ("failed", code, None)


def test_text_that_the_database_refuses_is_cleaned(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)
    answer = '{"mood": "a\\u0000b", "prose": "Ada \\ud800 raw\nnewline"}'
    monkeypatch.setattr(Greet, "offline", lambda *args: iter([answer]))
    inference.run("greet", Guest(), subject="guest:1")
    assert InferenceCall.objects.get().output == {"mood": "ab", "prose": "Ada  raw\nnewline"}


def test_an_exception_in_a_task_is_a_failed_call(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)

    def explode(*args: object) -> Iterator[str]:
        yield "{"
        raise RuntimeError("boom")

    monkeypatch.setattr(Greet, "offline", explode)
    with pytest.raises(InferenceError, match="broke"):
        inference.run("greet", Guest(), subject="guest:1")
    row = InferenceCall.objects.get()
    assert (row.outcome, row.error_code) == ("failed", "internal")


async def test_closing_a_stream_early_cancels_the_call(prompt: Prompt) -> None:
    await database_sync_to_async(make_live)(prompt)
    async with aclosing(inference.stream("greet", Guest(), subject="guest:1")) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
    assert (await InferenceCall.objects.aget()).outcome == "cancelled"


async def test_cancelling_the_reading_task_cancels_the_call(prompt: Prompt) -> None:
    await database_sync_to_async(make_live)(prompt)
    spoke = asyncio.Event()

    async def read() -> None:
        guest = Guest(pause_s=0.05)
        async with aclosing(inference.stream("greet", guest, subject="guest:1")) as events:
            async for event in events:
                if isinstance(event, Delta):
                    spoke.set()

    task = asyncio.create_task(read())
    await spoke.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await InferenceCall.objects.aget()).outcome == "cancelled"


SPEAKER = """
import sys, django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.INFERENCE_TASKS = ["tests.registry.toy.Greet"]
from registry import inference
from tests.registry.toy import Guest
print("speaking", flush=True)
inference.run("greet", Guest(pause_s=60), subject="guest:1")
"""


@pytest.mark.slow
def test_the_call_of_a_killed_process_is_closed_once(prompt: Prompt) -> None:
    make_live(prompt)
    process = subprocess.Popen(
        leash([sys.executable, "-c", SPEAKER, connection.settings_dict["NAME"]]),
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "dresscode.settings"},
    )
    assert process.stdout
    process.stdout.readline()
    while not InferenceCall.objects.exists():
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert sweeps.close_lost_calls(after_s=3600) == 0
    assert sweeps.close_lost_calls(after_s=0) == 1
    assert sweeps.close_lost_calls(after_s=0) == 0
    row = InferenceCall.objects.get()
    assert (row.outcome, row.error_code) == ("failed", "process_lost")
