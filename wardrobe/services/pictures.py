"""The pictures of a garment: its part of the photo, and that part without what it lay on."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from PIL import Image

from wardrobe.cutouts import cutting
from wardrobe.cutouts.cutting import CutOut
from wardrobe.models import Garment, Photo
from wardrobe.photos import ingestion, storage
from wardrobe.vision.parameters import VisionParameters

logger = logging.getLogger(__name__)

TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180}
TURNS[270] = Image.Transpose.ROTATE_90
TOLD = ("image", "cut_out", "cut_out_size", "cut_out_sureness")


def draw_garments(picture: Image.Image, garments: Sequence[Garment], *, file: bytes = b"") -> None:
    """Store the pictures of garments on one photo and name them on the rows, which are not saved.

    `file` is the WebP that the photo is kept as: they are cut out where the built-in engine has just found them in it.
    A cut-out of which it is not sure is not kept. Raises OSError, or what the storage raises.
    """
    for garment in garments:
        draw_crop(picture, garment)
    try:
        found = cutting.find_cut_outs(
            picture,
            [garment.box for garment in garments],
            parameters=VisionParameters(),
            file=file,
        )
    except Exception:  # The photo is not lost for it: a scheduled job tries again.
        logger.exception("the garments of photo %s are not cut out yet", garments[0].photo_id)
        return
    for garment, cut_out in zip(garments, found, strict=True):
        keep_cut_out(garment, cut_out)


def draw_crop(picture: Image.Image, garment: Garment) -> None:
    turned, box = turn_picture(picture, garment.box, garment.turned)
    crop = ingestion.make_crop(turned, box)
    garment.image.name = storage.save_rendition(folder_of(garment), "crop", crop)


def keep_cut_out(garment: Garment, cut_out: CutOut | None) -> None:
    garment.cut_out, garment.cut_out_size = "", []
    garment.cut_out_sureness = cut_out.sureness if cut_out else 0.0
    if cut_out is None or cut_out.sureness < cutting.SURE_ENOUGH:
        return
    picture, _ = turn_picture(cut_out.picture, [], garment.turned)
    picture = fit_within(picture, cutting.CUT_SIZE)
    data = ingestion.encode_cut_out(picture)
    garment.cut_out.name = storage.save_rendition(folder_of(garment), "cut", data)
    garment.cut_out_size = [*picture.size]


def folder_of(garment: Garment) -> str:
    return f"garments/{garment.owner_id}/{garment.pk}"


def fit_within(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A picture that was turned may be wider than it may be."""
    scale = min(1.0, *(most / side for most, side in zip(size, picture.size, strict=True)))
    if scale == 1:
        return picture
    smaller = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    return picture.resize(smaller, Image.Resampling.BICUBIC)


def turn_picture(
    picture: Image.Image, box: Sequence[float], degrees: int
) -> tuple[Image.Image, list[float]]:
    """A picture turned clockwise, and a box in it, in fractions, where it is then."""
    turned = picture.transpose(TURNS[degrees]) if degrees else picture
    if not box or not degrees:
        return turned, list(box)
    x, y, width, height = box
    return turned, {
        90: [1 - y - height, x, height, width],
        180: [1 - x - width, 1 - y - height, width, height],
        270: [y, 1 - x - width, height, width],
    }[degrees]


def frame_garment(garment: Garment, *, box: list[float]) -> None:
    """Show another part of the photo: `box` is x, y, width, height in fractions of it as it was taken."""
    change_picture(garment, box=box)


def turn_garment(garment: Garment, *, degrees: int) -> None:
    """Turn its picture further, clockwise: `degrees` is a multiple of 90."""
    change_picture(garment, turned=(garment.turned + degrees) % 360)


