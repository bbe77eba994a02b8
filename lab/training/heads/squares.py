"""Garments as the trunk reads them, each in several looks, and what its frozen stages answer to these."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from lab.training.heads.looks import find_garment, read_upright
from wardrobe.vision.garments import crop_square
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.preprocessing import find_ground, fit_square
from wardrobe.vision.trunk.graph import MAPPED_STAGES
from wardrobe.vision.trunk.sessions import SIDE, Trunk, fill_inputs

Halves = NDArray[np.float16]
Bytes = NDArray[np.uint8]
Report = Callable[[str], object]

FROZEN = MAPPED_STAGES[1] + 1
"""Stages that the adapter leaves alone: the trunk tells what the last of them sees."""
POOLED = slice(1280, 1376)
"""Where the trunk's answers hold what is pooled of frozen stages."""
LOOKS = 6
"""At each garment: as it is, its mirror image, and others by a seed."""
WIDE = 300
"""Side of the square that other looks are cropped from, in pixels."""
NARROWEST = 225
BRIGHTER, TURNED = 0.2, 8.0
"""By which share of brightness and of contrast a look differs at most, and by how many degrees."""
SELDOM = 0.3
"""How many of the other looks are turned."""
AT_ONCE = 8


@dataclass(frozen=True)
class Beginnings:
    """What the frozen stages answer to one look at each garment."""

    maps: Halves
    """(n, channels, rows, columns) of the last of them."""
    pooled: Halves
    """(n, answers)"""


def see_beginnings(paths: Sequence[Path], trunk: Trunk, *, report: Report) -> list[Beginnings]:
    """By look. Raises OSError."""
    exact, wide = cut_squares(paths, report=report)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda look: see_look(exact, wide, look, trunk), range(LOOKS)))


def cut_squares(paths: Sequence[Path], *, report: Report) -> tuple[Bytes, Bytes]:
    """Of each photo the garment as the trunk reads it (n, SIDE, SIDE, 3), and the same in WIDE."""
    exact, wide = (np.empty((len(paths), side, side, 3), np.uint8) for side in (SIDE, WIDE))
    for number, path in enumerate(paths):
        with Image.open(path) as opened:
            image = read_upright(opened)
        crop = crop_square(image, find_garment(image, VisionParameters()).box)
        for squares in (exact, wide):
            squares[number] = fit_square(crop, squares.shape[1], find_ground(image))
        if (number + 1) % 500 == 0:
            report(f"{number + 1} of {len(paths)} garments cut out")
    return exact, wide


def see_look(exact: Bytes, wide: Bytes, look: int, trunk: Trunk) -> Beginnings:
    def answer(numbers: range) -> tuple[Any, Any]:
        squares = [show(exact[number], wide[number], number, look) for number in numbers]
        seen, _, last, *_ = trunk.session.run(None, fill_inputs(squares, is_adapted=False))
        return last, seen[:, POOLED]

    last, pooled = answer(range(1))
    found = Beginnings(
        *(np.empty((len(exact), *one.shape[1:]), np.float16) for one in (last, pooled))
    )
    for start in range(0, len(exact), AT_ONCE):
        rows = range(start, min(start + AT_ONCE, len(exact)))
        found.maps[rows.start : rows.stop], found.pooled[rows.start : rows.stop] = answer(rows)
    return found


def show(exact: Bytes, wide: Bytes, number: int, look: int) -> Bytes:
    """(SIDE, SIDE, 3): the first look is the garment as it is, the second its mirror image."""
    if look == 0:
        return exact
    if look == 1:
        return np.asarray(ImageOps.mirror(Image.fromarray(exact)))
    rng = np.random.default_rng(number * 100 + look)
    side = int(rng.integers(NARROWEST, WIDE + 1))
    left, top = rng.integers(0, WIDE - side + 1, 2)
    picture = Image.fromarray(wide).crop((left, top, left + side, top + side))
    picture = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    if rng.random() < 0.5:
        picture = ImageOps.mirror(picture)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast):
        picture = enhance(picture).enhance(rng.uniform(1 - BRIGHTER, 1 + BRIGHTER))
    if rng.random() < SELDOM:
        ground = tuple(int(value) for value in wide[0, 0])
        degrees = rng.uniform(-TURNED, TURNED)
        picture = picture.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=ground)
    return np.asarray(picture)
