"""vLLM's OpenAI-compatible server: chat completions as server-sent events."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NoReturn

import httpx

from registry.engines.base import (
    Completion,
    ConnectionLostError,
    EngineEvent,
    EngineOverloadedError,
    EngineRequest,
    EngineTimeoutError,
    EngineUnavailableError,
    InputRefusedError,
    ModelMissingError,
    OutputError,
    TextDelta,
    ToolCall,
)
from registry.engines.messages import build_messages
from registry.engines.objects import BlankGuard, ObjectReader
from registry.engines.patience import Patience
from registry.engines.retries import Retries
from registry.engines.tools import describe_tool, use_tools

REFUSED = frozenset({400, 413, 422})
OVERLOADED = frozenset({429, 503})
MAX_ERROR_CHARACTERS = 500
MAX_LINE_BYTES = 1_000_000
GRACE_S = 0.5
"""How long the counts of tokens are waited for once an answer is whole."""


class VllmEngine:
    """Streams from `{base_url}/v1/chat/completions`; without a base URL it is always unavailable.

    Timeouts are in seconds: to connect, to the first token, between two tokens, and in all; an
    overloaded server is asked again for `overload_timeout_s`. A token counts when it can be seen.

    Where a schema is asked for, the first JSON object is the answer: what surrounds it is not handed on,
    and what happens behind it cannot spoil it.

    Every call has a connection of its own: vLLM closes idle ones after 5 s, so that a kept one may be
    reset at its next use, and one event loop cannot use another's.
    """

    def __init__(
        self,
        name: str = "vllm",
        *,
        base_url: str,
        api_key: str = "",
        model: str = "",
        connect_timeout_s: float = 3.0,
        first_token_timeout_s: float = 5.0,
        token_timeout_s: float = 2.5,
        total_timeout_s: float = 120.0,
        overload_timeout_s: float = 5.0,
    ) -> None:
        self.name = name
        self.url = f"{base_url.removesuffix('/v1')}/v1/chat/completions" if base_url else ""
        self.headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.model = model
        self.connect_timeout_s = connect_timeout_s
        self.first_token_timeout_s = first_token_timeout_s
        self.token_timeout_s = token_timeout_s
        self.total_timeout_s = total_timeout_s
        self.overload_timeout_s = overload_timeout_s
        self.tls = make_tls(self.url)

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        if not self.url:
            raise EngineUnavailableError("VLLM_BASE_URL is not set")
        if request.tools:
            request = await use_tools(self.ask_for_calls, request)
        reply = Reply(request, request.model or self.model)
        patience = self.make_patience(request)
        try:
            body = self.build_body(request)
            async with aclosing(self.read(body, patience, request.traceparent)) as lines:
                async for line in lines:
                    events = reply.take(line)
                    reply.hasten(patience)
                    for event in events:
                        yield event
                    if reply.is_done:
                        break
        except (EngineUnavailableError, OutputError):
            if not reply.is_answered:  # After it, only the token counts are lost.
                raise
        if left := reply.take_rest():
            yield TextDelta(left)
        yield reply.complete(self.name, request.model or self.model)

    def make_patience(self, request: EngineRequest) -> Patience:
        total_s = min(self.total_timeout_s, request.deadline_s)
        return Patience(self.first_token_timeout_s, self.token_timeout_s, total_s)

    async def ask_for_calls(self, request: EngineRequest) -> list[ToolCall]:
        """What the model asks of tools before it answers. What else it says is not heard."""
        reply, patience = Reply(None, request.model or self.model), self.make_patience(request)
        body = self.build_asking_body(request)
        async with aclosing(self.read(body, patience, request.traceparent)) as lines:
            async for line in lines:
                reply.take(line)
                reply.hasten(patience)
                if reply.is_done:
                    break
        return reply.tool_calls()

    async def read(
        self, body: dict[str, Any], patience: Patience, traceparent: str
    ) -> AsyncGenerator[bytes, None]:
        """The data of each event in the reply, each within its time, asked for again where it helps."""
        give_up_at = time.monotonic() + min(self.overload_timeout_s, patience.left_s())
        retries = Retries()
        while True:
            try:
                async with aclosing(self.try_once(body, patience, traceparent)) as events:
                    async for event in events:
                        retries.has_begun = True
                        yield event
                return
            except EngineUnavailableError as error:
                pause_s = retries.pause_after(error)
                if pause_s is None or time.monotonic() + pause_s > give_up_at:
                    raise
            await asyncio.sleep(pause_s)

    async def try_once(
        self, body: dict[str, Any], patience: Patience, traceparent: str
    ) -> AsyncGenerator[bytes, None]:
        timeout = httpx.Timeout(self.token_timeout_s, connect=self.connect_timeout_s, read=None)
        headers = self.headers | ({"traceparent": traceparent} if traceparent else {})
        async with httpx.AsyncClient(timeout=timeout, headers=headers, verify=self.tls) as client:
            try:
                call = client.build_request("POST", self.url, json=body)
                async with asyncio.timeout(patience.left_s()):
                    response = await client.send(call, stream=True)
                try:
                    async with asyncio.timeout(patience.left_s()):
                        await raise_for_status(response)
                    async with aclosing(iterate_data(response, patience)) as events:
                        async for event in events:
                            yield event
                finally:
                    await response.aclose()  # Closing the connection makes vLLM abort.
            except TimeoutError as error:
                raise EngineTimeoutError("vLLM connected but said nothing in time") from error
            except httpx.TimeoutException as error:
                raise EngineTimeoutError(f"vLLM took too long: {type(error).__name__}") from error
            except httpx.ConnectError as error:
                raise EngineUnavailableError("vLLM is away: nobody listens there") from error
            except httpx.HTTPError as error:
                raise ConnectionLostError(f"vLLM hung up: {type(error).__name__}") from error

    def build_body(self, request: EngineRequest) -> dict[str, Any]:
        """For the answer: held to the schema, and with no more calls of tools."""
        schema = {"name": request.task, "schema": request.schema, "strict": True}
        answer = {"response_format": {"type": "json_schema", "json_schema": schema}}
        choice = {"tool_choice": "none"} if request.tools else {}
        return {**self.build_common_body(request), **answer, **choice}

    def build_asking_body(self, request: EngineRequest) -> dict[str, Any]:
        """For calls of tools, which a grammar for the answer would not let through."""
        return {**self.build_common_body(request), "tool_choice": "auto"}

    def build_common_body(self, request: EngineRequest) -> dict[str, Any]:
        """A version's sampling first, for it may not change what follows."""
        tools = [*map(describe_tool, request.tools)]
        return {
            **request.sampling,
            "model": request.model or self.model,
            "messages": build_messages(request),
            "stream": True,
            "stream_options": {"include_usage": True},
            "seed": request.seed,
            # Left out, some versions of vLLM skip the JSON grammar for Gemma 4.
            "chat_template_kwargs": {"enable_thinking": request.enable_thinking},
            **({"tools": tools} if tools else {}),
        }


