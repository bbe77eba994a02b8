"""From a picture to what the network reads. Training and serving share this module."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

INPUT_SIZE = 128
"""Side, in pixels, of the square that the network reads."""

MID_GREY = 127
"""Padding value: close to zero once normalised, so that the network hardly sees it."""


def fit_square(image: Image.Image, size: int = INPUT_SIZE) -> NDArray[np.uint8]:
    """Scale `image` into a grey square, keeping its proportions: uint8, (size, size, 3)."""
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    scaled = image.convert("RGB").resize(
        (width, height), Image.Resampling.BICUBIC, reducing_gap=2.0
    )
    square = Image.new("RGB", (size, size), (MID_GREY, MID_GREY, MID_GREY))
    square.paste(scaled, ((size - width) // 2, (size - height) // 2))
    return np.asarray(square)


def normalise(squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, size, size, 3) bytes to (N, 3, size, size) floats within about ±2."""
    floats = (squares.astype(np.float32) - 127.5) / 64.0
    return np.ascontiguousarray(floats.transpose(0, 3, 1, 2))
