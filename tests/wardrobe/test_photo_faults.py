"""What dies, lies or comes twice on a photo's way: nothing is lost, nothing is doubled."""

import faulthandler
import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.functions import Now
from django_rq import get_queue
from pytest_django.fixtures import Settings

from accounts.models import User
from dresscode.queues.workers import PERIODS, Worker
from registry.models import InferenceCall
from tests.wardrobe.faulty_storage import ACK_LOST, PARTIAL, FaultyStorage
from tests.wardrobe.pictures import add_segment, draw_noise, encode
from wardrobe import failpoints, jobs, notifications
from wardrobe.models import Garment, Photo
from wardrobe.photos import apart, storage
from wardrobe.services import leases, photos, processing, sweeps
from wardrobe.services.leases import LostLeaseError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

JPEG = encode(draw_noise(640, 480), "jpeg")


def add(owner: User, data: bytes = JPEG, key: uuid.UUID | None = None) -> photos.AddedPhoto:
    file = ContentFile(data, name="photo.jpg")
    return photos.add_photo(owner=owner, upload_key=key or uuid.uuid4(), file=file)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def expire_leases() -> None:
    Photo.objects.update(leased_until=Now())


def work_off() -> None:
    """One round of the sweep and of the jobs that it queued, without a worker."""
    expire_leases()
    jobs.sweep_photos_job()
    queue = get_queue("photos")
    for job in queue.jobs:
        jobs.process_photo_job(*job.args)
    queue.empty()


