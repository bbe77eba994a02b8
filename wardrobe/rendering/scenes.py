"""Where the clothes lie: floors, beds and walls of ordinary homes."""

from collections.abc import Callable

import numpy as np

from wardrobe.rendering.cloth import Rgb, to_rgb
from wardrobe.rendering.noise import Field, blur, fractal_noise, smooth_noise

Size = tuple[int, int]


def tint(value: Field, dark: str, light: str) -> Rgb:
    """Map a field of about -2..2 between two colours."""
    share = np.clip(value * 0.25 + 0.5, 0, 1)[..., None]
    return np.asarray(to_rgb(dark) + share * (to_rgb(light) - to_rgb(dark)), np.float32)


def wood(
    rng: np.random.Generator, size: Size, dark: str = "#8a6a48", light: str = "#c9a67c"
) -> Rgb:
    """Planks that run down the photo, each with its own tone and grain."""
    width, height = size
    planks, shift = 5.2, rng.random()
    x = np.arange(width) / width * planks + shift
    plank = np.floor(x).astype(int)
    tones = rng.normal(0, 0.55, 16).astype(np.float32)[plank]
    grain = fractal_noise(rng, size, (90, 2.2), octaves=3) * 0.55
    knots = fractal_noise(rng, size, (9, 2.5), octaves=2) * 0.5
    field = grain + 0.5 * np.sin(knots * 5) + tones[None, :]
    picture = tint(field, dark, light)
    gap = np.abs(x % 1 - 0.5) > 0.4925
    picture[:, gap] *= 0.55
    for index in range(int(planks) + 2):
        joint = int(rng.random() * height)
        columns = plank == index
        picture[joint : joint + 3, columns] *= 0.6
    return picture


def dark_wood(rng: np.random.Generator, size: Size) -> Rgb:
    return wood(rng, size, "#4e3a2b", "#86664a")


def pale_wood(rng: np.random.Generator, size: Size) -> Rgb:
    return wood(rng, size, "#b39a7a", "#dcc9aa")


def linen(rng: np.random.Generator, size: Size) -> Rgb:
    """A bed: soft folds and a fine weave."""
    folds = fractal_noise(rng, size, (2.2, 3.0), octaves=3, gain=0.4)
    ridges = blur((1 - np.abs(folds)).astype(np.float32), size[0] / 60)
    weave = smooth_noise(rng, size, (500, 20)) + smooth_noise(rng, size, (20, 500))
    return tint(ridges * 1.6 - 1.0 + 0.18 * weave, "#b9b6b0", "#efece6")


def carpet(rng: np.random.Generator, size: Size) -> Rgb:
    tufts = fractal_noise(rng, size, (150, 190), octaves=3, gain=0.8)
    return tint(tufts * 0.9 + 0.4 * smooth_noise(rng, size, (3, 3)), "#7f7f82", "#b8b6b2")


def plaster(rng: np.random.Generator, size: Size) -> Rgb:
    rough = fractal_noise(rng, size, (40, 50), octaves=4, gain=0.6)
    broad = smooth_noise(rng, size, (3, 3))
    return tint(0.35 * rough + 0.5 * broad, "#cfc8bc", "#ebe6dc")


def concrete(rng: np.random.Generator, size: Size) -> Rgb:
    stains = fractal_noise(rng, size, (6, 8), octaves=6, gain=0.62)
    return tint(stains * 0.8, "#86888a", "#bdbdba")


SCENES: dict[str, Callable[[np.random.Generator, Size], Rgb]] = {
    "wood": wood,
    "dark_wood": dark_wood,
    "pale_wood": pale_wood,
    "linen": linen,
    "carpet": carpet,
    "plaster": plaster,
    "concrete": concrete,
}
