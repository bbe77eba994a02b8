"""What garments are photographed on, as linear light. Sizes in centimetres."""

from collections.abc import Callable

import numpy as np

from lab.synthetic.fields import Field, Random, fractal, grid, perlin, ridged, smoothstep, to_linear
from lab.synthetic.lighting import Light, shade

Ground = Callable[[Field, Field, float, Light, Random], Field]


def tint(colour: str, tone: Field) -> Field:
    """A colour made lighter and darker; darker also means a little more saturated."""
    base = to_linear(colour)
    return np.asarray(np.maximum(base * tone[..., None], 0.003), dtype=np.float32)


def planks(colour: str, *, width: float, contrast: float, turned: bool = False) -> Ground:
    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        along, across = (x, y) if turned else (y, x)
        return wood(along, across, colour, width, contrast, scale, rng)

    return ground


def wood(
    along: Field,
    across: Field,
    colour: str,
    width: float,
    contrast: float,
    scale: float,
    rng: Random,
) -> Field:
    """Floor boards: each its own tone and grain, dark joints, ends that do not line up."""
    across = across + np.float32(rng.uniform(0, width))
    number = np.floor(across / width).astype(np.int32)
    starts, tones = rng.uniform(0, 400, 64), rng.normal(0, 0.09, (64, 8))
    length = 110.0
    along = along + starts[number % 64].astype(np.float32)
    board = np.floor(along / length).astype(np.int32)
    tone = 1 + tones[number % 64, board % 8]
    aside = across + number * 31.7 + board * 17.3
    rings = perlin(along / 60, aside / 3.2, rng)
    flame = np.sin((aside / 1.1 + 2.6 * rings) * 2.2).astype(np.float32)
    streak = perlin(along / 16, aside / 0.5, rng) + 0.7 * perlin(along / 5, aside / 0.16, rng)
    pores = np.minimum(perlin(along / 2.4, aside / 0.09, rng) + 0.25, 0)
    grain = 0.30 * rings + 0.16 * flame + 0.32 * streak + 0.30 * pores
    tone = tone * (1 + contrast * grain)
    return tint(colour, np.asarray(tone * joints(along, across, width, length, scale), np.float32))


def joints(along: Field, across: Field, width: float, length: float, scale: float) -> Field:
    gap = max(0.12, 1.1 / scale)
    beside = np.minimum(np.mod(across, width), width - np.mod(across, width))
    end = np.minimum(np.mod(along, length), length - np.mod(along, length))
    near = np.minimum(beside, end).astype(np.float32)
    return np.asarray(1 - 0.62 * (1 - smoothstep(gap * 0.4, gap * 1.4, near)), np.float32)


def bed_sheet(colour: str) -> Ground:
    """Washed linen, pulled about: broad folds and many small ones."""

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        turn = float(rng.uniform(-0.9, 0.9))
        u = x * np.cos(turn) + y * np.sin(turn)
        v = y * np.cos(turn) - x * np.sin(turn)
        bend = perlin(u / 40, v / 40, rng)
        height = 1.1 * perlin(u / 26, v / 60, rng) + 0.75 * ridged(u / 19 + bend, v / 55, rng)
        small = ridged(u / 5 + bend, v / 9 + bend, rng)
        height = height + 0.10 * small * smoothstep(-0.2, 0.6, perlin(u / 22, v / 22, rng))
        lit = shade(np.asarray(height, np.float32), light, pixels_per_cm=scale, strength=0.7)
        thread = perlin(u / 0.16, v / 1.4, rng) + perlin(u / 1.4, v / 0.16, rng)
        return tint(colour, np.asarray(lit * (1 + 0.035 * thread), np.float32))

    return ground


def carpet(colour: str) -> Ground:
    """Loop pile: tufts, and tracks where it was brushed the other way."""

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        tufts = perlin(x / 0.55, y / 0.55, rng) + 0.8 * perlin(x / 0.27, y / 0.27, rng)
        clumps = fractal(x / 2.4, y / 2.4, rng, octaves=2)
        lit = shade(
            np.asarray(0.10 * tufts + 0.05 * clumps, np.float32),
            light,
            pixels_per_cm=scale,
            strength=0.5,
        )
        brushed = 1 + 0.09 * perlin(x / 24, y / 34, rng) + 0.04 * clumps
        return tint(colour, np.asarray(lit * brushed * (1 + 0.10 * tufts), np.float32))

    return ground


def plaster(colour: str) -> Ground:
    """A painted wall: roller texture, faint clouds."""

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        skin = 0.012 * fractal(x / 0.7, y / 0.7, rng, octaves=3) + 0.10 * perlin(
            x / 30, y / 30, rng
        )
        lit = shade(np.asarray(skin, np.float32), light, pixels_per_cm=scale, strength=0.8)
        return tint(colour, np.asarray(lit * (1 + 0.03 * fractal(x / 40, y / 40, rng)), np.float32))

    return ground


def concrete(colour: str) -> Ground:
    """Smoothed concrete: clouds of grey, trowel marks, pores."""

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        clouds = fractal(x / 28, y / 28, rng, octaves=5)
        trowel = ridged(x / 16 + 0.4 * clouds, y / 5 + 0.4 * clouds, rng) - 0.4
        pores = smoothstep(0.78, 1.0, perlin(x / 0.5, y / 0.5, rng))
        sand = perlin(x / 0.22, y / 0.22, rng)
        tone = 1 + 0.14 * clouds + 0.05 * trowel - 0.28 * pores + 0.05 * sand
        return tint(colour, np.asarray(tone, np.float32))

    return ground


