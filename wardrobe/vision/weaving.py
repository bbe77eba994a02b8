"""Patterned cloth laid over photos of plain garments, to learn rare patterns from.

A woven garment keeps its own folds, light and outline; only the cloth's colours are drawn.
Everything is in OKLab, with sizes in pixels.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.clusters import Floats
from wardrobe.vision.filters import box_mean
from wardrobe.vision.pieces import Mask

Random = np.random.Generator
Indices = NDArray[np.intp]
Weave = Callable[[Floats, Floats, float, Random], Indices]
"""From coordinates u, v and a period to the number of the dye at each pixel."""

EARTHS = ((0.4, -0.03, 0.05), (0.55, -0.02, 0.07), (0.3, 0.01, 0.02), (0.7, 0.01, 0.06))
GREYS = ((0.3, 0.0, -0.01), (0.5, 0.0, -0.01), (0.7, 0.0, 0.0), (0.85, 0.0, 0.0))
FURS = ((0.75, 0.02, 0.08), (0.25, 0.02, 0.02), (0.55, 0.05, 0.08), (0.9, 0.0, 0.02))


def weave(lab: Floats, inside: Mask, pattern: str, rng: Random) -> Floats:
    """The garment's picture (h, w, 3) with its cloth exchanged for one of WEAVES' patterns."""
    height, width = inside.shape
    v, u = bend(height, width, rng)
    period = float(rng.uniform(5, 26))
    dyes = choose_dyes(pattern, rng)
    cloth = soften(dyes[WEAVES[pattern](u, v, period, rng) % len(dyes)])
    shade = lab[..., :1] / max(float(np.median(lab[inside, 0])), 0.2)
    woven = cloth * np.clip(shade, 0.3, 1.6)
    return np.where(inside[..., None], woven, lab).astype(np.float32)


def bend(height: int, width: int, rng: Random) -> tuple[Floats, Floats]:
    """Coordinates turned a little, and pulled about as cloth is."""
    v, u = np.mgrid[:height, :width].astype(np.float32)
    turn = rng.normal(0, 0.12) + (rng.uniform(0.3, 1.2) if rng.random() < 0.1 else 0)
    pull = [box_mean(rng.normal(0, 25, (height, width)).astype(np.float32), 8) for _ in "vu"]
    down = v * np.cos(turn) + u * np.sin(turn) + pull[0]
    return down.astype(np.float32), (u * np.cos(turn) - v * np.sin(turn) + pull[1]).astype(
        np.float32
    )


def choose_dyes(pattern: str, rng: Random) -> Floats:
    """Two to four colours that can be told apart."""
    if pattern == "camouflage":
        return vary(EARTHS if rng.random() < 0.6 else GREYS, rng)
    if pattern == "animal_print" and rng.random() < 0.7:
        return vary(FURS, rng)
    dyes = [dye(rng)]
    count = int(rng.integers(3, 5)) if pattern == "plaid" else int(rng.integers(2, 4))
    while len(dyes) < count:
        another = dye(rng)
        if np.linalg.norm(another - dyes[-1]) > 0.18:
            dyes.append(another)
    return np.array(dyes, dtype=np.float32)


def vary(dyes: tuple[tuple[float, float, float], ...], rng: Random) -> Floats:
    return np.asarray(np.array(dyes) + rng.normal(0, 0.03, (len(dyes), 3)), dtype=np.float32)


def dye(rng: Random) -> Floats:
    angle, chroma = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.14) * (rng.random() < 0.7)
    lightness = rng.uniform(0.2, 0.95)
    return np.array([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], dtype=np.float32)


def soften(cloth: Floats) -> Floats:
    """As sharp as a phone's picture of it."""
    return np.stack([box_mean(plane, 1) for plane in cloth.transpose(2, 0, 1)], -1)


def band(x: Floats, period: float, width: float) -> Indices:
    return np.asarray((x % period) < width * period, dtype=np.intp)


def stripe(u: Floats, v: Floats, period: float, rng: Random) -> Indices:
    x = v if rng.random() < 0.6 else u
    width = float(rng.uniform(0.15, 0.6))
    return band(x, period, width) + band(x + period / 2, 2 * period, width / 2)


def check(u: Floats, v: Floats, period: float, rng: Random) -> Indices:
    """Gingham, whose crossings are darkest, or a chessboard."""
    across, down = band(u, period, 0.5), band(v, period, 0.5)
    return across ^ down if rng.random() < 0.4 else across + down


def tartan(u: Floats, v: Floats, period: float, rng: Random) -> Indices:
    wide, narrow = rng.uniform(0.3, 0.55), rng.uniform(0.05, 0.15)
    period = max(period, 12.0)
    threads = [band(x, period, wide) + 2 * band(x + 0.3 * period, period, narrow) for x in (u, v)]
    return threads[0] + threads[1]


def dot(u: Floats, v: Floats, period: float, rng: Random) -> Indices:
    odd = np.floor(v / period) % 2
    x, y = (u + odd * period / 2) % period - period / 2, v % period - period / 2
    return np.asarray(np.hypot(x, y) < rng.uniform(0.18, 0.36) * period, dtype=np.intp)


def shape(u: Floats, v: Floats, period: float, rng: Random) -> Indices:
    """Zigzags, diamonds, or squares in squares."""
    x = np.abs(u % period - period / 2)
    y = np.abs(v % period - period / 2)
    kind = rng.integers(3)
    if kind == 0:
        return band(v + x, period, 0.5)
    if kind == 1:
        return band(x + y, period / 2, 0.5) + band(u, 3 * period, 0.1)
    return np.asarray((np.maximum(x, y) // (period / 6)), dtype=np.intp)


def camouflage(u: Floats, v: Floats, period: float, rng: Random) -> Indices:
    clouds = [cloud(u.shape, max(3, round(period / 3)), rng) for _ in range(2)]
    return np.asarray((clouds[0] > 0.3) + 2 * (clouds[1] > 0.3), dtype=np.intp)


def fur(u: Floats, v: Floats, period: float, rng: Random) -> Indices:
    """A leopard's rosettes or a zebra's stripes."""
    if rng.random() < 0.4:
        wander = cloud(u.shape, 6, rng) * period * 0.7
        return band(u * 0.3 + v + wander, max(period / 2, 5), 0.5)
    spots = cloud(u.shape, max(1, round(period / 8)), rng)
    return np.asarray((spots > 0.6) + (spots > 1.5), dtype=np.intp)


def cloud(shape: tuple[int, ...], radius: int, rng: Random) -> Floats:
    """Noise with blobs of about twice `radius`; mean 0, deviation 1."""
    noise = rng.normal(0, 1, shape).astype(np.float32)
    blurred = box_mean(box_mean(noise, radius), radius) - box_mean(noise, 4 * radius)
    return np.asarray(blurred / max(float(blurred.std()), 1e-6), dtype=np.float32)


WEAVES: dict[str, Weave] = {
    "striped": stripe,
    "checkered": check,
    "plaid": tartan,
    "polka_dot": dot,
    "geometric": shape,
    "camouflage": camouflage,
    "animal_print": fur,
}
