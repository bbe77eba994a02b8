"""What wearers do to a photo: they add it, try it again, delete it. `processing` does the rest.

The row is the truth and comes after the bytes: a crash leaves bytes without a row, which the sweep
removes, and never a row without bytes.
"""

from typing import NamedTuple
from uuid import UUID, uuid4

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from telemetry.traces import current_traceparent
from wardrobe import failpoints, notifications
from wardrobe.identity import hashes
from wardrobe.models import Garment, Photo
from wardrobe.models.photos import MAX_TRIES, incoming_path
from wardrobe.photos import formats, storage
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import identification, upload_events
from wardrobe.services.upload_events import Attempt


class UploadKeyReusedError(Exception):
    """The same upload key came with another file."""

    code = "key_reused"


class AddedPhoto(NamedTuple):
    """`is_new` is false for a repeat: `photo` is then the one that was there."""

    photo: Photo
    is_new: bool


def add_photo(
    *,
    owner: User,
    upload_key: UUID,
    file: File[bytes],
    batch: UUID | None = None,
    view_of: Garment | None = None,
    meant_for: Garment | None = None,
) -> AddedPhoto:
    """Keep a file's bytes and a row for it, of a `batch` of others, or of one more photo of a garment. A repeat of the upload or of the file adds nothing.

    `meant_for` is a garment of the owner's that it is to be the picture of.

    However it goes, it leaves one upload event. Raises UnreadablePhotoError, UploadKeyReusedError, or
    what the storage raises.
    """
    attempt = upload_events.Attempt(owner, file.size or 0)
    try:
        fields = {"batch": batch, "view_of": view_of, "meant_for": meant_for}
        added = keep_file(attempt, upload_key, file, **fields)
        attempt.refusal = ""
        attempt.photo, attempt.is_new = added
    except (UnreadablePhotoError, UploadKeyReusedError) as error:
        attempt.refusal = error.code
        raise
    finally:
        upload_events.record_attempt(attempt)
    return added


def keep_file(
    attempt: Attempt, upload_key: UUID, file: File[bytes], **fields: UUID | Garment | None
) -> AddedPhoto:
    """Raises as `add_photo` does."""
    attempt.data = file.read(formats.SNIFF_BYTES)
    formats.check_bytes(file.size)
    file.seek(0)
    attempt.data = file.read()
    owner, data = attempt.owner, attempt.data
    inspection = formats.inspect_photo(data)
    sha256 = hashes.hash_file(data)
    if known := find_known(owner, upload_key, sha256):
        return AddedPhoto(known, False)
    photo = Photo(
        id=uuid4(),
        owner=owner,
        upload_key=upload_key,
        sha256=sha256,
        source_format=inspection.format,
        source_bytes=len(data),
        traceparent=current_traceparent(),
        **fields,
    )
    photo.incoming.name = incoming_path(photo, "")
    storage.save_file(photo.incoming.name, data)
    failpoints.hit("photo.stored")
    return insert_photo(photo)


def find_known(owner: User, upload_key: UUID, sha256: str) -> Photo | None:
    """The photo of this upload, or else the wearer's photo with the same bytes.

    Raises UploadKeyReusedError.
    """
    photos = Photo.objects.for_owner(owner)
    if same_upload := photos.filter(upload_key=upload_key).first():
        if same_upload.sha256 != sha256:
            raise UploadKeyReusedError
        return same_upload
    return photos.filter(sha256=sha256).exclude(status=Photo.Status.FAILED).first()


def insert_photo(photo: Photo) -> AddedPhoto:
    """Insert the row of stored bytes. A photo of the same file that failed makes way for it."""
    failed = Photo.objects.for_owner(photo.owner).filter(
        sha256=photo.sha256, status=Photo.Status.FAILED
    )
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
            for before in failed:
                delete_photo(before)
            notifications.notify_photo_changed(photo)
    except IntegrityError:  # The same upload or file came twice at once: the other one won.
        storage.delete_files([photo.incoming.name])
        winner = find_known(photo.owner, photo.upload_key, photo.sha256)
        if winner is None:
            raise
        return AddedPhoto(winner, False)
    except BaseException:
        storage.delete_files([photo.incoming.name])
        raise
    return AddedPhoto(photo, True)


def find_picture(subject: str) -> bytes | None:
    """What a model was shown of the photo that a call is about (`photo:ID`); None once it is gone."""
    kind, _, pk = subject.partition(":")
    photo = Photo.objects.filter(pk=pk).first() if kind == "photo" else None
    if photo is None or not photo.image.name:
        return None
    try:
        return storage.read_file(photo.image.name)
    except FileNotFoundError:
        return None


def retry_photo(photo: Photo) -> bool:
    """Give a failed photo three more tries; false if it did not fail or nothing of it is left."""
    if not photo.can_retry:
        return False
    try:
        with transaction.atomic():
            changed = Photo.objects.filter(pk=photo.pk, status=Photo.Status.FAILED).update(
                status=Photo.Status.RECEIVED,
                tries_left=MAX_TRIES,
                failure="",
                failure_code="",
                leased_until=None,
                traceparent=current_traceparent(),
            )
            notifications.notify_photo_changed(photo)
    except IntegrityError:  # The same file was added again meanwhile.
        return False
    photo.refresh_from_db()
    return bool(changed)


@transaction.atomic
def delete_photo(photo: Photo) -> None:
    """Delete it with its garments, their views, its duplicates and every file of theirs.

    Photos that wait for an answer about it are compared anew.
    """
    repeats = Photo.objects.filter(Q(duplicate_of=photo) | Q(view_of__photo=photo))
    names = [name for one in [photo, *repeats] for name in one.file_names]
    names += [name for one in photo.garments.all() for name in one.picture_names]
    identification.reopen_photos(Photo.objects.filter(alike=photo, status=Photo.Status.ASKING))
    notifications.notify_photo_changed(photo)
    photo.delete()
    storage.delete_files_on_commit(names)
