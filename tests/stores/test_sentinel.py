"""Every client that the product makes of Sentinels' address follows the primary when that is killed."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.core.cache.backends.redis import RedisCache
from django_rq.connection_utils import get_redis_connection
from redis.exceptions import RedisError

from dresscode.local.embedded import redis as embedded
from stores import redis as stores
from tests.cluster.places import Place, free_ports
from tests.cluster.redis import RedisCluster
from tests.dresscode.processes import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def trio() -> Iterator[RedisCluster]:
    """A primary, its replica and two Sentinels that wait a second; a third one is named and never there."""
    place = Place()
    program = embedded.find_program(place.folder, place.account)
    trio = RedisCluster.start(place, program, sentinels=2, down_after_ms=1000)
    trio.dead_port = free_ports(1)[0]
    yield trio
    trio.stop()
    place.remove()


def survives(call: Callable[[], Any]) -> None:
    """Whoever has an old connection may lose one command by it; then it asks a Sentinel."""

    def works() -> bool:
        try:
            call()
        except (RedisError, OSError):
            return False
        return True

    wait_until(works, "the client has found the new primary", still_s=20)


def test_all_clients_follow_the_primary(trio: RedisCluster) -> None:
    client = stores.connect(trio.url, socket_timeout=1.0)
    place = stores.cache_place(trio.url)
    cache = RedisCache(place.pop("LOCATION"), place)
    queue = get_redis_connection(stores.queue_options(trio.url))
    for use in (client.ping, lambda: cache.set("a", 1), queue.ping):
        use()
    old = trio.primary_port()
    trio.primary.kill()
    trio.wait_until_moved(old)
    survives(lambda: client.set("b", 2))
    survives(lambda: cache.set("a", 2))
    survives(lambda: queue.rpush("list", 3))
    with trio.client(trio.primary_port()) as there:
        assert there.get("b") == b"2"
        assert there.lrange("list", 0, -1) == [b"3"]
    assert cache.get("a") == 2
    client.close()
    cache.close()
    queue.close()


async def test_messages_between_processes_follow_the_primary(trio: RedisCluster) -> None:
    layer = RedisPubSubChannelLayer([stores.channel_host(trio.url, socket_timeout=None)])
    log = stores.connect_async(trio.url, socket_timeout=None)
    channel = await layer.new_channel()
    await layer.group_add("group", channel)
    await layer.group_send("group", {"type": "before"})
    assert await layer.receive(channel) == {"type": "before"}
    await log.xadd("log", {"a": "1"})
    old = trio.primary_port()
    trio.primary.kill()
    await asyncio.to_thread(trio.wait_until_moved, old)
    hearing = asyncio.create_task(layer.receive(channel))
    for _ in range(150):
        with suppress(RedisError, OSError):
            await layer.group_send("group", {"type": "after"})
            await log.xadd("log", {"a": "2"})
        if (await asyncio.wait([hearing], timeout=0.2))[0]:
            break
    assert await asyncio.wait_for(hearing, 1) == {"type": "after"}
    assert len(await log.xrange("log")) >= 2
    await log.aclose()
    await layer.flush()
