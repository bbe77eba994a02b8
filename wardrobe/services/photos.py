"""What happens to a photo: it is added, looked at, tried again, deleted.

The row is the truth and comes after the bytes: a crash leaves bytes without a row, which the sweep
removes, and never a row without bytes.
"""

import logging
import threading
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID, uuid4

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Q
from PIL import Image

from accounts.models import User
from registry import inference
from registry.engines import preferred_engine
from registry.models import InferenceCall
from registry.prompts import live_versions
from wardrobe import failpoints, notifications
from wardrobe.identity import hashes
from wardrobe.models import Garment, Photo, PhotoFeatures
from wardrobe.models.photos import MAX_TRIES, incoming_path
from wardrobe.photos import formats, ingestion, storage
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import embeddings, identification, leases
from wardrobe.services.garment_builder import describe_garments
from wardrobe.services.leases import LostLeaseError
from wardrobe.tasks import DigitizeAnswer, DigitizeContext, DigitizePhoto

logger = logging.getLogger(__name__)

opening = threading.Lock()
"""Photos are decoded one at a time: each may take most of what `WORKER_MEMORY_MB` allows."""


class UploadKeyReusedError(Exception):
    """The same upload key came with another file."""


class AddedPhoto(NamedTuple):
    """`is_new` is false for a repeat: `photo` is then the one that was there."""

    photo: Photo
    is_new: bool


def add_photo(*, owner: User, upload_key: UUID, file: File[bytes]) -> AddedPhoto:
    """Keep a file's bytes and a row for it. A repeat of the upload or of the file adds nothing.

    Raises UnreadablePhotoError, UploadKeyReusedError, or what the storage raises.
    """
    formats.check_bytes(file.size)
    data = file.read()
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
    crops = Garment.objects.filter(photo=photo).values_list("image", flat=True)
    names = [name for one in [photo, *repeats] for name in one.file_names]
    names += crops
    identification.reopen_photos(Photo.objects.filter(alike=photo, status=Photo.Status.ASKING))
    notifications.notify_photo_changed(photo)
    photo.delete()
    storage.delete_files_on_commit(names)


def ingest_photo(*, photo_id: UUID | str) -> None:
    """Make renditions and garments of a photo, once. Runs in a worker; a repeat does nothing.

    However it goes is written on the row; only a database that is away is raised.
    """
    photo = leases.claim_photo(photo_id)
    if photo is None:
        return
    failpoints.hit("photo.claimed")
    try:
        with leases.keep_lease(photo):
            settle_photo(photo)
    except LostLeaseError:
        logger.warning("fenced: attempt %s on photo %s came too late", photo.attempt, photo.pk)


def settle_photo(photo: Photo) -> None:
    """Look at a claimed photo and write down how it went. Raises LostLeaseError."""
    try:
        look_at(photo)
    except LostLeaseError:
        raise
    except UnreadablePhotoError as error:
        leases.fail_photo(photo, code=error.code, message=error.message)
    except inference.InferenceError as error:
        logger.warning("photo %s: the call %s failed: %s", photo.pk, error.call_id, error.code)
        if error.permanent:
            message = "Nobody could tell what this photo shows. The photo is kept."
            leases.fail_photo(photo, code=error.code, message=message)
        else:
            leases.release_photo(photo, code=error.code)
    except Exception as error:
        logger.exception("photo %s, attempt %s", photo.pk, photo.attempt)
        leases.release_photo(photo, code=type(error).__name__[:48])


def look_at(photo: Photo) -> None:
    with opening:
        picture = get_picture(photo)
    if not identification.admit_photo(photo, picture):
        return
    failpoints.hit("photo.rendered")
    features = get_features(photo)
    failpoints.hit("photo.described")
    hang_garments(photo, picture, features)
    try:
        embeddings.embed_garments(photo, picture)
    except Exception:  # The photo is done; a scheduled job makes what is missing.
        logger.exception("the garments of photo %s have no vectors yet", photo.pk)


def get_picture(photo: Photo) -> Image.Image:
    """The kept picture: of an earlier try, or made from the uploaded file, which then goes."""
    if photo.image:
        return ingestion.read_picture(
            storage.read_file(photo.image.name), format=ingestion.KEPT_FORMAT
        )
    data = storage.read_file(photo.incoming.name)
    if hashes.hash_file(data) != photo.sha256:
        raise OSError(f"the stored bytes of photo {photo.pk} are not those that came")
    renditions = ingestion.make_renditions(data, format=photo.source_format)
    store_renditions(photo, renditions)
    return renditions.picture


