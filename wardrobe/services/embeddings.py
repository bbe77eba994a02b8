"""Vectors of photos and garments, kept for each extractor and made where they are missing."""

import logging
from collections.abc import Iterator
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from PIL import Image

from registry.engines.base import EngineError, InputRefusedError
from wardrobe.identity import alignment
from wardrobe.models import Garment, Photo, PhotoEmbedding
from wardrobe.photos import ingestion, storage
from wardrobe.services.rounds import go_on, list_ranges, within
from wardrobe.similarity.extractors import Extractor, builtin_extractor, list_extractors

logger = logging.getLogger(__name__)


def embed_appearance(photo: Photo, picture: Image.Image) -> PhotoEmbedding:
    """The vector by which the same picture is found again."""
    key = {"owner": photo.owner, "extractor": alignment.EXTRACTOR, "box": []}
    key["pixel_sha256"] = photo.pixel_sha256
    if known := PhotoEmbedding.objects.filter(**key).first():
        return known
    vector = alignment.describe_appearance(picture)
    made, _ = PhotoEmbedding.objects.get_or_create(**key, defaults={"vector": vector})
    return made


def embed_garments(photo: Photo, picture: Image.Image) -> None:
    """The vectors by which garments like these are found, each of the garment's part of the photo.

    Those of the built-in extractor are made first and always: they serve while another one is away,
    whose own are then left for `embed_photos`.
    """
    for extractor in reversed(list_extractors()):
        try:
            embed_garments_by(extractor, photo, picture)
        except EngineError as error:
            logger.warning("%s gave no vectors of photo %s: %s", extractor.name, photo.pk, error)


def embed_garments_by(extractor: Extractor, photo: Photo, picture: Image.Image) -> None:
    """Raises EngineError; what was made before it stays."""
    for garment in without_embedding(photo.garments.all(), extractor.name):
        PhotoEmbedding.objects.get_or_create(
            owner_id=garment.owner_id,
            extractor=extractor.name,
            pixel_sha256=photo.pixel_sha256,
            box=garment.box,
            defaults={"vector": extractor.embed(cut_out(picture, garment.box))},
        )


def cut_out(picture: Image.Image, box: list[float]) -> Image.Image:
    """The part in `box`, fractions of the picture; all of it without one."""
    if not box:
        return picture
    left, top, width, height = box
    x, y = int(left * picture.width), int(top * picture.height)
    right, bottom = x + round(width * picture.width), y + round(height * picture.height)
    return picture.crop((x, y, max(right, x + 1), max(bottom, y + 1)))


def without_embedding(garments: QuerySet[Garment], extractor: str) -> QuerySet[Garment]:
    made = PhotoEmbedding.objects.filter(
        owner=OuterRef("owner"),
        extractor=extractor,
        pixel_sha256=OuterRef("photo__pixel_sha256"),
        box=OuterRef("box"),
    )
    return garments.filter(~Exists(made))


def find_unembedded() -> QuerySet[Photo]:
    """Photos of which a vector that this machine makes is missing, the newest first."""
    looked_at = PhotoEmbedding.objects.filter(
        owner=OuterRef("owner"),
        extractor=alignment.EXTRACTOR,
        pixel_sha256=OuterRef("pixel_sha256"),
        box=[],
    )
    return find_kept().filter(~Exists(looked_at) | lacks_garments(builtin_extractor()))


def find_unembedded_by(extractor: Extractor) -> QuerySet[Photo]:
    """Photos with garments of which it has no vector, the newest first."""
    return find_kept().filter(lacks_garments(extractor))


def find_kept() -> QuerySet[Photo]:
    return Photo.objects.comparable().exclude(Q(image="") | Q(pixel_sha256=""))


def lacks_garments(extractor: Extractor) -> Exists:
    garments = Garment.objects.filter(photo=OuterRef("pk"))
    return Exists(without_embedding(garments, extractor.name))


def count_missing() -> int:
    """Photos to look at; one that two extractors lack counts twice."""
    return sum(photos.count() for _, photos in list_work())


def embed_photos(*, limit: int | None = None) -> Iterator[bool]:
    """Make the vectors that are missing, photo by photo; false for one whose picture is gone, or that
    an extractor refuses.

    `limit` holds for each extractor. Raises EngineUnavailableError or OutputError at the end, when an
    extractor failed: its photos after that one were left.
    """
    failures = []
    for extractor, photos in list_work():
        try:
            for photo in photos[:limit].iterator(chunk_size=100):
                yield embed_photo(extractor, photo)
        except EngineError as error:
            failures.append(error)
    if failures:
        raise failures[0]


def embed_in_turn(*, most_s: float) -> Iterator[bool]:
    """As `embed_photos`, of photos that it comes to in `most_s` seconds, which the extractors share; the next call goes on
    with the others. Every photo that was there has been looked at when a round is over, in the order of their keys.
    """
    failures = []
    work = list_work()
    for extractor, photos in work:
        parts = partial(list_missing, photos)
        try:
            for photo in go_on(f"embed-{extractor.name}", parts, most_s=most_s / len(work)):
                if photo:
                    yield embed_photo(extractor, photo)
        except EngineError as error:
            failures.append(error)
    if failures:
        raise failures[0]


def list_missing(photos: QuerySet[Photo], place: str) -> Iterator[tuple[str, Photo | None]]:
    """Those of the given photos behind a place, and None at the end of each range of keys."""
    for keys in list_ranges(Photo.objects.all(), place):
        for photo in within(photos, keys):
            yield str(photo.pk), photo
        yield str(keys[1]), None


def list_work() -> list[tuple[Extractor, QuerySet[Photo]]]:
    """What this machine makes comes first, whatever becomes of the rest."""
    builtin, *others = reversed(list_extractors())
    return [(builtin, find_unembedded()), *((one, find_unembedded_by(one)) for one in others)]


def embed_photo(extractor: Extractor, photo: Photo) -> bool:
    """Raises EngineUnavailableError or OutputError."""
    try:
        data = storage.read_file(photo.image.name)
        picture = ingestion.read_picture(data, format=ingestion.KEPT_FORMAT)
        embed_appearance(photo, picture)
        embed_garments_by(extractor, photo, picture)
    except FileNotFoundError:
        logger.error("photo %s has lost its picture", photo.pk)
        return False
    except InputRefusedError as error:
        logger.error("%s refuses photo %s: %s", extractor.name, photo.pk, error)
        return False
    return True