def tiles(colour: str, *, side: float, grout: str) -> Ground:
    """Glazed squares with sunken joints, each fired a little differently."""

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        tones = rng.normal(1, 0.025, (16, 16))
        column, row = (np.floor(axis / side).astype(np.int32) % 16 for axis in (x, y))
        from_edge = np.asarray(
            np.minimum(*(np.minimum(axis % side, side - axis % side) for axis in (x, y))),
            np.float32,
        )
        glaze = smoothstep(0.15, max(0.35, 1.5 / scale), from_edge)[..., None]
        height = 0.12 * smoothstep(0.1, 0.8, from_edge) + 0.02 * perlin(x / 4, y / 4, rng)
        lit = shade(np.asarray(height, np.float32), light, pixels_per_cm=scale, strength=0.6)
        cloud = 1 + 0.035 * fractal(x / 9, y / 9, rng)
        tile = tint(colour, np.asarray(lit * cloud * tones[row, column], np.float32))
        joint = tint(grout, np.asarray(1 + 0.1 * perlin(x / 0.3, y / 0.3, rng), np.float32))
        return np.asarray(joint * (1 - glaze) + tile * glaze, np.float32)

    return ground


def herringbone(colour: str, *, width: float = 7.0, blocks: int = 4) -> Ground:
    """Parquet: short blocks at right angles, their ends against their neighbours' sides."""

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        u, v = (x + y) * np.float32(0.7071), (y - x) * np.float32(0.7071)
        column, row = (np.floor(axis / width).astype(np.int32) for axis in (u, v))
        step = (column - row) % (2 * blocks)
        lying = step < blocks
        first = np.where(lying, column - step, row - (2 * blocks - 1 - step))
        along = np.asarray(np.where(lying, u, v) - first * width, np.float32)
        across = np.asarray(np.where(lying, v - row * width, u - column * width), np.float32)
        number = (first * 7 + np.where(lying, row, column) * 13 + lying) % 64
        tone = 1 + rng.normal(0, 0.08, 64).astype(np.float32)[number]
        aside = across + (number * 31.7).astype(np.float32)
        grain = 0.3 * perlin(along / 22, aside / 1.6, rng)
        grain = grain + 0.3 * perlin(along / 6, aside / 0.3, rng)
        ends = np.minimum(along, blocks * width - along)
        gap = max(0.1, 0.9 / scale)
        from_edge = np.minimum(np.minimum(across, width - across), ends)
        joint = 1 - 0.5 * (1 - smoothstep(gap * 0.4, gap * 1.4, from_edge))
        return tint(colour, np.asarray(tone * (1 + 0.5 * grain) * joint, np.float32))

    return ground


def duvet(colour: str, ink: str) -> Ground:
    """A striped cover, rumpled; the stripes follow the folds."""
    sheet = bed_sheet(colour)

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        cloth = sheet(x, y, scale, light, rng)
        pulled = x + 1.2 * perlin(x / 18, y / 22, rng)
        off = np.asarray(np.abs(np.mod(pulled, 7.0) - 3.5), np.float32)
        stripe = 1 - smoothstep(0.7, 0.75 + 1 / scale, off)
        dyed = cloth * (to_linear(ink) / to_linear(colour))
        return np.asarray(cloth + (dyed - cloth) * (0.8 * stripe[..., None]), np.float32)

    return ground


def desk(colour: str) -> Ground:
    """A painted table top: nearly even, a few scratches, the sheen of the window."""

    def ground(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
        sheen = 0.10 * perlin(x / 45, y / 45, rng) + 0.02 * fractal(x / 3, y / 3, rng)
        scratch = smoothstep(0.992, 1.0, ridged(x / 9, y / 31, rng)) * 0.05
        return tint(colour, np.asarray(1 + sheen + scratch, np.float32))

    return ground


GROUNDS: dict[str, Ground] = {
    "oak": planks("#b08f66", width=9.5, contrast=0.55),
    "pale_oak": planks("#c9b391", width=14, contrast=0.42, turned=True),
    "walnut": planks("#7d5a3f", width=11, contrast=0.6),
    "grey_wood": planks("#a39e96", width=13, contrast=0.5),
    "linen": bed_sheet("#dcd5c8"),
    "white_sheet": bed_sheet("#e6e4df"),
    "blue_sheet": bed_sheet("#9aa7b4"),
    "carpet": carpet("#a59c90"),
    "grey_carpet": carpet("#7f8184"),
    "plaster": plaster("#ddd8ce"),
    "sage_wall": plaster("#b9c0b0"),
    "concrete": concrete("#a9a8a4"),
    "parquet": herringbone("#a67c50"),
    "pale_parquet": herringbone("#c8b08c", width=9.0, blocks=3),
    "white_tiles": tiles("#d8d7d3", side=15, grout="#a5a39e"),
    "slate_tiles": tiles("#85888c", side=30, grout="#5d5e60"),
    "striped_duvet": duvet("#dfdcd4", "#93a3b3"),
    "sand_sheet": bed_sheet("#cdbda6"),
    "white_desk": desk("#dcdbd8"),
    "blue_carpet": carpet("#6f7f8f"),
}


def lay_ground(
    ground: Ground, height: int, width: int, *, pixels_per_cm: float, light: Light, rng: Random
) -> Field:
    """The ground for a whole photo, (height, width, 3)."""
    px, py = grid(height, width)
    turn = float(rng.normal(0, 0.03))
    x = (px * np.cos(turn) + py * np.sin(turn)) / pixels_per_cm + rng.uniform(0, 200)
    y = (py * np.cos(turn) - px * np.sin(turn)) / pixels_per_cm + rng.uniform(0, 200)
    u, v = np.asarray(x, np.float32), np.asarray(y, np.float32)
    return ground(u, v, pixels_per_cm, light, rng)
