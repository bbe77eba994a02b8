"""Float fields on a pixel grid: noise, blur, resampling. Everything is float32 and seeded."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field: TypeAlias = NDArray[np.floating[Any]]
Random: TypeAlias = np.random.Generator

GRADIENTS = 64
LUMINANCE = (0.2126, 0.7152, 0.0722)
"""Of linear red, green and blue (ITU-R BT.709)."""


def perlin(u: Field, v: Field, rng: Random) -> Field:
    """Gradient noise of about -1..1 with features one unit wide (Perlin 2002)."""
    angles = rng.uniform(0, 2 * np.pi, (GRADIENTS, GRADIENTS))
    gx, gy = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    offset = rng.uniform(0, GRADIENTS, 2).astype(np.float32)
    u, v = u + offset[0], v + offset[1]
    iu, iv = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    fu, fv = u - iu, v - iv

    def corner(du: int, dv: int) -> Field:
        a, b = (iu + du) % GRADIENTS, (iv + dv) % GRADIENTS
        return gx[a, b] * (fu - du) + gy[a, b] * (fv - dv)

    su, sv = fade(fu), fade(fv)
    near = corner(0, 0) * (1 - su) + corner(1, 0) * su
    far = corner(0, 1) * (1 - su) + corner(1, 1) * su
    return np.asarray((near * (1 - sv) + far * sv) * 1.5, dtype=np.float32)


def fade(t: Field) -> Field:
    return np.asarray(t * t * t * (t * (t * 6 - 15) + 10), dtype=np.float32)


def ridged(u: Field, v: Field, rng: Random) -> Field:
    """Noise with crests, 0..1: how cloth gathers."""
    return np.asarray((1 - np.minimum(np.abs(perlin(u, v, rng)), 1)) ** 2, dtype=np.float32)


def fractal(u: Field, v: Field, rng: Random, *, octaves: int = 3) -> Field:
    """Perlin noise summed over octaves, each half as high and half as wide."""
    total = np.zeros_like(u)
    for octave in range(octaves):
        total += perlin(u * 2**octave, v * 2**octave, rng) / 2**octave
    return total


def smoothstep(low: float, high: float, x: Field) -> Field:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def grid(height: int, width: int) -> tuple[Field, Field]:
    """The x and the y of every pixel centre."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x + 0.5, y + 0.5


def resize(field: Field, height: int, width: int) -> Field:
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))


def blur(field: Field, radius: float) -> Field:
    """About a Gaussian of standard deviation `radius` pixels; edges repeat."""
    if radius < 0.4:
        return field
    height, width = field.shape
    shrink = max(1, int(radius / 3))
    small = field
    if shrink > 1:
        small = resize(field, max(2, height // shrink), max(2, width // shrink))
    for _ in range(3):
        small = box_blur(box_blur(small, radius / shrink).T, radius / shrink).T
    return small if shrink == 1 else resize(small, height, width)


def box_blur(field: Field, radius: float) -> Field:
    """One box pass along the rows; three of them make a Gaussian (Kovesi 2010)."""
    half = max(1, round(radius))
    size = 2 * half + 1
    padded = np.pad(field, ((0, 0), (half + 1, half)), mode="edge")
    sums = np.cumsum(padded, axis=1, dtype=np.float64)
    box = (sums[:, size:] - sums[:, :-size]) / size
    # A box of `half` may be wider than asked; mixing it with the input keeps small radii honest.
    share = min(1.0, radius / half)
    return np.asarray(box * share + field * (1 - share), dtype=np.float32)


def sample(tile: Field, u: Field, v: Field) -> Field:
    """Bilinear look-up in a tile that repeats; u runs along its columns, in tile pixels."""
    height, width = tile.shape[:2]
    iu, iv = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    fu, fv = u - iu, v - iv
    if tile.ndim == 3:
        fu, fv = fu[..., None], fv[..., None]
    left, right = iu % width, (iu + 1) % width
    top, bottom = iv % height, (iv + 1) % height
    upper = tile[top, left] * (1 - fu) + tile[top, right] * fu
    lower = tile[bottom, left] * (1 - fu) + tile[bottom, right] * fu
    return np.asarray(upper * (1 - fv) + lower * fv, dtype=np.float32)


def shift(field: Field, dx: int, dy: int) -> Field:
    """The field moved by whole pixels; what comes in is zero."""
    moved = np.zeros_like(field)
    height, width = field.shape
    y0, y1, x0, x1 = max(0, dy), min(height, height + dy), max(0, dx), min(width, width + dx)
    moved[y0:y1, x0:x1] = field[y0 - dy : y1 - dy, x0 - dx : x1 - dx]
    return moved


def to_linear(colour: str) -> Field:
    """A "#rrggbb" colour as linear light, 0..1 (IEC 61966-2-1)."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / 255
    return decode(value)


def decode(srgb: Field) -> Field:
    return np.asarray(
        np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4), dtype=np.float32
    )


def encode(linear: Field) -> Field:
    """Linear light to sRGB, 0..1."""
    clipped = np.clip(linear, 0, 1)
    return np.asarray(
        np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055),
        dtype=np.float32,
    )
