"""Cloth: texture by material, pattern by name, folds by noise. Coordinates are pixels of the photo."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

from wardrobe.rendering.noise import Field, blur, fractal_noise, smooth_noise

Rgb = NDArray[np.float32]
"""Linear-looking but plain sRGB values 0..1, shape (height, width, 3) or (3,)."""


@dataclass(frozen=True)
class Cloth:
    """`colours`: the ground first, then what the pattern is drawn with, as `#rrggbb`."""

    colours: tuple[str, ...]
    pattern: str = "solid"
    material: str = "cotton"


def to_rgb(colour: str) -> Rgb:
    return np.array(ImageColor.getrgb(colour)[:3], np.float32) / 255


def make_folds(rng: np.random.Generator, size: tuple[int, int], material: str) -> Field:
    """Heights of folds, about -1..1: ridges that run mostly down the garment, softer in heavy cloth."""
    width, height = size
    heavy = material in {"denim", "wool", "leather", "knit", "fleece"}
    cells = (3.0, 2.2) if heavy else (4.5, 2.6)
    warp = fractal_noise(rng, size, (2.5, 2.5), octaves=2)
    base = fractal_noise(rng, size, cells, octaves=3, gain=0.45)
    ridges = 1 - np.abs(base + 0.35 * warp)
    creases = fractal_noise(rng, size, (cells[0] * 2.2, cells[1] * 1.4), octaves=2)
    folds = 0.65 * ridges + (0.12 if heavy else 0.22) * (1 - np.abs(creases))
    field: Field = blur(folds.astype(np.float32), width / (55 if heavy else 75))
    return field - field.mean()


def make_texture(rng: np.random.Generator, size: tuple[int, int], material: str) -> Field:
    """Brightness of the weave, about -1..1."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    grain = rng.normal(size=(height, width)).astype(np.float32)
    scale = width / 900
    if material in {"knit", "wool"}:
        period = (9 if material == "knit" else 5) * scale
        wobble = smooth_noise(rng, size, (40, 40)) * scale
        column = np.abs(((x + wobble) / period) % 1 - 0.5) * 2
        stitch = np.sin(2 * np.pi * (y / (period * 0.8) + column * 0.9))
        strength = 0.7 if material == "knit" else 0.35
        return strength * (0.6 * stitch + 0.7 * (column - 0.5)) + 0.35 * grain
    if material == "denim":
        twill = np.sin(2 * np.pi * (x + y * 0.8) / (3.6 * scale))
        return 0.45 * twill + 0.5 * grain + 0.35 * smooth_noise(rng, size, (300, 14))
    if material in {"leather", "suede"}:
        return np.asarray(0.5 * smooth_noise(rng, size, (220, 280)) + 0.2 * grain, np.float32)
    if material == "linen":
        return np.asarray(
            0.5 * smooth_noise(rng, size, (14, 420))
            + 0.5 * smooth_noise(rng, size, (420, 14))
            + 0.3 * grain,
            np.float32,
        )
    return 0.45 * grain


DEPTH = {"knit": 0.085, "wool": 0.06, "denim": 0.06, "leather": 0.03, "linen": 0.04}
"""How strongly a weave shows; cotton and the rest are smooth."""


def paint(rng: np.random.Generator, size: tuple[int, int], cloth: Cloth, x: Field, y: Field) -> Rgb:
    """The cloth's colour at every pixel; `x`, `y` are cloth coordinates in units of the garment."""
    ground = to_rgb(cloth.colours[0])
    picture = np.broadcast_to(ground, (size[1], size[0], 3)).astype(np.float32).copy()
    others = [to_rgb(colour) for colour in cloth.colours[1:]] or [ground * 0.7]
    for mask, colour in make_pattern(rng, cloth.pattern, x, y, others):
        picture += mask[..., None] * (colour - picture)
    return picture


def make_pattern(
    rng: np.random.Generator, name: str, x: Field, y: Field, colours: list[Rgb]
) -> list[tuple[Field, Rgb]]:
    """Masks 0..1 with their colours, painted one over the other."""
    first, last = colours[0], colours[-1]
    if name == "striped":
        return [(soft_step(np.sin(2 * np.pi * y / 0.11) - 0.25), first)]
    if name in {"plaid", "checkered"}:
        wide, thin = 0.16, 0.16
        bars = [(0.45 * band(v, wide, 0.34), first) for v in (x, y)]
        lines = [(0.7 * band(v + 0.06, thin, 0.05), last) for v in (x, y)]
        return [*bars, *lines]
    if name == "polka_dot":
        row = np.floor(y / 0.075)
        dx = (x / 0.086 + 0.5 * (row % 2)) % 1 - 0.5
        dy = (y / 0.075) % 1 - 0.5
        return [(soft_step((0.26 - np.hypot(dx, dy)) * 12), first)]
    if name == "floral":
        return make_flowers(rng, x, y, colours)
    return []


def band(value: Field, period: float, share: float) -> Field:
    return soft_step((share / 2 - np.abs((value / period) % 1 - 0.5)) * 40)


def soft_step(value: Any) -> Field:
    return np.asarray(np.clip(value * 3 + 0.5, 0, 1), np.float32)


def make_flowers(
    rng: np.random.Generator, x: Field, y: Field, colours: list[Rgb]
) -> list[tuple[Field, Rgb]]:
    """Five-petalled flowers on a jittered grid, with leaves."""
    cell = 0.15
    column, row = np.floor(x / cell).astype(int), np.floor(y / cell).astype(int)
    table = rng.random((64, 64, 4)).astype(np.float32)
    pick = table[row % 64, column % 64]
    dx = (x / cell) % 1 - 0.5 - (pick[..., 0] - 0.5) * 0.35
    dy = (y / cell) % 1 - 0.5 - (pick[..., 1] - 0.5) * 0.35
    radius, angle = np.hypot(dx, dy), np.arctan2(dy, dx) + 6 * pick[..., 2]
    reach = 0.17 + 0.11 * pick[..., 3]
    petals = soft_step((reach * (0.72 + 0.28 * np.cos(5 * angle)) - radius) * 14)
    heart = soft_step((0.055 - radius) * 20)
    leaf = soft_step(
        (0.085 - np.hypot((dx - 0.23) * 0.55 + dy * 0.4, (dy + 0.2) * 1.3 - dx * 0.3)) * 18
    )
    second = petals * (pick[..., 2] > 0.55)
    return [
        (leaf, colours[-1]),
        (petals, colours[0]),
        (np.asarray(second, np.float32), colours[min(1, len(colours) - 1)]),
        (heart, to_rgb("#e2b65a")),
    ]