def run_together(*calls: Callable[[], Any]) -> list[Any]:
    """The calls in threads that start at once; answers with their results or exceptions."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[index] = call()
        except Exception as error:  # noqa: BLE001 The test judges it.
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def faulty(settings: Settings, media: Path) -> Iterator[type[FaultyStorage]]:
    path = "tests.wardrobe.faulty_storage.FaultyStorage"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": path}}
    yield FaultyStorage
    FaultyStorage.faults.clear()


def test_the_same_upload_at_once_is_one_photo(alice: User, media: Path) -> None:
    key = uuid.uuid4()
    results = run_together(*[lambda: add(alice, key=key)] * 6)
    assert sorted(added.is_new for added in results) == [False] * 5 + [True]
    assert {added.photo.pk for added in results} == {alice.photos.get().pk}
    assert len(files(media)) == 1


def test_the_same_file_at_once_is_one_photo(alice: User, media: Path) -> None:
    results = run_together(*[lambda: add(alice)] * 6)
    assert {added.photo.pk for added in results} == {alice.photos.get().pk}
    assert len(files(media)) == 1


def test_another_file_under_a_used_key_is_refused(alice: User) -> None:
    key = uuid.uuid4()
    add(alice, key=key)
    with pytest.raises(photos.UploadKeyReusedError):
        add(alice, encode(draw_noise(seed=2), "jpeg"), key=key)


def test_jobs_for_one_photo_at_once_make_its_garments_once(alice: User) -> None:
    photo = add(alice).photo
    run_together(*[lambda: processing.process_photo(photo_id=photo.pk)] * 5)
    photo.refresh_from_db()
    assert (photo.status, photo.attempt) == (Photo.Status.READY, 1)
    assert Garment.objects.count() == InferenceCall.objects.count() == 1


def test_equal_pixels_finishing_at_once_make_garments_once(alice: User) -> None:
    one = add(alice).photo
    other = add(alice, add_segment(JPEG, 0xFE, b"a comment")).photo
    run_together(
        *[lambda pk=pk: processing.process_photo(photo_id=pk) for pk in (one.pk, other.pk)]
    )
    assert sorted(alice.photos.values_list("status", flat=True)) == ["duplicate", "ready"]
    assert Garment.objects.count() == 1


@pytest.mark.parametrize("fault", [OSError, PARTIAL, ACK_LOST])
def test_a_storage_that_fails_leaves_neither_row_nor_file(
    alice: User, media: Path, faulty: type[FaultyStorage], fault: Any
) -> None:
    faulty.script("save", fault)
    with pytest.raises(OSError):
        add(alice)
    assert not alice.photos.exists()
    assert add(alice).is_new
    sweep_files_of_any_age()
    assert files(media) == {alice.photos.get().incoming.name}


def sweep_files_of_any_age() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeps, "ORPHAN_AFTER", -sweeps.ORPHAN_AFTER)
        sweeps.sweep_orphans()


@pytest.mark.parametrize("operation", ["open", "save"])
@pytest.mark.parametrize("fault", [OSError, PARTIAL])
def test_a_storage_that_fails_while_working_is_tried_again(
    alice: User, media: Path, faulty: type[FaultyStorage], operation: str, fault: Any
) -> None:
    photo = add(alice).photo
    faulty.script(operation, fault)
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert (photo.status, photo.tries_left) == (Photo.Status.RECEIVED, 2)
    work_off()
    photo.refresh_from_db()
    assert photo.status == Photo.Status.READY
    assert Garment.objects.count() == 1


def test_a_file_that_cannot_be_deleted_is_swept_later(
    alice: User, media: Path, faulty: type[FaultyStorage]
) -> None:
    photo = add(alice).photo
    faulty.script("delete", None, None, OSError)
    photos.delete_photo(photo)
    faulty.faults.clear()
    sweep_files_of_any_age()
    assert files(media) == set()


def test_a_storage_that_never_comes_back_ends_in_a_reason(
    alice: User, faulty: type[FaultyStorage]
) -> None:
    photo = add(alice).photo
    faulty.script("open", *[OSError] * 3)
    processing.process_photo(photo_id=photo.pk)
    work_off()
    work_off()
    photo.refresh_from_db()
    assert (photo.status, photo.attempt) == (Photo.Status.FAILED, 3)
    assert "three times" in photo.failure


def test_young_files_without_a_row_are_left_alone(alice: User, media: Path) -> None:
    storage.save_file(f"incoming/{alice.pk}/{uuid.uuid4()}", b"on its way")
    sweeps.sweep_orphans()
    assert len(files(media)) == 1
    sweep_files_of_any_age()
    assert files(media) == set()


def test_the_sweep_keeps_every_file_that_a_row_names(alice: User, media: Path) -> None:
    processing.process_photo(photo_id=add(alice).photo.pk)
    add(alice, encode(draw_noise(seed=2), "jpeg"))
    before = files(media)
    sweep_files_of_any_age()
    assert files(media) == before
    assert len(before) == 4


def test_a_row_that_lost_its_file_is_found(alice: User) -> None:
    photo = add(alice).photo
    assert sweeps.find_incomplete_photos() == []
    default_storage.delete(photo.incoming.name)
    assert sweeps.find_incomplete_photos() == [photo]


def test_with_redis_away_the_photo_is_kept_and_queued_later(
    alice: User, settings: Settings
) -> None:
    queues = settings.RQ_QUEUES
    photo = add(alice).photo
    with pytest.MonkeyPatch.context() as patch:
        away = {**queues["photos"], "URL": "redis://127.0.0.1:1/0"}
        patch.setitem(queues, "photos", away)
        jobs.enqueue_process_photo(photo)
    assert get_queue("photos").job_ids == []
    Photo.objects.update(created_at="2020-01-01T00:00Z")
    assert jobs.sweep_photos_job() == 1
    assert get_queue("photos").job_ids == [jobs.name_job(photo.pk, 0)]


def test_the_sweep_queues_nothing_twice(alice: User) -> None:
    photo = add(alice).photo
    jobs.enqueue_process_photo(photo)
    Photo.objects.update(created_at="2020-01-01T00:00Z")
    assert jobs.sweep_photos_job() == 0
    assert len(get_queue("photos").job_ids) == 1


def test_what_was_interrupted_goes_before_what_only_waits(alice: User) -> None:
    """However long the queue is, and without the maintenance queue, the oldest first."""
    first, second, *waiting = (
        add(alice, encode(draw_noise(200, 200, seed=seed), "jpeg")).photo for seed in range(6)
    )
    for photo in (first, second):
        leases.claim_photo(photo.pk)
    for photo in waiting:
        jobs.enqueue_process_photo(photo)
    assert jobs.queue_interrupted() == 0, "their leases run"
    expire_leases()
    assert jobs.queue_interrupted() == 2
    assert jobs.queue_interrupted() == 0, "they are in the queue"
    expected = [(first, 1), (second, 1), *((photo, 0) for photo in waiting)]
    assert get_queue("photos").job_ids == [jobs.name_job(photo.pk, n) for photo, n in expected]
    Photo.objects.update(created_at="2020-01-01T00:00Z")
    assert jobs.sweep_photos_job() == 0


def test_what_a_wearer_tries_again_waits_like_everything(alice: User) -> None:
    waits, failed = add(alice).photo, add(alice, encode(draw_noise(seed=9), "jpeg")).photo
    jobs.enqueue_process_photo(waits)
    Photo.objects.filter(pk=failed.pk).update(status=Photo.Status.FAILED, attempt=3, tries_left=0)
    failed.refresh_from_db()
    assert photos.retry_photo(failed)
    jobs.enqueue_process_photo(failed)
    assert get_queue("photos").job_ids[0] == jobs.name_job(waits.pk, 0)


def test_a_worker_of_photos_looks_for_them_by_itself(alice: User) -> None:
    """Between two jobs; the longest that it takes without work is below the lease of one that died."""
    photo = add(alice).photo
    leases.claim_photo(photo.pk)
    expire_leases()
    Worker([get_queue("maintenance")]).run_maintenance_tasks()
    assert get_queue("photos").job_ids == []
    worker = Worker([get_queue("photos")])
    worker.run_maintenance_tasks()
    assert get_queue("photos").job_ids == [jobs.name_job(photo.pk, 1)]
    assert connection.connection is None, "a job that is forked now finds no connection of ours"
    looks_every_s = max(worker.dequeue_timeout, PERIODS["maintenance_interval"])
    assert looks_every_s + leases.settings.PHOTO_LEASE_S <= 45


def test_the_sweep_leaves_photos_alone_that_a_worker_holds(alice: User) -> None:
    leases.claim_photo(add(alice).photo.pk)
    assert jobs.sweep_photos_job() == 0


def test_a_held_photo_cannot_be_claimed(alice: User) -> None:
    photo = add(alice).photo
    assert leases.claim_photo(photo.pk)
    assert leases.claim_photo(photo.pk) is None
    expire_leases()
    assert leases.claim_photo(photo.pk)


def test_a_lease_is_renewed_while_the_work_goes_on(alice: User, settings: Settings) -> None:
    settings.PHOTO_LEASE_S = 0.3
    photo = leases.claim_photo(add(alice).photo.pk)
    assert photo
    renewed = threading.Event()
    held = photo.leased_until
    with leases.keep_lease(photo):
        while not renewed.wait(0.05):
            photo.refresh_from_db()
            if photo.leased_until != held:
                renewed.set()
    assert photo.leased_until > held


@pytest.mark.parametrize("place", ["photo.rendered", "photo.described", "photo.crops_stored"])
def test_a_zombie_writes_nothing(alice: User, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """A worker stops for longer than its lease; another one finishes; then the first wakes up."""
    photo = add(alice).photo

    def stop_once(name: str) -> None:
        if name == place:
            monkeypatch.setattr(failpoints, "hit", lambda name: None)
            expire_leases()
            processing.process_photo(photo_id=photo.pk)

    monkeypatch.setattr(failpoints, "hit", stop_once)
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert (photo.status, photo.attempt) == (Photo.Status.READY, 2)
    assert Garment.objects.count() == InferenceCall.objects.count() == 1
    assert storage.read_file(photo.garments.get().image.name)


def test_a_fenced_write_is_refused(alice: User) -> None:
    zombie = leases.claim_photo(add(alice).photo.pk)
    assert zombie
    expire_leases()
    leases.claim_photo(zombie.pk)
    with pytest.raises(LostLeaseError):
        leases.fail_photo(zombie, code="damaged", message="Too late.")
    assert alice.photos.get().status == Photo.Status.PROCESSING


def test_a_photo_deleted_while_it_is_looked_at_stays_deleted(
    alice: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = add(alice).photo
    monkeypatch.setattr(
        failpoints,
        "hit",
        lambda name: photos.delete_photo(photo) if name == "photo.described" else None,
    )
    processing.process_photo(photo_id=photo.pk)
    assert not alice.photos.exists()
    assert not Garment.objects.exists()
    sweep_files_of_any_age()
    assert files(media) == set()


def test_a_photo_that_kills_its_workers_is_given_up(alice: User) -> None:
    photo = add(alice).photo
    for _ in range(3):
        expire_leases()
        leases.claim_photo(photo.pk)  # And then the worker was gone.
    work_off()
    photo.refresh_from_db()
    assert (photo.status, photo.attempt, photo.failure_code) == ("failed", 3, "gave_up")
    assert photo.can_retry


def test_nobody_listening_is_no_fault(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr(notifications, "async_to_sync", lambda send: fail)
    assert add(alice).is_new


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGKILL, "too_slow"), (signal.SIGABRT, "damaged")]
)
def test_a_decoder_that_was_killed_is_one_failed_photo(
    alice: User, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: str
) -> None:
    """It is not tried again, and the wearer reads what to do."""

    def die(data: bytes, *, format: str) -> None:
        faulthandler.disable()
        os.kill(os.getpid(), number)

    monkeypatch.setattr(apart, "decode", die)
    photo, _ = add(alice)
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert (photo.status, photo.failure_code, photo.attempt) == ("failed", code, 1)
    assert "Save it" in photo.failure or "damaged" in photo.failure
    work_off()
    photo.refresh_from_db()
    assert photo.attempt == 1
