"""Prints that no loom weaves: camouflage, leopard spots, diamonds. As `patterns.Painter`."""

import numpy as np

from lab.synthetic.fields import Field, Random, fractal, smoothstep, to_linear
from lab.synthetic.specs import FabricColour

SPOT_CM = 2.6
DIAMOND_CM = (4.4, 6.2)


def camouflage(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    """Blots of every further colour, each on less of the cloth: most keeps the first."""
    ground, *inks = (to_linear(colour.hex) for colour in colours)
    cloth = np.broadcast_to(ground, (*u.shape, 3))
    edge = 0.03 + 0.1 * softness
    for number, ink in enumerate(inks):
        blots = fractal(u / 11, v / 8, rng, octaves=3)
        height = 0.24 + 0.1 * number
        cloth = blend(cloth, ink, smoothstep(height - edge, height + edge, blots))
    return cloth


def animal_print(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    """Leopard: broken rings of the second colour, filled with the third."""
    ground, ring, *fill = (to_linear(colour.hex) for colour in colours)
    wobble = 0.3 * fractal(u / 1.6, v / 1.6, rng, octaves=2)
    distance, angle, gap = nearest_spot(u / SPOT_CM, v / SPOT_CM, rng)
    distance = distance + wobble * 0.55
    edge = 0.03 + softness / SPOT_CM
    rim = 1 - smoothstep(0.11 - edge, 0.11 + edge, np.abs(distance - 0.29))
    open_side = smoothstep(0.35, 0.65, np.cos(angle - gap))
    inside = 1 - smoothstep(0.29 - edge, 0.29 + edge, distance)
    cloth = np.broadcast_to(ground, (*u.shape, 3))
    cloth = blend(cloth, fill[0] if fill else ground * 0.55, inside)
    return blend(cloth, ring, rim * (1 - open_side))


def nearest_spot(u: Field, v: Field, rng: Random) -> tuple[Field, Field, Field]:
    """Distance and direction to the nearest of points strewn one per unit cell (Worley 1996).

    The third field is a random angle of that point's own.
    """
    x, y, turn = (rng.uniform(low, high, (64, 64)) for low, high in ((0.2, 0.8),) * 2 + ((0, 6.3),))
    best = np.full(u.shape, 9.0, dtype=np.float32)
    angle, own = np.zeros_like(best), np.zeros_like(best)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            column, row = np.floor(u).astype(int) + dx, np.floor(v).astype(int) + dy
            cell = (row % 64, column % 64)
            across, down = u - column - x[cell], v - row - y[cell]
            distance = np.hypot(across, down)
            nearer = distance < best
            best = np.where(nearer, distance, best)
            angle = np.where(nearer, np.arctan2(down, across), angle)
            own = np.where(nearer, turn[cell], own)
    return best, angle, own


def geometric(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    """Diamonds within diamonds, in rows."""
    ground, frame, *kernel = (to_linear(colour.hex) for colour in colours)
    width, height = DIAMOND_CM
    distance = fold(u / width) + fold(v / height)
    edge = 0.02 + softness / width
    cloth = np.broadcast_to(ground, (*u.shape, 3))
    cloth = blend(cloth, frame, 1 - smoothstep(0.09 - edge, 0.09 + edge, np.abs(distance - 0.36)))
    middle = kernel[0] if kernel else frame
    return blend(cloth, middle, 1 - smoothstep(0.14 - edge, 0.14 + edge, distance))


def fold(x: Field) -> Field:
    """Distance from the nearest whole number, 0..0.5."""
    return np.asarray(np.abs(x - np.round(x)), dtype=np.float32)


def blend(ground: Field, ink: Field, share: Field) -> Field:
    return np.asarray(ground * (1 - share[..., None]) + ink * share[..., None], dtype=np.float32)
