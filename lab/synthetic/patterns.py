"""What is woven into or printed on cloth, as linear colour per pixel. u runs across the grain."""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from lab.synthetic.curves import ellipse, smooth, turned
from lab.synthetic.fields import Field, Random, decode, sample, smoothstep, to_linear
from lab.synthetic.prints import animal_print, camouflage, geometric
from lab.synthetic.specs import FabricColour

Painter = Callable[[Field, Field, tuple[FabricColour, ...], float, Random], Field]

FLORAL_TILE_CM = 26.0
FLORAL_TILE = 1024


def paint(
    pattern: str,
    u: Field,
    v: Field,
    colours: tuple[FabricColour, ...],
    softness: float,
    rng: Random,
) -> Field:
    """Colour the cloth at u, v (centimetres); `softness` is the size of a pixel there."""
    return PAINTERS.get(pattern, solid)(u, v, colours, softness, rng)


def dyes(colours: tuple[FabricColour, ...], count: int) -> list[Field]:
    """The colours in linear light, the last repeated when there are too few."""
    inks = [to_linear(colour.hex) for colour in colours]
    return [inks[min(i, len(inks) - 1)] for i in range(count)]


def solid(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    return np.broadcast_to(to_linear(colours[0].hex), (*u.shape, 3))


def striped(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    """Breton stripes: narrow, across the body."""
    ground, ink = dyes(colours, 2)
    return mix(ground, ink, band(v, period=2.5, width=0.95, softness=softness))


def plaid(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    """Tartan: the same sett both ways; warp over weft in a two-by-two twill."""
    sett = 9.0
    warp, weft = (tartan_threads(x, colours, sett, softness) for x in (u, v))
    over = 0.5 + 0.18 * np.sin((u + v) * 2 * np.pi / max(0.3, 3 * softness))
    return np.asarray(warp * over[..., None] + weft * (1 - over[..., None]), dtype=np.float32)


def tartan_threads(
    x: Field, colours: tuple[FabricColour, ...], sett: float, softness: float
) -> Field:
    ground, broad, line = dyes(colours, 3)
    cloth = mix(ground, broad, band(x, period=sett, width=3.6, softness=softness))
    cloth = mix(cloth, ground, band(x - 0.6, period=sett, width=0.5, softness=softness))
    cloth = mix(cloth, ground, band(x + 0.6, period=sett, width=0.5, softness=softness))
    return mix(cloth, line, band(x - sett / 2, period=sett, width=0.45, softness=softness))


def checkered(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    """Gingham: where both threads are dyed the colour is full."""
    ground, ink = dyes(colours, 2)
    across = band(u, period=1.6, width=0.8, softness=softness)
    down = band(v, period=1.6, width=0.8, softness=softness)
    return mix(ground, ink, np.asarray((across + down) / 2, dtype=np.float32))


def polka_dot(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    ground, ink = dyes(colours, 2)
    pitch, radius = 2.6, 0.48
    row = np.floor(v / pitch)
    x = np.mod(u + (row % 2) * pitch / 2, pitch) - pitch / 2
    y = np.mod(v, pitch) - pitch / 2
    inside = 1 - smoothstep(radius - softness, radius + softness, np.hypot(x, y))
    return mix(ground, ink, inside)


def floral(
    u: Field, v: Field, colours: tuple[FabricColour, ...], softness: float, rng: Random
) -> Field:
    """A scattered print; the tile is drawn once and repeats without a seam."""
    tile = floral_tile(tuple(colour.hex for colour in colours), rng)
    scale = FLORAL_TILE / FLORAL_TILE_CM
    return sample(tile, u * scale, v * scale)


def floral_tile(inks: tuple[str, ...], rng: Random) -> Field:
    picture = Image.new("RGB", (FLORAL_TILE, FLORAL_TILE), inks[0])
    draw = ImageDraw.Draw(picture)
    for x, y, size in scattered(rng):
        ink = inks[1 + int(rng.integers(max(1, len(inks) - 2)))] if len(inks) > 2 else inks[-1]
        turn = float(rng.uniform(0, 2 * math.pi))
        for copy_x in copies(x, size):
            for copy_y in copies(y, size):
                draw_flower(draw, copy_x, copy_y, size, turn, ink, inks)
    return decode(np.asarray(picture, dtype=np.float32) / 255)


def copies(at: float, size: float) -> list[float]:
    """Where a flower shows along one axis of a tile that repeats."""
    reach = 1.2 * size
    return [c for c in (at - FLORAL_TILE, at, at + FLORAL_TILE) if -reach < c < FLORAL_TILE + reach]


def scattered(rng: Random) -> list[tuple[float, float, float]]:
    """Places for flowers: random, but never one upon another (dart throwing)."""
    placed: list[tuple[float, float, float]] = []
    for _ in range(500):
        x, y = rng.uniform(0, FLORAL_TILE, 2)
        size = float(rng.choice([40, 72, 108], p=[0.4, 0.35, 0.25]))
        if all(apart(x, y, px, py) > (size + psize) * 0.86 for px, py, psize in placed):
            placed.append((float(x), float(y), size))
    return placed


def apart(x: float, y: float, px: float, py: float) -> float:
    """Distance on the repeating tile."""
    dx, dy = abs(x - px), abs(y - py)
    return math.hypot(min(dx, FLORAL_TILE - dx), min(dy, FLORAL_TILE - dy))


def draw_flower(
    draw: ImageDraw.ImageDraw,
    x: float,
    y: float,
    size: float,
    turn: float,
    ink: str,
    inks: tuple[str, ...],
) -> None:
    leaf = smooth((0, 0), (0.55, 0.17), (1.15, 0), (0.55, -0.17), closed=True)
    for k in (0.4, 2.3, 4.1):
        shape = turned(leaf * size, turn + k) + (x, y)
        draw.polygon([tuple(p) for p in shape], fill=inks[-1])
    for k in range(5):
        angle = turn + k * 2 * math.pi / 5
        cx, cy = x + 0.36 * size * math.cos(angle), y + 0.36 * size * math.sin(angle)
        petal = ellipse(cx, cy, 0.36 * size, 0.25 * size, turn=angle)
        draw.polygon([tuple(p) for p in petal], fill=ink)
    eye = ellipse(x, y, 0.15 * size, 0.15 * size)
    draw.polygon([tuple(p) for p in eye], fill=inks[0] if ink != inks[0] else inks[-1])


def band(x: Field, *, period: float, width: float, softness: float) -> Field:
    """1 inside stripes of `width` around multiples of `period`, softened by one pixel."""
    distance = np.abs(np.mod(x + period / 2, period) - period / 2)
    edge = max(softness, 0.03)
    return 1 - smoothstep(width / 2 - edge, width / 2 + edge, np.asarray(distance, np.float32))


def mix(ground: Field, ink: Field, share: Field) -> Field:
    return np.asarray(ground * (1 - share[..., None]) + ink * share[..., None], dtype=np.float32)


PAINTERS: dict[str, Painter] = {
    "striped": striped,
    "plaid": plaid,
    "checkered": checkered,
    "floral": floral,
    "polka_dot": polka_dot,
    "camouflage": camouflage,
    "animal_print": animal_print,
    "geometric": geometric,
}
