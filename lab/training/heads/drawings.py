"""Drawn photos for heads: one file each with what was drawn, under seeds of their own."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lab.synthetic.grounds import GROUNDS
from lab.synthetic.photos import render_photo
from lab.synthetic.sampling import sample_shot, sample_spec
from wardrobe.vision.families import TYPE_NAMES

SEED = 940_000
SIZES = ((360, 480), (480, 360), (400, 400))
TWICE = (
    *("bag", "handbag", "backpack", "belt", "tie", "scarf", "socks", "gloves", "derbies", "jeans"),
    *("chinos", "sweater", "sweatshirt", "longsleeve", "sneakers", "loafers", "boots"),
    *("rain-boots", "belt", "derbies", "chinos", "sweater", "sweatshirt", "longsleeve"),
)
"""Types that real photos lack, or that are taken for each other: drawn oftener than the rest."""
CYCLE = (*TYPE_NAMES, *TWICE)


def draw_missing(folder: Path, count: int, *, report: Callable[[str], object]) -> None:
    """The first `count` drawings of the row; those in `folder` already are not drawn again."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        if not (folder / f"{number}.json").exists():
            draw(folder, number)
        if (number + 1) % 100 == 0:
            report(f"{number + 1} of {count} drawings")


def draw(folder: Path, number: int) -> None:
    """`NUMBER.png`, then `NUMBER.json`: the second says that the first is whole."""
    rng = np.random.default_rng(SEED + number)
    order = np.random.default_rng(SEED + number // len(CYCLE)).permutation(len(CYCLE))
    spec = sample_spec(rng, CYCLE[order[number % len(CYCLE)]])
    photo = render_photo(
        spec,
        seed=int(rng.integers(2**32)),
        background=str(rng.choice(list(GROUNDS))),
        size=SIZES[rng.integers(3)],
        shot=sample_shot(rng),
    )
    photo.image.convert("RGB").save(folder / f"{number}.png")
    (truth,) = photo.truth.garments
    known = {
        "type": spec.type,
        "pattern": spec.pattern,
        "material": spec.material,
        "colours": [colour.name for colour in spec.colours],
        "sleeve": truth.sleeve,
        "length": truth.length,
    }
    (folder / f"{number}.json").write_text(json.dumps(known))
