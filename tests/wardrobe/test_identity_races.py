"""Copies that come at once, to several workers: the model is asked about one of them."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from registry import inference
from registry.models import InferenceCall
from tests.wardrobe.pictures import encode
from tests.wardrobe.test_identity_questions import CROP, JPEG, OTHER, PICTURE, RESAVE, add, process
from wardrobe.models import Photo
from wardrobe.services import processing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]


@pytest.fixture
def first(alice: User) -> Photo:
    return process(add(alice))


def process_at_once(found: list[Photo]) -> None:
    """Each photo in a thread of its own, as by several workers."""
    start = threading.Barrier(len(found))

    def work(photo: Photo) -> None:
        start.wait()
        try:
            processing.process_photo(photo_id=photo.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(photo,)) for photo in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def slow_model(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A model that takes its time; answers with the list of the calls it got."""
    run: Callable[..., object] = inference.run
    calls: list[str] = []

    def wait_and_run(*args: object, **options: object) -> object:
        calls.append(str(options["subject"]))
        threading.Event().wait(0.5)
        return run(*args, **options)

    monkeypatch.setattr(inference, "run", wait_and_run)
    return calls


def test_copies_that_come_at_once_cost_one_call(alice: User, slow_model: list[str]) -> None:
    copies = [encode(PICTURE, "jpeg", quality=90, comment=text) for text in (b"one", b"two")]
    found = [add(alice, data) for data in (JPEG, *copies, CROP, RESAVE)]
    process_at_once(found)
    states = sorted(photo.status for photo in Photo.objects.all())
    assert len(slow_model) == InferenceCall.objects.count() == 1
    assert states.count("ready") == 1
    assert set(states) <= {"ready", "asking", "duplicate"}


def test_photos_of_different_things_do_not_wait_for_each_other(
    alice: User, slow_model: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "PATIENCE_S", 0.0)
    process_at_once([add(alice), add(alice, OTHER)])
    assert {photo.status for photo in Photo.objects.all()} == {"ready"}
    assert len(slow_model) == 2


def test_a_copy_that_waited_long_is_left_to_the_sweep_at_no_cost(
    alice: User, first: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "PATIENCE_S", 0.0)
    in_hand = {"status": "processing", "admitted_attempt": first.attempt}
    Photo.objects.filter(pk=first.pk).update(**in_hand, leased_until="2100-01-01T00:00Z")
    waiting = process(add(alice, CROP))
    assert (waiting.status, waiting.tries_left) == (Photo.Status.RECEIVED, 3)
    Photo.objects.update(leased_until=None, status="ready")
    Photo.objects.filter(pk=waiting.pk).update(status="received")
    assert process(waiting).status == Photo.Status.ASKING


def test_a_worker_that_died_holds_nobody_up(alice: User, first: Photo) -> None:
    first.garments.all().delete()
    in_hand = {"status": "processing", "admitted_attempt": first.attempt}
    Photo.objects.filter(pk=first.pk).update(**in_hand, leased_until="2020-01-01T00:00Z")
    assert process(add(alice, CROP)).status == Photo.Status.READY
