"""Several photos before the model at once, in one job of one worker."""

import concurrent.futures
import json
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models.functions import Now
from django_rq import get_queue
from pytest_django.fixtures import Settings

from accounts.models import User
from registry.engines import get_engine
from registry.models import InferenceCall
from tests.dresscode.processes import LONGEST_S, wait_until
from tests.factories import let_every_engine_answer
from tests.fakes import Script, ScriptedVllm, answer, serve_vllm
from tests.wardrobe.pictures import draw_noise, encode
from tests.wardrobe.test_photo_kills import spawn_worker
from wardrobe import failpoints, jobs
from wardrobe.models import Photo, PhotoFeatures
from wardrobe.services import batches, photos
from wardrobe.services.batches import QueuedPhoto

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

SEEN = json.dumps({"garments": [{"type": "t-shirt", "colours": [{"name": "navy", "share": 1.0}]}]})


@pytest.fixture
def vllm(alice: User, settings: Settings) -> Iterator[ScriptedVllm]:
    """A model that answers no photo before it has two of them."""
    with serve_vllm(Script(answer(SEEN))) as server:
        server.barrier = threading.Barrier(2)
        engines: dict[str, Any] = settings.INFERENCE_ENGINES
        options = {**engines["vllm"]["OPTIONS"], "base_url": server.url}
        settings.INFERENCE_ENGINES = {
            **engines,
            "vllm": {**engines["vllm"], "OPTIONS": options},
            "default": {**engines["default"], "OPTIONS": {"engines": ["vllm"]}},
        }
        settings.VLLM_BASE_URL = server.url
        settings.CALLS_PER_WORKER = 2
        get_engine.cache_clear()
        let_every_engine_answer("digitize_photo")
        yield server
    get_engine.cache_clear()


def add_photos(owner: User, count: int) -> list[Photo]:
    added = []
    for seed in range(count):
        file = ContentFile(encode(draw_noise(480, 360, seed=seed), "jpeg"), name="photo.jpg")
        photo = photos.add_photo(owner=owner, upload_key=uuid.uuid4(), file=file).photo
        jobs.enqueue_process_photo(photo)
        added.append(photo)
    return added


def take_job() -> tuple[Any, ...]:
    """What the next job was queued with, as a worker that takes it would hear."""
    queue = get_queue("photos")
    (job,) = queue.get_jobs(0, 1)
    queue.remove(job)
    return tuple(job.args)


def statuses() -> list[str]:
    return sorted(Photo.objects.values_list("status", flat=True))


def test_a_job_takes_others_along_as_many_as_may_be(alice: User, vllm: ScriptedVllm) -> None:
    add_photos(alice, 4)
    jobs.process_photo_job(*take_job())
    assert statuses() == [Photo.Status.READY] * 4
    assert vllm.most_at_once == 2
    assert get_queue("photos").job_ids == []


def test_each_photo_says_how_long_it_waited_and_was_decoded(
    alice: User, vllm: ScriptedVllm
) -> None:
    """The first was taken out by hand, so that nobody knows of it how long it waited."""
    added = add_photos(alice, 2)
    jobs.process_photo_job(*take_job())
    first, second = (InferenceCall.objects.get(subject=f"photo:{one.pk}") for one in added)
    assert set(first.steps_ms) == {"decode", "database", "engine", "checks"}
    assert set(second.steps_ms) == {"queue", *first.steps_ms}
    ended = (second.finished_at - added[1].created_at).total_seconds() * 1000
    assert sum(second.steps_ms.values()) <= ended


