"""Grounds as loud as those in people's homes: each throw of the dice has its own colours."""

import numpy as np

from lab.synthetic.fields import Field, Random, fractal, perlin, ridged, smoothstep, to_linear
from lab.synthetic.grounds import GROUNDS, Ground, bed_sheet, tint, wood
from lab.synthetic.lighting import Light, shade
from lab.synthetic.patterns import PAINTERS
from lab.synthetic.specs import FabricColour

BEDDING = (
    "#a3141c", "#7b1230", "#c0392b", "#b8283a", "#d0669a", "#e3bcc0", "#30407c", "#5c7ba6", "#4d535c",
    "#24262c", "#e9dfca", "#e6e4df", "#cfc4b4", "#78874f", "#3c6257", "#8a7d9c", "#c79a54", "#6b4a3a",
)  # fmt: skip
BOARDS = ("#c99a58", "#d9b074", "#a8713c", "#8d8780", "#6b4630", "#d9cbb0", "#b9b3a6", "#46342a")
RUGS = (
    ("#6d1f22", "#c9a877", "#2a2730", "#8c5a36"),
    ("#3b4a3c", "#b8a888", "#6b2f2a", "#262a24"),
    ("#8b7a66", "#d6cbb8", "#4a4038", "#a5643f"),
    ("#27304f", "#b4b0a6", "#7d2733", "#c8b48c"),
    ("#b9a68c", "#8a5a44", "#e2d8c6", "#5a4a40"),
)
PRINTS = ("floral", "striped", "plaid", "geometric", "polka_dot", "checkered")
STONES = ("#d9d6d0", "#e4dfd6", "#8e8a86", "#b7a48c", "#cfc6ba")


def pick(colours: tuple[str, ...], rng: Random) -> str:
    return str(rng.choice(colours))


