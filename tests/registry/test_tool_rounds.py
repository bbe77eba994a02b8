"""A model that may ask before it answers: how often, what, and what it is told."""

import json
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel

from registry.engines.base import Completion, EngineEvent, EngineRequest, TextDelta
from registry.engines.tools import MAX_CALLS, MAX_ROUNDS
from registry.engines.vllm import VllmEngine
from registry.tasks import Tool
from tests.fakes import Script, ScriptedVllm, answer, serve_vllm


class Asked(BaseModel):
    name: str


LOOK_UP = Tool("look_up", "Who is this?", Asked, lambda asked: {"title": f"Dr {asked.name}"})
REQUEST = EngineRequest(
    task="greet", system="You greet.", user="Greet Ada.", schema={"type": "object"}, tools=[LOOK_UP]
)


def call(*functions: tuple[str, str]) -> Script:
    """A reply that calls tools, each call's arguments in two parts."""
    lines = []
    for index, (name, arguments) in enumerate(functions):
        middle = len(arguments) // 2
        first = {"name": name, "arguments": arguments[:middle]}
        lines.append({"index": index, "id": f"id-{index}", "function": first})
        lines.append({"index": index, "function": {"arguments": arguments[middle:]}})
    chunks = [json.dumps({"choices": [{"delta": {"tool_calls": [line]}}]}) for line in lines]
    end = json.dumps({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
    return Script([*chunks, end, "[DONE]"])


async def play(server: ScriptedVllm, **changes: Any) -> list[EngineEvent]:
    engine = VllmEngine(base_url=server.url, model="gemma", first_token_timeout_s=5.0)
    async with aclosing(engine.stream(replace(REQUEST, **changes))) as events:
        return [event async for event in events]


def told(server: ScriptedVllm, request: int = -1) -> list[Any]:
    """What the tools said, as the model reads it in one of the requests."""
    messages = server.requests[request]["messages"]
    return [json.loads(m["content"]) for m in messages if m["role"] == "tool"]


READY = Script(answer("I am ready."))
ANSWER = Script(answer("{}"))


async def test_a_call_is_answered_before_the_answer() -> None:
    with serve_vllm(call(("look_up", '{"name": "Ada"}')), READY, ANSWER) as server:
        events = await play(server)
        asking, _, answering = server.requests
        assert told(server) == [{"title": "Dr Ada"}]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "{}"
    assert isinstance(events[-1], Completion)
    assert ("response_format" in asking, asking["tool_choice"]) == (False, "auto")
    assert ("response_format" in answering, answering["tool_choice"]) == (True, "none")


async def test_a_model_that_asks_nothing_answers_at_once() -> None:
    with serve_vllm(READY, ANSWER) as server:
        await play(server)
        assert len(server.requests) == 2
        assert told(server) == []


async def test_without_tools_nothing_is_asked() -> None:
    with serve_vllm(ANSWER) as server:
        await play(server, tools=())
        [body] = server.requests
    assert not {"tools", "tool_choice"} & set(body)


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (("drop_table", "{}"), "no tool 'drop_table'"),
        (("look_up", "{}"), "Field required"),
        (("look_up", '{"name": 7}'), "valid string"),
        (("look_up", '{"name": "A'), "Invalid JSON"),
        (("look_up", ""), "Invalid JSON"),
    ],
)
async def test_what_may_not_be_asked_is_told_to_the_model(
    function: tuple[str, str], error: str
) -> None:
    with serve_vllm(call(function), READY, ANSWER) as server:
        await play(server)
        [result] = told(server)
    assert error in result["error"]


async def test_rounds_have_an_end() -> None:
    with serve_vllm(*[call(("look_up", '{"name": "Ada"}'))] * MAX_ROUNDS, ANSWER) as server:
        await play(server)
        assert len(server.requests) == MAX_ROUNDS + 1


async def test_a_round_has_an_end() -> None:
    many = [("look_up", '{"name": "Ada"}')] * (MAX_CALLS + 1)
    with serve_vllm(call(*many), READY, ANSWER) as server:
        await play(server)
        results = told(server)
    assert results[-1] == {"error": "too many calls at once"}
    assert results[:-1] == [{"title": "Dr Ada"}] * MAX_CALLS


async def test_calls_that_are_announced_and_not_made_are_none() -> None:
    end = json.dumps({"choices": [{"delta": {"tool_calls": []}, "finish_reason": "tool_calls"}]})
    with serve_vllm(Script([end, "[DONE]"]), ANSWER) as server:
        await play(server)
        assert len(server.requests) == 2
