"""Setting right what crashes left behind. Every sweep may run twice, or late."""

import logging
import math
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Model, Q
from django.db.models.functions import Now

from wardrobe import notifications
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.services import digitization, leases, many, rounds, upload_events
from wardrobe.services.strays import delete_strays

logger = logging.getLogger(__name__)

ORPHAN_AFTER = timedelta(hours=1)
FORGET_SOURCE_AFTER = timedelta(days=1)


def find_abandoned_photos() -> list[Photo]:
    """Unfinished photos that no living worker holds and that may be tried again."""
    give_up_photos()
    return list(Photo.objects.abandoned().filter(tries_left__gt=0))


def find_interrupted_photos() -> list[Photo]:
    """Those of `find_abandoned_photos` that a worker had begun with, and those that processes of another release left, where
    this one can look at them."""
    if Photo.objects.left().exists() and digitization.can_digitize():
        leases.free_left_photos()
    return list(Photo.objects.abandoned().filter(attempt__gt=0, tries_left__gt=0))


def give_up_photos() -> int:
    """Fail the photos that took every worker with them, so that they cannot take more."""
    lost = list(Photo.objects.abandoned().filter(tries_left=0))
    for photo in lost:
        Photo.objects.abandoned().filter(pk=photo.pk, attempt=photo.attempt).update(
            status=Photo.Status.FAILED,
            failure_code="gave_up",
            failure=leases.gave_up_message(photo),
            leased_until=None,
            updated_at=Now(),
        )
        notifications.notify_photo_changed(photo)
        logger.error("gave up on photo %s after attempt %s", photo.pk, photo.attempt)
    return len(lost)


def sweep_orphans(*, most_s: float = math.inf) -> int:
    """Delete files that no row names, once they are an hour old; answers with their number.

    It looks at as many wearers' as `most_s` seconds are enough for, and goes on with the others the next time.
    """
    forget_sources()
    upload_events.delete_old_events()
    many.delete_old_acts()
    return delete_strays(
        "orphans",
        storage.FOLDERS,
        older_than=ORPHAN_AFTER,
        find_named=find_named,
        is_named=is_named,
        most_s=most_s,
    )


def find_named(folder: str, owner_id: int) -> Iterator[str]:
    """The files of one of the folders that rows of this wearer name."""
    model, fields = FILES[folder]
    for names in model._default_manager.filter(owner=owner_id).values_list(*fields).iterator():
        yield from filter(None, names)


FILES: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "incoming": (Photo, ("incoming",)),
    "photos": (Photo, ("image", "thumbnail")),
    "garments": (Garment, ("image", "cut_out")),
}
"""By folder: which rows name its files, and where."""


def is_named(name: str) -> bool:
    """Whether a row names the file, whoever's it is, by the indexed part of the name."""
    folder, _, row_id, *_ = f"{name}/".split("/")
    try:
        if folder == "garments":
            named = Q(image=name) | Q(cut_out=name)
            return Garment.objects.filter(named, pk=row_id).exists()
        photos = Photo.objects.filter(pk=row_id)
        if folder == "incoming":
            return photos.filter(incoming=name).exists()
        return photos.filter(image=name).exists() or photos.filter(thumbnail=name).exists()
    except ValidationError:  # Not an id: nothing that we wrote.
        return False


def forget_sources() -> int:
    """Delete uploaded files that could not be read a day ago: what people sent is not kept."""
    old = Photo.objects.filter(
        status=Photo.Status.FAILED, updated_at__lt=Now() - FORGET_SOURCE_AFTER
    ).exclude(incoming="")
    photos = list(old)
    for photo in photos:
        Photo.objects.filter(pk=photo.pk, status=Photo.Status.FAILED).update(incoming="")
        storage.delete_files([photo.incoming.name])
    return len(photos)


def find_incomplete_photos(*, most_s: float = math.inf) -> list[Photo]:
    """Finished or waiting photos of which a file that their row names is gone.

    It looks at as many photos as `most_s` seconds are enough for, and goes on with the others the next time.
    """
    kept = Photo.objects.exclude(status=Photo.Status.DUPLICATE)
    return [
        photo
        for keys in rounds.go_on("incomplete", list_photo_ranges, most_s=most_s)
        for photo in rounds.within(kept, keys)
        if not all(default_storage.exists(name) for name in photo.file_names if name)
    ]


def list_photo_ranges(place: str) -> Iterator[tuple[str, tuple[UUID, UUID]]]:
    for keys in rounds.list_ranges(Photo.objects.all(), place):
        yield str(keys[1]), keys
