"""Scarves and other things worn beside the clothes."""

import math

import numpy as np

from lab.synthetic.curves import (
    Pair,
    Points,
    ellipse,
    join,
    offset,
    rectangle,
    resample,
    ribbon,
    smooth,
    turned,
)
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


def scarf(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Doubled with its ends crossing, laid out long, or looped around."""
    styles = (crossing_scarf, crossing_scarf, hanging_scarf, looped_scarf)
    return styles[int(rng.integers(len(styles)))](rng)


def crossing_scarf(rng: Random) -> list[Part]:
    """The fold above, one end crossing over the other."""
    width, sway = float(rng.uniform(12, 20)), float(rng.uniform(-3, 3))
    apart, long = float(rng.uniform(0.4, 1.5)), float(rng.uniform(0.9, 1.25))
    under = smooth(
        (-3, -30 * long), (1, -18), (4 + sway, 0), (6 * apart, 14), (9 * apart, 26 * long)
    )
    over = smooth(
        (3, -30 * long), (-1, -18), (-3 + sway, 0), (-7 * apart, 16), (-8 * apart, 30 * long)
    )
    return strips_of_scarf(rng, [(under, width), (over, width)], fringed=rng.random() < 0.7)


def hanging_scarf(rng: Random) -> list[Part]:
    """A bend at the top, both halves hanging down beside each other."""
    width, apart = float(rng.uniform(8, 14)), float(rng.uniform(6, 12))
    low, sway = float(rng.uniform(46, 62)), float(rng.uniform(-3, 3))
    line = smooth((-apart, low), (-apart - sway, low * 0.5), (-apart * 0.95, 10), (0, 0), (apart * 0.95, 10), (apart + sway, low * 0.5),
                  (apart * 1.1, low - float(rng.uniform(0, 9))))  # fmt: skip
    half = len(line) // 2
    return strips_of_scarf(
        rng, [(line[half + 5 :: -1], width), (line[half - 5 :], width)], fringed=rng.random() < 0.6
    )


def looped_scarf(rng: Random) -> list[Part]:
    """As it is worn: once around the neck, the ends drawn through."""
    width, low = float(rng.uniform(9, 13)), float(rng.uniform(30, 46))
    ring = smooth((-2, 8), (-10.5, 3), (-11, -7), (0, -13), (11, -7), (10.5, 3), (2, 8), steps=12)
    ends = [
        smooth((0, 4), (s * 3.5, low * 0.5), (s * float(rng.uniform(3, 7)), low)) for s in (-1, 1)
    ]
    parts = strips_of_scarf(rng, [(line, width * 0.9) for line in ends], fringed=rng.random() < 0.7)
    wrap = ribbon(offset(ring, -width * 0.42), width * 0.84)
    knot = smooth((-6, 1), (0, -1.5), (6, 1), (5.2, 9), (0, 11.5), (-5.2, 9), closed=True)
    return [
        *parts,
        Panel(outline=wrap, lift=1.6, bulge=0.9, roundness=1.8, folds=1.6, grain=0.6),
        *lengthwise(ring, width * 0.8, rng),
        *lengthwise(ring, width * 0.8, rng),
        Panel(outline=knot, lift=2.4, bulge=1.6, roundness=2.4, folds=1.2, grain=-0.4),
    ]


def strips_of_scarf(
    rng: Random, strips: list[tuple[Points, float]], *, fringed: bool
) -> list[Part]:
    parts: list[Part] = []
    for k, (line, width) in enumerate(strips):
        outline = join(offset(line, -width / 2), offset(line, width / 2)[::-1])
        if fringed:
            parts += fringe(line, width, rng)
        parts.append(
            Panel(
                outline=outline, lift=0.6 + 0.8 * k, bulge=0.6, roundness=1.6, grain=(-0.2, 0.2)[k]
            )
        )
        parts += lengthwise(line, width, rng)
    return parts


def fringe(line: Points, width: float, rng: Random) -> list[Part]:
    end = line[-1]
    along = (line[-1] - line[-4]) / max(1e-6, math.hypot(*(line[-1] - line[-4])))
    aside = (-along[1], along[0])
    parts: list[Part] = []
    for k in range(15):
        x = (k / 14 - 0.5) * (width - 0.8)
        start = (end[0] + aside[0] * x - along[0], end[1] + aside[1] * x - along[1])
        sway, reach = rng.uniform(-1.2, 1.2), rng.uniform(5.4, 7.4)
        tip = (
            start[0] + along[0] * reach + aside[0] * sway,
            start[1] + along[1] * reach + aside[1] * sway,
        )
        middle = ((start[0] + tip[0]) / 2 + aside[0] * sway * 0.6, (start[1] + tip[1]) / 2)
        parts.append(
            Panel(
                outline=ribbon(smooth(start, middle, tip), 0.55),
                lift=0.4,
                bulge=0.2,
                roundness=0.3,
                folds=0,
            )
        )
    return parts


def lengthwise(line: Points, width: float, rng: Random) -> list[Part]:
    parts: list[Part] = []
    for _ in range(5):
        a = int(rng.integers(0, len(line) - 18))
        piece = offset(line, float(rng.uniform(-0.4, 0.4)) * width)[
            a : a + int(rng.integers(12, 26))
        ]
        parts.append(
            Crease(
                line=piece, height=float(rng.uniform(-0.5, 0.6)), width=float(rng.uniform(0.8, 1.8))
            )
        )
    return parts


def belt(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Rolled up, laid out in an open curve, or doubled."""
    return (rolled_belt, laid_belt, doubled_belt)[int(rng.integers(3))](spec, rng)


def laid_belt(spec: GarmentSpec, rng: Random) -> list[Part]:
    width, reach = float(rng.uniform(2.8, 4.2)), float(rng.uniform(18, 25))
    drop = float(rng.uniform(20, 34))
    line = smooth((-4, 3), (-reach * 0.7, 1), (-reach, -drop * 0.45), (-reach * 0.5, -drop * 0.93),
                  (reach * 0.3, -drop), (reach, -drop * 0.6), (reach * 0.85, -drop * 0.1), (reach * 0.45, 7), steps=14)  # fmt: skip
    return strap_with_buckle(line, width, spec)


def doubled_belt(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Both halves side by side, the bend at the top."""
    width, length = float(rng.uniform(2.8, 4.0)), float(rng.uniform(44, 54))
    gap, lean = float(rng.uniform(2.6, 5)), float(rng.uniform(-3, 3))
    line = smooth((-gap, 0), (-gap - 0.4 + lean, -length * 0.5), (-gap * 0.9, -length + 4), (0, -length),
                  (gap * 0.9, -length + 4), (gap + 0.5 + lean, -length * 0.5), (gap + 0.6, 8), steps=14)  # fmt: skip
    return strap_with_buckle(line, width, spec)


def strap_with_buckle(line: Points, width: float, spec: GarmentSpec) -> list[Part]:
    """A strap along the line: its buckle where the line starts, its tip where it ends."""
    middle = offset(line, -width / 2)
    return [
        Panel(outline=rounded_end(middle, width), lift=0.6, bulge=0.45, roundness=0.6, folds=0.1),
        *[Seam(line=offset(middle, width * k), depth=0.06, thread="") for k in (0.12, 0.88)],
        *[
            Button(centre=eyelet(line, k), radius=0.28, dye="#161412", holes=False)
            for k in range(6)
        ],
        *buckle(line[0], line[0] - line[3], width, spec.trim or "#b9b2a2"),
        keeper(line, width),
    ]


def rounded_end(edge: Points, width: float) -> Points:
    far = offset(edge, width)
    tip = (edge[-1] + far[-1]) / 2 + (edge[-1] - edge[-4]) * 0.6 * width / 3
    return join(edge, tip[None, :], far[::-1])


def eyelet(line: Points, number: int) -> Pair:
    at = resample(line[::-1], 2.5)[min(number + 2, 8)]
    return float(at[0]), float(at[1])


def keeper(line: Points, width: float) -> Panel:
    """The loop behind the buckle."""
    piece = resample(line, 0.5)[6:10]
    return Panel(outline=ribbon(offset(piece, -width / 2 - 0.25), width + 0.5), attached=True, bulge=0.3,
                 roundness=0.4, folds=0, shade=0.9)  # fmt: skip


def buckle(at: Points, ahead: Points, width: float, metal: str) -> list[Part]:
    """A frame with its prong, at the end of a strap that runs towards `ahead`."""
    turn = math.atan2(ahead[1], ahead[0])
    outer = rectangle(-0.6, -width / 2 - 0.7, 3.6, width + 1.4, round_by=0.7)
    inner = rectangle(0.2, -width / 2, 2.0, width, round_by=0.3)
    frame = join(outer, outer[:1], inner[:1], inner[::-1])
    prong = rectangle(-0.3, -0.25, 3.2, 0.5, round_by=0.1)
    return [
        Panel(outline=turned(line, turn) + at, lift=1.3, bulge=0.5, roundness=0.4, folds=0, fabric="metal",
              dye=metal, patterned=False)
        for line in (frame, prong)
    ]  # fmt: skip


def rolled_belt(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A coil that stands on its edge, its windings seen from above, the buckle in front."""
    width, radius = float(rng.uniform(3.2, 4.2)), float(rng.uniform(5.2, 6.6))
    flat = float(rng.uniform(0.38, 0.6))
    rim = ellipse(0, 0, radius, radius * flat)
    front = rim[rim[:, 1] >= -0.01]
    wall = join(front, front[::-1] + (0, width))
    turns = np.linspace(0, 2 * math.pi * 4, 150)
    spiral = (
        np.stack([np.cos(turns), flat * np.sin(turns)], axis=1)
        * (radius * np.linspace(0.99, 0.36, 150))[:, None]
    )
    return [
        Panel(outline=rim, lift=0.6, bulge=0.0, folds=0, shade=0.3),
        *[Panel(outline=ribbon(spiral[k : k + 14], 0.5), lift=0.9, bulge=0.3, roundness=0.3, folds=0, shade=0.85,
                patterned=False) for k in range(0, 140, 12)],
        Panel(outline=wall, lift=1.2, bulge=1.2, roundness=2.0, folds=0.1),
        *[Seam(line=front + (0, width * k), depth=0.06) for k in (0.12, 0.88)],
        *coil_end(radius * flat, width, spec),
    ]  # fmt: skip


def coil_end(front: float, width: float, spec: GarmentSpec) -> list[Part]:
    """The buckle on the outermost winding, the tip drawn through it."""
    metal = spec.trim or "#b9b2a2"
    tip = rectangle(0.5, front - 0.25, 4.6, width, round_by=1.0)
    at = np.array((-0.6, front + width / 2 - 0.2))
    return [
        Panel(outline=tip, attached=True, bulge=0.35, roundness=0.5, folds=0),
        Button(centre=(3.6, float(at[1])), radius=0.26, dye="#161412", holes=False),
        *buckle(at, np.array((1.0, -0.03)), width, metal),
    ]


def tie(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Knotted, with its loop above; or laid down double."""
    return knotted_tie(rng) if rng.random() < 0.5 else doubled_tie(rng)


def blade(top: tuple[float, float], low: tuple[float, float], narrow: float, wide: float) -> Points:
    """A strip that widens downwards and ends in a point."""
    start, end = np.array(top), np.array(low)
    along = (end - start) / max(float(np.hypot(*(end - start))), 1e-6)
    aside = np.array((-along[1], along[0]))
    steps = np.linspace(0, 1, 12)[:, None]
    middle = start + (end - start) * steps
    half = aside * (narrow + (wide - narrow) * steps**1.4) / 2
    return np.vstack([middle + half, (end + along * wide * 0.5)[None, :], (middle - half)[::-1]])


def knotted_tie(rng: Random) -> list[Part]:
    wide, low = float(rng.uniform(6.5, 10)), float(rng.uniform(36, 46))
    neck, rise = float(rng.uniform(7, 9.5)), float(rng.uniform(15, 24))
    loop = smooth((-1.5, -2), (-neck, -rise * 0.45), (-neck * 0.8, -rise * 0.85), (0, -rise), (neck * 0.8, -rise * 0.85),
                  (neck, -rise * 0.45), (1.5, -2))  # fmt: skip
    knot = smooth(
        (-2.8, -3.6), (0, -3.9), (2.8, -3.5), (1.9, 0.6), (0, 1.1), (-1.8, 0.6), closed=True
    )
    front = blade((0, 0), (float(rng.uniform(-2, 2)), low), 3.2, wide)
    tail = blade((0.4, 0), (float(rng.uniform(1, 6)), low * 0.85), 2.6, wide * 0.55)
    return [
        Panel(outline=ribbon(offset(loop, -1.7), 3.4), lift=0.5, bulge=0.4, roundness=0.8, folds=0.2, grain=-0.8, shade=0.92),
        Panel(outline=tail, lift=0.4, bulge=0.3, roundness=0.8, folds=0.2, grain=0.8, shade=0.85),
        Panel(outline=front, lift=0.9, bulge=0.5, roundness=1.0, folds=0.3, grain=0.8),
        Crease(line=smooth((0.3, 0.5), (0.1, 4), (0.6, 9)), height=-0.4, width=0.6),
        Panel(outline=knot, lift=1.6, bulge=1.0, roundness=1.3, folds=0.2, grain=-0.5),
    ]  # fmt: skip


def doubled_tie(rng: Random) -> list[Part]:
    wide, length = float(rng.uniform(7, 10.5)), float(rng.uniform(54, 68))
    gap, lean = float(rng.uniform(3.5, 8)), float(rng.uniform(-3, 3))
    bend = smooth((-gap * 0.4, -length + 8), (-gap * 0.3, -length + 2), (0, -length), (gap * 0.4, -length + 2),
                  (gap * 0.5, -length + 8))  # fmt: skip
    tail = blade(
        (gap * 0.5, -length + 6), (gap + lean * 0.4, -float(rng.uniform(4, 14))), 3.6, wide * 0.55
    )
    front = blade((-gap * 0.4, -length + 6), (-gap * 0.5 + lean, 0), 3.6, wide)
    return [
        Panel(
            outline=ribbon(offset(bend, -1.8), 3.6),
            lift=0.5,
            bulge=0.4,
            roundness=0.8,
            folds=0.2,
            grain=math.pi / 4,
        ),
        Panel(outline=tail, lift=0.6, bulge=0.4, roundness=0.9, folds=0.3, grain=-0.8),
        Panel(outline=front, lift=0.9, bulge=0.5, roundness=1.0, folds=0.4, grain=0.8),
    ]
