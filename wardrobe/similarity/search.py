"""Garments that could stand in for one another."""

from django.db.models import Count, FloatField, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import gettext_noop

from accounts.models import User
from wardrobe.models import Garment, PhotoEmbedding
from wardrobe.similarity.extractors import Extractor, Floats, list_extractors

ENOUGH_SHARE = 0.9
"""The share of a wearer's other garments that an extractor must know to be the one that compares."""

SHARED = [
    gettext_noop("Same colour"),
    gettext_noop("Same cloth"),
    gettext_noop("Also for rain"),
    gettext_noop("Same warmth"),
]
LOOKS = gettext_noop("Looks like it")
WORDS = [*SHARED, LOOKS]


def garments_alike(garment: Garment, *, limit: int = 6) -> list[tuple[Garment, str]]:
    """Others that share something with it or look like it, and what: its slot's first, the nearest
    by their vectors first, then those that have no vector.
    """
    others = Garment.objects.for_owner(garment.owner).current().exclude(pk=garment.pk)
    extractor = choose_extractor(others, garment)
    rows = with_distance(others.select_related("photo"), garment, extractor)
    pairs = [(other, say_why(garment, other, extractor.alike_distance)) for other in rows]
    known = [pair for pair in pairs if pair[1]]
    return sorted(known, key=lambda pair: rank(garment, *pair))[:limit]


def choose_extractor(others: QuerySet[Garment], garment: Garment) -> Extractor:
    """The first that knows the garment and nearly all others, for all of one page: distances of two
    extractors are not comparable. The last one when none does."""
    *preferred, last = list_extractors()
    total = others.count() if preferred else 0
    for extractor in preferred:
        rows = with_distance(others, garment, extractor)
        known = rows.aggregate(known=Count("distance"))["known"]
        if total and known >= ENOUGH_SHARE * total:
            return extractor
    return last


def with_distance(
    others: QuerySet[Garment], garment: Garment, extractor: Extractor
) -> QuerySet[Garment]:
    """Each with its cosine `distance` to `garment`, exactly; None where a vector is missing."""
    vectors = PhotoEmbedding.objects.filter(owner=garment.owner, extractor=extractor.name)
    own = vectors.filter(
        pixel_sha256=garment.photo.pixel_sha256 if garment.photo else "", box=garment.box
    ).first()
    if own is None:
        return others.annotate(distance=Value(None, FloatField()))
    return with_distance_to(others, garment.owner, own.vector, extractor)


def with_distance_to(
    others: QuerySet[Garment], owner: User, vector: Floats, extractor: Extractor
) -> QuerySet[Garment]:
    """The same, to what stands in no table."""
    vectors = PhotoEmbedding.objects.filter(owner=owner, extractor=extractor.name)
    theirs = vectors.filter(pixel_sha256=OuterRef("photo__pixel_sha256"), box=OuterRef("box"))
    distance = theirs.with_distance(vector).values("distance")
    return others.annotate(distance=Subquery(distance[:1], output_field=FloatField()))


def find_like(
    owner: User, garment: Garment, vector: Floats, extractor: Extractor, *, limit: int
) -> list[tuple[Garment, str, float | None]]:
    """Pieces that a garment which nobody owns yet is like, the nearest first: each with what they share and the distance."""
    others = Garment.objects.for_owner(owner).current().select_related("photo")
    rows = with_distance_to(others, owner, vector, extractor)
    pairs = [(other, say_why(garment, other, extractor.alike_distance)) for other in rows]
    known = sorted((pair for pair in pairs if pair[1]), key=lambda pair: rank(garment, *pair))
    return [(other, why, other.distance) for other, why in known[:limit]]  # type: ignore[attr-defined]


def rank(garment: Garment, other: Garment, why: str) -> tuple[bool, bool, float]:
    distance: float | None = other.distance  # type: ignore[attr-defined]
    nearness = WORDS.index(why) if distance is None else distance
    return other.slot != garment.slot, distance is None, nearness


def say_why(garment: Garment, other: Garment, alike_distance: float) -> str:
    """One of WORDS, or nothing. What is worn elsewhere has to look alike: to share is not enough."""
    distance: float | None = other.distance  # type: ignore[attr-defined]
    looks_alike = distance is not None and distance <= alike_distance
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
