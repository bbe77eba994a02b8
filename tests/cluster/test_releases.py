"""Old and new code together on one database: migrated by the new, served by both."""

import sys
import time
from pathlib import Path

import pytest

from tests.cluster.afterwards import check
from tests.cluster.cluster import START_S, Cluster
from tests.cluster.old_release import OldRelease, find_old_release, unpack_with_other_heads
from tests.cluster.postgres import APP, DATABASE, PASSWORD
from tests.cluster.redis import PASSWORD as REDIS_PASSWORD
from tests.cluster.traffic import Traffic
from tests.dresscode.processes import wait_until

pytestmark = pytest.mark.cluster

LEFT_ALONE_S = 6.0
"""nginx asks nothing for five seconds of who refused a connection (`fail_timeout`), and the new ones did before they ran:
docs/deployment.md says to wait as long."""
LEFT = "SELECT FROM wardrobe_photo WHERE failure_code = 'other_release'"
ONCE = ("migrate", "load_vocabulary", "load_prompts", "load_alert_rules")


@pytest.fixture
def old() -> OldRelease:
    found = find_old_release()
    if found is None:
        pytest.skip("the history does not reach back to the last migration")
    return found


def test_old_and_new_code_serve_together(cluster: Cluster, report: Path, old: OldRelease) -> None:
    """The database goes back to the schema of the release before, whose processes serve it; then today's code migrates
    and starts beside them, and they end."""
    ours = dict(cluster.processes)
    for name in ours:
        cluster.drop(name)
    for app, migration in old.targets.items():
        cluster.run([sys.executable, "manage.py", "migrate", app, migration])
    start_old(cluster, old)
    with Traffic(cluster) as traffic:
        began = time.monotonic()
        if old.gives_up_photos:
            cluster.drop("photos-old")
        for command in ONCE:
            cluster.run([sys.executable, "manage.py", command])
        traffic.wait_for_acts(2, "the old code serves on the new schema")
        for name in ("web-1", "web-2", "photos-1", "maintenance-0", "scheduler-0"):
            cluster.processes[name] = ours[name].start()
        wait_until(
            lambda: all(cluster.is_ready(port) for port in cluster.web_ports[1:]),
            "the new web processes are ready",
            still_s=START_S,
        )
        time.sleep(LEFT_ALONE_S)
        traffic.wait_for_acts(3, "both serve")
        for name in {"web-old", "photos-old"} & set(cluster.processes):
            cluster.drop(name)
        for name in set(ours) - set(cluster.processes):
            cluster.processes[name] = ours[name].start()
        traffic.wait_for_acts(2, "the new code serves alone")
    note = (
        f"old code of {old.commit[:8]}, {len(old.missing)} migrations back, and new code together"
    )
    with report.open("a") as file:
        file.write(traffic.tell(note, began) + "\n")
    assert traffic.list_refused() == {}
    check(cluster, traffic)


def test_photos_wait_for_workers_of_the_live_versions_release(
    cluster: Cluster, report: Path
) -> None:
    """At first all workers of photos are of another one; then ours run beside it. No photo is given up."""
    ours = {name: cluster.processes[name] for name in cluster.processes if "photos" in name}
    folder = unpack_with_other_heads(cluster.place.folder / "other")
    for name in ours:
        cluster.drop(name)
    cluster.add("photos", 0, folder=folder, name="photos-other")
    with Traffic(cluster) as traffic:
        wait_until(lambda: cluster.query(LEFT), "a photo is left", still_s=START_S)
        began = time.monotonic()
        for name, server in ours.items():
            cluster.processes[name] = server.start()
        wait_until(lambda: not cluster.query(LEFT), "what was left is looked at", still_s=START_S)
        looked_s = time.monotonic() - began
        traffic.wait_for_acts(2, "both releases run")
    note = f"photos that workers of another release left, looked at after {looked_s:.1f} s"
    with report.open("a") as file:
        file.write(traffic.tell(note, began) + "\n")
    assert traffic.list_refused() == {}
    check(cluster, traffic)
    cluster.drop("photos-other")


def start_old(cluster: Cluster, old: OldRelease) -> None:
    """One web process, in the place of the first of ours, and one worker, with static files of their own."""
    folder = old.unpack(cluster.place.folder / "old")
    state = cluster.place.folder / "old-state"
    state.mkdir()
    (state / "media").symlink_to(cluster.state / "media")
    environment = {"DRESSCODE_STATE": str(state), **old_addresses(cluster, folder)}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    cluster.run(collect, folder=folder, own=environment)
    web = {**environment, "PORT": str(cluster.web_ports[0])}
    cluster.add("web", 0, web, folder=folder, name="web-old")
    cluster.add("photos", 0, environment, folder=folder, name="photos-old")
    ready = lambda: cluster.is_ready(cluster.web_ports[0])  # noqa: E731
    wait_until(ready, "the old web process is ready", still_s=START_S)


def old_addresses(cluster: Cluster, folder: Path) -> dict[str, str]:
    """Releases from before Sentinels and several hosts were spoken to take the primaries' own addresses."""
    if (folder / "stores" / "redis.py").exists():
        return {}
    host = cluster.place.host
    port = cluster.postgres.ports[cluster.postgres.primary]
    return {
        "DATABASE_URL": f"postgres://{APP}:{PASSWORD}@{host}:{port}/{DATABASE}",
        "REDIS_URL": f"redis://:{REDIS_PASSWORD}@{host}:{cluster.redis.primary_port()}/0",
    }
