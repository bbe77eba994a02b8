"""What can be told of a garment from its type, pattern and colour alone.

A photo shows neither weight nor fibre. These are the usual values for the type, refined by a cue
or two, and their confidence says so: the wearer, or a larger model, knows better. Slot, layering,
formality and water resistance are those of the vocabulary, which a test compares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

SPRING, SUMMER, AUTUMN, WINTER = "spring", "summer", "autumn", "winter"
ALL_YEAR = (SPRING, SUMMER, AUTUMN, WINTER)
WARM = (SPRING, SUMMER)
MILD = (SPRING, SUMMER, AUTUMN)
BETWEEN = (SPRING, AUTUMN)
COOL = (SPRING, AUTUMN, WINTER)
COLD = (AUTUMN, WINTER)


class TypeDefaults(NamedTuple):
    """What is usual for a type. The numbers say how usual, 0..1."""

    slot: str
    layering: str
    warmth: str
    warmth_sure: float
    seasons: tuple[str, ...]
    formality: str
    formality_sure: float
    material: str
    material_sure: float
    water_resistant: bool = False


USUAL = {
    # Families as wide as "jacket" or "hat" hold light and heavy things: little is sure of them.
    "t-shirt": TypeDefaults("top", "base", "light", 0.7, ALL_YEAR, "casual", 0.6, "cotton", 0.6),
    "tank-top": TypeDefaults("top", "base", "light", 0.9, WARM, "very_casual", 0.6, "cotton", 0.6),
    "polo": TypeDefaults("top", "base", "light", 0.7, WARM, "casual", 0.6, "cotton", 0.7),
    "shirt": TypeDefaults(
        "top", "base", "light", 0.55, ALL_YEAR, "smart_casual", 0.6, "cotton", 0.55
    ),
    "blouse": TypeDefaults(
        "top", "base", "light", 0.75, ALL_YEAR, "smart_casual", 0.6, "polyester", 0.35
    ),
    "longsleeve": TypeDefaults("top", "base", "medium", 0.5, COOL, "casual", 0.5, "cotton", 0.4),
    "turtleneck": TypeDefaults(
        "top", "base", "medium", 0.6, COLD, "smart_casual", 0.6, "knit", 0.6
    ),
    "sweater": TypeDefaults("top", "mid", "medium", 0.6, COOL, "smart_casual", 0.5, "knit", 0.6),
    "cardigan": TypeDefaults(
        "top", "mid", "medium", 0.65, COOL, "smart_casual", 0.55, "knit", 0.65
    ),
    "sweatshirt": TypeDefaults(
        "top", "mid", "medium", 0.7, COOL, "very_casual", 0.6, "cotton", 0.65
    ),
    "hoodie": TypeDefaults("top", "mid", "medium", 0.7, COOL, "very_casual", 0.7, "cotton", 0.65),
    "fleece": TypeDefaults("top", "mid", "medium", 0.6, COOL, "very_casual", 0.7, "fleece", 0.8),
    "pants": TypeDefaults(
        "bottom", "base", "medium", 0.6, ALL_YEAR, "smart_casual", 0.45, "cotton", 0.4
    ),
    "chinos": TypeDefaults(
        "bottom", "base", "medium", 0.6, ALL_YEAR, "smart_casual", 0.7, "cotton", 0.8
    ),
    "jeans": TypeDefaults(
        "bottom", "base", "medium", 0.75, ALL_YEAR, "casual", 0.75, "denim", 0.95
    ),
    "sweatpants": TypeDefaults(
        "bottom", "base", "medium", 0.65, ALL_YEAR, "very_casual", 0.75, "cotton", 0.6
    ),
    "leggings": TypeDefaults(
        "bottom", "base", "light", 0.6, ALL_YEAR, "very_casual", 0.6, "polyester", 0.4
    ),
    "shorts": TypeDefaults(
        "bottom", "base", "light", 0.8, WARM, "very_casual", 0.65, "cotton", 0.45
    ),
    "skirt": TypeDefaults(
        "bottom", "base", "light", 0.55, WARM, "smart_casual", 0.5, "cotton", 0.3
    ),
    "dress": TypeDefaults("dress", "base", "light", 0.55, WARM, "smart_casual", 0.5, "cotton", 0.3),
    "jumpsuit": TypeDefaults(
        "dress", "base", "light", 0.5, MILD, "smart_casual", 0.5, "cotton", 0.4
    ),
    "jacket": TypeDefaults(
        "outerwear", "outer", "medium", 0.45, COOL, "casual", 0.5, "polyester", 0.35
    ),
    "blazer": TypeDefaults("outerwear", "mid", "medium", 0.6, COOL, "business", 0.7, "wool", 0.5),
    "denim-jacket": TypeDefaults(
        "outerwear", "outer", "medium", 0.7, BETWEEN, "casual", 0.8, "denim", 0.95
    ),
    "leather-jacket": TypeDefaults(
        "outerwear", "outer", "medium", 0.65, BETWEEN, "casual", 0.7, "leather", 0.95
    ),
    "vest": TypeDefaults("outerwear", "mid", "medium", 0.5, COOL, "casual", 0.7, "nylon", 0.45),
    "bomber": TypeDefaults(
        "outerwear", "outer", "medium", 0.65, BETWEEN, "casual", 0.7, "nylon", 0.45
    ),
    "rain-jacket": TypeDefaults(
        "outerwear", "outer", "light", 0.55, BETWEEN, "casual", 0.65, "polyester", 0.5, True
    ),
    "trench-coat": TypeDefaults(
        "outerwear", "outer", "medium", 0.65, BETWEEN, "smart_casual", 0.65, "cotton", 0.6, True
    ),
    "coat": TypeDefaults(
        "outerwear", "outer", "heavy", 0.65, COLD, "smart_casual", 0.55, "wool", 0.6
    ),
    "puffer": TypeDefaults("outerwear", "outer", "heavy", 0.75, COLD, "casual", 0.75, "nylon", 0.5),
    "parka": TypeDefaults(
        "outerwear", "outer", "heavy", 0.8, COLD, "casual", 0.75, "polyester", 0.45, True
    ),
    "shoes": TypeDefaults(
        "shoes", "base", "medium", 0.5, ALL_YEAR, "smart_casual", 0.35, "leather", 0.35
    ),
    "sneakers": TypeDefaults(
        "shoes", "base", "medium", 0.5, ALL_YEAR, "casual", 0.75, "canvas", 0.35
    ),
    "derbies": TypeDefaults(
        "shoes", "base", "medium", 0.65, ALL_YEAR, "business", 0.65, "leather", 0.8
    ),
    "loafers": TypeDefaults(
        "shoes", "base", "light", 0.5, MILD, "smart_casual", 0.7, "leather", 0.7
    ),
    "boots": TypeDefaults(
        "shoes", "base", "heavy", 0.5, COLD, "smart_casual", 0.45, "leather", 0.65
    ),
    "rain-boots": TypeDefaults(
        "shoes", "base", "medium", 0.6, BETWEEN, "very_casual", 0.6, "other", 0.7, True
    ),
    "sandals": TypeDefaults("shoes", "base", "light", 0.9, WARM, "casual", 0.7, "leather", 0.45),
    "heels": TypeDefaults("shoes", "base", "light", 0.7, MILD, "formal", 0.5, "leather", 0.5),
    "flats": TypeDefaults(
        "shoes", "base", "light", 0.7, MILD, "smart_casual", 0.65, "leather", 0.5
    ),
    "slippers": TypeDefaults(
        "shoes", "base", "light", 0.5, ALL_YEAR, "very_casual", 0.8, "other", 0.35
    ),
    "hat": TypeDefaults("hat", "outer", "medium", 0.35, ALL_YEAR, "casual", 0.5, "wool", 0.35),
    "cap": TypeDefaults("hat", "outer", "light", 0.7, WARM, "very_casual", 0.6, "cotton", 0.65),
    "beanie": TypeDefaults("hat", "outer", "medium", 0.6, COLD, "casual", 0.65, "knit", 0.65),
    "sun-hat": TypeDefaults("hat", "outer", "light", 0.9, WARM, "casual", 0.65, "other", 0.5),
    "bag": TypeDefaults(
        "bag", "outer", "light", 0.5, ALL_YEAR, "smart_casual", 0.4, "canvas", 0.35
    ),
    "backpack": TypeDefaults(
        "bag", "outer", "light", 0.5, ALL_YEAR, "very_casual", 0.5, "nylon", 0.45
    ),
    "handbag": TypeDefaults(
        "bag", "outer", "light", 0.5, ALL_YEAR, "smart_casual", 0.6, "leather", 0.6
    ),
    "scarf": TypeDefaults(
        "accessory", "outer", "medium", 0.5, COLD, "smart_casual", 0.55, "wool", 0.45
    ),
    "socks": TypeDefaults("socks", "base", "light", 0.5, ALL_YEAR, "casual", 0.6, "cotton", 0.65),
    "gloves": TypeDefaults(
        "accessory", "outer", "medium", 0.6, COLD, "smart_casual", 0.5, "knit", 0.4
    ),
    "belt": TypeDefaults(
        "accessory", "outer", "light", 0.5, ALL_YEAR, "smart_casual", 0.6, "leather", 0.8
    ),
    "tie": TypeDefaults(
        "accessory", "outer", "light", 0.5, ALL_YEAR, "business", 0.75, "silk", 0.6
    ),
}
"""By every type that the classifier names."""

SLEEVES = {
    "t-shirt": ("short", 0.95),
    "tank-top": ("none", 0.95),
    "polo": ("short", 0.7),
    "longsleeve": ("long", 0.95),
    "turtleneck": ("long", 0.9),
    "sweater": ("long", 0.95),
    "cardigan": ("long", 0.95),
    "sweatshirt": ("long", 0.95),
    "hoodie": ("long", 0.95),
    "jacket": ("long", 0.8),
    "blazer": ("long", 0.95),
    "denim-jacket": ("long", 0.95),
    "bomber": ("long", 0.95),
    "rain-jacket": ("long", 0.95),
    "trench-coat": ("long", 0.95),
    "coat": ("long", 0.95),
    "puffer": ("long", 0.9),
    "parka": ("long", 0.95),
}
"""How far the sleeves of a type reach, where the type says it; shirts and dresses have all kinds."""
LENGTHS = {
    "pants": ("long", 0.85),
    "chinos": ("long", 0.95),
    "jeans": ("long", 0.95),
    "sweatpants": ("long", 0.95),
    "leggings": ("long", 0.9),
    "shorts": ("short", 0.6),
}
"""How far down a type reaches, where the type says it; skirts and dresses have all kinds."""

PLAIN_TO_SEE = 0.5
"""How likely a material that is seen must be to go before the usual one."""
SLEEVED_SLOTS = frozenset({"top", "dress", "outerwear"})

SCALE = ("very_casual", "casual", "smart_casual", "business", "formal", "very_formal")
RELAXED_PATTERNS = frozenset({"graphic", "camouflage", "animal_print"})
"""Loud motifs bring any garment one step down."""
RELAXED_ON_SHIRTS = frozenset({"plaid"})
"""Flannel is what nobody wears to an office that expects a shirt; gingham passes there."""
DENIM_TYPES = frozenset({"pants", "shorts", "skirt"})
DENIM_COLOURS = {"blue": 0.6, "light_blue": 0.6, "navy": 0.45}
"""Plain trousers, shorts and skirts of these colours are mostly denim; how sure that is."""
LAYERING_SURE = {"jacket": 0.85, "hat": 0.7, "longsleeve": 0.5}
USUALLY_LAYERED = 0.75
SEASONS_SURE = 0.5
WATER_SURE = 0.6


@dataclass(frozen=True)
class DerivedAttributes:
    """Vocabulary values, and how sure each is (0..1), given that the type is right unless it is `seen`.

    `sleeve` and `length` are empty where the type does not say.
    """

    slot: str
    warmth: str
    layering: str
    seasons: list[str]
    formality: str
    material: str
    sleeve: str
    length: str
    water_resistant: bool
    confidence: dict[str, float]
    seen: frozenset[str]
    """What was seen, whatever the type is, and not concluded from it."""


def derive_attributes(
    *, type: str, pattern: str, colour: str, told: Mapping[str, tuple[str, float]] | None = None
) -> DerivedAttributes:
    """`colour` is the name of the main one. Raises KeyError for a type outside `USUAL`.

    `told` has what is seen of material, sleeve and length, and how sure that is. It takes the place
    of what is usual; a material that is not plain is empty, and then colour tells no denim.
    """
    usual, seen = USUAL[type], told or {}
    sleeve, sleeve_sure = SLEEVES.get(type, ("", 0.0))
    own: set[str] = set()
    if usual.slot in SLEEVED_SLOTS and "sleeve" in seen:
        sleeve, sleeve_sure = seen["sleeve"]
        own.add("sleeve")
    length, length_sure = LENGTHS.get(type, ("", 0.0))
    if usual.slot == "bottom" and "length" in seen:
        length, length_sure = seen["length"]
        own.add("length")
    material, material_sure = derive_material(type, pattern, colour, seen.get("material"))
    if is_plain(seen.get("material")):
        own.add("material")
    return DerivedAttributes(
        slot=usual.slot,
        warmth=usual.warmth,
        layering=usual.layering,
        seasons=list(usual.seasons),
        formality=derive_formality(type, pattern, material),
        material=material,
        sleeve=sleeve,
        length=length,
        water_resistant=usual.water_resistant,
        confidence={
            "warmth": usual.warmth_sure,
            "layering": LAYERING_SURE.get(type, USUALLY_LAYERED),
            "seasons": SEASONS_SURE,
            "formality": usual.formality_sure,
            "material": material_sure,
            **({"sleeve": sleeve_sure} if sleeve else {}),
            **({"length": length_sure} if length else {}),
            "water_resistant": WATER_SURE,
        },
        seen=frozenset(own),
    )


def is_plain(seen: tuple[str, float] | None) -> bool:
    """Whether a head has seen a material, and is sure of it."""
    return seen is not None and bool(seen[0]) and seen[1] >= PLAIN_TO_SEE


def derive_material(
    type: str, pattern: str, colour: str, seen: tuple[str, float] | None = None
) -> tuple[str, float]:
    """What a head has seen, where it is sure; else the usual one, and of plain blue trousers denim.

    The usual one is the less sure, the likelier the head thinks another.
    """
    plain, sure = seen or ("", 0.0)
    if seen and is_plain(seen):
        return seen
    material, usually = USUAL[type].material, USUAL[type].material_sure
    is_unseen = seen is None or sure < PLAIN_TO_SEE
    if is_unseen and type in DENIM_TYPES and pattern == "solid" and colour in DENIM_COLOURS:
        material, usually = "denim", DENIM_COLOURS[colour]
    if seen is None or plain == material:
        return material, usually
    return material, usually * (1 - sure if plain else sure)


def derive_formality(type: str, pattern: str, material: str) -> str:
    """One step more casual for denim that is not the type's own, and for patterns that say so."""
    usual = USUAL[type]
    is_relaxed = (
        pattern in RELAXED_PATTERNS
        or (type == "shirt" and pattern in RELAXED_ON_SHIRTS)
        or (material == "denim" and usual.material != "denim")
    )
    return SCALE[max(0, SCALE.index(usual.formality) - is_relaxed)]
