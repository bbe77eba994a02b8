"""Photos nearly as hard as those that people take: loud grounds, creases, uneven light, things about.

`python -m lab compare_drawings` measures how near they come.
"""

from dataclasses import replace

import numpy as np
from PIL import Image

from lab.synthetic.bold_grounds import ALL_GROUNDS
from lab.synthetic.cuts import CUTS
from lab.synthetic.fields import Random
from lab.synthetic.photos import render_photo
from lab.synthetic.sampling import sample_spec
from lab.synthetic.specs import GarmentSpec, RenderedPhoto, Shot

CONFUSED: tuple[tuple[str, ...], ...] = (
    ("derbies", "shoes", "loafers"),
    ("chinos", "jeans", "pants", "sweatpants"),
    ("boots", "rain-boots"),
    ("sweater", "longsleeve", "sweatshirt"),
)
"""Types that are taken for each other."""

PRINTED = frozenset({"t-shirt", "sweatshirt", "hoodie", "longsleeve"})
HUNG = frozenset({"top", "outerwear", "dress"})
SIZES = ((300, 400), (300, 400), (300, 400), (400, 300), (300, 300))


def draw_snapshot(type: str, seed: int, *, size: tuple[int, int] | None = None) -> RenderedPhoto:
    """A garment of a type of `CUTS` in a hard photo; the same arguments give the same pixels.

    `size` is width, height in pixels, by default one of `SIZES`. Raises KeyError for a type without
    a cut.
    """
    rng = np.random.default_rng([seed, 14])
    size = size or SIZES[int(rng.integers(len(SIZES)))]
    spec = vary_print(sample_spec(rng, type), rng)
    shot = sample_hard_shot(rng, hangs=CUTS[type].slot in HUNG)
    return render_photo(
        spec, seed=int(rng.integers(2**32)), background=sample_ground(rng), size=size, shot=shot
    )


def draw_labelled(type: str, seed: int) -> tuple[Image.Image, str]:
    """A hard photo and its label, as the training takes them."""
    return draw_snapshot(type, seed).image, type


def draw_confused(group: int, seed: int) -> tuple[Image.Image, str]:
    """A hard photo of one of the types in `CONFUSED[group]`, in turn by seed, and which it is."""
    types = CONFUSED[group]
    return draw_labelled(types[seed % len(types)], seed)


def sample_ground(rng: Random) -> str:
    """A sheet or a throw in one photo of three, as people do; else any."""
    return "rumpled" if rng.random() < 0.35 else str(rng.choice(list(ALL_GROUNDS)))


def sample_hard_shot(rng: Random, *, hangs: bool) -> Shot:
    """As unsteady, untidy and unevenly lit as the photos of the training part are."""
    return Shot(
        dim=float(rng.uniform(0.3, 0.7)) if rng.random() < 0.12 else 0.0,
        blur=float(rng.uniform(0.002, 0.01)) if rng.random() < 0.15 else 0.0,
        tilt=float(rng.uniform(0, 0.08)),
        clutter=int(rng.integers(1, 6)) if rng.random() < 0.4 else 0,
        fill=float(rng.uniform(0.62, 0.97)),
        turn=sample_turn(rng),
        aside=float(rng.normal(0, 0.025)),
        down=float(rng.normal(0, 0.025)),
        creased=float(rng.uniform(0.8, 2.4)),
        hung=bool(hangs and rng.random() < 0.2),
        beyond=sample_ground(rng) if rng.random() < 0.3 else "",
        uneven=float(np.abs(rng.normal(0, 0.5))),
        metered=float(rng.uniform(0.4, 0.9)),
        warmth=float(rng.normal(0.01, 0.04)),
        curve=float(rng.uniform(0.1, 1.2)),
    )


def sample_turn(rng: Random) -> float:
    """Nearly upright mostly; one in ten any way round."""
    return float(rng.uniform(-np.pi, np.pi) if rng.random() < 0.1 else rng.normal(0, 0.06))


def vary_print(spec: GarmentSpec, rng: Random) -> GarmentSpec:
    """A picture or a word on every other plain top, as people wear them."""
    if spec.type not in PRINTED or spec.pattern != "solid" or rng.random() < 0.5:
        return spec
    inks = sample_spec(rng, spec.type).colours
    return replace(spec, pattern="graphic", colours=(*spec.colours, *inks))
