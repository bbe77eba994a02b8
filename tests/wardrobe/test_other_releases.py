"""While one release replaces another: photos are left to workers of the live version's own, and lose nothing by it."""

import dataclasses
import shutil
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from django_rq import get_queue

from accounts.models import User
from dresscode.queues.workers import PERIODS
from registry.engines.base import UNAVAILABLE_CODES, OtherReleaseError
from registry.models import InferenceCall, Prompt, PromptVersion
from registry.prompts import live_versions
from registry.prompts.runnable import explain_unrunnable
from registry.services.releases import UnusableVersionError, promote_version
from registry.services.versions import create_version
from tests.dresscode.processes import LONGEST_S, wait_until
from tests.factories import make_garment, promote
from tests.wardrobe.pictures import draw_noise, encode
from tests.wardrobe.test_photo_kills import spawn_worker
from wardrobe import jobs
from wardrobe.models import Photo
from wardrobe.models.photos import MAX_TRIES
from wardrobe.services import digitization, leases, photos, processing
from wardrobe.tasks import DigitizePhoto
from wardrobe.vision import classifier
from wardrobe.vision.heads import load_heads, read_heads, write_heads
from wardrobe.vision.trunk import sessions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

JPEG = encode(draw_noise(640, 480), "jpeg")


@pytest.fixture(autouse=True)
def rest_s(monkeypatch: pytest.MonkeyPatch) -> float:
    """What a worker rests, which no test does but those with real workers."""
    seconds = processing.REST_S
    monkeypatch.setattr(processing, "REST_S", 0.0)
    return seconds


@pytest.fixture
def photo(alice: User) -> Photo:
    file = ContentFile(JPEG, name="photo.jpg")
    return photos.add_photo(owner=alice, upload_key=uuid.uuid4(), file=file).photo


@pytest.fixture
def other_weights(tmp_path: Path) -> Path:
    """The folder of weights of another release: its heads are weighed otherwise."""
    folder = tmp_path / "weights"
    shutil.copytree(classifier.WEIGHTS, folder)
    shipped = read_heads((folder / "heads.npz").read_bytes())
    (folder / "heads.npz").write_bytes(
        write_heads(dataclasses.replace(shipped, family_weight=shipped.family_weight + 0.5))
    )
    return folder


@pytest.fixture
def other_release(monkeypatch: pytest.MonkeyPatch, other_weights: Path) -> Iterator[None]:
    """This process is of another release than the live version."""
    forget_weights()
    with monkeypatch.context() as patch:
        patch.setattr(classifier, "WEIGHTS", other_weights)
        yield
    forget_weights()


def forget_weights() -> None:
    load_heads.cache_clear()
    classifier.find_digest.cache_clear()


def process(photo: Photo) -> Photo:
    Photo.objects.filter(pk=photo.pk).update(leased_until=None)
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    return photo


def put_live_by_a_later_release(
    monkeypatch: pytest.MonkeyPatch, **parameters: Any
) -> PromptVersion:
    """A version as the next release writes it, whose `schema_revision` is one higher; it went live by that one's hand."""
    live = Prompt.objects.get(name=DigitizePhoto.name).production()
    assert live is not None
    bundle = {**live.version.bundle, "schema_revision": 0}
    bundle["parameters"] = {**bundle["parameters"], **parameters}
    with monkeypatch.context() as patch:
        patch.setattr(DigitizePhoto, "schema_revision", DigitizePhoto.schema_revision + 1)
        patch.setattr(DigitizePhoto, "explain_unusable", lambda self, parameters: "")
        version = create_version(prompt=live.prompt, bundle=bundle)
        promote(version)
    return version


def check_left(photo: Photo, *, attempt: int) -> None:
    """It waits, nothing was asked, and no try is gone."""
    assert (photo.status, photo.failure_code) == (Photo.Status.RECEIVED, "other_release")
    assert (photo.attempt, photo.tries_left) == (attempt, MAX_TRIES)
    assert not InferenceCall.objects.exists()
    assert not photo.garments.exists()


# Who cannot look at it.


@pytest.mark.usefixtures("other_release")
def test_a_release_without_the_weights_leaves_the_photo_however_often_it_takes_it(
    photo: Photo,
) -> None:
    for attempt in range(1, 2 * MAX_TRIES):
        check_left(process(photo), attempt=attempt)


def test_the_release_of_the_live_version_looks_at_what_was_left(
    photo: Photo,
) -> None:
    held = leases.claim_photo(photo.pk)
    assert held
    leases.leave_photo(held)
    process(photo)
    assert (photo.status, photo.failure_code, photo.garments.count()) == ("ready", "", 1)


