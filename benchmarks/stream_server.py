"""The application for `benchmarks.stream`: an engine that stamps its words, and a bare relay of it."""

import asyncio
import json
import os
import time
from collections.abc import AsyncGenerator
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "dresscode.settings"

from django.conf import settings  # noqa: E402

settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
settings.INFERENCE_ENGINES = {"stamping": {"ENGINE": "benchmarks.stream_server.StampingEngine"}}
settings.VLLM_BASE_URL = "http://stylist.invalid"

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402
from channels.security.websocket import OriginValidator  # noqa: E402

from dresscode.asgi import allowed_origins  # noqa: E402
from dresscode.asgi import application as product  # noqa: E402
from dresscode.web.sockets import SocketWearers  # noqa: E402
from registry.engines.base import Completion, EngineEvent, EngineRequest, TextDelta  # noqa: E402
from styling.streaming import draft  # noqa: E402

FIRST_WORD_S = 0.1
WORDS = 100
SECONDS_PER_WORD = 0.03
LETTERS = str.maketrans("0123456789", "abcdefghij")


def write_stamp() -> str:
    """The time as a word: microseconds of the monotonic clock, which all processes of a machine share."""
    return str(time.monotonic_ns() // 1000).translate(LETTERS)


def write_word(number: int) -> str:
    """Sentences of ten words and two clauses; the second names a garment, as prose about clothes does."""
    place = number % 10
    named = "the Shirt " if place == 6 else ""
    mark = {4: ", ", 9: ". "}.get(place, " ")
    return f"{named}{write_stamp()}{mark}"


class StampingEngine:
    """Says one garment of each slot on offer, then words that are the time at which each was said."""

    def __init__(self, name: str = "stamping") -> None:
        self.name = name

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        pieces = list_pieces(request)
        yield TextDelta(json.dumps({"pieces": pieces, "missing": [], "reasons": []})[:-1])
        yield TextDelta(', "prose": "')
        for number in range(WORDS):
            await asyncio.sleep(began + FIRST_WORD_S + number * SECONDS_PER_WORD - loop.time())
            yield TextDelta(write_word(number))
        yield TextDelta('"}')
        yield Completion(engine=self.name)


def list_pieces(request: EngineRequest) -> list[dict[str, str]]:
    if not request.schema:
        return []
    options = request.schema["properties"]["pieces"]["items"]["anyOf"]
    members = [option["properties"] for option in options]
    return [
        {"garment_id": one["garment_id"]["enum"][0], "slot": one["slot"]["enum"][0]}
        for one in members
    ]


class OpenGate:
    """The gate of the prose without a check, to measure what the check adds."""

    is_exhausted, withheld, faults = False, 0, ()

    def __init__(self) -> None:
        self.kept = ""

    @classmethod
    def of(cls, *args: Any) -> "OpenGate":
        return cls()

    def feed(self, text: str) -> str:
        self.kept += text
        return text

    def finish(self) -> str:
        return ""


if os.environ.get("STREAM_UNCHECKED"):
    draft.ProseGate = OpenGate  # type: ignore[assignment, misc]


async def relay(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The least that a websocket can do: each word of the engine as a frame."""
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    request = EngineRequest(task="", system="", user="", schema={})
    async for event in StampingEngine().stream(request):
        if isinstance(event, TextDelta) and not event.text.startswith(("{", ",", '"')):
            frame = json.dumps({"type": "delta", "text": event.text})
            await send({"type": "websocket.send", "text": frame})
    await send({"type": "websocket.send", "text": '{"type": "done"}'})
    await send({"type": "websocket.close", "code": 1000})


class PlainConsumer(AsyncWebsocketConsumer):
    """What one writes with Channels alone: each word of the engine as a frame, no log, no check, no resuming."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        request = EngineRequest(task="", system="", user="", schema={})
        async for event in StampingEngine().stream(request):
            if isinstance(event, TextDelta) and not event.text.startswith(("{", ",", '"')):
                await self.send(json.dumps({"type": "delta", "text": event.text}))
        await self.send('{"type": "done"}')
        await self.close(1000)


plain = AuthMiddlewareStack(PlainConsumer.as_asgi())
known = OriginValidator(SocketWearers(relay), allowed_origins())
"""The bare relay behind what no product may leave out: only pages of ours open it, and it knows whose they are."""


async def socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    handler = {"/bare/": relay, "/known/": known, "/plain/": plain}.get(scope["path"], product)
    await handler(scope, receive, send)


application = ProtocolTypeRouter({"http": product, "lifespan": product, "websocket": socket})
