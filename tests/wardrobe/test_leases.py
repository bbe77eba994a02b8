"""Who holds a photo: one worker, for a time, and as often as it has tries."""

import time
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, connection
from pytest_django.fixtures import Settings

from tests.factories import make_photo
from wardrobe.models import Photo
from wardrobe.services import leases
from wardrobe.services.leases import LostLeaseError

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_OFF = datetime(2120, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[Photo]:
    """The photos whose owners were told of a change."""
    told: list[Photo] = []
    monkeypatch.setattr(leases.notifications, "notify_photo_changed", told.append)
    return told


@pytest.fixture(autouse=True)
def bystander() -> Any:
    """A photo of another worker in its first attempt: nothing that happens beside it may touch it."""
    other = make_held()
    before = Photo.objects.filter(pk=other.pk).values().get()
    yield
    assert Photo.objects.filter(pk=other.pk).values().get() == before


def make_waiting(**fields: Any) -> Photo:
    return make_photo(status=Photo.Status.RECEIVED, **fields)


def make_held(**fields: Any) -> Photo:
    """A photo in a worker's first attempt."""
    held = {"attempt": 1, "tries_left": 2, "leased_until": FAR_OFF, **fields}
    return make_photo(status=Photo.Status.PROCESSING, **held)


def read(photo: Photo) -> Photo:
    return Photo.objects.get(pk=photo.pk)


def read_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


class Seconds:
    """How long a lease that is written inside the block lasts."""

    def __enter__(self) -> "Seconds":
        self.began = read_clock()
        return self

    def __exit__(self, *error: object) -> None:
        self.ended = read_clock()

    def match(self, photo: Photo, seconds: float) -> bool:
        until, lease = read(photo).leased_until, timedelta(seconds=seconds)
        return until is not None and self.began + lease <= until <= self.ended + lease


# Claiming.


def test_a_claim_takes_a_try_and_a_lease(settings: Settings, told: list[Photo]) -> None:
    waiting = make_waiting()
    with Seconds() as lasts:
        photo = leases.claim_photo(waiting.pk)
    assert photo == waiting
    assert (photo.status, photo.attempt, photo.tries_left) == (Photo.Status.PROCESSING, 1, 2)
    assert lasts.match(photo, settings.PHOTO_LEASE_S)
    assert told == [photo]


def test_a_claim_takes_the_photo_that_was_asked_for() -> None:
    one, other = make_waiting(), make_waiting()
    assert [leases.claim_photo(photo.pk) for photo in (one, other)] == [one, other]


@pytest.mark.parametrize(
    ("fields", "is_free"),
    [
        ({"leased_until": None}, True),
        ({"leased_until": LONG_AGO}, True),
        ({"leased_until": FAR_OFF}, False),
        ({"tries_left": 1}, True),
        ({"tries_left": 0}, False),
        ({"status": Photo.Status.READY}, False),
    ],
)
def test_only_what_nobody_holds_and_has_tries_left_is_claimed(
    fields: dict[str, Any], is_free: bool, told: list[Photo]
) -> None:
    photo = make_photo(**{"status": Photo.Status.PROCESSING, **fields})
    before = read(photo).attempt
    assert (leases.claim_photo(photo.pk) is not None) is is_free
    assert read(photo).attempt == before + is_free
    assert len(told) == is_free


# Renewing.


class Waits:
    """An event that is not set until it was waited for so many times."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.seconds: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.seconds.append(seconds)
        return len(self.seconds) > self.times


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The renewing thread's connection, which is the test's own here and stays open."""
    closed: list[str] = []
    monkeypatch.setattr(
        leases, "connection", type("Connection", (), {"close": lambda _: closed.append("closed")})()
    )
    return closed


def renew(photo: Photo, times: int) -> Waits:
    done = Waits(times)
    leases.renew_lease(photo, done)  # type: ignore[arg-type]
    return done


def test_a_lease_is_renewed_three_times_while_it_lasts(
    settings: Settings, closed: list[str]
) -> None:
    photo = make_held(leased_until=LONG_AGO)
    with Seconds() as lasts:
        done = renew(photo, times=2)
    assert done.seconds == [settings.PHOTO_LEASE_S / 3] * 3
    assert lasts.match(photo, settings.PHOTO_LEASE_S)
    assert closed == ["closed"]


@pytest.mark.parametrize("moved_on", [{"attempt": 2}, {"status": Photo.Status.READY}])
def test_what_somebody_else_has_now_is_not_renewed(
    closed: list[str], moved_on: dict[str, Any]
) -> None:
    photo = make_held(leased_until=LONG_AGO)
    Photo.objects.filter(pk=photo.pk).update(**moved_on)
    assert len(renew(photo, times=3).seconds) == 1
    assert read(photo).leased_until == LONG_AGO


def test_a_renewal_that_fails_is_logged_and_made_good(
    closed: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    photo = make_held(leased_until=LONG_AGO)
    ends = iter([DatabaseError("away"), FAR_OFF])

    def end_of_lease() -> datetime:
        if isinstance(end := next(ends), DatabaseError):
            raise end
        return end

    monkeypatch.setattr(leases, "end_of_lease", end_of_lease)
    renew(photo, times=2)
    assert f"the lease of photo {photo.pk} was not renewed" in caplog.text
    assert read(photo).leased_until == FAR_OFF


def test_the_renewing_ends_with_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []

    def renew_slowly(photo: Photo, done: Event) -> None:
        ended.append(done.wait(5))
        time.sleep(0.1)
        ended.append(True)

    monkeypatch.setattr(leases, "renew_lease", renew_slowly)
    with leases.keep_lease(make_held()):
        assert ended == []
    assert ended == [True, True]


# Writing, as long as it is held.


def test_who_holds_a_photo_gets_its_row() -> None:
    photo = make_held()
    with leases.hold_photo(photo) as row:
        assert row == photo


@pytest.mark.parametrize(
    "moved_on", [{"attempt": 2}, {"status": Photo.Status.READY}, None], ids=str
)
def test_who_lost_a_photo_writes_nothing(moved_on: dict[str, Any] | None) -> None:
    photo = make_held()
    rows = Photo.objects.filter(pk=photo.pk)
    rows.update(**moved_on) if moved_on else rows.delete()
    with pytest.raises(LostLeaseError, match="attempt 1"):
        leases.fail_photo(photo, code="damaged", message="Too late.")
    assert not rows.filter(failure_code="damaged").exists()


def test_a_failure_ends_the_lease_and_its_owner_reads_why(told: list[Photo]) -> None:
    photo = make_held()
    Photo.objects.filter(pk=photo.pk).update(updated_at=LONG_AGO)
    leases.fail_photo(photo, code="damaged", message="x" * 400)
    row = read(photo)
    assert (row.status, row.leased_until, row.failure_code) == ("failed", None, "damaged")
    assert row.failure == "x" * 300
    assert row.updated_at > LONG_AGO
    assert told == [photo]


def test_a_fault_of_ours_leaves_the_photo_for_later() -> None:
    photo = make_held(tries_left=1)
    with Seconds() as lasts:
        leases.release_photo(photo, code="OSError")
    row = read(photo)
    assert (row.status, row.tries_left, row.failure_code) == ("received", 1, "OSError")
    assert lasts.match(photo, 5)


def test_after_the_last_try_the_photo_has_failed() -> None:
    photo = make_held(tries_left=0)
    leases.release_photo(photo, code="OSError")
    row = read(photo)
    assert (row.status, row.failure_code, row.leased_until) == ("failed", "OSError", None)
    assert "three times" in row.failure


def test_a_photo_that_has_to_wait_gets_its_try_back() -> None:
    photo = make_held(tries_left=1)
    with Seconds() as lasts:
        leases.postpone_photo(photo)
    row = read(photo)
    assert (row.status, row.tries_left, row.failure_code) == ("received", 2, "")
    assert lasts.match(photo, 5)
