"""What can be told of a garment from its type, pattern and colour alone.

A photo shows neither weight nor fibre. These are the usual values for the type, adjusted by a cue
or two, and their confidence says so: the wearer, or a larger model, knows better.
"""

from dataclasses import dataclass

SLOTS = {
    "t-shirt": "top",
    "shirt": "top",
    "longsleeve": "top",
    "pants": "bottom",
    "shorts": "bottom",
    "skirt": "bottom",
    "dress": "dress",
    "jacket": "outerwear",
    "shoes": "shoes",
    "hat": "hat",
}
"""Every type that the classifier names, and the slot it is worn in."""

WARMTH = {
    "t-shirt": ("light", 0.7),
    "shirt": ("light", 0.55),
    "longsleeve": ("medium", 0.5),
    "pants": ("medium", 0.6),
    "shorts": ("light", 0.8),
    "skirt": ("light", 0.55),
    "dress": ("light", 0.55),
    "jacket": ("medium", 0.45),
    "shoes": ("medium", 0.5),
    "hat": ("medium", 0.35),
}

LAYERING = {"jacket": ("outer", 0.85), "hat": ("outer", 0.7), "longsleeve": ("base", 0.5)}
USUAL_LAYERING = ("base", 0.75)

SEASONS = {
    "light": ["spring", "summer"],
    "medium": ["spring", "autumn", "winter"],
    "heavy": ["autumn", "winter"],
}
ALL_YEAR = ["spring", "summer", "autumn", "winter"]
ALL_YEAR_TYPES = frozenset({"t-shirt", "shirt", "pants", "shoes"})

FORMALITY = {
    "t-shirt": ("casual", 0.6),
    "shirt": ("smart_casual", 0.6),
    "longsleeve": ("casual", 0.5),
    "pants": ("smart_casual", 0.45),
    "shorts": ("very_casual", 0.65),
    "skirt": ("smart_casual", 0.5),
    "dress": ("smart_casual", 0.5),
    "jacket": ("casual", 0.5),
    "shoes": ("casual", 0.4),
    "hat": ("casual", 0.5),
}
MORE_CASUAL = {"smart_casual": "casual", "casual": "very_casual", "very_casual": "very_casual"}
RELAXED_PATTERNS = frozenset({"graphic", "camouflage", "animal_print"})

MATERIALS = {
    "t-shirt": ("cotton", 0.6),
    "shirt": ("cotton", 0.55),
    "longsleeve": ("cotton", 0.4),
    "pants": ("cotton", 0.4),
    "shorts": ("cotton", 0.45),
    "skirt": ("cotton", 0.3),
    "dress": ("cotton", 0.3),
    "jacket": ("polyester", 0.35),
    "shoes": ("leather", 0.35),
    "hat": ("cotton", 0.4),
}
DENIM_TYPES = frozenset({"pants", "shorts", "skirt"})
DENIM_COLOURS = frozenset({"blue", "light_blue", "navy"})


@dataclass(frozen=True)
class Derived:
    """Vocabulary values, and how sure each is (0..1) given that the type is right."""

    slot: str
    warmth: str
    layering: str
    seasons: list[str]
    formality: str
    material: str
    confidence: dict[str, float]


def derive_attributes(*, type: str, pattern: str, colour: str) -> Derived:
    """`colour` is the name of the main one. Raises KeyError for a type outside `SLOTS`."""
    material, material_confidence = derive_material(type, pattern, colour)
    formality, formality_confidence = derive_formality(type, pattern, material)
    warmth, warmth_confidence = WARMTH[type]
    layering, layering_confidence = LAYERING.get(type, USUAL_LAYERING)
    return Derived(
        slot=SLOTS[type],
        warmth=warmth,
        layering=layering,
        seasons=list(ALL_YEAR if type in ALL_YEAR_TYPES else SEASONS[warmth]),
        formality=formality,
        material=material,
        confidence={
            "warmth": warmth_confidence,
            "layering": layering_confidence,
            "seasons": 0.5,
            "formality": formality_confidence,
            "material": material_confidence,
        },
    )


def derive_material(type: str, pattern: str, colour: str) -> tuple[str, float]:
    """Plain blue trousers, shorts and skirts are mostly denim."""
    if type in DENIM_TYPES and pattern == "solid" and colour in DENIM_COLOURS:
        return "denim", 0.45 if colour == "navy" else 0.6
    return MATERIALS[type]


def derive_formality(type: str, pattern: str, material: str) -> tuple[str, float]:
    """Denim and loud motifs bring a garment one step down."""
    formality, confidence = FORMALITY[type]
    if material == "denim" or pattern in RELAXED_PATTERNS:
        return MORE_CASUAL[formality], confidence
    return formality, confidence
