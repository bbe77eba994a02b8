"""What the demo wearer noted besides outfits: looks, what is in the wash, lent, in repair and put away, details of
pieces, a plan that was called off, and an outfit that she shared."""

import io
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from feedback.services.plans import call_off, copy_plan
from styling.models import SharedPicture, Suggestion
from styling.services.looks import keep_look
from styling.sharing.drawing import Wish
from styling.sharing.links import share
from wardrobe.models import Care, Garment
from wardrobe.services import photos, processing
from wardrobe.services.care import put_in_basket, send_away, wash_garment
from wardrobe.services.garments import archive_garment
from wardrobe.services.pictures import read_picture

CALLED_OFF_AHEAD, BACK_IN = timedelta(days=2), timedelta(days=9)
IN_THE_WASH = 2
LENT_TO = "Inês"
LOOKS = {
    "business": "For the office",
    "casual": "Sunday walk",
    "date_night": "Dinner, not too much",
}
DETAILS = 2


@transaction.atomic
def keep_diary(wearer: User) -> None:
    """Once. Of each type of which there are several, so that enough is left to wear."""
    if Care.objects.for_owner(wearer).exists():
        return
    call_off_a_plan(wearer)
    spare = list_spare(wearer)
    for garment in spare[:IN_THE_WASH]:
        put_in_basket(garment)
    if len(spare) > IN_THE_WASH + 2:
        washed, mended, lent = spare[IN_THE_WASH : IN_THE_WASH + 3]
        wash_garment(washed)
        send_away(mended, kind=Care.Kind.REPAIR, until=wearer.today + BACK_IN)
        send_away(lent, kind=Care.Kind.LENT, whom=LENT_TO)
    if len(spare) > IN_THE_WASH + 3:
        archive_garment(spare[-1], because=Garment.Away.STORED)
    keep_looks(wearer)


def keep_looks(wearer: User) -> None:
    """The last outfit that she wore to each occasion, and one of those laid again by hand."""
    worn = Suggestion.objects.for_owner(wearer).worn(wearer.today).select_related("event", "owner")
    last: dict[str, Suggestion] = {}
    for one in worn.prefetch_related("garments").order_by("-event__date"):
        last.setdefault(one.event.kind, one)
    for kind, name in LOOKS.items():
        if kind in last:
            keep_look(wearer, list(last[kind].garments.all()), name=name, suggestion=last[kind])
    if last:
        first = next(iter(last.values()))
        keep_look(wearer, list(first.garments.all())[:3], name="Three pieces, no thinking")


def photograph_details(wearer: User) -> None:
    """A second photo of the pieces that she wears most: their middle, from near."""
    pieces = Garment.objects.for_owner(wearer).wearable().exclude(photo=None)
    for garment in pieces.select_related("photo").order_by("-wear_count", "pk")[:DETAILS]:
        picture = read_picture(garment)
        width, height = picture.size
        near = picture.crop((width // 4, height // 4, width * 3 // 4, height * 3 // 4))
        data = io.BytesIO()
        near.save(data, "JPEG", quality=85)
        key = uuid5(NAMESPACE_URL, f"demo/detail/{garment.pk}")
        file = ContentFile(data.getvalue(), name="detail.jpg")
        photo, _ = photos.add_photo(owner=wearer, upload_key=key, file=file, view_of=garment)
        processing.process_photo(photo_id=photo.pk)


def share_an_outfit(wearer: User) -> None:
    """Once: what she wore last, at an address that shows it and nothing else."""
    last = find_last_worn(wearer)
    if last and not SharedPicture.objects.for_owner(wearer).exists():
        share(last, Wish(SharedPicture.Shape.PORTRAIT, with_names=True))


def list_spare(wearer: User) -> list[Garment]:
    """The most worn of each type but the first, in one order."""
    garments = Garment.objects.for_owner(wearer).wearable().select_related("owner")
    seen: set[str] = set()
    spare = []
    for garment in garments.order_by("-wear_count", "created_at", "pk"):
        if garment.type in seen:
            spare.append(garment)
        seen.add(garment.type)
    return spare


def call_off_a_plan(wearer: User) -> None:
    """What she wore last, again in two days; and then not."""
    if last := find_last_worn(wearer):
        key = uuid5(NAMESPACE_URL, f"demo/called-off/{wearer.pk}")
        call_off(copy_plan(last, day=wearer.today + CALLED_OFF_AHEAD, request_key=key))


def find_last_worn(wearer: User) -> Suggestion | None:
    worn = Suggestion.objects.for_owner(wearer).worn(wearer.today).select_related("event", "owner")
    return worn.order_by("-event__date").first()
