"""What a stream of vLLM may do to us between its first byte and its last."""

import json
from contextlib import aclosing
from dataclasses import replace

import pytest

from registry.engines.base import (
    Completion,
    EngineEvent,
    EngineRequest,
    EngineTimeoutError,
    OutputError,
    TextDelta,
)
from registry.engines.vllm import MAX_LINE_BYTES, VllmEngine
from tests.fakes import RESET, Script, answer, chunk, serve_vllm

REQUEST = EngineRequest(task="greet", system="You greet.", user="Greet.", schema={})
HEAD = b"data: "


async def play(url: str, *, request: EngineRequest = REQUEST, **limits: float) -> list[EngineEvent]:
    engine = VllmEngine(base_url=url, model="gemma", **limits)
    async with aclosing(engine.stream(request)) as events:
        return [event async for event in events]


def raw(text: str) -> bytes:
    """A data line whose JSON holds `text` as UTF-8, as vLLM writes it, and not escaped."""
    return f"data: {json.dumps(json.loads(chunk(text)), ensure_ascii=False)}\n\n".encode()


async def test_comments_are_no_sign_of_life() -> None:
    script = Script([item for _ in range(200) for item in (b": still here\n\n", 0.05)])
    with serve_vllm(script) as server, pytest.raises(EngineTimeoutError):
        await play(server.url, first_token_timeout_s=0.3)


async def test_an_answer_that_trickles_has_an_end() -> None:
    script = Script([item for _ in range(200) for item in (chunk("a"), 0.05)])
    with serve_vllm(script) as server, pytest.raises(EngineTimeoutError):
        await play(server.url, total_timeout_s=0.4)


async def test_an_error_that_is_never_finished_is_a_timeout() -> None:
    with serve_vllm(Script([30], status=500)) as server, pytest.raises(EngineTimeoutError):
        await play(server.url, first_token_timeout_s=0.3)


async def test_a_line_without_end_is_refused() -> None:
    script = Script([HEAD + b"x" * (2 * MAX_LINE_BYTES), 30])
    with serve_vllm(script) as server, pytest.raises(OutputError, match="without end"):
        await play(server.url)


async def test_half_a_character_is_no_chunk() -> None:
    broken = raw("é").replace(b"\xc3\xa9", b"\xc3")
    with serve_vllm(Script([broken])) as server, pytest.raises(OutputError):
        await play(server.url)


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", "é 👔", "a\x0cb"])
async def test_text_may_hold_what_other_readers_take_for_a_line_end(text: str) -> None:
    with serve_vllm(Script([raw(text), *answer("")])) as server:
        events = await play(server.url)
    assert events[0] == TextDelta(text)


async def test_a_chunk_may_come_in_parts_and_lines_may_end_in_crlf() -> None:
    line = raw("hello").replace(b"\n", b"\r\n")
    with serve_vllm(Script([line[:20], 0.05, line[20:], *answer("")])) as server:
        events = await play(server.url)
    assert events[0] == TextDelta("hello")


async def test_what_is_lost_after_the_end_of_an_answer_is_only_its_counts() -> None:
    with serve_vllm(Script([chunk("{}"), chunk("", "stop"), RESET])) as server:
        events = await play(server.url)
    assert events == [TextDelta("{}"), Completion("vllm", "gemma", "stop")]


@pytest.mark.parametrize("usage", ['"many"', '{"prompt_tokens": -1}', "[1]"])
async def test_odd_counts_do_not_break_an_answer(usage: str) -> None:
    script = Script([chunk("{}"), chunk("", "stop"), f'{{"choices": [], "usage": {usage}}}'])
    with serve_vllm(script) as server:
        events = await play(server.url)
    assert events[-1] == Completion("vllm", "gemma", "stop")


async def test_content_that_is_no_text_is_no_chunk() -> None:
    line = '{"choices": [{"delta": {"content": ["a"]}}]}'
    with serve_vllm(Script([line])) as server, pytest.raises(OutputError):
        await play(server.url)


async def test_sampling_cannot_change_the_protocol() -> None:
    request = EngineRequest(
        task="greet",
        system="",
        user="",
        schema={},
        sampling={"stream": False, "seed": 1, "temperature": 0.5},
        seed=7,
    )
    with serve_vllm(Script(answer("{}"))) as server:
        await play(server.url, request=request)
        [body] = server.requests
    assert (body["stream"], body["seed"], body["temperature"]) == (True, 7, 0.5)


async def test_the_server_may_go_on_in_the_trace_of_the_call() -> None:
    traced = replace(REQUEST, traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    with serve_vllm(Script(answer("Hello"))) as server:
        for request in (traced, REQUEST):
            await play(server.url, request=request)
    assert server.traceparents == [traced.traceparent, None]