def test_photos_that_end_at_the_same_moment_leave_none_behind(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CALLS_PER_WORKER = 2
    worked_on: list[QueuedPhoto] = []
    monkeypatch.setattr(batches, "process_in_thread", worked_on.append)
    monkeypatch.setattr(batches, "wait", lambda working, *_: concurrent.futures.wait(working))
    waiting = iter(map(QueuedPhoto, ["second", "third", "fourth"]))
    batches.process_photos(QueuedPhoto("first"), lambda: next(waiting, None))
    assert sorted(str(one.photo_id) for one in worked_on) == ["first", "fourth", "second", "third"]


def test_one_call_per_worker_takes_nothing_along(
    alice: User, vllm: ScriptedVllm, settings: Settings
) -> None:
    settings.CALLS_PER_WORKER, vllm.barrier = 1, None
    add_photos(alice, 2)
    jobs.process_photo_job(*take_job())
    assert statuses() == [Photo.Status.READY, Photo.Status.RECEIVED]


@pytest.mark.parametrize("tried", [0, 1])
def test_a_photo_that_was_tried_before_is_alone(
    alice: User, vllm: ScriptedVllm, tried: int
) -> None:
    vllm.barrier = None
    first, second = add_photos(alice, 2)
    get_queue("photos").empty()
    jobs.push(first.pk, 1 if tried == 0 else 0)
    jobs.push(second.pk, 1 if tried == 1 else 0)
    jobs.process_photo_job(*take_job())
    first.refresh_from_db()
    assert first.status == Photo.Status.READY
    assert get_queue("photos").job_ids == [jobs.name_job(second.pk, 1 if tried == 1 else 0)]


def test_a_job_of_an_earlier_release_is_left_to_the_worker(alice: User, vllm: ScriptedVllm) -> None:
    vllm.barrier = None
    first, second = add_photos(alice, 2)
    queue = get_queue("photos")
    queue.empty()
    queue.enqueue(jobs.process_photo_job, str(second.pk), job_id="old")
    jobs.process_photo_job(str(first.pk), 0)
    assert queue.job_ids == ["old"]
    jobs.process_photo_job(*take_job())
    assert statuses() == [Photo.Status.READY] * 2


def test_late_comers_are_left_to_the_next_job(
    alice: User, vllm: ScriptedVllm, monkeypatch: pytest.MonkeyPatch
) -> None:
    vllm.barrier = None
    monkeypatch.setattr(batches, "JOIN_FOR_S", 0.0)
    add_photos(alice, 2)
    jobs.process_photo_job(*take_job())
    assert statuses() == [Photo.Status.READY, Photo.Status.RECEIVED]


def test_a_photo_that_fails_leaves_the_others_alone(alice: User, vllm: ScriptedVllm) -> None:
    broken, *_ = add_photos(alice, 3)
    path = Path(broken.incoming.path)
    path.write_bytes(path.read_bytes()[:300])
    jobs.process_photo_job(*take_job())
    assert statuses() == [Photo.Status.READY, Photo.Status.READY, Photo.Status.RECEIVED]


@pytest.mark.slow
def test_a_real_worker_has_two_photos_before_the_model(
    alice: User, vllm: ScriptedVllm, media: Path
) -> None:
    add_photos(alice, 4)
    spawn_worker(media, **worker_environment(vllm), TEST_BURST="1").communicate(timeout=LONGEST_S)
    assert statuses() == [Photo.Status.READY] * 4
    assert vllm.most_at_once == 2


@pytest.mark.slow
def test_photos_that_were_together_in_a_killed_worker_end_ready(
    alice: User, vllm: ScriptedVllm, media: Path
) -> None:
    add_photos(alice, 2)
    halted = {failpoints.VARIABLE: "photo.described=sleep:600"}
    worker = spawn_worker(media, **worker_environment(vllm), **halted)
    try:
        wait_until(lambda: PhotoFeatures.objects.count() == 2, "both are described")
    finally:
        worker.kill()
        worker.communicate(timeout=LONGEST_S)
    vllm.barrier = None
    Photo.objects.update(leased_until=Now())
    assert jobs.sweep_photos_job() == 2
    spawn_worker(media, **worker_environment(vllm), TEST_BURST="1").communicate(timeout=LONGEST_S)
    assert statuses() == [Photo.Status.READY] * 2


def worker_environment(vllm: ScriptedVllm) -> dict[str, str]:
    return {"VLLM_BASE_URL": vllm.url, "DRESSCODE_CALLS_PER_WORKER": "2"}
