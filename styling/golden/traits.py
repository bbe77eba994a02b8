"""What kind of question one is, in our words: occasion, weather, wardrobe."""

from collections.abc import Mapping

from styling.stylist.context import OutfitContext

SMALL, LARGE = 12, 60
"""Garments on offer: fewer are a small wardrobe, more a large one."""


def list_traits(context: OutfitContext) -> Mapping[str, str]:
    weather = context.weather.categories if context.weather else {}
    types = {piece.type for piece in context.wardrobe}
    slots = {piece.slot for piece in context.wardrobe}
    return {
        "occasion": context.event.kind,
        "temperature": weather.get("temperature", "no weather known"),
        "rain": weather.get("rain", ""),
        "size": name_size(len(context.wardrobe)),
        "scarf": "" if "scarf" in types else "no scarf owned",
        "outerwear": "" if "outerwear" in slots else "no outerwear owned",
    }


def name_size(garments: int) -> str:
    if garments < SMALL:
        return "small wardrobe"
    return "large wardrobe" if garments > LARGE else ""
