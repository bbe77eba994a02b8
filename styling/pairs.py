"""Which garments a wearer has worn together."""

from collections import Counter
from itertools import combinations
from uuid import UUID

from styling.models import OutfitPiece, Suggestion
from wardrobe.models import User


def count_worn_together(owner: User) -> dict[frozenset[str], int]:
    """How often each pair of garments was worn in one outfit, of the last hundred worn."""
    worn = Suggestion.objects.for_owner(owner).filter(verdict=Suggestion.Verdict.ACCEPTED)[:100]
    outfits: dict[UUID, list[str]] = {}
    pieces = OutfitPiece.objects.filter(suggestion__in=list(worn.values_list("pk", flat=True)))
    for suggestion_id, garment_id in pieces.values_list("suggestion_id", "garment_id"):
        outfits.setdefault(suggestion_id, []).append(str(garment_id))
    pairs = (frozenset(pair) for outfit in outfits.values() for pair in combinations(outfit, 2))
    return dict(Counter(pairs))
