"""Photos and garments of a document, taken into a wardrobe: pixels are measured, words looked up."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from dresscode.own_data.archive.document import Colour, File, GarmentRecord, PhotoRecord
from dresscode.own_data.archive.plan import Plan, find_own
from dresscode.own_data.archive.reading import Archive, check_upload
from wardrobe import vocabulary
from wardrobe.identity import hashes
from wardrobe.jobs import enqueue_process_photo
from wardrobe.models import Garment, Photo
from wardrobe.models.photos import incoming_path
from wardrobe.photos import formats, storage
from wardrobe.tasks import WORD_LISTS, WORDS

SETTLED = {Photo.Status.READY, Photo.Status.DUPLICATE, Photo.Status.VIEW}
PLAIN = (
    "box",
    "turned",
    "cut_out_refused",
    "status",
    "away",
    "is_basic",
    "name",
    "water_resistant",
    "clo",
    "edited_fields",
    "brand",
    "currency",
    "quantity",
    "notes",
    "is_favourite",
    "in_wash",
    "washed_on",
    "wash_after",
)
"""What a garment takes as it comes; words are looked up first."""
KINDS: dict[str, type] = {
    **dict.fromkeys(WORDS, str),
    **dict.fromkeys(WORD_LISTS, list),
    "occasions": list,
    "colours": Colour,
    "water_resistant": bool,
}
"""Attributes that a model may have said something of, each with what that is."""


def take_photo(owner: User, archive: Archive, plan: Plan, record: PhotoRecord) -> None:
    """With its stored pictures; what was not settled where it came from is looked at here."""
    photo = Photo(
        id=plan.photos[record.id],
        owner=owner,
        upload_key=record.upload_key,
        status=record.status if record.status in SETTLED else Photo.Status.RECEIVED,
        sha256=record.sha256,
        source_format=record.source_format,
        source_bytes=record.source_bytes,
        place=record.place,
        duplicate_of_id=find_own(Photo, owner, plan.photos, record.duplicate_of),
        view_of_id=find_own(Garment, owner, plan.garments, record.view_of),
        alike_id=find_own(Photo, owner, plan.photos, record.alike),
    )
    is_repeat = photo.duplicate_of_id or photo.view_of_id
    if not is_repeat and photo.status in {Photo.Status.DUPLICATE, Photo.Status.VIEW}:
        photo.status = Photo.Status.RECEIVED
    if record.image:
        keep_pictures(photo, archive, record)
    elif record.upload:
        keep_upload(photo, archive, record.upload)
    elif not is_repeat:
        return
    insert_photo(photo, record.added_at)


def keep_pictures(photo: Photo, archive: Archive, record: PhotoRecord) -> None:
    """Its pictures under the names that follow from their bytes.

    The digest of its pixels is of those before they were compressed, which nobody can compute anew: it is taken as told,
    and says which of one wearer's photos are the same, no more. What it is known by to others is measured.
    """
    assert record.image  # noqa: S101 Asked by who calls.
    data, picture = archive.read_picture(record.image)
    folder = f"photos/{photo.owner_id}/{photo.pk}"
    photo.image.name = storage.save_rendition(folder, "image", data)
    photo.width, photo.height = picture.size
    photo.pixel_sha256 = record.pixel_sha256 or hashes.hash_pixels(picture)
    photo.perceptual_hash = hashes.hash_appearance(picture)
    if record.thumbnail:
        small, _ = archive.read_picture(record.thumbnail)
        photo.thumbnail.name = storage.save_rendition(folder, "thumbnail", small)


def keep_upload(photo: Photo, archive: Archive, file: File) -> None:
    """The file as it came, to be looked at as any upload is."""
    data = archive.read(file)
    check_upload(data)
    photo.sha256, photo.source_bytes = hashes.hash_file(data), len(data)
    photo.source_format = formats.inspect_photo(data).format
    photo.incoming.name = storage.save_file(incoming_path(photo, ""), data)


@transaction.atomic
def insert_photo(photo: Photo, added_at: datetime) -> None:
    photo.save(force_insert=True)
    Photo.objects.filter(pk=photo.pk).update(created_at=added_at)
    if photo.status == Photo.Status.RECEIVED:
        enqueue_process_photo(photo)


@transaction.atomic
def take_garment(owner: User, archive: Archive, plan: Plan, record: GarmentRecord) -> None:
    """In the words of this site; those that it does not know are left empty."""
    garment = Garment(
        id=plan.garments[record.id],
        owner=owner,
        photo_id=find_own(Photo, owner, plan.photos, record.photo),
        ordinal=record.ordinal,
        slot=vocabulary.slot_of(record.type),
        price=None if record.price is None else Decimal(record.price),
        **{name: getattr(record, name) for name in PLAIN},
        **read_words(record),
    )
    take_doubts(garment, record)
    garment.washing = min(record.washing, record.quantity)
    garment.name = garment.name or record.type.replace("_", " ").capitalize()
    garment.box = garment.box if len(garment.box) == 4 else []
    if record.picture:
        data, _ = archive.read_picture(record.picture)
        folder = f"garments/{owner.pk}/{garment.pk}"
        garment.image.name = storage.save_rendition(folder, "crop", data)
    garment.save(force_insert=True)
    Garment.objects.filter(pk=garment.pk).update(created_at=record.added_at)


def take_doubts(garment: Garment, record: GarmentRecord) -> None:
    """How sure a model was, and what it had said: of attributes that there are, in values that they can have."""
    garment.confidence = {name: one for name, one in record.confidence.items() if name in KINDS}
    garment.doubts = [name for name in record.doubts if name in KINDS]
    rivals = [one.model_dump() for one in record.alternatives.get("type", [])]
    garment.alternatives = {"type": rivals} if rivals else {}
    garment.model_values = {
        name: as_json(value) for name, value in record.model_values.items() if fits(name, value)
    }
    garment.set_aside = {
        name: one.model_dump() for name, one in record.set_aside.items() if fits(name, one.value)
    }


def fits(name: str, value: Any) -> bool:
    """Whether an attribute can have a value of that kind."""
    kind = KINDS.get(name)
    is_list = isinstance(value, list)
    if kind is Colour:
        return is_list and all(isinstance(one, Colour) for one in value)
    if kind is list:
        return is_list and all(isinstance(one, str) for one in value)
    return kind is not None and isinstance(value, kind)


def read_words(record: GarmentRecord) -> dict[str, Any]:
    """Its attributes, of each the words that the vocabulary of this site has."""
    told: dict[str, Any] = {}
    for name, kind in WORDS.items():
        if name != "slot":
            value = getattr(record, name)
            told[name] = value if value in vocabulary.terms(kind) else ""
    for name, kind in {**WORD_LISTS, "occasions": "event"}.items():
        told[name] = [word for word in getattr(record, name) if word in vocabulary.terms(kind)]
    colours = vocabulary.terms("colour")
    told["colours"] = [one.model_dump() for one in record.colours if one.name in colours]
    return told


def as_json(value: Any) -> Any:
    """As the table holds it."""
    if not isinstance(value, list):
        return value
    return [one.model_dump() if isinstance(one, Colour) else one for one in value]
