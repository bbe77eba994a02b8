"""Random garments and photos of them, as varied as wardrobes are: for training and for trials."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from lab.synthetic.cuts import CUTS
from lab.synthetic.fields import Field, Random
from lab.synthetic.grounds import GROUNDS
from lab.synthetic.patterns import PAINTERS
from lab.synthetic.photos import render_photo
from lab.synthetic.specs import FabricColour, GarmentSpec, RenderedPhoto, Shot
from wardrobe.vision.oklab import to_oklab

PALETTE = Path(__file__).resolve().parents[2] / "fixtures" / "vocabulary" / "colours.toml"
JITTER = 14
"""Spread of dyes around the palette's colour, in sRGB steps: lighter or darker far more than off
hue, because a pinkish grey has another name to people long before it is nearest to another."""

HIDES = ("black", "brown", "camel", "burgundy", "beige", "navy", "white", "grey", "rust", "red")
DENIMS = ("denim", "denim", "blue", "light_blue", "navy", "black", "charcoal", "white")
CLOTHS = ("black", "white", "grey", "navy", "charcoal", "beige", "brown", "cream")
"""Worn more than the rest of the palette."""

MATERIALS: dict[str, tuple[str, ...]] = {
    "sweater": ("wool", "knit", "cotton"),
    "turtleneck": ("wool", "knit", "cotton"),
    "cardigan": ("wool", "knit"),
    "sweatshirt": ("cotton", "fleece"),
    "hoodie": ("cotton", "fleece"),
    "shirt": ("cotton", "linen", "denim", "silk"),
    "jeans": ("denim",),
    "denim-jacket": ("denim",),
    "pants": ("cotton", "wool", "linen"),
    "leggings": ("polyester", "cotton"),
    "shorts": ("cotton", "linen", "denim", "polyester"),
    "skirt": ("cotton", "wool", "denim", "silk", "leather"),
    "dress": ("cotton", "linen", "silk", "polyester"),
    "blazer": ("wool", "linen", "cotton"),
    "coat": ("wool",),
    "jacket": ("cotton", "canvas", "leather", "suede"),
    "bomber": ("nylon", "polyester", "leather"),
    "puffer": ("nylon", "polyester"),
    "parka": ("cotton", "canvas", "nylon"),
    "rain-jacket": ("nylon", "polyester"),
    "trench-coat": ("cotton",),
    "sneakers": ("canvas", "leather", "suede"),
    "derbies": ("leather", "suede"),
    "shoes": ("leather", "suede"),
    "loafers": ("leather", "suede"),
    "flats": ("leather", "suede"),
    "heels": ("leather", "suede"),
    "sandals": ("leather",),
    "boots": ("leather", "suede"),
    "rain-boots": ("other",),
    "beanie": ("knit", "wool"),
    "hat": ("wool", "cotton"),
    "scarf": ("wool", "silk", "cotton", "knit"),
    "socks": ("cotton", "wool"),
    "gloves": ("wool", "leather", "knit"),
    "belt": ("leather", "canvas"),
    "bag": ("canvas", "leather", "cotton"),
    "handbag": ("leather", "suede"),
    "backpack": ("canvas", "nylon", "leather"),
    "tie": ("silk", "wool"),
}
FABRICS = {
    "t-shirt": "jersey", "longsleeve": "jersey", "sweater": "knit", "turtleneck": "knit",
    "cardigan": "knit", "blazer": "suiting", "shirt": "poplin", "rain-boots": "rubber",
}  # fmt: skip
"""What cotton and wool are made up as, where that is not plain weave."""

PATTERNED: dict[str, float] = {
    "shirt": 0.5, "dress": 0.5, "skirt": 0.4, "t-shirt": 0.35, "longsleeve": 0.35, "scarf": 0.5,
    "tie": 0.6, "socks": 0.4, "sweater": 0.25, "shorts": 0.25, "tank-top": 0.25, "polo": 0.2,
    "blazer": 0.2, "coat": 0.15, "beanie": 0.15, "pants": 0.15, "leggings": 0.15, "bag": 0.15,
}  # fmt: skip
"""How often a garment of the type is not plain; never for those left out."""

HIDE = frozenset({"leather", "suede"})


def sample_photo(
    rng: Random, type: str | None = None, *, size: tuple[int, int] = (240, 320)
) -> RenderedPhoto:
    """One garment on a random ground. Raises KeyError for a type without a cut."""
    spec = sample_spec(rng, type)
    seed, ground = int(rng.integers(2**32)), str(rng.choice(list(GROUNDS)))
    return render_photo(spec, seed=seed, background=ground, size=size, shot=sample_shot(rng))


def sample_shot(rng: Random) -> Shot:
    """Mostly steady and tidy; one in seven is dark, one in seven blurred, two in five cluttered."""
    return Shot(
        dim=float(rng.uniform(0.3, 0.75)) if rng.random() < 1 / 7 else 0.0,
        blur=float(rng.uniform(0.003, 0.014)) if rng.random() < 1 / 7 else 0.0,
        tilt=float(rng.uniform(0, 0.05)),
        clutter=int(rng.integers(1, 5)) if rng.random() < 0.4 else 0,
    )


def sample_spec(rng: Random, type: str | None = None) -> GarmentSpec:
    """A plausible garment: its colours carry the names that the palette gives them."""
    type = type or str(rng.choice(list(CUTS)))
    material = str(rng.choice(MATERIALS.get(type, ("cotton",))))
    pattern = "solid"
    if material not in HIDE | {"denim"} and rng.random() < PATTERNED.get(type, 0):
        pattern = str(rng.choice([name for name in PAINTERS if name != "solid"]))
    return GarmentSpec(
        type=type,
        colours=sample_colours(rng, type, material, 1 if pattern == "solid" else 3),
        pattern=pattern,
        material=material,
        fabric=sample_fabric(rng, type, material),
    )


def sample_fabric(rng: Random, type: str, material: str) -> str:
    usual = FABRICS.get(type, "")
    return usual if material in ("cotton", "wool", "other") and rng.random() < 0.8 else ""


def sample_colours(rng: Random, type: str, material: str, count: int) -> tuple[FabricColour, ...]:
    """Different names, so that a pattern shows."""
    names: list[str] = []
    while len(names) < count:
        name = sample_name(rng, type, material)
        if name not in names and all(contrast(name, other) > 0.2 for other in names):
            names.append(name)
    return tuple(FabricColour(name, dye(rng, name)) for name in names)


def sample_name(rng: Random, type: str, material: str) -> str:
    if material == "denim":
        return str(rng.choice(DENIMS))
    if material in HIDE and rng.random() < 0.85:
        return str(rng.choice(HIDES))
    return str(rng.choice(CLOTHS if rng.random() < 0.4 else list(palette())))


def dye(rng: Random, name: str) -> str:
    """A colour near the palette's own that is still nearest to it."""
    centre = np.array(rgb(palette()[name]))
    for spread in (JITTER, JITTER / 2, JITTER / 4):
        tried = np.clip(centre + rng.normal(0, spread / 2) + rng.normal(0, spread / 7, 3), 0, 255)
        colour = "#{:02x}{:02x}{:02x}".format(*tried.astype(int))
        if nearest_name(colour) == name:
            return colour
    return palette()[name]


def nearest_name(colour: str) -> str:
    lab = to_lab(colour)
    return min(palette(), key=lambda name: float(np.linalg.norm(to_lab(palette()[name]) - lab)))


def contrast(one: str, other: str) -> float:
    """Distance of two palette colours in OKLab."""
    return float(np.linalg.norm(to_lab(palette()[one]) - to_lab(palette()[other])))


@lru_cache(maxsize=1024)
def to_lab(colour: str) -> Field:
    return to_oklab(np.array(rgb(colour), dtype=np.uint8))


def rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


@cache
def palette() -> dict[str, str]:
    """The vocabulary's colours that have one."""
    terms = tomllib.loads(PALETTE.read_text(encoding="utf-8"))["terms"]
    return {term["value"]: term["hex"] for term in terms if term["hex"]}
