"""Types that look alike, by family. Real photos are labelled by family, drawn ones by type too.

A family of its own name is what the engine answers when it cannot tell the type inside it.
"""

FAMILIES: dict[str, tuple[str, ...]] = {
    "dress": ("dress",),
    "hat": ("hat", "cap", "beanie", "sun-hat"),
    "longsleeve": ("longsleeve", "turtleneck", "sweater", "cardigan", "sweatshirt", "hoodie"),
    "jacket": (
        "jacket",
        "blazer",
        "denim-jacket",
        "bomber",
        "rain-jacket",
        "trench-coat",
        "coat",
        "puffer",
        "parka",
    ),
    "pants": ("pants", "chinos", "jeans", "sweatpants", "leggings"),
    "shirt": ("shirt",),
    "shoes": (
        "shoes",
        "sneakers",
        "derbies",
        "loafers",
        "boots",
        "rain-boots",
        "sandals",
        "heels",
        "flats",
    ),
    "shorts": ("shorts",),
    "skirt": ("skirt",),
    "t-shirt": ("t-shirt", "tank-top", "polo"),
    "bag": ("bag", "backpack", "handbag"),
    "scarf": ("scarf",),
    "socks": ("socks",),
    "gloves": ("gloves",),
    "belt": ("belt",),
    "tie": ("tie",),
}

FAMILY_NAMES = tuple(FAMILIES)
TYPE_NAMES = tuple(type for types in FAMILIES.values() for type in types)
PHOTOGRAPHED = {
    "blouse": "shirt",
    "fleece": "longsleeve",
    "vest": "jacket",
    "leather-jacket": "jacket",
    "slippers": "shoes",
    "jumpsuit": "dress",
}
"""Types that only labelled photos teach, with their families; nothing draws them."""
FAMILY_OF = {
    **{type: family for family, types in FAMILIES.items() for type in types},
    **PHOTOGRAPHED,
}
FOLDER_NAMES = {"outwear": "jacket"}
"""What the folders of the photos call a family, where that differs."""