def rumpled(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """A sheet or a throw thrown down: deep folds, now and then the sheen of satin."""
    turn, deep = float(rng.uniform(-1.5, 1.5)), float(rng.uniform(0.8, 3.0))
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    bend = perlin(u / 40, v / 40, rng)
    height = 1.3 * perlin(u / 26, v / 60, rng) + 0.9 * ridged(u / 17 + bend, v / 50, rng)
    small = ridged(u / 5 + bend, v / 9 + bend, rng) * smoothstep(
        -0.3, 0.5, perlin(u / 22, v / 22, rng)
    )
    folds = np.asarray(deep * (height + 0.14 * small), np.float32)
    lit = shade(folds, light, pixels_per_cm=scale, strength=0.8)
    thread = perlin(u / 0.16, v / 1.4, rng) + perlin(u / 1.4, v / 0.16, rng)
    cloth = tint(pick(BEDDING, rng), np.asarray(lit * (1 + 0.04 * thread), np.float32))
    sheen = float(rng.uniform(0, 0.25)) * np.maximum(lit - 1.05, 0)
    return np.asarray(cloth + sheen[..., None], np.float32)


def printed_sheet(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """Bed linen with a print of two or three colours."""
    names = rng.choice(len(BEDDING), 3, replace=False)
    inks = tuple(FabricColour("ink", BEDDING[int(name)]) for name in names)
    larger = float(rng.uniform(0.5, 2.2))
    turn = float(rng.uniform(0, np.pi))
    u = (x * np.cos(turn) + y * np.sin(turn)) / larger
    v = (y * np.cos(turn) - x * np.sin(turn)) / larger
    print_ = PAINTERS[pick(PRINTS, rng)](u, v, inks, 1 / (scale * larger), rng)
    white = bed_sheet("#ffffff")(x, y, scale, light, rng)
    return np.asarray(print_ * white, np.float32)


def oriental_rug(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """Ornaments mirrored about two axes, in four colours, on tufts."""
    ground, *inks = (to_linear(ink) for ink in RUGS[int(rng.integers(len(RUGS)))])
    period = float(rng.uniform(18, 60))
    u, v = (np.abs(np.mod(axis, period) - period / 2) for axis in (x, y))
    cloth = np.broadcast_to(ground, (*x.shape, 3))
    for number, ink in enumerate(inks):
        size = period / float(rng.uniform(5, 14))
        blots = fractal(u / size, v / size, rng, octaves=3)
        rings = np.cos(np.hypot(u, v) * 2 * np.pi / (period / (2 + number)))
        share = smoothstep(0.1, 0.22, blots + 0.35 * rings - 0.15)[..., None]
        cloth = cloth * (1 - share) + ink * share
    tufts = perlin(x / 0.5, y / 0.5, rng)
    return np.asarray(np.maximum(cloth * (1 + 0.16 * tufts)[..., None], 0.003), np.float32)


def laminate(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """Boards of any colour, their grain strong and shiny."""
    along, across = (x, y) if rng.random() < 0.5 else (y, x)
    contrast = float(rng.uniform(0.5, 1.1))
    boards = wood(along, across, pick(BOARDS, rng), float(rng.uniform(7, 20)), contrast, scale, rng)
    gleam = float(rng.uniform(0, 0.3)) * np.maximum(perlin(x / 50, y / 70, rng), 0)
    return np.asarray(boards + gleam[..., None], np.float32)


def stone(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """Marble or granite: clouds, veins, and specks in some."""
    clouds = fractal(x / 30, y / 30, rng, octaves=4)
    veins = smoothstep(0.86, 1.0, ridged(x / 24 + clouds, y / 31 + 0.6 * clouds, rng))
    specks = perlin(x / 0.6, y / 0.6, rng) * float(rng.choice([0.0, 0.25]))
    tone = 1 + 0.16 * clouds - float(rng.uniform(0.1, 0.5)) * veins + specks
    return tint(pick(STONES, rng), np.asarray(np.maximum(tone, 0.1), np.float32))


def patchwork(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """Linoleum or a quilt of squares, each of one of a few colours."""
    side = float(rng.uniform(6, 24))
    colours = np.stack([to_linear(pick((*BEDDING, *BOARDS), rng)) for _ in range(4)])
    turn = float(rng.choice([0.0, np.pi / 4]))
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    column, row = (np.floor(axis / side).astype(np.int32) % 16 for axis in (u, v))
    dealt = rng.integers(0, 4, (16, 16))[column, row]
    beside = np.minimum(np.mod(u, side), np.mod(v, side)).astype(np.float32)
    joint = 1 - 0.4 * (1 - smoothstep(0.1, max(0.3, 1.5 / scale), beside))
    tone = joint * (1 + 0.12 * fractal(x / 7, y / 7, rng))
    return np.asarray(colours[dealt] * tone[..., None], np.float32)


def quilt(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """Padding sewn down along crossing lines."""
    side, turn = float(rng.uniform(5, 14)), np.pi / 4
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    puff = np.abs(np.sin(u * np.pi / side) * np.sin(v * np.pi / side)) ** 0.6
    height = 1.6 * puff + 0.6 * perlin(x / 20, y / 30, rng)
    lit = shade(np.asarray(height, np.float32), light, pixels_per_cm=scale, strength=0.7)
    return tint(pick(BEDDING, rng), lit)


def long_pile(x: Field, y: Field, scale: float, light: Light, rng: Random) -> Field:
    """A shaggy rug or a sheepskin."""
    sway = perlin(x / 9, y / 9, rng)
    hairs = ridged(x / 0.9 + 1.5 * sway, y / 3.5, rng) + 0.6 * perlin(x / 0.5, y / 1.4, rng)
    height = np.asarray(0.5 * hairs + 0.9 * perlin(x / 6, y / 6, rng), np.float32)
    lit = shade(height, light, pixels_per_cm=scale, strength=0.7)
    return tint(pick(("#e6e2d8", "#cfc6b6", "#8f8a86", "#4a4542", "#b9a894"), rng), lit)


BOLD_GROUNDS: dict[str, Ground] = {
    "rumpled": rumpled,
    "printed_sheet": printed_sheet,
    "oriental_rug": oriental_rug,
    "laminate": laminate,
    "stone": stone,
    "patchwork": patchwork,
    "quilt": quilt,
    "long_pile": long_pile,
}

ALL_GROUNDS: dict[str, Ground] = {**GROUNDS, **BOLD_GROUNDS}
