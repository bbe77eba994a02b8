"""Who works on a photo. A worker holds it by a lease in database time and an attempt number.

A worker that stopped renewing loses the photo to the next; should it wake up again, none of its
writes goes through, because the number has moved on. `processing` alone holds photos.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.languages.speaking import speaking
from registry.engines.base import OtherReleaseError
from telemetry.traces import add_number
from wardrobe import notifications
from wardrobe.models import Photo
from wardrobe.models.photos import MAX_TRIES
from wardrobe.photos import storage

logger = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 3
RETRY_AFTER_S = 5
LONGEST_LEFT_S = 300.0
"""Between two looks of processes that cannot see by the live version at the same photo."""
LOCK_SPACE = 0x1DE7
"""Of PostgreSQL's two-number advisory locks: ours are this and the owner's number."""
FILE_FIELDS = ("incoming", "image", "thumbnail")


class LostLeaseError(Exception):
    """Another worker has the photo now, or its owner deleted it: what was made is dropped."""


def claim_photo(photo_id: UUID | str) -> Photo | None:
    """Take a photo that nobody holds and that has tries left; None if there is nothing to do."""
    is_free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    with transaction.atomic():
        photos = Photo.objects.unfinished().filter(is_free, pk=photo_id, tries_left__gt=0)
        photo = photos.select_for_update(skip_locked=True).first()
        if photo is None:
            return None
        Photo.objects.filter(pk=photo.pk).update(
            status=Photo.Status.PROCESSING,
            attempt=F("attempt") + 1,
            tries_left=F("tries_left") - 1,
            leased_until=end_of_lease(),
        )
        photo.refresh_from_db()
    notifications.notify_photo_changed(photo)
    return photo


def end_of_lease(seconds: float | None = None) -> Now:
    return Now() + timedelta(seconds=settings.PHOTO_LEASE_S if seconds is None else seconds)  # type: ignore[return-value]


@contextmanager
def keep_lease(photo: Photo) -> Iterator[None]:
    """Renew the lease from a thread for as long as the block runs."""
    done = threading.Event()
    renewing = threading.Thread(
        target=renew_lease, args=(photo, done), name=f"lease-{photo.pk}", daemon=True
    )
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()


def renew_lease(photo: Photo, done: threading.Event) -> None:
    """Until `done`, or until the photo belongs to somebody else."""
    held = Photo.objects.filter(pk=photo.pk, attempt=photo.attempt, status=Photo.Status.PROCESSING)
    try:
        while not done.wait(settings.PHOTO_LEASE_S / RENEWALS_PER_LEASE):
            try:
                if not held.update(leased_until=end_of_lease()):
                    return
            except DatabaseError:  # The next renewal may reach it; else the lease runs out.
                logger.warning("the lease of photo %s was not renewed", photo.pk, exc_info=True)
    finally:
        connection.close()


@contextmanager
def hold_photo(photo: Photo) -> Iterator[Photo]:
    """A transaction with the photo's row locked, if this worker still has it.

    Raises LostLeaseError.
    """
    with transaction.atomic():
        rows = Photo.objects.filter(
            pk=photo.pk, attempt=photo.attempt, status=Photo.Status.PROCESSING
        )
        row = rows.select_for_update(of=("self",)).first()
        if row is None:
            raise LostLeaseError(f"photo {photo.pk}, attempt {photo.attempt}")
        yield row


@contextmanager
def hold_turn(photo: Photo) -> Iterator[Photo]:
    """As `hold_photo`, and no other photo of its owner is compared or finished meanwhile.

    Raises LostLeaseError.
    """
    with hold_photo(photo) as row:
        lock_owner(row.owner_id)
        yield row


def lock_owner(owner_id: int) -> None:
    """Until the transaction ends. Not the user's row: others lock that one for other reasons."""
    with connection.cursor() as cursor:
        # The second number has 32 bits: owners who share one only wait for each other.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, owner_id % 2**31])


def write_photo(row: Photo, **fields: object) -> None:
    """Write to a held row. The file of each field that becomes empty is deleted on commit."""
    Photo.objects.filter(pk=row.pk).update(**fields)
    emptied = [name for name in FILE_FIELDS if fields.get(name) == ""]
    storage.delete_files_on_commit(getattr(row, name).name for name in emptied)
    notifications.notify_photo_changed(row)


def admit_photo(row: Photo) -> None:
    """The held photo may be shown to the model: copies of it wait from now on."""
    Photo.objects.filter(pk=row.pk).update(admitted_attempt=row.attempt)


def close_photo(
    row: Photo,
    *,
    status: Photo.Status,
    failure: str = "",
    failure_code: str = "",
    **fields: object,
) -> None:
    """Let go of a held photo that is finished."""
    closing = {"status": status, "failure": failure, "failure_code": failure_code, **fields}
    write_photo(row, leased_until=None, updated_at=Now(), **closing)


def fail_photo(photo: Photo, *, code: str, message: str) -> None:
    """Trying again would not help. The photo stays, and its owner reads why."""
    with hold_photo(photo) as row:
        close_photo(row, status=Photo.Status.FAILED, failure_code=code, failure=message[:300])


def release_photo(photo: Photo, *, code: str) -> None:
    """Something of ours failed: leave the photo to the sweep, or give up after the last try."""
    if photo.tries_left == 0:
        fail_photo(photo, code=code, message=gave_up_message(photo))
        return
    with hold_photo(photo):
        Photo.objects.filter(pk=photo.pk).update(
            status=Photo.Status.RECEIVED,
            failure_code=code,
            leased_until=end_of_lease(RETRY_AFTER_S),
        )


def postpone_photo(photo: Photo) -> None:
    """Nothing failed, but it is not this photo's turn: leave it to the sweep, at no cost."""
    with hold_photo(photo):
        Photo.objects.filter(pk=photo.pk).update(
            status=Photo.Status.RECEIVED,
            tries_left=F("tries_left") + 1,
            leased_until=end_of_lease(RETRY_AFTER_S),
        )


def leave_photo(photo: Photo) -> None:
    """This release cannot look at it: leave it to processes of the live version's, at no cost. Each time for longer,
    unless one of those takes it up before (`free_left_photos`)."""
    with hold_photo(photo) as row:
        times = row.attempt - (MAX_TRIES - row.tries_left)
        seconds = min(RETRY_AFTER_S * 2.0 ** min(times, 16), LONGEST_LEFT_S)
        since = {} if row.is_left else {"updated_at": Now()}
        Photo.objects.filter(pk=photo.pk).update(
            status=Photo.Status.RECEIVED,
            failure_code=OtherReleaseError.code,
            tries_left=F("tries_left") + 1,
            leased_until=end_of_lease(seconds),
            **since,
        )
        notifications.notify_photo_changed(row)


def free_left_photos() -> int:
    """For a process that can look at them: those that others left may be taken at once; answers with their number."""
    left = Photo.objects.left().filter(status=Photo.Status.RECEIVED, leased_until__gt=Now())
    return left.update(leased_until=Now())


def gave_up_message(photo: Photo) -> str:
    with speaking(photo.owner):
        message = _("We tried three times and could not read it. The photo is kept.")
    return add_number(message, photo.traceparent)