def make_tls(url: str) -> ssl.SSLContext:
    """Reading the certificates takes 0.1 s: once an engine, not in the event loop at every call, and
    not at all for plain http."""
    if url.startswith("https:"):
        return httpx.create_ssl_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def raise_for_status(response: httpx.Response) -> None:
    if response.status_code == httpx.codes.OK:
        return
    message = f"vLLM answered {response.status_code}: {await read_beginning(response)}"
    if response.status_code in REFUSED:
        raise InputRefusedError(message)
    if response.status_code in OVERLOADED:
        raise EngineOverloadedError(message, read_retry_after(response))
    if response.status_code == httpx.codes.NOT_FOUND:
        raise ModelMissingError(f"{message}. Load the model or adapter, or roll the version back.")
    raise EngineUnavailableError(message)


def raise_for_model(asked: str, answered: Any) -> None:
    """An answer of another model, or of other weights. A server that names none is believed."""
    if answered and answered != asked:
        raise ModelMissingError(f"vLLM answered as {str(answered)[:200]!r}, not as {asked!r}")


def raise_for_error(error: Any) -> NoReturn:
    """An error inside a stream that had begun with 200: vLLM compiles the schema only then."""
    message = f"vLLM broke off: {error}"[:MAX_ERROR_CHARACTERS]
    if isinstance(error, dict) and error.get("code") in REFUSED:
        raise InputRefusedError(message)
    raise EngineUnavailableError(message)


def read_retry_after(response: httpx.Response) -> float:
    """Seconds, as most servers write it; a date counts as none."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdecimal() else 0.0


async def read_beginning(response: httpx.Response) -> str:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MAX_ERROR_CHARACTERS:
            break
    return body.decode("utf-8", "replace")[:MAX_ERROR_CHARACTERS]


async def iterate_data(response: httpx.Response, patience: Patience) -> AsyncGenerator[bytes, None]:
    """The data lines. Comments and blank lines are no sign of life: a proxy may send them forever."""
    parts, lines = response.aiter_bytes(), LineBuffer()
    part: bytes | None = b""
    while part is not None:
        async with asyncio.timeout(patience.left_s()):
            part = await anext(parts, None)
        for line in lines.take(b"\n" if part is None else part):
            if line.startswith(b"data:"):
                given = time.monotonic()
                yield line.removeprefix(b"data:").strip()
                patience.forgive(time.monotonic() - given)


class LineBuffer:
    """Lines that end in LF, unlike httpx's own, which also end inside a JSON string, at a U+2028."""

    def __init__(self) -> None:
        self.rest = b""

    def take(self, part: bytes) -> list[bytes]:
        """The lines that `part` completes. Raises OutputError for one without end."""
        *lines, self.rest = (self.rest + part).split(b"\n")
        if len(self.rest) > MAX_LINE_BYTES:
            raise OutputError("vLLM sent a line without end")
        return lines


