"""vLLM's OpenAI-compatible server: chat completions as server-sent events."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx

from registry.engines.base import (
    Completion,
    EngineEvent,
    EngineRequest,
    EngineTimeoutError,
    EngineUnavailableError,
    InputRefusedError,
    OutputError,
    TextDelta,
)
from registry.tasks import Image

REFUSED = frozenset({400, 413, 422})
MAX_ERROR_CHARACTERS = 500


class VllmEngine:
    """Streams from `{base_url}/v1/chat/completions`; without a base URL it is always unavailable.

    Timeouts are in seconds: to connect, to the first token, and between two tokens.
    """

    def __init__(
        self,
        name: str = "vllm",
        *,
        base_url: str,
        api_key: str = "",
        model: str = "",
        connect_timeout_s: float = 3.0,
        first_token_timeout_s: float = 20.0,
        token_timeout_s: float = 10.0,
    ) -> None:
        self.name = name
        self.url = f"{base_url.removesuffix('/v1')}/v1/chat/completions" if base_url else ""
        self.headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.model = model
        self.connect_timeout_s = connect_timeout_s
        self.first_token_timeout_s = first_token_timeout_s
        self.token_timeout_s = token_timeout_s

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        if not self.url:
            raise EngineUnavailableError("VLLM_BASE_URL is not set")
        reply = Reply()
        async with aclosing(self.read(request)) as lines:
            async for line in lines:
                for event in reply.take(line):
                    yield event
        yield reply.complete(self.name, request.model or self.model)

    async def read(self, request: EngineRequest) -> AsyncGenerator[str, None]:
        """The data lines of the reply, each within its time."""
        timeout = httpx.Timeout(self.token_timeout_s, connect=self.connect_timeout_s, read=None)
        async with httpx.AsyncClient(timeout=timeout, headers=self.headers) as client:
            try:
                call = client.build_request("POST", self.url, json=self.build_body(request))
                async with asyncio.timeout(self.first_token_timeout_s):
                    response = await client.send(call, stream=True)
                try:
                    await raise_for_status(response)
                    async with aclosing(self.iterate_lines(response)) as lines:
                        async for line in lines:
                            yield line
                finally:
                    await response.aclose()  # Closing the connection makes vLLM abort.
            except TimeoutError as error:
                raise EngineTimeoutError("vLLM connected but said nothing in time") from error
            except httpx.TimeoutException as error:
                raise EngineTimeoutError(f"vLLM took too long: {type(error).__name__}") from error
            except httpx.HTTPError as error:
                raise EngineUnavailableError(f"vLLM is away: {type(error).__name__}") from error

    async def iterate_lines(self, response: httpx.Response) -> AsyncGenerator[str, None]:
        lines: AsyncIterator[str] = response.aiter_lines()
        limit_s = self.first_token_timeout_s
        while True:
            async with asyncio.timeout(limit_s):
                line = await anext(lines, None)
            if line is None:
                return
            if line.startswith("data:"):
                limit_s = self.token_timeout_s
                yield line.removeprefix("data:").strip()

    def build_body(self, request: EngineRequest) -> dict[str, Any]:
        """The stable part first, for the prefix cache; what the wearer brought comes last."""
        return {
            "model": request.model or self.model,
            "messages": build_messages(request),
            "stream": True,
            "stream_options": {"include_usage": True},
            "seed": request.seed,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": request.task, "schema": request.schema, "strict": True},
            },
            # Left out, some versions of vLLM skip the JSON grammar for Gemma 4.
            "chat_template_kwargs": {"enable_thinking": request.enable_thinking},
            **request.sampling,
        }


def build_messages(request: EngineRequest) -> list[dict[str, Any]]:
    examples = [
        message
        for example in request.examples
        for message in (
            {"role": "user", "content": example["user"]},
            {"role": "assistant", "content": example["assistant"]},
        )
    ]
    content = [*map(build_image, request.images), {"type": "text", "text": request.user}]
    system = {"role": "system", "content": request.system}
    return [system, *examples, {"role": "user", "content": content}]


def build_image(image: Image) -> dict[str, Any]:
    """A data URI: vLLM would fetch any other address by itself."""
    encoded = base64.b64encode(image.data).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{image.media_type};base64,{encoded}"}}


async def raise_for_status(response: httpx.Response) -> None:
    if response.status_code == httpx.codes.OK:
        return
    body = (await response.aread()).decode("utf-8", "replace")[:MAX_ERROR_CHARACTERS]
    message = f"vLLM answered {response.status_code}: {body}"
    if response.status_code in REFUSED:
        raise InputRefusedError(message)
    raise EngineUnavailableError(message)


class Reply:
    """What has been read of one streamed reply. An answer is whole only when it says `stop`."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self.usage: dict[str, Any] = {}
        self.is_done = False

    def take(self, line: str) -> list[EngineEvent]:
        """The events in one data line. Raises OutputError for a line that is no chunk."""
        if line == "[DONE]":
            self.is_done = True
            return []
        try:
            chunk = json.loads(line)
            if "error" in chunk:
                raise EngineUnavailableError(f"vLLM broke off: {chunk['error']}"[:500])
            self.usage = chunk.get("usage") or self.usage
            choices = chunk["choices"]
            if not choices:
                return []
            self.finish_reason = choices[0].get("finish_reason") or self.finish_reason
            text = choices[0]["delta"].get("content") or ""
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise OutputError("vLLM sent something that is no chunk") from error
        return [TextDelta(text)] if text else []

    def complete(self, engine: str, model: str) -> Completion:
        """Raises OutputError for a reply that broke off."""
        if self.finish_reason != "stop":
            reason = self.finish_reason or ("no reason" if self.is_done else "a lost connection")
            raise OutputError(f"The answer ended with {reason}", "truncated")
        return Completion(
            engine=engine,
            model=model,
            finish_reason=self.finish_reason,
            input_tokens=self.usage.get("prompt_tokens"),
            output_tokens=self.usage.get("completion_tokens"),
        )