def change_picture(garment: Garment, **fields: Any) -> None:
    """Set what its pictures follow from, and draw its part of the photo anew; the cut-out is for a job.

    Raises FileNotFoundError where the photo is gone, or what the storage raises.
    """
    picture = read_picture(garment)
    with transaction.atomic():
        row = (
            Garment.objects.select_for_update(of=("self",))
            .select_related("photo")
            .get(pk=garment.pk)
        )
        before = row.picture_names
        for name, value in fields.items():
            setattr(row, name, value)
        draw_crop(picture, row)
        row.cut_out, row.cut_out_size, row.cut_out_sureness = "", [], None
        row.cut_out_refused = False
        row.save(update_fields=[*TOLD, "cut_out_refused", *fields])
        storage.delete_files_on_commit({*before} - {*row.picture_names})
    garment.refresh_from_db()


class NotItsPhotoError(Exception):
    """The photo is not the owner's, or has no picture yet."""


def use_photo(
    garment: Garment, photo: Photo, *, box: list[float] | None = None, turned: int = 0
) -> None:
    """Show the garment by another photo of its owner's, whole or its part in `box`, `turned` by so many degrees.

    A photo that shows nothing else any more becomes another view of it; nothing is deleted. A basic is one no more.
    Raises NotItsPhotoError, FileNotFoundError, or what the storage raises.
    """
    if photo.owner_id != garment.owner_id or not photo.image:
        raise NotItsPhotoError
    with transaction.atomic():
        former = Garment.objects.get(pk=garment.pk).photo
        Photo.objects.filter(pk=photo.pk).update(
            status=Photo.Status.READY, view_of=None, duplicate_of=None, alike=None
        )
        last = photo.garments.exclude(pk=garment.pk).aggregate(Max("ordinal"))["ordinal__max"]
        garment.photo = photo
        ordinal = 0 if last is None else last + 1
        placed = {"ordinal": ordinal, "box": box or [], "turned": turned}
        change_picture(garment, photo=photo, face=None, is_basic=False, **placed)
        if former and former.pk != photo.pk and not former.garments.exists():
            make_view(former, garment)


def make_view(photo: Photo, garment: Garment) -> None:
    """One more photo of it, which shows nothing else."""
    Photo.objects.filter(pk=photo.pk).update(
        status=Photo.Status.VIEW, view_of=garment, duplicate_of=None, alike=None
    )


def refuse_cut_out(garment: Garment, *, is_refused: bool) -> None:
    """Show the photo as a print in its place, or the cut-out again."""
    Garment.objects.filter(pk=garment.pk).update(cut_out_refused=is_refused)
    garment.cut_out_refused = is_refused


def find_uncut() -> QuerySet[Garment]:
    """Garments whose photo was not looked at for a cut-out yet, the newest first."""
    with_photo = Garment.objects.filter(cut_out_sureness=None, photo__isnull=False)
    return with_photo.exclude(photo__image="").select_related("photo")


def cut_garment(garment_id: UUID | str) -> bool:
    """Cut it out of its photo; false if that was done, or cannot be. A change meanwhile wins."""
    garment = find_uncut().filter(pk=garment_id).first()
    if garment is None:
        return False
    try:
        picture = read_picture(garment)
    except FileNotFoundError:
        logger.error("garment %s has lost its photo", garment.pk)
        Garment.objects.filter(pk=garment.pk).update(cut_out_sureness=0.0)
        return False
    try:
        found = cutting.find_cut_outs(picture, [garment.box], parameters=VisionParameters())
    except Exception:  # It shows as a print: the next garment must have its turn.
        logger.exception("garment %s could not be cut out", garment.pk)
        found = [None]
    keep_cut_out(garment, found[0])
    same = Q(pk=garment.pk, photo=garment.photo_id, box=garment.box, turned=garment.turned)
    told = {name: getattr(garment, name) for name in TOLD if name != "image"}
    if Garment.objects.filter(same, cut_out_sureness=None).update(**told):
        return True
    if garment.cut_out.name and not Garment.objects.filter(cut_out=garment.cut_out.name).exists():
        storage.delete_files([garment.cut_out.name])
    return False


def read_picture(garment: Garment) -> Image.Image:
    """The photo that it is on. Raises FileNotFoundError, or what the storage raises."""
    name = garment.photo.image.name if garment.photo else None
    return ingestion.read_picture(storage.read_file(name), format=ingestion.KEPT_FORMAT)
