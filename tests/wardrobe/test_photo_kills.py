"""kill -9 of a real worker at each stage of a photo: it ends ready, once."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models.functions import Now
from django_rq import get_queue

from accounts.models import User
from registry.models import InferenceCall
from tests.conftest import ROOT
from tests.dresscode.processes import LONGEST_S, leash, wait_until
from tests.wardrobe.pictures import draw_noise, encode
from wardrobe import failpoints, jobs
from wardrobe.models import Garment, Photo
from wardrobe.services import photos, sweeps

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("digitizing"),
]

STAGES = ["claimed", "renditions_stored", "rendered", "described", "crops_stored"]


@pytest.fixture
def photo(alice: User) -> Photo:
    file = ContentFile(encode(draw_noise(640, 480), "jpeg"), name="photo.jpg")
    added = photos.add_photo(owner=alice, upload_key=uuid.uuid4(), file=file)
    jobs.enqueue_process_photo(added.photo)
    return added.photo


def spawn_worker(media: Path, **environment: str) -> subprocess.Popen[str]:
    database = str(connection.settings_dict["NAME"])
    own = {"TEST_DATABASE": database, "TEST_MEDIA": str(media), "DRESSCODE_PROCESS": "worker"}
    return subprocess.Popen(
        leash([sys.executable, "-m", "tests.wardrobe.photo_worker"]),
        cwd=ROOT,
        env={**os.environ, **own, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def sweep_after_the_lease() -> None:
    Photo.objects.update(leased_until=Now())
    jobs.sweep_photos_job()


def check_ready_once(photo: Photo, media: Path, *, attempt: int) -> None:
    photo.refresh_from_db()
    kept = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    assert (photo.status, photo.attempt) == (Photo.Status.READY, attempt)
    assert Garment.objects.count() == 1
    assert InferenceCall.objects.filter(outcome="succeeded").count() == 1
    assert kept == {photo.image.name, photo.thumbnail.name, photo.garments.get().image.name}


@pytest.mark.parametrize("stage", STAGES)
def test_a_job_killed_at_any_stage_is_done_by_the_next_worker(
    photo: Photo, media: Path, stage: str
) -> None:
    failpoint = f"photo.{stage}=kill9"
    worker = spawn_worker(media, TEST_BURST="1", **{failpoints.VARIABLE: failpoint})
    log, _ = worker.communicate(timeout=LONGEST_S)
    photo.refresh_from_db()
    assert (photo.status, photo.attempt) == (Photo.Status.PROCESSING, 1), log
    sweep_after_the_lease()
    for job in get_queue("photos").jobs:
        jobs.process_photo_job(*job.args)
    sweep_old_files()
    check_ready_once(photo, media, attempt=2)


def test_a_killed_worker_is_replaced_and_the_photo_is_ready_once(photo: Photo, media: Path) -> None:
    worker = spawn_worker(media, **{failpoints.VARIABLE: "photo.rendered=sleep:600"})
    try:
        wait_until(lambda: Photo.objects.exclude(image="").exists(), "renditions are kept")
    finally:
        worker.kill()
        worker.communicate(timeout=LONGEST_S)
    sweep_after_the_lease()
    log, _ = spawn_worker(media, TEST_BURST="1").communicate(timeout=LONGEST_S)
    check_ready_once(photo, media, attempt=2)


def test_a_photo_that_kills_every_worker_stops_after_three(photo: Photo, media: Path) -> None:
    failing = {failpoints.VARIABLE: "photo.rendered=kill9", "TEST_BURST": "1"}
    for _ in range(3):
        spawn_worker(media, **failing).communicate(timeout=LONGEST_S)
        sweep_after_the_lease()
    photo.refresh_from_db()
    assert (photo.status, photo.attempt) == (Photo.Status.FAILED, 3)
    assert "three times" in photo.failure
    assert get_queue("photos").job_ids == []


def sweep_old_files() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeps, "ORPHAN_AFTER", -sweeps.ORPHAN_AFTER)
        sweeps.sweep_orphans()
