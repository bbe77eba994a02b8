"""The application for `benchmarks.stream`: an engine that stamps its words, and a bare relay of it."""

import asyncio
import json
import os
import re
import time
from collections.abc import AsyncGenerator
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "dresscode.settings"

from django.conf import settings  # noqa: E402

settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
settings.INFERENCE_ENGINES = {"stamping": {"ENGINE": "benchmarks.stream_server.StampingEngine"}}
settings.VLLM_BASE_URL = "http://stylist.invalid"

from channels.routing import ProtocolTypeRouter  # noqa: E402

from dresscode.asgi import application as product  # noqa: E402
from registry.engines.base import Completion, EngineEvent, EngineRequest, TextDelta  # noqa: E402

FIRST_WORD_S = 0.1
WORDS = 100
SECONDS_PER_WORD = 0.03
SHIRT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class StampingEngine:
    """Says the first garment on offer, then words that are the time at which each was said.

    Times are of the monotonic clock, which all processes of a machine share.
    """

    def __init__(self, name: str = "stamping") -> None:
        self.name = name

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        found = SHIRT.search(json.dumps(request.schema))
        piece = {"garment_id": found.group() if found else "", "slot": "top"}
        yield TextDelta(json.dumps({"pieces": [piece], "missing": [], "reasons": []})[:-1])
        yield TextDelta(', "prose": "')
        for number in range(WORDS):
            await asyncio.sleep(began + FIRST_WORD_S + number * SECONDS_PER_WORD - loop.time())
            yield TextDelta(f"{time.monotonic():.6f} ")
        yield TextDelta('"}')
        yield Completion(engine=self.name)


async def relay(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The least that a websocket can do: each word of the engine as a frame."""
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    request = EngineRequest(task="", system="", user="", schema={})
    async for event in StampingEngine().stream(request):
        if isinstance(event, TextDelta) and event.text[0].isdigit():
            frame = json.dumps({"type": "delta", "text": event.text})
            await send({"type": "websocket.send", "text": frame})
    await send({"type": "websocket.send", "text": '{"type": "done"}'})
    await send({"type": "websocket.close", "code": 1000})


async def socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    handler = relay if scope["path"] == "/bare/" else product
    await handler(scope, receive, send)


application = ProtocolTypeRouter({"http": product, "lifespan": product, "websocket": socket})
