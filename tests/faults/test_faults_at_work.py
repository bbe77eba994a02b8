"""Redis and workers die or sleep while photos are worked on: each photo ends ready, once."""

import os
import signal
from uuid import uuid4

import pytest

from tests.dresscode.processes import wait_until
from tests.faults.site import Site

pytestmark = pytest.mark.slow


def test_redis_killed_with_photos_queued_loses_none(site: Site) -> None:
    queued, later = site.new_uploads(4), site.new_uploads(2)
    with site.paused_workers():
        for upload in queued:
            site.send(upload)
        assert site.has_queued()
        (victim,) = site.launcher.children("valkey-server")
        os.kill(victim.pid, signal.SIGKILL)
        for upload in later:  # Taken in while Redis is away.
            site.send(upload)
    site.check_ready(*queued, *later)


def test_a_flushed_redis_loses_no_queued_photo(site: Site) -> None:
    uploads = site.new_uploads(6)
    with site.paused_workers():
        for upload in uploads:
            site.send(upload)
        assert site.has_queued()
        with site.redis() as connection:
            connection.flushall()
    site.check_ready(*uploads)


@pytest.mark.parametrize("with_parent", [False, True], ids=["job", "worker-and-job"])
def test_a_photo_whose_worker_was_killed_is_ready_once(site: Site, with_parent: bool) -> None:
    (upload,) = site.new_uploads(1)
    site.arm()
    site.send(upload)
    site.wait_until_held()
    worker, horse = site.held_worker()
    for process in [worker, horse] if with_parent else [horse]:
        os.kill(process.pid, signal.SIGKILL)
    site.check_ready(upload)
    assert site.photo(upload) == ("ready", 2)


def test_a_worker_that_slept_past_its_lease_writes_nothing(site: Site) -> None:
    (upload,) = site.new_uploads(1)
    site.arm()
    site.send(upload)
    site.wait_until_held()
    worker, horse = site.held_worker()
    for process in (worker, horse):
        os.kill(process.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: site.photo(upload)[0] == "ready", "the other worker made it")
        before = site.photo(upload, "status, attempt, updated_at, image")
    finally:
        for process in (worker, horse):
            os.kill(process.pid, signal.SIGCONT)
    wait_until(lambda: not horse.is_alive, "the sleeper is through")
    assert site.photo(upload, "status, attempt, updated_at, image") == before
    log = (site.launcher.state / "logs").glob("worker-photos-*.log")
    assert any("fenced: attempt 1 on photo" in file.read_text() for file in log)
    site.check_ready(upload)


def test_the_checks_see_what_they_are_for(site: Site) -> None:
    media = site.launcher.state / "media"
    (stray := media / "photos" / "stray.webp").write_bytes(b"nobody's")
    lost = uuid4()
    site.acknowledged[lost] = "0" * 64
    try:
        found = "\n".join(site.find_violations())
    finally:
        stray.unlink()
        del site.acknowledged[lost]
    assert "no row names photos/stray.webp" in found
    assert f"upload {lost} is lost" in found
