"""vLLM's adapter and the fallback against a scripted server."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing

import pytest
import redis
from pytest_django.fixtures import Settings

from registry.engines import get_engine
from registry.engines.base import (
    Completion,
    ConnectionLostError,
    EngineError,
    EngineEvent,
    EngineOverloadedError,
    EngineRequest,
    EngineTimeoutError,
    EngineUnavailableError,
    InputRefusedError,
    ModelMissingError,
    OutputError,
    TextDelta,
)
from registry.engines.breaker import Breaker
from registry.engines.fallback import FallbackEngine
from registry.engines.vllm import VllmEngine
from registry.tasks import Image
from tests.fakes import CLOSE, RESET, Script, answer, chunk, serve_vllm

REQUEST = EngineRequest(
    task="greet",
    system="You greet.",
    user="Greet Ada.",
    schema={"type": "object"},
    images=[Image(b"pixels", "image/webp")],
    sampling={"temperature": 0.2},
    seed=7,
    offline=lambda: iter(['{"mood": "kind"}']),
)


def make_engine(url: str, **options: float) -> VllmEngine:
    patience = {"first_token_timeout_s": 60.0, "overload_timeout_s": 0.2}
    return VllmEngine(base_url=url, model="gemma", **{**patience, **options})


async def play(
    engine: VllmEngine | FallbackEngine, request: EngineRequest = REQUEST
) -> list[EngineEvent]:
    async with aclosing(engine.stream(request)) as events:
        return [event async for event in events]


def say(events: list[EngineEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def answered_by(events: list[EngineEvent]) -> str:
    assert isinstance(events[-1], Completion)
    return events[-1].engine


async def test_vllm_streams_text_and_counts_tokens() -> None:
    with serve_vllm(Script(answer('{"mood": "kind"}'))) as server:
        events = await play(make_engine(server.url))
    assert say(events) == '{"mood": "kind"}'
    assert events[-1] == Completion("vllm", "gemma", "stop", 11, 7)


async def test_vllm_is_asked_for_json_with_thinking_said_and_images_inline() -> None:
    with serve_vllm(Script(answer("{}"))) as server:
        await play(make_engine(server.url))
        [body] = server.requests
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert body["chat_template_kwargs"] == {"enable_thinking": False}
    assert body["seed"] == 7
    image, text = body["messages"][-1]["content"]
    assert image["image_url"]["url"].startswith("data:image/webp;base64,")
    assert text["text"] == "Greet Ada."


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (Script(status=400, body='{"error": {"message": "too long"}}'), InputRefusedError),
        (Script(status=404, body="{}"), ModelMissingError),
        (Script(status=429, body="{}"), EngineOverloadedError),
        (Script(status=503, body="{}"), EngineOverloadedError),
        (Script(status=500, body="oops"), EngineUnavailableError),
        (Script(answer('{"mood"', finish_reason="length")), OutputError),
        (Script(answer('{"mood"', finish_reason="abort")), OutputError),
        (Script(["[DONE]"]), OutputError),
        (Script([chunk('{"mo'), CLOSE]), OutputError),
        (Script([chunk('{"mo'), RESET]), ConnectionLostError),
        (Script([RESET]), ConnectionLostError),
        (Script(["this is no JSON"]), OutputError),
        (Script(['{"choices": [{"delta": null}]}']), OutputError),
        (Script(["[1, 2]"]), OutputError),
        (Script(['{"error": {"message": "engine dead"}}']), EngineUnavailableError),
        (Script(['{"error": {"message": "no such type", "code": 400}}']), InputRefusedError),
    ],
)
async def test_what_goes_wrong_has_a_kind(script: Script, error: type[EngineError]) -> None:
    with serve_vllm(script) as server, pytest.raises(error):
        await play(make_engine(server.url))


async def test_silence_before_the_first_token_is_a_timeout() -> None:
    with serve_vllm(Script([30])) as server, pytest.raises(EngineTimeoutError):
        await play(make_engine(server.url, first_token_timeout_s=0.2))


async def test_silence_between_tokens_is_a_timeout() -> None:
    script = Script([chunk('{"mo'), 30])
    with serve_vllm(script) as server, pytest.raises(EngineTimeoutError):
        await play(make_engine(server.url, token_timeout_s=0.2))


async def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(EngineUnavailableError):
        await play(make_engine("http://127.0.0.1:1"))


async def test_an_overloaded_server_is_asked_again() -> None:
    busy = Script(status=429, body="{}")
    with serve_vllm(busy, busy, Script(answer("{}"))) as server:
        events = await play(make_engine(server.url, overload_timeout_s=20.0))
    assert say(events) == "{}"


async def test_an_overloaded_server_is_not_asked_for_ever() -> None:
    with serve_vllm(Script(status=503)) as server:
        with pytest.raises(EngineOverloadedError):
            await play(make_engine(server.url, overload_timeout_s=3.0))
        assert 1 < len(server.requests) < 50


async def test_a_server_that_asks_for_a_long_rest_gets_it() -> None:
    script = Script(status=503, headers={"Retry-After": "3600"})
    with serve_vllm(script) as server:
        with pytest.raises(EngineOverloadedError):
            await play(make_engine(server.url, overload_timeout_s=0.5))
        assert len(server.requests) == 1


async def test_a_connection_that_breaks_before_the_first_word_is_made_once_more() -> None:
    with serve_vllm(Script([RESET]), Script(answer("{}"))) as server:
        assert say(await play(make_engine(server.url))) == "{}"


async def test_nothing_is_asked_again_after_the_first_word() -> None:
    with serve_vllm(Script([chunk('{"mo'), RESET]), Script(answer("{}"))) as server:
        with pytest.raises(ConnectionLostError):
            await play(make_engine(server.url))
        assert len(server.requests) == 1


async def test_stopping_early_closes_the_connection() -> None:
    with serve_vllm(Script([chunk('{"mo'), 30])) as server:
        async with aclosing(make_engine(server.url).stream(REQUEST)) as events:
            await anext(events)
        while not server.aborted:  # noqa: ASYNC110 - another thread counts.
            await asyncio.sleep(0.05)
    assert server.aborted == 1


@pytest.fixture
def use_server(settings: Settings) -> Iterator[Callable[[str], FallbackEngine]]:
    """A fallback of vLLM at an address and the built-in engine."""

    def build(url: str, cooldown_s: float = 60.0) -> FallbackEngine:
        options = {"base_url": url, "model": "gemma", "token_timeout_s": 30.0}
        options["overload_timeout_s"] = 0.001  # Not asked again, unless a test is about that.
        settings.INFERENCE_ENGINES = {
            "vllm": {"ENGINE": "registry.engines.vllm.VllmEngine", "OPTIONS": options},
            "builtin": {"ENGINE": "registry.engines.builtin.BuiltinEngine"},
        }
        get_engine.cache_clear()
        return FallbackEngine(engines=["vllm", "builtin"], cooldown_s=cooldown_s)

    yield build
    get_engine.cache_clear()
    forget_breakers()


def forget_breakers() -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()


Build = Callable[..., FallbackEngine]
COOLDOWN_S = 0.3


async def test_the_builtin_engine_answers_when_vllm_is_away(use_server: Build) -> None:
    with serve_vllm(Script(status=503)) as server:
        events = await play(use_server(server.url))
    passed_over = EngineOverloadedError.code
    assert events[-1] == Completion("builtin", output_tokens=1, passed_over=passed_over)


async def test_a_refused_input_does_not_fall_back(use_server: Build) -> None:
    with serve_vllm(Script(status=400)) as server, pytest.raises(InputRefusedError):
        await play(use_server(server.url))


async def test_nothing_falls_back_after_the_first_word(use_server: Build) -> None:
    script = Script([chunk('{"mo'), RESET])
    with serve_vllm(script) as server, pytest.raises(EngineUnavailableError):
        await play(use_server(server.url))


async def test_after_a_lost_stream_the_next_call_has_an_answer(use_server: Build) -> None:
    with serve_vllm(Script([chunk('{"mo'), RESET])) as server:
        engine = use_server(server.url)
        with pytest.raises(EngineUnavailableError):
            await play(engine)
        assert answered_by(await play(engine)) == "builtin"


@pytest.mark.parametrize(
    "script", [Script(["garbage"]), Script(["[DONE]"]), Script(answer("", finish_reason="abort"))]
)
async def test_nonsense_before_the_first_word_falls_back(use_server: Build, script: Script) -> None:
    with serve_vllm(script) as server:
        assert answered_by(await play(use_server(server.url))) == "builtin"


async def test_a_cut_off_answer_is_no_reason_to_avoid_the_engine(use_server: Build) -> None:
    too_long = Script(answer('{"mood"', finish_reason="length"))
    with serve_vllm(too_long, Script(answer("{}"))) as server:
        engine = use_server(server.url)
        with pytest.raises(OutputError):
            await play(engine)
        assert answered_by(await play(engine)) == "vllm"


async def test_a_storm_of_failures_is_not_multiplied(use_server: Build) -> None:
    with serve_vllm(Script(status=503)) as server:
        engine = use_server(server.url)
        replies = await asyncio.gather(*(play(engine) for _ in range(20)))
        assert len(server.requests) <= 20
    assert {answered_by(reply) for reply in replies} == {"builtin"}


async def test_an_engine_that_is_away_rests(use_server: Build) -> None:
    with serve_vllm(Script(status=503)) as server:
        engine = use_server(server.url)
        for _ in range(3):
            await play(engine)
        assert len(server.requests) == 1


async def test_an_engine_that_is_back_is_used_again(use_server: Build) -> None:
    with serve_vllm(Script(status=503), Script(answer("{}"))) as server:
        engine = use_server(server.url, COOLDOWN_S)
        await play(engine)
        await asyncio.sleep(COOLDOWN_S)
        assert answered_by(await play(engine)) == "vllm"


async def test_only_one_call_probes_an_engine_that_was_away(use_server: Build) -> None:
    with serve_vllm(Script(status=503), Script([1.0, *answer("{}")])) as server:
        engine = use_server(server.url, COOLDOWN_S)
        await play(engine)
        await asyncio.sleep(COOLDOWN_S)
        replies = await asyncio.gather(*(play(engine) for _ in range(4)))
    assert sorted(map(answered_by, replies)) == ["builtin"] * 3 + ["vllm"]


async def test_two_calls_at_once_both_use_a_healthy_engine(use_server: Build) -> None:
    with serve_vllm(Script([0.1, *answer("{}")])) as server:
        engine = use_server(server.url)
        replies = await asyncio.gather(*(play(engine) for _ in range(4)))
    assert set(map(answered_by, replies)) == {"vllm"}


async def test_all_processes_know_that_an_engine_is_away(use_server: Build) -> None:
    with serve_vllm(Script(status=500)) as server:
        await play(use_server(server.url))
        await play(use_server(server.url))  # As another process would: nothing in memory.
        assert len(server.requests) == 1


async def test_why_and_since_when_an_engine_is_away(use_server: Build) -> None:
    before = time.time()
    with serve_vllm(Script(status=500, body="out of memory")) as server:
        await play(use_server(server.url))
    trouble = Breaker("vllm").read()
    assert trouble is not None
    assert before <= trouble.since <= time.time()
    assert "out of memory" in trouble.reason


async def test_a_probe_that_fails_keeps_the_first_moment(use_server: Build) -> None:
    with serve_vllm(Script(status=500)) as server:
        engine = use_server(server.url, COOLDOWN_S)
        await play(engine)
        first = Breaker("vllm").read()
        await asyncio.sleep(COOLDOWN_S)
        await play(engine)
        second = Breaker("vllm").read()
        assert len(server.requests) == 2
    assert first is not None and second is not None
    assert first.since == second.since
    assert first.until < second.until


async def test_a_missing_model_is_no_reason_to_avoid_the_engine(use_server: Build) -> None:
    with serve_vllm(Script(status=404), Script(answer("{}"))) as server:
        engine = use_server(server.url)
        assert answered_by(await play(engine)) == "builtin"
        assert answered_by(await play(engine)) == "vllm"


async def test_without_redis_a_process_goes_by_what_it_saw(
    use_server: Build, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with serve_vllm(Script(status=500)) as server:
        engine = use_server(server.url)
        for _ in range(3):
            assert answered_by(await play(engine)) == "builtin"
        assert len(server.requests) == 1


async def test_an_answer_of_other_weights_is_no_answer() -> None:
    lines = [json.dumps({**json.loads(chunk("{}")), "model": "gemma@other"}), chunk("", "stop")]
    with serve_vllm(Script(lines)) as server, pytest.raises(ModelMissingError, match="gemma@other"):
        await play(make_engine(server.url))


async def test_an_answer_under_the_name_that_was_asked_for_is_taken() -> None:
    lines = [json.dumps({**json.loads(chunk("{}")), "model": "gemma"}), chunk("", "stop")]
    with serve_vllm(Script(lines)) as server:
        assert say(await play(make_engine(server.url))) == "{}"
