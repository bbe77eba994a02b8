"""Lay a garment down folded: sleeves over the front, one leg over the other."""

import math
from dataclasses import replace

import numpy as np

from lab.synthetic.curves import Pair, Points, resample
from lab.synthetic.cuts.bodice import Bodice
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Fading, Panel, Part, Seam

# Slivers of cloth (square centimetres) that a fold cuts off are too small to be seen.
SMALLEST_FLAP = 25.0


def lay_sleeves(
    parts: list[Part], bodice: Bodice, rng: Random, *, share: float = 0.22
) -> list[Part]:
    """Of so many garments both sleeves are folded over the front, of half as many only one."""
    chance = float(rng.random())
    sides = (1, -1) if chance < share else (1,) if chance < 1.25 * share else (-1,)
    if chance >= 1.5 * share:
        return parts
    for side in sides:
        tilt = float(rng.uniform(-0.03, 0.05))
        normal = (side * math.cos(tilt), math.sin(tilt))
        edge = np.array((bodice.chest - 0.3, bodice.armpit + 8)) * (side, 1)
        parts = fold(parts, normal=normal, at=float(edge @ np.array(normal)))
    return parts


def lay_legs(parts: list[Part], rng: Random, *, share: float = 0.14) -> list[Part]:
    """Of so many pairs of trousers one leg is folded onto the other."""
    if rng.random() >= share:
        return parts
    return fold(parts, normal=(float(rng.choice([-1, 1])), 0.0), at=float(rng.uniform(-0.6, 0.6)))


def fold(parts: list[Part], *, normal: Pair, at: float) -> list[Part]:
    """What lies beyond the line `normal` · p = `at` is turned over and comes to lie on the rest."""
    n = np.array(normal)
    near = [piece for part in parts for piece in on_this_side(part, n, at)]
    turned_over = [
        reflected(piece, n, at)
        for part in parts
        if not isinstance(part, Button | Fading)
        for piece in on_this_side(part, -n, -at)
    ]
    return [*near, *turned_over]


def on_this_side(part: Part, normal: Points, at: float) -> list[Part]:
    """The part, or the piece of it that the fold leaves."""
    match part:
        case Panel() | Fading():
            outline = clipped(part.outline, normal, at)
            return [replace(part, outline=outline)] if area(outline) > small_for(part) else []
        case Seam() | Crease():
            line = resample(part.line, 0.5)
            line = line[line @ normal < at]
            return [replace(part, line=line)] if len(line) > 3 else []
        case Button():
            return [part] if float(np.array(part.centre) @ normal) < at else []


def small_for(part: Panel | Fading) -> float:
    return min(SMALLEST_FLAP, 0.5 * area(part.outline))


def clipped(outline: Points, normal: Points, at: float) -> Points:
    """The polygon where `normal` · p < `at` (Sutherland and Hodgman 1974)."""
    depth = outline @ normal - at
    kept: list[Points] = []
    for k in range(len(outline)):
        before, here = depth[k - 1], depth[k]
        if (before < 0) != (here < 0):
            share = before / (before - here)
            kept.append(outline[k - 1] + share * (outline[k] - outline[k - 1]))
        if here < 0:
            kept.append(outline[k])
    return np.array(kept).reshape(-1, 2)


def area(outline: Points) -> float:
    if len(outline) < 3:
        return 0.0
    x, y = outline.T
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


def reflected(part: Part, normal: Points, at: float) -> Part:
    """The other face of the cloth, a little higher, with its grain mirrored."""

    def mirrored(line: Points) -> Points:
        return np.asarray(line - 2 * (line @ normal - at)[:, None] * normal)

    match part:
        case Panel():
            return replace(
                part, outline=mirrored(part.outline), grain=-part.grain, lift=part.lift + 0.7
            )
        case Seam() | Crease():
            return replace(part, line=mirrored(part.line))
        case _:
            return part