class Reply:
    """What has been read of one streamed reply to `request`.

    An answer is whole when its object is, or, where no object was asked for, when the reply says `stop`.
    `model` is the one that was asked for: another one's reply is none.
    """

    def __init__(self, request: EngineRequest | None, model: str) -> None:
        self.model = model
        schema = request.schema if request else {}
        self.reader = ObjectReader(schema.get("properties", ())) if schema else None
        self.hears_thoughts = request is not None and request.enable_thinking
        self.blanks = BlankGuard()
        self.finish_reason = ""
        self.usage: dict[str, Any] = {}
        self.is_done = self.is_alive = False
        self.calls: dict[int, ToolCall] = {}

    @property
    def is_answered(self) -> bool:
        return self.finish_reason == "stop" or (self.reader is not None and self.reader.is_whole)

    def take(self, line: bytes) -> list[EngineEvent]:
        """The events in one data line. Raises OutputError for a line that is no chunk."""
        self.is_alive = False
        if line == b"[DONE]":
            self.is_done = True
            return []
        choice, delta = self.read_chunk(line)
        self.finish_reason = str(choice.get("finish_reason") or self.finish_reason)
        text = delta.get("content") or ""
        if not isinstance(text, str):
            raise OutputError("vLLM sent something that is no chunk")
        if self.reader and self.reader.is_whole:
            return []
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if text:
            self.is_alive = self.blanks.feed(text) or self.is_alive
        self.is_alive = self.is_alive or bool(thought and self.hears_thoughts)
        said = self.reader.feed(text) if self.reader else text
        return [TextDelta(said)] if said else []

    def read_chunk(self, line: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        """The choice and its delta, both empty in a chunk that has none."""
        try:
            chunk = json.loads(line)
            if chunk.get("error"):
                raise_for_error(chunk["error"])
            raise_for_model(self.model, chunk.get("model"))
            usage = chunk.get("usage")
            self.usage = usage if isinstance(usage, dict) else self.usage
            choice = (chunk.get("choices") or [{}])[0] or {}
            delta = choice.get("delta") or {}
            for part in delta.get("tool_calls") or []:
                self.add_call(part)
                self.is_alive = True
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise OutputError("vLLM sent something that is no chunk") from error
        return choice, delta

    def hasten(self, patience: Patience) -> None:
        """What was read last decides how long the next is waited for."""
        if self.is_alive:
            patience.renew()
        if self.is_answered:
            patience.shorten(GRACE_S)

    def take_rest(self) -> str:
        """All that was said where no object was found: the one who reads it may ask again.

        Raises OutputError where nothing was.
        """
        if self.reader is None or self.reader.has_begun or not self.is_answered:
            return ""
        if not self.reader.skipped.strip():
            raise OutputError("The answer is empty", "empty_answer")
        return self.reader.skipped

    def add_call(self, part: dict[str, Any]) -> None:
        """A part of a call: its name comes first, its arguments in pieces."""
        index, function = part.get("index", 0), part.get("function") or {}
        known = self.calls.get(index) or ToolCall("", "", f"call-{index}")
        self.calls[index] = ToolCall(
            known.name or function.get("name") or "",
            known.arguments + (function.get("arguments") or ""),
            part.get("id") or known.id,
        )

    def tool_calls(self) -> list[ToolCall]:
        """Some versions of vLLM end with `tool_calls` and name none."""
        return [call for _, call in sorted(self.calls.items()) if call.name]

    def complete(self, engine: str, model: str) -> Completion:
        """Raises OutputError for a reply that broke off."""
        if not self.is_answered:
            reason = self.finish_reason or ("no reason" if self.is_done else "a lost connection")
            raise OutputError(f"The answer ended with {reason}", "truncated")
        return Completion(
            engine=engine,
            model=model,
            finish_reason=self.finish_reason or "stop",
            input_tokens=read_count(self.usage, "prompt_tokens"),
            output_tokens=read_count(self.usage, "completion_tokens"),
        )


def read_count(usage: dict[str, Any], name: str) -> int | None:
    """A number of tokens, if the server sent one."""
    count = usage.get(name)
    return count if isinstance(count, int) and count >= 0 else None
