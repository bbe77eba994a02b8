"""How a cluster is after a fault: all work is done, and everything that was acknowledged is there, once."""

import os
import time
from collections.abc import Iterator

from rq import Queue
from rq.serializers import JSONSerializer

from stores.redis import connect
from tests.cluster.cluster import Cluster
from tests.cluster.traffic import Traffic
from tests.dresscode.processes import wait_until
from tests.faults.invariants import find_violations
from tests.faults.site import UNFINISHED


def check(cluster: Cluster, traffic: Traffic) -> None:
    """The invariants of `tests/faults`, the history of the roll-backs, and every photo ready or with its reason."""
    wait_until(cluster.is_whole, "every process runs and has its stores")
    settle(cluster)
    with cluster.database() as database:
        found = find_violations(database, cluster.state / "media", cluster.acknowledged)
    violations = [*found, *traffic.find_violations(), *find_unready(cluster, traffic)]
    assert not violations, "\n".join(map(str, violations))


def settle(cluster: Cluster) -> None:
    """Wait until all work is done; then let the sweeps take what crashes left, as in an hour."""
    wait_until(
        lambda: not cluster.query(UNFINISHED),
        "all work is done",
        progress=lambda: len(cluster.query(UNFINISHED)),
    )
    before = time.time() - 2 * 3600
    for path in (cluster.state / "media").rglob("*"):
        os.utime(path, (before, before))
    run_job(cluster, "wardrobe.jobs.sweep_orphans_job")
    run_job(cluster, "styling.jobs.delete_orphan_pictures_job")


def run_job(cluster: Cluster, function: str) -> None:
    """On the maintenance worker, to its end."""
    client = connect(cluster.redis.url)
    try:
        queue = Queue("maintenance", connection=client, serializer=JSONSerializer)
        job = queue.enqueue(function, result_ttl=600)
        wait_until(lambda: job.get_status().value in {"finished", "failed"}, f"{function} has run")
        assert job.is_finished, function
    finally:
        client.close()


def find_unready(cluster: Cluster, traffic: Traffic) -> Iterator[str]:
    """Photos that should be ready: `failed` is an answer of the model, which golden photos do not get by a fault."""
    keys = [upload.key for upload in traffic.uploads]
    rows = cluster.query(
        "SELECT upload_key, status, failure FROM wardrobe_photo WHERE upload_key = ANY(%s)", keys
    )
    yield from (f"photo {key} is {status}: {why}" for key, status, why in rows if status != "ready")
