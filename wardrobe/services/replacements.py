"""Another photo in the place of a garment's picture, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.services import basics, pictures
from wardrobe.services.photos import delete_photo
from wardrobe.services.wears import lock_garments


@dataclass(frozen=True)
class FormerPicture:
    """What showed a garment before: its photo, if it had one, the part of it and how that was turned, the photo of it
    that came first where that was another one, whether it was a drawn basic, and whether its cut-out was refused."""

    photo: UUID | None
    box: tuple[float, ...]
    turned: int
    face: UUID | None
    is_basic: bool
    is_refused: bool

    def as_fields(self) -> dict[str, str]:
        """As a form would send it; `read_former` reads it."""
        return {
            "photo": str(self.photo or ""),
            "box": " ".join(map(str, self.box)),
            "turned": str(self.turned),
            "face": str(self.face or ""),
            "is_basic": "1" if self.is_basic else "",
            "is_refused": "1" if self.is_refused else "",
        }


def find_former(garment: Garment) -> FormerPicture:
    """How it is shown now."""
    return FormerPicture(
        photo=garment.photo_id,
        box=tuple(garment.box),
        turned=garment.turned,
        face=garment.face_id,
        is_basic=garment.is_basic,
        is_refused=garment.cut_out_refused,
    )


def read_former(fields: Mapping[str, str]) -> FormerPicture:
    return FormerPicture(
        photo=UUID(fields["photo"]) if fields.get("photo") else None,
        box=tuple(map(float, fields.get("box", "").split())),
        turned=int(fields["turned"]),
        face=UUID(fields["face"]) if fields.get("face") else None,
        is_basic=bool(fields.get("is_basic")),
        is_refused=bool(fields.get("is_refused")),
    )


@transaction.atomic
def take_back(
    garment: Garment,
    *,
    new: UUID,
    former: FormerPicture,
    is_added: bool,
    view_of: UUID | None = None,
) -> None:
    """As if the `new` photo had never taken its place, or been to; one that was added for it goes, another one is a view
    of the garment with the key `view_of` again, or of this one.

    Where another one took its place since, that one stays, and where the former photo was deleted since, it has none.
    Raises NotItsPhotoError or FileNotFoundError where the former photo has no picture, or what the storage raises.
    """
    lock_garments([garment.pk])
    garment.refresh_from_db()
    photos = Photo.objects.for_owner(garment.owner)
    if garment.photo_id == new:
        if former.photo and (photo := photos.filter(pk=former.photo).first()):
            pictures.use_photo(garment, photo, box=list(former.box), turned=former.turned)
        else:
            show_without(garment, former)
        told = {"face": former.face, "cut_out_refused": former.is_refused}
        Garment.objects.filter(pk=garment.pk).update(**told)
        garment.refresh_from_db()
    left = photos.filter(pk=new).first()
    if left is None or left.garments.exists():
        return
    if is_added:
        delete_photo(left)
    else:
        owned = Garment.objects.for_owner(garment.owner)
        pictures.make_view(left, owned.filter(pk=view_of or garment.pk).first() or garment)


def show_without(garment: Garment, former: FormerPicture) -> None:
    """Without a photo again; a basic as it was drawn."""
    before = garment.picture_names
    garment.photo, garment.box, garment.turned, garment.ordinal = None, [], 0, 0
    garment.image = garment.cut_out = ""
    garment.cut_out_size, garment.cut_out_sureness = [], None
    drawn = next((one for one in basics.list_basics() if one.name == garment.name), None)
    if former.is_basic and drawn:
        basics.keep_picture(garment, drawn.read_picture())
        garment.is_basic = True
    garment.save()
    storage.delete_files_on_commit({*before} - {*garment.picture_names})
