"""Vectors of photos and garments, kept for each extractor and made where they are missing."""

import logging
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from PIL import Image

from wardrobe import ingestion, looks, storage
from wardrobe.models import Garment, Photo, PhotoEmbedding
from wardrobe.vision.classifier import embed_photo
from wardrobe.vision.parameters import VisionParameters

logger = logging.getLogger(__name__)


def network_extractor() -> str:
    """The name of the vectors of the type network: the beginning of its weights' hash."""
    return VisionParameters().weights_sha256[:12]


def embed_looks(photo: Photo, picture: Image.Image) -> PhotoEmbedding:
    """The vector by which the same picture is found again."""
    key = {"owner": photo.owner, "extractor": looks.EXTRACTOR, "box": []}
    key["pixel_sha256"] = photo.pixel_sha256
    if known := PhotoEmbedding.objects.filter(**key).first():
        return known
    vector = looks.describe_looks(picture)
    made, _ = PhotoEmbedding.objects.get_or_create(**key, defaults={"vector": vector})
    return made


def embed_garments(photo: Photo, picture: Image.Image) -> None:
    """The vectors by which garments like these are found, each of the garment's part of the photo."""
    extractor = network_extractor()
    for garment in without_embedding(photo.garments.all(), extractor):
        PhotoEmbedding.objects.get_or_create(
            owner_id=garment.owner_id,
            extractor=extractor,
            pixel_sha256=photo.pixel_sha256,
            box=garment.box,
            defaults={"vector": embed_photo(cut_out(picture, garment.box))},
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
    """Photos of which a vector of today's extractors is missing, the newest first."""
    looked_at = PhotoEmbedding.objects.filter(
        owner=OuterRef("owner"),
        extractor=looks.EXTRACTOR,
        pixel_sha256=OuterRef("pixel_sha256"),
        box=[],
    )
    garments = Garment.objects.filter(photo=OuterRef("pk"))
    missing = ~Exists(looked_at) | Exists(without_embedding(garments, network_extractor()))
    return Photo.objects.comparable().filter(missing).exclude(Q(image="") | Q(pixel_sha256=""))


def embed_photos(*, limit: int | None = None) -> Iterator[bool]:
    """Make the vectors that are missing, photo by photo; false for one whose picture is gone."""
    for photo in find_unembedded()[:limit].iterator(chunk_size=100):
        try:
            data = storage.read_file(photo.image.name)
        except FileNotFoundError:
            logger.error("photo %s has lost its picture", photo.pk)
            yield False
            continue
        picture = ingestion.read_picture(data, format=ingestion.KEPT_FORMAT)
        embed_looks(photo, picture)
        embed_garments(photo, picture)
        yield True
