"""A Redis that keeps its connections and says nothing holds nobody up for long, and a quiet one is no such Redis."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from redis.exceptions import RedisError

from dresscode.local.embedded import redis as embedded
from styling.streaming import transcript
from styling.streaming.generation import POLL_S
from styling.streaming.transcript import Log
from tests.cluster.places import Place, Server, free_ports
from tests.cluster.redis import answers_at
from tests.dresscode.processes import wait_until

pytestmark = pytest.mark.slow

[HOST] = settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"]
LIMIT_S = 20
"""A busy machine: the five seconds of a timeout, and room."""


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Server, str]]:
    place = Place()
    [port] = free_ports(1)
    program = embedded.find_program(place.folder, place.account)
    server = place.store("redis", [program, "--port", str(port), "--save", ""]).start()
    wait_until(lambda: answers_at(place.host, port), "Redis answers")
    url = f"redis://{place.host}:{port}/0"
    monkeypatch.setattr(settings, "REDIS_URL", url)
    transcript._clients.clear()
    yield server, url
    await transcript.get_redis().aclose()
    transcript._clients.clear()
    server.kill()
    place.remove()


async def test_a_bell_waits_for_a_hanging_redis_no_longer_than_its_timeout(
    server: tuple[Server, str],
) -> None:
    process, url = server
    layer = RedisPubSubChannelLayer([{**HOST, "address": url}])
    await layer.group_send("group", {"type": "before"})
    with process.frozen():
        began = time.monotonic()
        with pytest.raises(RedisError):
            await layer.group_send("group", {"type": "lost"})
        assert time.monotonic() - began < LIMIT_S
    await layer.flush()


async def test_who_listens_to_a_quiet_redis_hears_what_comes_late(
    server: tuple[Server, str],
) -> None:
    layer = RedisPubSubChannelLayer([{**HOST, "address": server[1]}])
    channel = await layer.new_channel()
    await layer.group_add("group", channel)
    hearing = asyncio.create_task(layer.receive(channel))
    await asyncio.sleep(HOST["socket_timeout"] + 2)
    await layer.group_send("group", {"type": "late"})
    assert await asyncio.wait_for(hearing, LIMIT_S) == {"type": "late"}
    await layer.flush()


async def test_an_answer_is_written_on_while_redis_hangs(server: tuple[Server, str]) -> None:
    """What reads blocks for less than the timeout, and what writes is told after it."""
    process, _ = server
    assert POLL_S < transcript.TIMEOUT_S
    log = Log(uuid4(), attempt=1)
    events: list[dict[str, Any]] = [{"seq": 1, "type": "delta", "text": "Wear"}]
    await log.write(events)
    with process.frozen():
        began = time.monotonic()
        with pytest.raises((RedisError, OSError)):
            await log.write([*events, {"seq": 2, "type": "delta", "text": " it"}])
        assert time.monotonic() - began < LIMIT_S
