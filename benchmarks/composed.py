"""Photos of several garments whose boxes are known, to measure how garments are told apart.

Drawn ones, and real garments cut out of photos by our own masks and laid on plain ground and on boards, beside others
or beside their own image in a mirror. A cut-out's box is that of its mask, so that a fault of the mask itself goes unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from lab.synthetic import render_photo
from lab.synthetic.demo import read_demo
from wardrobe.vision.garments import look_for_garments
from wardrobe.vision.parameters import VisionParameters

Box = tuple[float, float, float, float]

DEMO = Path(__file__).resolve().parent.parent / "fixtures" / "demo" / "wardrobe.toml"
SIZE = (768, 1024)
MARGIN = 0.06
"""Free space around a garment, as a share of its part of the photo, on each side."""
PLAIN_GROUNDS = ((205, 190, 165), (236, 234, 228), (96, 98, 102), (128, 30, 44), (150, 165, 150))
DRAWN_GROUNDS = ("oak", "pale_oak", "linen", "white_sheet", "carpet", "plaster", "concrete")


@dataclass(frozen=True)
class Composed:
    image: Image.Image
    boxes: list[Box]


def draw_photos(count: int, seed: int = 1) -> Iterator[Composed]:
    """Two to four garments of the demo wardrobe in one drawn photo."""
    rng = np.random.default_rng(seed)
    specs = [spec for photo in read_demo(DEMO) for spec in photo.garments]
    for number in range(count):
        chosen = rng.choice(len(specs), int(rng.integers(2, 5)), replace=False)
        ground = str(rng.choice(DRAWN_GROUNDS))
        photo = render_photo(
            [specs[index] for index in chosen], seed=number, background=ground, size=SIZE
        )
        yield Composed(photo.image, [garment.box for garment in photo.truth.garments])


def paste_photos(photos: list[Path], count: int, seed: int = 1) -> Iterator[Composed]:
    """Two to four real garments on one ground, each in its part of the photo."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        canvas = choose_ground(number, rng)
        chosen = rng.choice(len(photos), int(rng.integers(2, 5)), replace=False)
        boxes = [
            paste(canvas, photos[index], cell)
            for index, cell in zip(chosen, divide(len(chosen)), strict=True)
        ]
        yield Composed(canvas, [box for box in boxes if box])


def mirror_photos(photos: list[Path], count: int, seed: int = 1) -> Iterator[Composed]:
    """One real garment and its image in a mirror beside or below it: flipped, smaller, paler, a little turned and
    soft. The box is the garment's own."""
    rng = np.random.default_rng(seed)
    made = 0
    for index in rng.permutation(len(photos)):
        cut, mask = cut_garment(photos[index])
        if cut is None or mask is None:
            continue
        canvas = choose_ground(made, rng)
        first, second = ((0, 0, 0.5, 1), (0.5, 0, 0.5, 1)) if made % 2 else divide(2)
        box = lay(canvas, cut, mask, first)
        lay(canvas, *mirror(cut, mask, rng), second, smaller=float(rng.uniform(0.6, 1)))
        yield Composed(canvas, [box])
        made += 1
        if made == count:
            return


def mirror(
    cut: Image.Image, mask: Image.Image, rng: np.random.Generator
) -> tuple[Image.Image, Image.Image]:
    turn = float(rng.uniform(-5, 5))
    flipped, outline = (
        ImageOps.mirror(picture).rotate(turn, Image.Resampling.BICUBIC) for picture in (cut, mask)
    )
    dimmed = ImageEnhance.Brightness(flipped).enhance(float(rng.uniform(0.75, 1.1)))
    paled = ImageEnhance.Color(dimmed).enhance(float(rng.uniform(0.8, 1.05)))
    return paled.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 1.2)))), outline


