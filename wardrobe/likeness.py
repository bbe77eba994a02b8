"""Garments that could stand in for one another."""

from wardrobe.models import Garment


def garments_alike(garment: Garment, *, limit: int = 6) -> list[tuple[Garment, str]]:
    """Others of the same slot with the first thing they share, the closest first."""
    others = Garment.objects.for_owner(garment.owner).current().filter(slot=garment.slot)
    others = others.select_related("photo")
    shared = [(other, what_is_shared(garment, other)) for other in others.exclude(pk=garment.pk)]
    ranked = sorted((pair for pair in shared if pair[1]), key=lambda pair: SHARED.index(pair[1]))
    return ranked[:limit]


SHARED = ["Same colour", "Same cloth", "Also for rain", "Same warmth"]


def what_is_shared(one: Garment, other: Garment) -> str:
    """One of SHARED, or nothing."""
    facts = [
        one.main_colour and one.main_colour == other.main_colour,
        one.material and one.material == other.material,
        one.water_resistant and other.water_resistant,
        one.warmth and one.warmth == other.warmth,
    ]
    return next((words for words, holds in zip(SHARED, facts, strict=True) if holds), "")
