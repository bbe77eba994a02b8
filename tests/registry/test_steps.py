"""Where the time of a call went is on its row, and is never more than the time that went by."""

import time
from contextlib import aclosing

import pytest
from channels.db import database_sync_to_async

from registry import inference
from registry.inference import Delta
from registry.models import InferenceCall, Prompt
from telemetry.steps import Steps, Waiting, collect_steps
from tests.registry.live import make_live
from tests.registry.toy import Greet, Greeting, Guest

pytestmark = pytest.mark.django_db(transaction=True)

PAUSE_S = 0.02
PAUSE_MS = PAUSE_S * 1000


def ask(**guest: float) -> InferenceCall:
    finished = inference.run("greet", Guest(**guest), subject="guest:1")
    return InferenceCall.objects.get(pk=finished.call_id)


def test_the_steps_of_a_call_are_within_its_time(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)
    check = Greet.check

    def check_slowly(self: Greet, context: Guest, output: Greeting) -> list[object]:
        time.sleep(PAUSE_S)
        return [*check(self, context, output)]

    monkeypatch.setattr(Greet, "check", check_slowly)
    call = ask(pause_s=PAUSE_S)
    assert set(call.steps_ms) == {"database", "engine", "checks"}
    assert call.steps_ms["engine"] >= PAUSE_MS
    assert call.steps_ms["checks"] >= PAUSE_MS
    assert call.steps_ms["database"] > 0
    assert sum(call.steps_ms.values()) <= call.latency_ms


async def test_what_a_reader_does_with_a_word_is_no_step(prompt: Prompt) -> None:
    await database_sync_to_async(make_live)(prompt)
    async with aclosing(inference.stream("greet", Guest(), subject="guest:1")) as events:
        async for event in events:
            if isinstance(event, Delta):
                time.sleep(PAUSE_S)  # noqa: ASYNC251 a reader that holds up the loop
    call = await InferenceCall.objects.aget()
    words = call.output_tokens
    assert call.latency_ms - sum(call.steps_ms.values()) >= words * PAUSE_MS


def test_pauses_that_an_answer_makes_for_its_readers_are_no_step(prompt: Prompt) -> None:
    make_live(prompt, parameters={"pace_ms": PAUSE_MS})
    call = ask()
    assert sum(call.steps_ms.values()) <= call.latency_ms


def test_steps_before_a_call_belong_to_the_next_call_alone(prompt: Prompt) -> None:
    make_live(prompt)
    with collect_steps() as steps:
        steps.add("queue", 7.5)
        with steps.measure("decode"):
            time.sleep(PAUSE_S)
        first, second = ask(), ask()
    assert first.steps_ms["queue"] == 7.5
    assert first.steps_ms["decode"] >= PAUSE_MS
    assert set(second.steps_ms) == {"database", "engine", "checks"}
    assert set(ask().steps_ms) == {"database", "engine", "checks"}


def test_a_call_that_fails_says_where_its_time_went(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)
    monkeypatch.setattr(Greet, "offline", lambda *args: iter(["no JSON"]))
    with pytest.raises(inference.InferenceError):
        ask()
    assert {"database", "engine", "checks"} == set(InferenceCall.objects.get().steps_ms)


def test_time_is_never_negative() -> None:
    steps = Steps()
    steps.add("queue", -5.0)
    steps.add("engine", 2.0)
    assert steps.rounded({"engine": 3.0}) == {"queue": 0.0, "engine": 0.0}


def test_pauses_do_not_count_and_a_fault_ends_the_waiting() -> None:
    steps = Steps()
    with pytest.raises(ZeroDivisionError), Waiting(steps, "engine") as waiting:
        time.sleep(PAUSE_S)
        waiting.pause()
        time.sleep(50 * PAUSE_S)
        raise ZeroDivisionError
    assert PAUSE_MS <= steps.ms["engine"] < 50 * PAUSE_MS
