"""Photos whose masks are known: garments that our masks cut out cleanly, laid on other photos' grounds.

One to three of them lie about at very different sizes, each with its shadow, so that what is small
beside a coat, and what lies in the shade, is taught for what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from wardrobe.vision.pieces import Mask, grow
from wardrobe.vision.segmentation import Region

SIZES = ((384, 512), (512, 384), (384, 512), (448, 448))
"""Width and height of composed photos."""
CELLS = {
    1: ((0.0, 0.0, 1.0, 1.0),),
    2: ((0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 0.5, 1.0)),
    3: ((0.0, 0.0, 0.5, 0.6), (0.5, 0.0, 0.5, 0.6), (0.2, 0.6, 0.6, 0.4)),
}
"""Left, top, width and height of each garment's part of the photo."""
HOW_MANY = (1, 1, 2, 2, 3)
SMALLEST_FILL = 0.3
"""Of its part, by the longer side."""
STRIP = 0.1
"""Of a photo's side, beside its garment: a narrower ground is not worth repeating."""
DARKEST = 0.5
"""Of the light that the deepest shadow takes."""


@dataclass(frozen=True)
class Scene:
    image: Image.Image
    mask: Mask


@dataclass(frozen=True)
class Taken:
    """A photo with the mask of its garment, a grid over the whole photo."""

    image: Image.Image
    mask: Mask

    def garment(self) -> Image.Image:
        """The garment's box, with the mask as alpha."""
        alpha = Image.fromarray((self.mask * 255).astype(np.uint8)).resize(
            self.image.size, Image.Resampling.BICUBIC
        )
        cut = self.image.copy()
        cut.putalpha(alpha)
        return cut.crop(self.box())

    def box(self) -> tuple[int, int, int, int]:
        x, y, width, height = Region(self.mask, 1).box
        across, down = self.image.size
        return (
            round(x * across),
            round(y * down),
            round((x + width) * across),
            round((y + height) * down),
        )

    def ground(self) -> Image.Image | None:
        """The widest strip of the photo beside its garment; None where the garment fills it."""
        left, top, right, bottom = Taken(self.image, grow(self.mask, 6)).box()
        width, height = self.image.size
        strips = [
            (0, 0, width, top),
            (0, bottom, width, height),
            (0, 0, left, height),
            (right, 0, width, height),
        ]
        depths = [top / height, 1 - bottom / height, left / width, 1 - right / width]
        best = int(np.argmax(depths))
        return self.image.crop(strips[best]) if depths[best] >= STRIP else None


def compose(taken: Sequence[Taken], seed: int) -> Scene:
    """A scene of some of them. Raises ValueError where no photo shows its ground."""
    rng = np.random.default_rng(seed)
    size = SIZES[int(rng.integers(len(SIZES)))]
    canvas = lay(find_ground(taken, rng), size)
    count = int(rng.choice(HOW_MANY))
    mask = np.zeros((size[1], size[0]), dtype=bool)
    for cell in CELLS[count]:
        garment = taken[int(rng.integers(len(taken)))].garment()
        placed = place(garment, cell, size, rng)
        canvas = cast_shadow(canvas, placed, rng)
        canvas.paste(placed, (0, 0), placed)
        mask |= np.asarray(placed.getchannel("A")) > 127
    return Scene(canvas, mask)


def find_ground(taken: Sequence[Taken], rng: np.random.Generator) -> Image.Image:
    for index in rng.permutation(len(taken)):
        ground = taken[int(index)].ground()
        if ground is not None:
            return ground
    raise ValueError("No photo shows what its garment lies on.")


def lay(ground: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The strip as often as it takes, every other time as in a mirror."""
    pixels = np.asarray(ground)
    down, across = (-(-want // have) for want, have in zip(size[::-1], pixels.shape, strict=False))
    rows = np.concatenate([pixels[:: (-1) ** turn] for turn in range(down)])
    tiled = np.concatenate([rows[:, :: (-1) ** turn] for turn in range(across)], axis=1)
    return Image.fromarray(np.ascontiguousarray(tiled[: size[1], : size[0]]))


def place(
    garment: Image.Image,
    cell: tuple[float, float, float, float],
    size: tuple[int, int],
    rng: np.random.Generator,
) -> Image.Image:
    """On a transparent canvas, somewhere in its cell, at some size."""
    left, top, width, height = (
        share * side for share, side in zip(cell, (*size, *size), strict=True)
    )
    most = min(width / garment.width, height / garment.height)
    scale = most * float(rng.uniform(SMALLEST_FILL, 0.95))
    small = garment.resize(
        (max(8, round(garment.width * scale)), max(8, round(garment.height * scale))),
        Image.Resampling.BICUBIC,
    )
    x = left + float(rng.random()) * (width - small.width)
    y = top + float(rng.random()) * (height - small.height)
    placed = Image.new("RGBA", size)
    placed.paste(small, (round(x), round(y)))
    return placed


def cast_shadow(canvas: Image.Image, placed: Image.Image, rng: np.random.Generator) -> Image.Image:
    alpha = placed.getchannel("A")
    moved = Image.new("L", alpha.size)
    moved.paste(alpha, tuple(rng.integers(-10, 11, 2).tolist()))
    soft = np.asarray(moved.filter(ImageFilter.GaussianBlur(float(rng.uniform(2, 9)))))
    shade = 1 - soft[..., None] / 255 * float(rng.uniform(0, DARKEST))
    darker: NDArray[np.float64] = np.asarray(canvas) * shade
    return Image.fromarray(darker.astype(np.uint8))