def choose_ground(number: int, rng: np.random.Generator) -> Image.Image:
    """Plain with a sensor's noise, or boards with grain: in turn."""
    colour = np.array(PLAIN_GROUNDS[number // 2 % len(PLAIN_GROUNDS)], dtype=np.float32)
    tones = lay_boards(rng) if number % 2 else np.zeros((SIZE[1], SIZE[0]))
    noisy = colour + tones[..., None] + rng.normal(0, 4, (SIZE[1], SIZE[0], 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def lay_boards(rng: np.random.Generator, wide: int = 96) -> NDArray[np.float64]:
    """Lighter and darker boards from top to bottom, with dark joints and grain along them."""
    boards = SIZE[0] // wide
    tones = np.repeat(rng.normal(0, 12, boards), wide) + rng.normal(0, 6, SIZE[0])
    tones[::wide] -= 45
    waves = np.cumsum(rng.normal(0, 1.2, (SIZE[1], boards)), axis=0)
    return np.asarray(tones + np.repeat(waves - waves.mean(0), wide, axis=1))


def divide(count: int) -> list[Box]:
    """Two beside or above each other, three with one below, four in two rows; in fractions."""
    if count == 2:
        return [(0, 0, 1, 0.5), (0, 0.5, 1, 0.5)]
    rows = [(0.0, 0.0, 0.5, 0.5), (0.5, 0.0, 0.5, 0.5)]
    return (
        [*rows, (0.0, 0.5, 1.0, 0.5)]
        if count == 3
        else [*rows, (0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)]
    )


def paste(canvas: Image.Image, photo: Path, cell: Box) -> Box | None:
    """Lay the garment of `photo` into its cell; where it lies, or None if there was no garment."""
    cut, mask = cut_garment(photo)
    return None if cut is None or mask is None else lay(canvas, cut, mask, cell)


def lay(
    canvas: Image.Image, cut: Image.Image, mask: Image.Image, cell: Box, *, smaller: float = 1.0
) -> Box:
    """As large as the cell allows, times `smaller`."""
    x, y, width, height = (share * side for share, side in zip(cell, (*SIZE, *SIZE), strict=True))
    scale = smaller * (1 - 2 * MARGIN) * min(width / cut.width, height / cut.height)
    size = (max(1, round(cut.width * scale)), max(1, round(cut.height * scale)))
    left, top = round(x + (width - size[0]) / 2), round(y + (height - size[1]) / 2)
    soft = mask.resize(size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(0.7))
    canvas.paste(cut.resize(size, Image.Resampling.BICUBIC), (left, top), soft)
    return left / SIZE[0], top / SIZE[1], size[0] / SIZE[0], size[1] / SIZE[1]


def cut_garment(photo: Path) -> tuple[Image.Image | None, Image.Image | None]:
    """A garment's box of the photo and its mask; nothing where it is cut off by the photo's edge."""
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    parameters = VisionParameters()
    regions = look_for_garments(image, parameters=parameters)
    x, y, width, height = regions[0].box
    is_whole = min(x, y) > 0.01 and max(x + width, y + height) < 0.99
    if len(regions) != 1 or regions[0].certainty < 0.5 or not is_whole:
        return None, None
    left, right = round(x * image.width), round((x + width) * image.width)
    top, bottom = round(y * image.height), round((y + height) * image.height)
    box = (left, top, right, bottom)
    mask = Image.fromarray((regions[0].mask * 255).astype(np.uint8)).resize(image.size)
    return image.crop(box), mask.crop(box)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def count_matches(expected: list[Box], found: list[Box], least: float = 0.5) -> int:
    """How many boxes have a partner that overlaps by at least `least`, each taken once."""
    pairs = sorted(
        (
            (overlap(one, other), i, j)
            for i, one in enumerate(expected)
            for j, other in enumerate(found)
        ),
        reverse=True,
    )
    taken: set[tuple[str, int]] = set()
    for share, i, j in pairs:
        if share >= least and not {("e", i), ("f", j)} & taken:
            taken |= {("e", i), ("f", j)}
    return len(taken) // 2
