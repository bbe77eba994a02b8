"""What a model may ask before it answers: a few rounds of calls, each checked before it is carried out."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from registry.engines.base import EngineRequest, ToolCall
from registry.tasks import Tool

MAX_ROUNDS = 3
MAX_CALLS = 4
"""A round. What is asked beyond is answered with an error."""
MAX_RESULT = 4_000
"""Characters of a result that the model gets to read."""


async def use_tools(
    ask: Callable[[EngineRequest], Awaitable[Sequence[ToolCall]]], request: EngineRequest
) -> EngineRequest:
    """The request with what the model asked and was told, for it to answer.

    `ask` has the model say which calls it wants; none end the asking, and so do `MAX_ROUNDS`.
    """
    for _ in range(MAX_ROUNDS):
        calls = await ask(request)
        if not calls:
            break
        request = replace(request, turns=[*request.turns, *describe_round(calls, request.tools)])
    return request


def describe_round(calls: Sequence[ToolCall], tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """The model's calls and their results, as messages."""
    asked = {"role": "assistant", "content": None, "tool_calls": [*map(describe_call, calls)]}
    results = [
        carry_out(call, tools) if index < MAX_CALLS else fail("too many calls at once")
        for index, call in enumerate(calls)
    ]
    told = [
        {"role": "tool", "tool_call_id": call.id, "content": result[:MAX_RESULT]}
        for call, result in zip(calls, results, strict=True)
    ]
    return [asked, *told]


def describe_call(call: ToolCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments},
    }


def carry_out(call: ToolCall, tools: Sequence[Tool]) -> str:
    """The result as JSON; an error that the model can read for what it may not ask."""
    tool = next((tool for tool in tools if tool.name == call.name), None)
    if tool is None:
        return fail(f"there is no tool {call.name[:80]!r}")
    try:
        arguments = tool.arguments.model_validate_json(call.arguments)
    except ValidationError as error:
        return fail("; ".join(fault["msg"] for fault in error.errors()[:3]))
    return json.dumps(tool.call(arguments), ensure_ascii=False)


def fail(reason: str) -> str:
    return json.dumps({"error": reason}, ensure_ascii=False)


def describe_tool(tool: Tool) -> dict[str, Any]:
    """For the `tools` of a request."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.arguments.model_json_schema(),
        },
    }
