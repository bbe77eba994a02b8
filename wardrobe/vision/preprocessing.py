"""From a picture to what the network reads. Training and serving share this module."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

INPUT_SIZE = 128
"""Side, in pixels, of the square that the network reads."""

MID_GREY = 127
"""Padding value: close to zero once normalised, so that the network hardly sees it."""


RIM = 3
"""Width of the rim in a photo of 64 by 64 pixels."""


def fit_square(
    image: Image.Image, size: int = INPUT_SIZE, ground: tuple[int, int, int] = (MID_GREY,) * 3
) -> NDArray[np.uint8]:
    """Scale `image` into a square, grey beside it, keeping its proportions: uint8, (size, size, 3)."""
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    scaled = image.convert("RGB").resize(
        (width, height), Image.Resampling.BICUBIC, reducing_gap=2.0
    )
    square = Image.new("RGB", (size, size), ground)
    square.paste(scaled, ((size - width) // 2, (size - height) // 2))
    return np.asarray(square)


def normalise(squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, size, size, 3) bytes to (N, 3, size, size) floats within about ±2."""
    floats = (squares.astype(np.float32) - 127.5) / 64.0
    return np.ascontiguousarray(floats.transpose(0, 3, 1, 2))


def find_ground(image: Image.Image) -> tuple[int, int, int]:
    """The median colour of the photo's rim, which mostly shows what the garment lies on."""
    small = np.asarray(image.convert("RGB").resize((64, 64)))
    inner = np.zeros((64, 64), dtype=bool)
    inner[RIM:-RIM, RIM:-RIM] = True
    red, green, blue = np.median(small[~inner], axis=0).astype(int)
    return int(red), int(green), int(blue)
