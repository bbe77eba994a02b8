"""Stores, processes and the network of a cluster fail while a wearer uploads and an operator rolls back."""

import asyncio
import json
import ssl
import time
from pathlib import Path

import pytest
import websockets

from tests.cluster.afterwards import check
from tests.cluster.cluster import LEASE_S, SITE, Cluster
from tests.cluster.traffic import Traffic
from tests.dresscode.processes import descendants, wait_until

pytestmark = pytest.mark.cluster

CUT_S = 30


def note(report: Path, line: str) -> None:
    with report.open("a") as file:
        file.write(line + "\n")


def test_all_of_compose_runs_thrice_on_stores_that_fail_over(cluster: Cluster) -> None:
    assert cluster.postgres.is_synchronous()
    assert cluster.redis.is_watched()
    assert cluster.is_whole()
    services = [name.partition("-")[0] for name in cluster.processes]
    assert sorted(services) == sorted(["web"] * 3 + ["photos"] * 3 + ["maintenance", "scheduler"])


def test_the_primary_of_postgresql_is_killed(cluster: Cluster, report: Path) -> None:
    """With all of its sessions, in mid-write; the standby is promoted, and PgBouncer pointed at it."""
    with Traffic(cluster) as traffic:
        killed = time.monotonic()
        cluster.postgres.servers[cluster.postgres.primary].kill()
        cluster.postgres.promote()
        cluster.repoint()
        promoted = time.monotonic()
        traffic.wait_for_acts(2, "all of them go on at the new primary")
        cluster.postgres.add_standby()
        traffic.wait_for_acts(1, "all of them go on with a new standby")
    note(report, traffic.tell(f"PostgreSQL killed, promoted within {promoted - killed:.1f} s", killed))  # fmt: skip
    check(cluster, traffic)
    assert cluster.postgres.is_synchronous()


def test_the_primary_of_redis_is_killed(cluster: Cluster, report: Path) -> None:
    """Sentinels put the replica in its place; the dead one comes back as its replica."""
    with Traffic(cluster) as traffic:
        killed = time.monotonic()
        dead, old_port = cluster.redis.primary, cluster.redis.primary_port()
        dead.kill()
        cluster.redis.wait_until_moved(old_port)
        moved = time.monotonic()
        traffic.wait_for_acts(2, "all of them go on at the new primary")
        dead.start()
        cluster.redis.wait_until_watched()
        traffic.wait_for_acts(1, "all of them go on with a new replica")
    note(report, traffic.tell(f"Redis killed, moved within {moved - killed:.1f} s", killed))
    check(cluster, traffic)


def test_the_primary_of_redis_hangs(cluster: Cluster, report: Path) -> None:
    """Its connections stay open and are silent; when it wakes it is a replica."""
    with Traffic(cluster) as traffic:
        old_port = cluster.redis.primary_port()
        hung = time.monotonic()
        with cluster.redis.primary.frozen():
            cluster.redis.wait_until_moved(old_port)
            traffic.wait_for_acts(2, "all of them go on while the old primary hangs")
        cluster.redis.wait_until_watched()
        traffic.wait_for_acts(1, "all of them go on")
    note(report, traffic.tell("Redis hung", hung))
    check(cluster, traffic)


def test_a_web_process_and_a_worker_are_killed_in_mid_work(cluster: Cluster, report: Path) -> None:
    with Traffic(cluster) as traffic:
        wait_until(lambda: find_busy(cluster), "a worker has a photo")
        worker = cluster.processes[find_busy(cluster)[0]]
        killed = time.monotonic()
        worker.kill()
        cluster.processes["web-1"].kill()
        traffic.wait_for_acts(2, "all of them go on with the others")
    note(report, traffic.tell("one of three web processes and one of three workers killed", killed))
    check(cluster, traffic)


def find_busy(cluster: Cluster) -> list[str]:
    """Workers of photos that have a job."""
    photos = [name for name in cluster.processes if name.startswith("photos")]
    return [name for name in photos if descendants(cluster.processes[name].pid)]


def test_the_network_to_the_stores_is_cut(cluster: Cluster, report: Path) -> None:
    """No packet comes or goes between processes and stores: nobody is told, everybody has to notice."""
    if cluster.place.network is None:
        pytest.skip("no network namespace: this takes root and CAP_NET_ADMIN")
    with Traffic(cluster) as traffic:
        with cluster.place.network.cut():
            time.sleep(CUT_S)
        mended = time.monotonic()
        traffic.wait_for_acts(2, "all of them go on")
    note(report, traffic.tell(f"network cut for {CUT_S} s, from its mending on", mended))
    check(cluster, traffic)


def test_the_clock_of_one_worker_is_two_minutes_ahead(cluster: Cluster, report: Path) -> None:
    log = cluster.processes["photos-1"].log
    with cluster.ahead("photos-1"):
        before = log.read_text().count("photos: ")
        with Traffic(cluster, most_uploads=12) as traffic:
            began = time.monotonic()
            wait_until(
                lambda: log.read_text().count("photos: ") > before, "the worker has had a photo"
            )
            traffic.wait_for_acts(LEASE_S, "its lease would be over")
        note(report, traffic.tell("one worker two minutes ahead", began))
        check(cluster, traffic)


def test_an_open_page_hears_of_photos_after_a_failover_of_redis(cluster: Cluster) -> None:
    asyncio.run(listen_over_a_failover(cluster))


async def listen_over_a_failover(cluster: Cluster) -> None:
    with cluster.client() as client:
        traffic = Traffic(cluster)
        traffic.sign_in(client, traffic.wearer)
        cookies = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
        trusted = ssl.create_default_context(cafile=str(cluster.place.folder / "site.crt"))
        url = f"{SITE}:{cluster.port}"
        async with websockets.connect(
            f"wss://{url}/ws/photos/",
            ssl=trusted,
            origin=f"https://{url}",
            additional_headers={"Cookie": cookies},
        ) as page:
            old_port, dead = cluster.redis.primary_port(), cluster.redis.primary
            dead.kill()
            await asyncio.to_thread(cluster.redis.wait_until_moved, old_port)
            heard: list[str] = []

            async def hear() -> None:
                async for message in page:
                    heard.append(json.loads(message)["type"])

            listening = asyncio.create_task(hear())
            for _ in range(
                6
            ):  # The first may come before the page's process has found the primary.
                await asyncio.to_thread(traffic.upload, client, traffic.wearer)
                await asyncio.sleep(1)
            await asyncio.to_thread(wait_until, lambda: "photo" in heard, "the page hears of a photo")  # fmt: skip
            listening.cancel()
    dead.start()
    cluster.redis.wait_until_watched()
    check(cluster, traffic)
