"""How materials fold, shine and look from near. Sizes in centimetres."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lab.synthetic.fields import Field, Random, grid

TILE = 512


@dataclass(frozen=True, kw_only=True)
class Fabric:
    """`drape`, `wrinkle` and `grit` are heights of long folds, small creases and the surface."""

    drape: float
    wrinkle: float
    wrinkle_size: float = 3.0
    thickness: float = 0.15
    gloss: float = 0.0
    grit: float = 0.0
    tone: float = 0.05
    weave: Callable[[Random, float], Field]


def threads(rng: Random, scale: float) -> Field:
    """Plain weave: uneven threads both ways."""
    return 0.6 * streaks(rng, 0.8, 1.6 * scale) + 0.6 * streaks(rng, 1.6 * scale, 0.8)


def streaks(rng: Random, across: float, along: float) -> Field:
    """Noise smeared `across` pixels sideways and `along` pixels downwards, unit variance."""
    spectrum = np.fft.fft2(rng.standard_normal((TILE, TILE)))
    fx, fy = np.fft.fftfreq(TILE)[None, :], np.fft.fftfreq(TILE)[:, None]
    low_pass = np.exp(-2 * np.pi**2 * ((fx * across) ** 2 + (fy * along) ** 2))
    noise = np.fft.ifft2(spectrum * low_pass).real
    return np.asarray(noise / noise.std(), dtype=np.float32)


def twill(rng: Random, scale: float) -> Field:
    """Denim: white weft between blue warp, on the diagonal, with slubs down the leg."""
    x, y = grid(TILE, TILE)
    diagonal = np.sin((x + y) * (2 * np.pi * 128 / TILE)).astype(np.float32)
    grain = streaks(rng, 0.5, 0.5)
    slubs = streaks(rng, 0.6, 1.2 * scale)
    return np.asarray(0.4 * diagonal + 0.7 * grain + 0.8 * slubs, dtype=np.float32)


def stitches(rng: Random, scale: float) -> Field:
    """Stockinette: columns of little V's, some looser than others."""
    x, y = grid(TILE, TILE)
    columns = whole(TILE / (0.62 * scale))
    rows = whole(TILE / (0.5 * scale))
    across = np.mod(x * columns / TILE, 1) - 0.5
    climb = np.cos(2 * np.pi * (y * rows / TILE - 1.1 * np.abs(across)))
    valley = np.cos(2 * np.pi * across)
    return np.asarray(0.7 * climb + 0.7 * valley + 0.5 * streaks(rng, 1, 1), dtype=np.float32)


def rib(rng: Random, scale: float) -> Field:
    """Ribbing: ridges down the grain, half a centimetre each."""
    x, _ = grid(TILE, TILE)
    ridges = np.cos(2 * np.pi * x * whole(TILE / (0.62 * scale)) / TILE)
    return np.asarray(1.6 * ridges + 0.4 * streaks(rng, 1, 1), dtype=np.float32)


def felt(rng: Random, scale: float) -> Field:
    """Milled wool: cloudy, with single lighter hairs."""
    clouds = streaks(rng, 0.12 * scale, 0.12 * scale)
    hairs = np.maximum(streaks(rng, 0.5, 2.5) - 1.2, 0) + np.maximum(
        streaks(rng, 2.5, 0.5) - 1.2, 0
    )
    return np.asarray(0.6 * clouds + 0.8 * hairs + 0.5 * streaks(rng, 0.6, 0.6), dtype=np.float32)


def hide(rng: Random, scale: float) -> Field:
    """Leather: a pebbled surface with broader clouds."""
    pebbles = np.abs(streaks(rng, 0.08 * scale, 0.08 * scale))
    return np.asarray(0.5 * pebbles + 0.6 * streaks(rng, scale, scale), dtype=np.float32)


def plain(rng: Random, scale: float) -> Field:
    return np.asarray(0.5 * streaks(rng, 0.7, 0.7), dtype=np.float32)


def whole(count: float) -> int:
    """Periods that fit a repeating tile; at least three pixels each, or they alias."""
    return max(1, min(round(count), TILE // 3))


FABRICS = {
    "cotton": Fabric(drape=0.42, wrinkle=0.10, tone=0.03, weave=threads),
    "linen": Fabric(drape=0.40, wrinkle=0.22, wrinkle_size=2.4, tone=0.07, weave=threads),
    "poplin": Fabric(drape=0.38, wrinkle=0.15, wrinkle_size=3.4, tone=0.02, weave=threads),
    "canvas": Fabric(drape=0.34, wrinkle=0.16, wrinkle_size=3.6, tone=0.05, weave=threads),
    "denim": Fabric(drape=0.34, wrinkle=0.12, thickness=0.2, tone=0.13, weave=twill),
    "wool": Fabric(drape=0.30, wrinkle=0.05, thickness=0.3, tone=0.055, weave=felt),
    "suiting": Fabric(drape=0.34, wrinkle=0.04, tone=0.05, weave=twill),
    "knit": Fabric(drape=0.40, wrinkle=0.05, thickness=0.4, grit=0.05, tone=0.08, weave=stitches),
    "jersey": Fabric(drape=0.50, wrinkle=0.08, grit=0.0, tone=0.03, weave=plain),
    "rib": Fabric(drape=0.20, wrinkle=0.02, thickness=0.4, grit=0.06, tone=0.07, weave=rib),
    "fleece": Fabric(drape=0.35, wrinkle=0.05, thickness=0.4, tone=0.10, weave=felt),
    "silk": Fabric(drape=0.55, wrinkle=0.10, gloss=0.35, tone=0.02, weave=plain),
    "polyester": Fabric(drape=0.50, wrinkle=0.08, gloss=0.12, tone=0.02, weave=plain),
    "nylon": Fabric(drape=0.36, wrinkle=0.20, gloss=0.22, tone=0.02, weave=plain),
    "velvet": Fabric(drape=0.45, wrinkle=0.06, gloss=0.15, tone=0.08, weave=felt),
    "leather": Fabric(drape=0.10, wrinkle=0.05, gloss=0.42, grit=0.01, tone=0.05, weave=hide),
    "suede": Fabric(drape=0.10, wrinkle=0.05, gloss=0.0, tone=0.09, weave=felt),
    "rubber": Fabric(drape=0.0, wrinkle=0.0, gloss=0.15, tone=0.02, weave=plain),
    "metal": Fabric(drape=0.0, wrinkle=0.0, gloss=1.0, tone=0.02, weave=plain),
    "other": Fabric(drape=0.42, wrinkle=0.10, tone=0.03, weave=threads),
}
