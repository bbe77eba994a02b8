"""Clocks of web and workers that are five minutes apart from each other and from the database's: nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from django_rq import get_queue

from accounts.models import User
from registry.engines.breaker import Breaker
from registry.services import sweeps as calls
from tests.wardrobe.pictures import draw_corners, encode
from wardrobe import jobs
from wardrobe.models import Photo
from wardrobe.services import leases, processing, sweeps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

APART = timedelta(minutes=5)
SKEWS = [(APART, -APART), (-APART, APART)]


def shifted(skew: timedelta) -> time_machine.travel:
    """On a machine whose clock is wrong by so much, and goes on."""
    return time_machine.travel(datetime.now(UTC) + skew, tick=True)


@pytest.fixture(params=SKEWS, ids=["web ahead", "web behind"])
def clocks(
    request: pytest.FixtureRequest,
) -> Iterator[tuple[time_machine.travel, time_machine.travel]]:
    """Of the web process, and of a worker."""
    web, worker = request.param
    yield shifted(web), shifted(worker)


def send(client: Client) -> None:
    file = SimpleUploadedFile("photo.jpg", encode(draw_corners(480, 640), "jpeg"))
    answer = client.post("/photos/add/", {"photos": file, "upload_key": str(uuid4())})
    assert answer.status_code == 201


def test_clocks_are_shifted(clocks: tuple[time_machine.travel, time_machine.travel]) -> None:
    real = datetime.now(UTC)
    for clock in clocks:
        with clock:
            assert abs(timezone.now() - real) > APART / 2


def test_an_upload_is_worked_on_once_and_ends_ready(
    as_alice: Client, alice: User, clocks: tuple[time_machine.travel, time_machine.travel]
) -> None:
    web, worker = clocks
    with web:
        send(as_alice)
    photo = alice.photos.get()
    with worker:
        assert jobs.sweep_photos_job() == 0, "it is in the queue and new"
        (job,) = get_queue("photos").jobs
        jobs.process_photo_job(*job.args)
        jobs.sweep_orphans_job()
        calls.close_lost_calls()
    photo.refresh_from_db()
    assert (photo.status, photo.attempt) == ("ready", 1)
    assert sweeps.find_incomplete_photos() == []


def test_a_lease_is_as_long_as_the_database_says(
    as_alice: Client, alice: User, clocks: tuple[time_machine.travel, time_machine.travel]
) -> None:
    """A worker that is ahead takes nobody's photo, and one that is behind leaves none lying."""
    web, worker = clocks
    with web:
        send(as_alice)
        photo = leases.claim_photo(alice.photos.get().pk)
    assert photo
    with worker:
        assert leases.claim_photo(photo.pk) is None
        assert jobs.queue_interrupted() == 0
        Photo.objects.update(leased_until=Now())
        assert jobs.queue_interrupted() == 1
        processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert (photo.status, photo.attempt) == ("ready", 2)


def test_a_file_whose_row_is_yet_to_come_is_no_orphan(
    as_alice: Client, alice: User, clocks: tuple[time_machine.travel, time_machine.travel]
) -> None:
    web, worker = clocks
    with web:
        send(as_alice)
    name = alice.photos.get().incoming.name
    Photo.objects.all().delete()
    with worker:
        assert sweeps.sweep_orphans() == 0
    with time_machine.travel(datetime.now(UTC) + 2 * sweeps.ORPHAN_AFTER):
        assert sweeps.sweep_orphans() == 1
    assert not default_storage.exists(name)


def test_an_engine_rests_no_longer_for_who_is_behind(
    clocks: tuple[time_machine.travel, time_machine.travel],
) -> None:
    web, worker = clocks
    with web:
        Breaker("far", cooldown_s=10).open("away")
    with worker:
        assert Breaker("far", cooldown_s=10).allows(), "one call probes it"
        assert not Breaker("far", cooldown_s=10).allows(), "and no second one"
