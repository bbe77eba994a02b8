"""Garments that could stand in for one another."""

from django.db.models import (
    Case,
    Count,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
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


def garments_alike(garment: Garment, *, limit: int = 6) -> list[tuple[Garment, str]]:
    """Others that share something with it or look like it, and what: its slot's first, the nearest
    by their vectors first, then those that have no vector.
    """
    others = Garment.objects.for_owner(garment.owner).current().exclude(pk=garment.pk)
    extractor = choose_extractor(others, garment)
    rows = rank(with_distance(others, garment, extractor), garment, extractor)
    return [(other, say_why(other)) for other in rows[:limit]]


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
    others = Garment.objects.for_owner(owner).current()
    rows = rank(with_distance_to(others, owner, vector, extractor), garment, extractor)
    return [(other, say_why(other), other.distance) for other in rows[:limit]]  # type: ignore[attr-defined]


def rank(others: QuerySet[Garment], garment: Garment, extractor: Extractor) -> QuerySet[Garment]:
    """Those of `others`, which have a `distance`, that share something with it, of its slot, or look like it, the likest
    first. `shared` is the number of the first of SHARED that they share."""
    looks = Q(distance__lte=extractor.alike_distance)
    is_elsewhere = Case(When(slot=garment.slot, then=Value(0)), default=Value(1))
    is_unseen = Case(When(distance=None, then=Value(1)), default=Value(0))
    return (
        others.annotate(shared=find_shared(garment))
        .filter(looks | Q(slot=garment.slot, shared__isnull=False))
        .select_related("photo")
        .order_by(
            is_elsewhere,
            is_unseen,
            Coalesce("distance", "shared", output_field=FloatField()),
            "-created_at",
            "ordinal",
        )
    )


def find_shared(garment: Garment) -> Case:
    facts = [
        garment.main_colour and Q(colours__0__name=garment.main_colour),
        garment.material and Q(material=garment.material),
        garment.water_resistant and Q(water_resistant=True),
        garment.warmth and Q(warmth=garment.warmth),
    ]
    cases = [When(fact, then=Value(number)) for number, fact in enumerate(facts) if fact]
    return Case(*cases, default=Value(None), output_field=IntegerField())


def say_why(other: Garment) -> str:
    """One of SHARED or LOOKS, of what was ranked."""
    shared: int | None = other.shared  # type: ignore[attr-defined]
    return LOOKS if shared is None else SHARED[shared]
