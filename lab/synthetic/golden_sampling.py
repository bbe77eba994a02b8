"""A golden set under a seed of its own, nearly as hard as real photos: drawn when it is wanted.

Nobody chooses its photos one by one, so that it can be asked about an engine that was tuned on
another set. What people say of a type comes from the tables of the first set's file.
"""

from typing import Any

import numpy as np

from lab.synthetic.cuts import CUTS
from lab.synthetic.fields import Random
from lab.synthetic.files import Camera
from lab.synthetic.golden import GoldenPhoto, list_materials
from lab.synthetic.sampling import sample_spec
from lab.synthetic.snapshots import sample_ground, sample_hard_shot, vary_print
from lab.synthetic.specs import GarmentSpec

FORMATS = ("jpeg", "jpeg", "jpeg", "heic", "avif", "png", "webp")
SEVERAL = 8
"""One photo in so many shows two garments."""


def sample_golden(seed: int, count: int, source: dict[str, Any]) -> list[GoldenPhoto]:
    """`count` photos, each type as often as any other, a type twice only when all have had a turn.

    `source` holds the tables `types`, `also_called` and `also_made_of` of a `photos.toml`. Raises
    KeyError when `types` leaves out a type that can be drawn.
    """
    rng = np.random.default_rng([seed, 15])
    types = [
        str(name) for _ in range(2 * count // len(CUTS) + 2) for name in rng.permutation([*CUTS])
    ]
    photos = []
    for number in range(count):
        shown = [types.pop(0) for _ in range(2 if number % SEVERAL == 0 else 1)]
        photos.append(sample_golden_photo(number + 1, shown, source, rng))
    return photos


def sample_golden_photo(
    number: int, types: list[str], source: dict[str, Any], rng: Random
) -> GoldenPhoto:
    specs = tuple(vary_print(sample_spec(rng, name), rng) for name in types)
    names = [spec.colours[0].name for spec in specs]
    return GoldenPhoto(
        name=f"{number:03}-{'-and-'.join(name_garment(spec) for spec in specs)}",
        seed=int(rng.integers(2**32)),
        background=sample_ground(rng),
        shot=sample_hard_shot(rng, hangs=False),
        camera=sample_camera(rng),
        garments=specs,
        facts=tuple(source["types"][spec.type] for spec in specs),
        colours=tuple([name, *source["also_called"][name]] for name in names),
        materials=tuple(list_materials(spec, source["also_made_of"]) for spec in specs),
        unasked=source.get("unasked", {}),
    )


def name_garment(spec: GarmentSpec) -> str:
    return f"{spec.colours[0].name}-{spec.type}".replace("_", "-")


def sample_camera(rng: Random) -> Camera:
    format_ = str(rng.choice(FORMATS))
    if format_ != "jpeg":
        return Camera(format=format_)
    return Camera(
        orientation=int(rng.choice([1, 1, 3, 6, 8])),
        gps=bool(rng.random() < 0.3),
        p3=bool(rng.random() < 0.25),
    )
