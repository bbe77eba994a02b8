"""Setting right what crashes left behind. Every sweep may run twice, or late."""

import logging
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import Q
from django.db.models.functions import Now

from wardrobe import notifications
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.services import leases, many, upload_events

logger = logging.getLogger(__name__)

ORPHAN_AFTER = timedelta(hours=1)
FORGET_SOURCE_AFTER = timedelta(days=1)


def find_abandoned_photos() -> list[Photo]:
    """Unfinished photos that no living worker holds and that may be tried again."""
    give_up_photos()
    return list(Photo.objects.abandoned().filter(tries_left__gt=0))


def find_interrupted_photos() -> list[Photo]:
    """Those of `find_abandoned_photos` that a worker had begun with."""
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


def sweep_orphans() -> int:
    """Delete files that no row names, once they are an hour old; answers with their number."""
    forget_sources()
    upload_events.delete_old_events()
    many.delete_old_acts()
    return storage.delete_unnamed(storage.FOLDERS, older_than=ORPHAN_AFTER, is_named=is_named)


def is_named(name: str) -> bool:
    """Whether a row names the file, asked only for the old ones, by the indexed part of the name."""
    folder, _, row_id, *_ = f"{name}/".split("/")
    try:
        if folder == "garments":
            named = Q(image=name) | Q(cut_out=name)
            return Garment.objects.filter(named, pk=row_id).exists()
        photos = Photo.objects.filter(pk=row_id)
        if folder == "incoming":
            return photos.filter(incoming=name).exists()
        return photos.filter(image=name).exists() or photos.filter(thumbnail=name).exists()
    except ValueError:  # Not an id: nothing that we wrote.
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


def find_incomplete_photos() -> list[Photo]:
    """Finished or waiting photos of which a file that their row names is gone."""
    return [
        photo
        for photo in Photo.objects.exclude(status=Photo.Status.DUPLICATE).iterator()
        if not all(default_storage.exists(name) for name in photo.file_names if name)
    ]
