"""The places of a wearer's garments, whose layer follows from their type where nobody said."""

from collections.abc import Sequence

from styling.flatlay.recipes import Lying, name_places
from wardrobe import vocabulary
from wardrobe.models import Garment


def place_garments(garments: Sequence[Garment]) -> list[str]:
    """A place for each, empty for one that is in the list and not on the ground."""
    types = vocabulary.terms("type")
    lying = []
    for garment in garments:
        term = types.get(garment.type)
        usual = str(term.details.get("layering", "base")) if term else "base"
        lying.append(Lying(garment.slot, garment.layering or usual))
    return name_places(lying)
