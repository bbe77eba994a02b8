"""Garments that could stand in for one another."""

from django.db.models import FloatField, OuterRef, QuerySet, Subquery, Value
from pgvector.django import CosineDistance

from wardrobe.models import Garment, PhotoEmbedding
from wardrobe.services.embeddings import network_extractor

ALIKE_DISTANCE = 0.3
"""Cosine distance up to which two garments look alike. With the weights f59c87e216d6, of the real photos of
the validation part 30 % of the pairs of one type are as near, of two types one pair in 880."""

SHARED = ["Same colour", "Same cloth", "Also for rain", "Same warmth"]
LOOKS = "Looks like it"
WORDS = [*SHARED, LOOKS]


def garments_alike(garment: Garment, *, limit: int = 6) -> list[tuple[Garment, str]]:
    """Others that share something with it or look like it, and what: its slot's first, the nearest
    by the type network's vectors first, then those that have no vector.
    """
    others = Garment.objects.for_owner(garment.owner).current().exclude(pk=garment.pk)
    rows = with_distance(others.select_related("photo"), garment)
    pairs = [(other, say_why(garment, other)) for other in rows]
    known = [pair for pair in pairs if pair[1]]
    return sorted(known, key=lambda pair: rank(garment, *pair))[:limit]


def with_distance(others: QuerySet[Garment], garment: Garment) -> QuerySet[Garment]:
    """Each with its cosine `distance` to `garment`, exactly; None where a vector is missing."""
    vectors = PhotoEmbedding.objects.filter(owner=garment.owner, extractor=network_extractor())
    own = vectors.filter(
        pixel_sha256=garment.photo.pixel_sha256 if garment.photo else "", box=garment.box
    ).first()
    if own is None:
        return others.annotate(distance=Value(None, FloatField()))
    theirs = vectors.filter(pixel_sha256=OuterRef("photo__pixel_sha256"), box=OuterRef("box"))
    distance = theirs.annotate(distance=CosineDistance("vector", own.vector)).values("distance")
    return others.annotate(distance=Subquery(distance[:1], output_field=FloatField()))


def rank(garment: Garment, other: Garment, why: str) -> tuple[bool, bool, float]:
    distance: float | None = other.distance  # type: ignore[attr-defined]
    nearness = WORDS.index(why) if distance is None else distance
    return other.slot != garment.slot, distance is None, nearness


def say_why(garment: Garment, other: Garment) -> str:
    """One of WORDS, or nothing. What is worn elsewhere has to look alike: to share is not enough."""
    distance: float | None = other.distance  # type: ignore[attr-defined]
    looks_alike = distance is not None and distance <= ALIKE_DISTANCE
    if other.slot != garment.slot and not looks_alike:
        return ""
    return what_is_shared(garment, other) or (LOOKS if looks_alike else "")


def what_is_shared(one: Garment, other: Garment) -> str:
    """One of SHARED, or nothing."""
    facts = [
        one.main_colour and one.main_colour == other.main_colour,
        one.material and one.material == other.material,
        one.water_resistant and other.water_resistant,
        one.warmth and one.warmth == other.warmth,
    ]
    return next((words for words, holds in zip(SHARED, facts, strict=True) if holds), "")
