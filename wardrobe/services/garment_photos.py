"""Several photos of one garment: added, put in order; the first one is its face."""

from typing import Literal
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from wardrobe.models import Garment, Photo
from wardrobe.services.photos import AddedPhoto, add_photo

Step = Literal["first", "earlier", "later"]
MOST_PHOTOS = 12


class KnownPhotoError(Exception):
    """The wearer has the photo already, and it shows something else."""


class TooManyPhotosError(Exception):
    """A garment has as many photos as it may have."""


def add_view(garment: Garment, *, upload_key: UUID, file: File[bytes]) -> AddedPhoto:
    """Add a photo of a garment; nothing is looked for in it. A basic is one no more.

    Raises KnownPhotoError, TooManyPhotosError, or as `add_photo` does.
    """
    if garment.views.count() >= MOST_PHOTOS:
        raise TooManyPhotosError
    added = add_photo(owner=garment.owner, upload_key=upload_key, file=file, view_of=garment)
    if added.photo.view_of_id != garment.pk:
        raise KnownPhotoError
    return added


def list_photos(garment: Garment) -> list[Photo]:
    """Its own and its views, the face first."""
    photos = [*garment.views.all(), *([garment.photo] if garment.photo else [])]
    first = garment.face_id or garment.photo_id
    return sorted(photos, key=lambda one: (one.pk != first, one.place, one.created_at))


@transaction.atomic
def move_photo(garment: Garment, photo_id: UUID, *, step: Step) -> None:
    """Show a photo of it first, or one place earlier or later. What comes first is its face; its own photo needs none.

    Raises Photo.DoesNotExist where it is none of its photos, and Garment.DoesNotExist where the garment is gone.
    """
    row = Garment.objects.select_for_update(of=("self",)).select_related("photo").get(pk=garment.pk)
    photos = list_photos(row)
    keys = [one.pk for one in photos]
    if photo_id not in keys:
        raise Photo.DoesNotExist
    place = keys.index(photo_id)
    to = {"first": 0, "earlier": max(place - 1, 0), "later": place + 1}[step]
    photos.insert(to, photos.pop(place))
    for number, one in enumerate(photos):
        Photo.objects.filter(pk=one.pk).update(place=number)
    face = photos[0].pk if photos[0].pk != row.photo_id else None
    Garment.objects.filter(pk=row.pk).update(face=face)
