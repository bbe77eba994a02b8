"""The picture of an outfit, which stands for it wherever its pieces would be too many."""

import hashlib
import io
import logging
import math
from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django_rq import get_queue
from PIL import Image
from redis.exceptions import RedisError
from rq import Queue

from styling.flatlay.composition import MOST_BYTES, LaidPicture, compose
from styling.flatlay.placing import place_garments
from styling.models import Look, LookPiece, OutfitPiece, Suggestion, TripOccasion, TripWear
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Garment
from wardrobe.photos import ingestion, storage
from wardrobe.services.strays import delete_strays
from wardrobe.services.sweeps import ORPHAN_AFTER

logger = logging.getLogger(__name__)

FOLDER = "looks"
QUEUE, JOB = "maintenance", "styling.jobs.picture_outfit_job"
Pictured = Suggestion | Look | TripOccasion
KINDS: dict[str, type[Pictured]] = {"suggestion": Suggestion, "look": Look, "trip": TripOccasion}
"""What has a picture, by its name in jobs."""
PIECES: dict[type[Pictured], tuple[type[Model], str, str]] = {
    Suggestion: (OutfitPiece, "suggestion", "-created_at"),
    Look: (LookPiece, "look", "-created_at"),
    TripOccasion: (TripWear, "occasion", "-day"),
}
"""Its pieces, how they name it, and what the newest are found by."""


def picture_outfit(outfit: Pictured) -> bool:
    """Compose its picture and name it on the row; false if it is as its pieces are, or there is nothing to show."""
    garments = list_garments(outfit)
    name = name_picture(outfit, garments)
    if name == outfit.picture.name:
        return False
    if name:
        picture = compose(read_pictures(garments))
        storage.save_file(name, ingestion.encode_cut_out(picture, most_bytes=MOST_BYTES))
    rows = type(outfit)._default_manager.filter(pk=str(outfit.pk), picture=outfit.picture.name)
    if rows.update(picture=name):
        storage.delete_files([outfit.picture.name])
    outfit.picture.name = name
    return True


def enqueue_picture(outfit: Pictured) -> None:
    """Queue it once the transaction has committed; the scheduled job finds what is lost."""
    kind = next(name for name, model in KINDS.items() if isinstance(outfit, model))
    transaction.on_commit(partial(push_picture, kind, outfit.pk), robust=True)


def push_picture(kind: str, pk: UUID | int) -> None:
    queue = find_queue()
    try:
        with queue.connection.pipeline() as together:  # RQ's own way is three round trips.
            queue.enqueue(JOB, kind, str(pk), result_ttl=0, pipeline=together)
            together.execute()
    except (RedisError, OSError):
        logger.warning("the picture of %s %s waits: Redis is away", kind, pk, exc_info=True)


@cache
def find_queue() -> Queue:
    """One of each process, for its connection: making one takes longer than the rest."""
    return get_queue(QUEUE)


def list_garments(outfit: Pictured) -> list[Garment]:
    """As its wearer may see them. Of many outfits, fetch `pieces__garment__photo` with them."""
    is_fetched = {"pieces", "wears"} & {*getattr(outfit, "_prefetched_objects_cache", {})}
    pieces = outfit.pieces.all() if is_fetched else outfit.pieces.select_related("garment__photo")
    garments = [piece.garment for piece in pieces]
    is_own = all(garment.owner_id == outfit.owner_id for garment in garments)
    return garments if is_own else show_borrowed(outfit.owner, garments)


def is_stale(outfit: Pictured) -> bool:
    """Whether its picture shows other pieces, or other pictures of them, than it would now."""
    return outfit.picture.name != name_picture(outfit, list_garments(outfit))


def hides_pieces(outfit: Pictured) -> bool:
    """Whether it has pieces that are not shown to its wearer any more: no old picture may show them either."""
    kind, key, _ = PIECES[type(outfit)]
    return kind._base_manager.filter(**{key: outfit.pk}).count() > outfit.pieces.count()


def name_picture(outfit: Pictured, garments: Sequence[Garment]) -> str:
    """Follows from what the picture is made of; empty where no piece has a picture."""
    shown = [name_shown(garment) for garment in garments]
    if not any(shown):
        return ""
    digest = hashlib.sha256("|".join(shown).encode()).hexdigest()[:16]
    folder = f"trip-{outfit.pk}" if isinstance(outfit, TripOccasion) else outfit.pk
    return f"{FOLDER}/{outfit.owner_id}/{folder}/look-{digest}.webp"


def name_shown(garment: Garment) -> str:
    """The file that pages show of it."""
    if garment.shows_cut_out:
        return garment.cut_out.name or ""
    return garment.image.name or (garment.photo.thumbnail.name if garment.photo else "") or ""


def read_pictures(garments: Sequence[Garment]) -> list[LaidPicture]:
    found = []
    for place, garment in zip(place_garments(garments), garments, strict=True):
        if not place or not (name := name_shown(garment)):
            continue
        try:
            with Image.open(io.BytesIO(storage.read_file(name)), formats=["WEBP"]) as picture:
                found.append(LaidPicture(place, picture.convert("RGBA"), not garment.shows_cut_out))
        except (OSError, ValueError):
            logger.exception("%s is left out of the picture of an outfit", name)
    return found


def find_unpictured(model: type[Pictured]) -> QuerySet[Any]:
    """Outfits with pieces and no picture, the newest first."""
    pieces, key, newest = PIECES[model]
    shown = pieces._default_manager.filter(**{key: OuterRef("pk")}).exclude(
        garment__image="", garment__cut_out="", garment__photo=None
    )
    return model._default_manager.filter(Exists(shown), picture="").order_by(newest)


def delete_orphans(*, most_s: float = math.inf) -> int:
    """Delete pictures that no outfit names, once they are an hour old; answers with their number.

    It looks at as many wearers' as `most_s` seconds are enough for, and goes on with the others the next time.
    """
    return delete_strays(
        "orphan-pictures",
        [FOLDER],
        older_than=ORPHAN_AFTER,
        find_named=find_named,
        is_named=is_named,
        most_s=most_s,
    )


def find_named(folder: str, owner_id: int) -> Iterator[str]:
    """The pictures of all outfits of this wearer."""
    for rows in (
        Suggestion.objects.filter(owner=owner_id),
        Look.objects.filter(owner=owner_id),
        TripOccasion.objects.filter(trip__owner=owner_id),
    ):
        yield from rows.exclude(picture="").values_list("picture", flat=True).iterator()


def is_named(name: str) -> bool:
    folder = f"{name}///".split("/")[2]
    if folder.startswith("trip-"):
        number = folder.removeprefix("trip-")
        return number.isdecimal() and TripOccasion.objects.filter(pk=number, picture=name).exists()
    try:
        pk = UUID(folder)
    except ValueError:
        return False
    named = {"pk": pk, "picture": name}
    return Suggestion.objects.filter(**named).exists() or Look.objects.filter(**named).exists()
