"""However a call goes, its row ends with exactly one outcome, and the caller hears the same."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing

import pytest
from channels.db import database_sync_to_async
from django.db import IntegrityError, OperationalError, connection, transaction
from pytest_django.fixtures import Settings

from registry import inference
from registry.engines import get_engine
from registry.inference import Delta, Finished, InferenceError, closing, heartbeats
from registry.models import InferenceCall, Prompt
from registry.services import sweeps
from registry.tasks import Violation
from tests.fakes import RESET, Script, answer, serve_vllm
from tests.registry.live import make_live
from tests.registry.toy import Greet, Greeting, Guest

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = '{"mood": "kind", "prose": "Hello Ada"}'
REPLY = answer(ANSWER)
PARTS = [json.loads(line)["choices"][0]["delta"]["content"] for line in REPLY[:-3]]


@pytest.fixture
def use_server(settings: Settings) -> Callable[[str], None]:
    """vLLM at an address, then the built-in engine."""

    def configure(url: str) -> None:
        options = {"base_url": url, "model": "gemma", "token_timeout_s": 0.3}
        settings.INFERENCE_ENGINES = {
            "vllm": {"ENGINE": "registry.engines.vllm.VllmEngine", "OPTIONS": options},
            "builtin": {"ENGINE": "registry.engines.builtin.BuiltinEngine"},
            "default": {
                "ENGINE": "registry.engines.fallback.FallbackEngine",
                "OPTIONS": {"engines": ["vllm", "builtin"]},
            },
        }
        get_engine.cache_clear()

    return configure


Use = Callable[[str], None]


def run() -> Finished:
    return inference.run("greet", Guest(), subject="guest:1", seed=7)


@pytest.mark.parametrize("index", range(len(REPLY)))
@pytest.mark.parametrize("fault", ["reset", "garbage", "silence"])
def test_a_stream_that_breaks_anywhere_has_one_outcome(
    prompt: Prompt, use_server: Use, index: int, fault: str
) -> None:
    make_live(prompt)
    broken = {"reset": RESET, "garbage": "x", "silence": 30}[fault]
    with serve_vllm(Script([*REPLY[:index], broken])) as server:
        use_server(server.url)
        try:
            run()
        except InferenceError as error:
            assert error.call_id == InferenceCall.objects.get().pk
    row = InferenceCall.objects.get()
    said = "".join(PARTS[: min(index, len(PARTS))])
    if '"mood":' not in said:  # Nothing of the object was handed on yet.
        assert (row.outcome, row.engine) == ("succeeded", "builtin")
    elif said == ANSWER:
        assert (row.outcome, row.engine) == ("succeeded", "vllm")
    else:
        assert (row.outcome, row.engine) == ("failed", "vllm")


def test_the_row_says_what_the_model_used(prompt: Prompt, use_server: Use) -> None:
    make_live(prompt, model={"id": "google/gemma-4-E4B-it", "revision": "c0ffee"})
    with serve_vllm(Script(REPLY)) as server:
        use_server(server.url)
        assert not run().fell_back
    row = InferenceCall.objects.get()
    assert (row.engine, row.model) == ("vllm", "google/gemma-4-E4B-it@c0ffee")
    assert (row.input_tokens, row.output_tokens, row.finish_reason) == (11, 7, "stop")


def test_an_adapter_is_asked_for_by_its_name(prompt: Prompt, use_server: Use) -> None:
    gemma = {"id": "google/gemma-4-E4B-it", "revision": "c0ffee"}
    make_live(prompt, model={**gemma, "adapter": "greeter-2"})
    with serve_vllm(Script(REPLY)) as server:
        use_server(server.url)
        run()
        assert server.requests[0]["model"] == "greeter-2@c0ffee"


def test_a_refused_request_is_permanent(prompt: Prompt, use_server: Use) -> None:
    make_live(prompt)
    with serve_vllm(Script(status=400, body='{"error": {"message": "too long"}}')) as server:
        use_server(server.url)
        with pytest.raises(InferenceError) as caught:
            run()
    assert (caught.value.code, caught.value.permanent) == ("input_refused", True)
    assert "too long" in InferenceCall.objects.get().error


def test_a_prompt_that_cannot_be_rendered_counts_against_its_version(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_live(prompt)
    monkeypatch.setattr(Greet, "fill_variables", lambda *_: {})
    with pytest.raises(InferenceError):
        run()
    row = InferenceCall.objects.get()
    assert (row.version, row.outcome, row.error_code) == (version, "failed", "prompt_unusable")


def test_an_engine_that_settings_do_not_have_is_a_failed_call(prompt: Prompt) -> None:
    make_live(prompt, engine="oracle")
    with pytest.raises(InferenceError):
        run()
    assert "oracle" in InferenceCall.objects.get().error


def test_an_answer_that_comes_after_the_sweep_is_refused(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)

    def sweep(self: Greet, context: Guest, output: Greeting) -> list[Violation]:
        sweeps.close_lost_calls(after_s=-1)
        return []

    monkeypatch.setattr(Greet, "check", sweep)
    with pytest.raises(InferenceError) as caught:
        run()
    row = InferenceCall.objects.get()
    assert caught.value.code == row.error_code == "process_lost"
    assert row.output is None


def test_without_a_database_at_the_end_the_caller_hears_of_a_failure(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)

    def fail(*args: object, **fields: object) -> bool:
        raise OperationalError

    monkeypatch.setattr(closing, "write_end", fail)
    with pytest.raises(InferenceError):
        run()
    assert sweeps.close_lost_calls(after_s=-1) == 1
    assert InferenceCall.objects.get().error_code == "process_lost"


async def test_a_call_that_is_cancelled_while_it_opens_is_closed(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database_sync_to_async(make_live)(prompt)
    opening = asyncio.Event()
    loop = asyncio.get_running_loop()

    def variables(self: Greet, context: Guest) -> Mapping[str, str]:
        loop.call_soon_threadsafe(opening.set)
        time.sleep(0.2)
        return {"name": context.name}

    monkeypatch.setattr(Greet, "fill_variables", variables)

    async def read() -> None:
        async with aclosing(inference.stream("greet", Guest(), subject="guest:1")) as events:
            async for _ in events:
                pass

    task = asyncio.create_task(read())
    await opening.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await InferenceCall.objects.aget()).outcome == "cancelled"


async def test_an_open_call_beats(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    await database_sync_to_async(make_live)(prompt)
    monkeypatch.setattr(heartbeats, "HEARTBEAT_S", 0.01)
    async with aclosing(inference.stream("greet", Guest(), subject="guest:1")) as events:
        await anext(events)
        row = first = await InferenceCall.objects.aget()
        while row.heartbeat_at == first.heartbeat_at:
            await asyncio.sleep(0.01)
            row = await InferenceCall.objects.aget()
    assert row.heartbeat_at > first.heartbeat_at


async def test_deltas_can_be_sent_as_utf8(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    await database_sync_to_async(make_live)(prompt)
    pieces = ['{"mood": "a\ud83d", ', '"prose": "Ada"}']
    monkeypatch.setattr(Greet, "offline", lambda *args: iter(pieces))
    async with aclosing(inference.stream("greet", Guest(), subject="guest:1")) as events:
        deltas = [event.text async for event in events if isinstance(event, Delta)]
    assert "".join(deltas).encode() == b'{"mood": "a", "prose": "Ada"}'


@pytest.mark.parametrize(("status", "asked"), [(200, "vllm"), (503, "builtin")])
async def test_a_call_that_is_broken_off_names_the_engine_that_spoke(
    prompt: Prompt, use_server: Use, status: int, asked: str
) -> None:
    await database_sync_to_async(make_live)(prompt)
    with serve_vllm(Script(REPLY, status=status)) as server:
        use_server(server.url)
        async with aclosing(inference.stream("greet", Guest(), subject="guest:1")) as events:
            while not isinstance(await anext(events), Delta):
                pass
    row = await InferenceCall.objects.aget()
    assert (row.outcome, row.engine) == ("cancelled", asked)


@pytest.mark.parametrize("sql", ["outcome = 'failed', output = NULL", "outcome = NULL"])
def test_the_database_keeps_the_first_outcome(prompt: Prompt, sql: str) -> None:
    make_live(prompt)
    run()
    with (
        pytest.raises(IntegrityError, match="keeps the outcome"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE registry_inferencecall SET {sql}")  # noqa: S608


def test_broken_json_is_asked_for_once_more_and_told(prompt: Prompt, use_server: Use) -> None:
    make_live(prompt, engine="vllm")
    with serve_vllm(Script(answer('{"mood": "kind"')), Script(REPLY)) as server:
        use_server(server.url)
        finished = run()
        first, second = server.requests
    assert finished.output == Greeting(mood="kind", prose="Hello Ada")
    assert "repaired_json" in {found["code"] for found in InferenceCall.objects.get().violations}
    assert second["messages"][-2] == {"role": "assistant", "content": '{"mood": "kind"'}
    assert second["response_format"] == first["response_format"]


def test_json_that_is_broken_twice_fails(prompt: Prompt, use_server: Use) -> None:
    make_live(prompt, engine="vllm")
    with serve_vllm(Script(answer('{"mood": "kind"'))) as server:
        use_server(server.url)
        with pytest.raises(InferenceError):
            run()
        assert len(server.requests) == 2
    row = InferenceCall.objects.get()
    assert (row.outcome, row.error_code) == ("failed", "invalid_json")