def test_a_release_before_the_schema_of_the_live_version_leaves_the_photo(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_live_by_a_later_release(monkeypatch)
    assert not digitization.can_digitize()
    check_left(process(photo), attempt=1)


def test_a_release_that_does_not_know_a_parameter_leaves_the_photo(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = put_live_by_a_later_release(monkeypatch, vision={"sharpness": 2})
    monkeypatch.setattr(DigitizePhoto, "schema_revision", live.bundle["schema_revision"])
    check_left(process(photo), attempt=1)


def test_heads_for_another_adapter_are_of_another_release(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert digitization.can_digitize()
    monkeypatch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
    assert "no adapter" in DigitizePhoto().explain_unusable({})
    check_left(process(photo), attempt=1)


def test_a_model_looks_at_photos_without_our_weights(
    other_release: None,
) -> None:
    live = live_versions.resolve(DigitizePhoto.name)
    task = DigitizePhoto()
    assert explain_unrunnable(task, live.bundle, "builtin")
    assert explain_unrunnable(task, live.bundle, "vllm") == ""


@pytest.mark.usefixtures("other_release")
def test_a_call_that_fell_back_to_weights_that_are_not_there_takes_no_try(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The live version is a model's, which is away."""
    monkeypatch.setattr(digitization, "require_runnable", lambda task, live: None)
    process(photo)
    assert (photo.failure_code, photo.tries_left) == ("other_release", MAX_TRIES)
    call = InferenceCall.objects.get()
    assert (call.outcome, call.error_code) == ("failed", OtherReleaseError.code)
    assert OtherReleaseError.code in UNAVAILABLE_CODES, "it says nothing of the version"


@pytest.mark.usefixtures("other_release")
def test_what_needs_no_look_is_done_by_any_release(photo: Photo, alice: User) -> None:
    garment = make_garment(alice)
    Photo.objects.filter(pk=photo.pk).update(view_of=garment)
    assert process(photo).status == Photo.Status.VIEW


# How long it waits.


def test_each_time_it_is_left_for_longer(
    photo: Photo, rest_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[float] = []
    monkeypatch.setattr(processing, "REST_S", rest_s)
    monkeypatch.setattr(processing.time, "sleep", rested.append)
    monkeypatch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
    waits = []
    for _ in range(8):
        process(photo)
        waits.append(Photo.objects.values_list(F("leased_until") - Now(), flat=True).get())
    assert [round(wait.total_seconds()) for wait in waits] == [5, 10, 20, 40, 80, 160, 300, 300]
    assert rested == [rest_s] * 8
    assert rest_s > PERIODS["maintenance_interval"], "else it would take what is freed, each time"


def test_the_row_says_since_when(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
    Photo.objects.update(updated_at=Now() - timedelta(days=1))
    since = process(photo).updated_at
    assert timezone.now() - since < timedelta(minutes=1)
    assert process(photo).updated_at == since


def test_a_worker_that_can_look_takes_up_at_once_what_others_left(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
        process(photo)
        assert jobs.queue_interrupted() == 0
    assert jobs.queue_interrupted() == 1
    assert get_queue("photos").job_ids == [jobs.name_job(photo.pk, 1)]
    (job,) = get_queue("photos").jobs
    jobs.process_photo_job(*job.args)
    photo.refresh_from_db()
    assert photo.status == Photo.Status.READY


def test_what_a_worker_holds_is_not_taken_from_it(photo: Photo) -> None:
    held = leases.claim_photo(photo.pk)
    assert held
    Photo.objects.update(failure_code=OtherReleaseError.code)
    assert jobs.queue_interrupted() == 0
    assert Photo.objects.get().leased_until == held.leased_until


# What people are told.


def test_its_wearer_reads_that_it_waits(
    photo: Photo, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
    process(photo)
    page = as_alice.get("/wardrobe/").content.decode()
    assert "In line. You can leave this page." in page
    assert "Something of ours failed" not in page


def test_its_owner_is_told_that_it_waits_again(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
    told: list[str] = []
    monkeypatch.setattr(
        leases.notifications,
        "notify_photo_changed",
        lambda row: told.append(Photo.objects.get(pk=row.pk).status),
    )
    process(photo)
    assert told[-1] == Photo.Status.RECEIVED


# What goes live.


def test_no_hand_of_this_release_puts_a_later_ones_version_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = put_live_by_a_later_release(monkeypatch)
    assert find_live() == later
    load_again()
    assert find_live() != later, "a release that was taken back sees again by its own version"
    with pytest.raises(UnusableVersionError, match="schema_revision"):
        promote_version(version=later, actor=None, reason="a test")


def find_live() -> PromptVersion:
    alias = Prompt.objects.get(name=DigitizePhoto.name).production()
    assert alias is not None
    return alias.version


def load_again() -> None:
    call_command("load_prompts", verbosity=0)


# Two releases at once.


@pytest.mark.slow
def test_workers_of_two_releases_beside_each_other(
    photo: Photo, media: Path, other_weights: Path
) -> None:
    """The old one alone leaves it; once one of the live version's release runs beside it, it is ready."""
    jobs.enqueue_process_photo(photo)
    old = spawn_worker(media, TEST_WEIGHTS=str(other_weights))
    try:
        wait_until(lambda: Photo.objects.left().filter(status="received").exists(), "it is left")
        photo.refresh_from_db()
        check_left(photo, attempt=1)
        new = spawn_worker(media)
        try:
            wait_until(lambda: Photo.objects.filter(status="ready").exists(), "it is ready")
        finally:
            new.kill()
            new.communicate(timeout=LONGEST_S)
        assert old.poll() is None
    finally:
        old.kill()
        log, _ = old.communicate(timeout=LONGEST_S)
    photo.refresh_from_db()
    assert (photo.tries_left, photo.garments.count()) == (MAX_TRIES - 1, 1)
    assert InferenceCall.objects.filter(outcome="succeeded").count() == 1
    assert "is left to workers of another release" in log
