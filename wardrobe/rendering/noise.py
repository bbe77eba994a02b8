"""Smooth random fields: the stuff of folds, grain and plaster."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Field = NDArray[np.float32]


def smooth_noise(
    rng: np.random.Generator, size: tuple[int, int], cells: tuple[float, float]
) -> Field:
    """Values of mean 0 and deviation about 1, shape (height, width); `cells` are counted across and down."""
    width, height = size
    columns, rows = (max(2, round(count)) for count in cells)
    coarse = rng.normal(size=(rows + 2, columns + 2)).astype(np.float32)
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float32)


def fractal_noise(
    rng: np.random.Generator,
    size: tuple[int, int],
    cells: tuple[float, float],
    *,
    octaves: int = 4,
    gain: float = 0.5,
) -> Field:
    """Octaves of smooth noise, each twice as fine and `gain` times as strong."""
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(octaves):
        scale = 2**octave
        total += gain**octave * smooth_noise(rng, size, (cells[0] * scale, cells[1] * scale))
    return total


def blur(field: Field, radius: float) -> Field:
    """A Gaussian blur of about `radius` pixels, computed on a smaller copy when the radius is large."""
    height, width = field.shape
    shrink = max(1, int(radius // 4))
    image = Image.fromarray(np.ascontiguousarray(field))
    if shrink > 1:
        small = (max(2, width // shrink), max(2, height // shrink))
        image = image.resize(small, Image.Resampling.BOX)
    blurred = blur_float(np.asarray(image, np.float32), radius / shrink)
    if shrink == 1:
        return blurred
    return np.asarray(
        Image.fromarray(blurred).resize((width, height), Image.Resampling.BICUBIC), np.float32
    )


def blur_float(field: Field, radius: float) -> Field:
    """Pillow blurs bytes only: a separable convolution with a Gaussian kernel."""
    reach = max(1, int(3 * radius))
    offsets = np.arange(-reach, reach + 1, dtype=np.float32)
    kernel = np.exp(-(offsets**2) / (2 * radius**2))
    kernel /= kernel.sum()
    for axis in (0, 1):
        pad = [(reach, reach) if i == axis else (0, 0) for i in (0, 1)]
        padded = np.pad(field, pad, mode="edge")
        length = field.shape[axis]
        total = np.zeros_like(field)
        for weight, start in zip(kernel, range(2 * reach + 1), strict=True):
            total += weight * padded.take(range(start, start + length), axis=axis)
        field = total
    return field


def sharpen(image: Image.Image) -> Image.Image:
    """What a phone does to every photo."""
    return image.filter(ImageFilter.UnsharpMask(radius=1.2, percent=60, threshold=2))