def store_renditions(photo: Photo, renditions: ingestion.Renditions) -> None:
    """Store both pictures and what identifies them; the file as it was uploaded is deleted.

    Of a photo that shows what another one shows nothing is stored but its hash.
    """
    picture = renditions.picture
    photo.pixel_sha256 = hashes.hash_pixels(picture)
    if identification.find_original(photo):
        return
    folder = f"photos/{photo.owner_id}/{photo.pk}"
    image = storage.name_by_content(folder, "image", renditions.image)
    thumbnail = storage.name_by_content(folder, "thumbnail", renditions.thumbnail)
    storage.save_file(image, renditions.image)
    storage.save_file(thumbnail, renditions.thumbnail)
    failpoints.hit("photo.renditions_stored")
    with leases.hold_photo(photo):
        Photo.objects.filter(pk=photo.pk).update(
            image=image,
            thumbnail=thumbnail,
            width=picture.width,
            height=picture.height,
            incoming="",
            pixel_sha256=photo.pixel_sha256,
            perceptual_hash=hashes.hash_appearance(picture),
        )
        storage.delete_files_on_commit([photo.incoming.name])
        notifications.notify_photo_changed(photo)
    photo.refresh_from_db()


def get_features(photo: Photo) -> PhotoFeatures:
    """What the wearer's version reads in these pixels: from the store, else by asking, once.

    An answer of the built-in engine is not reused when a model is there to give a better one.
    Raises InferenceError.
    """
    live = live_versions.resolve(DigitizePhoto.name, photo.owner_id, certain=True)
    known = PhotoFeatures.objects.filter(
        owner=photo.owner,
        pixel_sha256__in=identification.same_pixels(photo),
        version_id=live.version_id,
        engine=preferred_engine(live.bundle["engine"]),
    )
    if features := known.first():
        return features
    return store_features(photo, find_answered(photo, live.version_id) or ask(photo))


def find_answered(photo: Photo, version_id: int) -> InferenceCall | None:
    """A call for this photo that was answered before the worker could write the answer down."""
    return InferenceCall.objects.filter(
        subject=subject_of(photo),
        version_id=version_id,
        outcome=InferenceCall.Outcome.SUCCEEDED,
    ).first()


def ask(photo: Photo) -> InferenceCall:
    context = DigitizeContext.of(storage.read_file(photo.image.name))
    finished = inference.run(
        DigitizePhoto.name, context, subject=subject_of(photo), wearer=photo.owner_id
    )
    return InferenceCall.objects.get(pk=finished.call_id)


def subject_of(photo: Photo) -> str:
    return f"photo:{photo.pk}"


def store_features(photo: Photo, call: InferenceCall) -> PhotoFeatures:
    features, _ = PhotoFeatures.objects.get_or_create(
        owner=photo.owner,
        pixel_sha256=photo.pixel_sha256,
        version_id=call.version_id,
        engine=call.engine,
        defaults={"output": call.output, "call": call},
    )
    return features


def hang_garments(photo: Photo, picture: Image.Image, features: PhotoFeatures) -> None:
    """Make the garments and finish the photo, in one transaction.

    Raises UnreadablePhotoError when no garment was seen, and LostLeaseError.
    """
    answer = DigitizeAnswer.model_validate(features.output)
    garments = describe_garments(photo, answer, features.version.parameters)
    if not garments:
        raise UnreadablePhotoError(
            "no_garment", "No piece of clothing could be made out. The photo is kept."
        )
    store_crops(picture, garments)
    for garment in garments:
        garment.call_id = features.call_id
    failpoints.hit("photo.crops_stored")
    with leases.hold_photo(photo):
        identification.lock_owner(photo.owner_id)
        if identification.mark_duplicate(photo):
            storage.delete_files_on_commit(garment.image.name for garment in garments)
            return
        Garment.objects.bulk_create(garments)
        leases.close_photo(photo, status=Photo.Status.READY, failure="", failure_code="")


def store_crops(picture: Image.Image, garments: Iterable[Garment]) -> None:
    for garment in garments:
        data = ingestion.make_crop(picture, garment.box)
        name = storage.name_by_content(f"garments/{garment.owner_id}/{garment.pk}", "crop", data)
        garment.image.name = storage.save_file(name, data)
