"""Zips, toggles, buckles and studs that several garments share."""

import numpy as np

from lab.synthetic.curves import (
    Pair,
    Points,
    join,
    mirror,
    offset,
    points,
    rectangle,
    ribbon,
    smooth,
)
from lab.synthetic.fields import Random
from lab.synthetic.parts import Crease, Panel, Part, Seam


def zip_teeth(top: float, low: float, metal: str) -> list[Part]:
    tape = points((-0.9, top), (0.9, top), (0.9, low), (-0.9, low))
    teeth = points((0, top), (0, low))
    pull = rectangle(-0.5, top + 0.5, 1.0, 3.2, round_by=0.3)
    return [
        Panel(outline=tape, attached=True, bulge=-0.1, roundness=0.3, shade=0.6),
        Seam(line=teeth, depth=-0.1, width=0.4, thread=metal),
        Panel(outline=pull, attached=True, bulge=0.3, roundness=0.3, dye=metal, fabric="metal"),
        Crease(line=mirror(teeth), height=0.1, width=0.3),
    ]


def cord(line: Points, dye: str, *, thick: float = 0.75) -> list[Part]:
    x, y = line[-1]
    tip: Pair = (float(x) - thick / 2, float(y) - 0.4)
    return [
        Panel(outline=ribbon(offset(line, -thick / 2), thick), attached=True, bulge=0.45, roundness=0.4, dye=dye,
              fabric="canvas"),
        Panel(outline=rectangle(*tip, thick, 2.0, round_by=0.2), attached=True, bulge=0.4, roundness=0.4,
              dye="#9c978d", fabric="metal"),
    ]  # fmt: skip


def metal_zip(line: Points, metal: str) -> list[Part]:
    """Along any line, its puller hanging from the end."""
    x, y = line[-1]
    puller = rectangle(float(x) - 0.4, float(y) - 0.3, 0.8, 2.6, round_by=0.2)
    return [
        Panel(
            outline=ribbon(offset(line, -0.7), 1.4),
            attached=True,
            bulge=-0.1,
            roundness=0.3,
            shade=0.6,
        ),
        Seam(line=line, depth=-0.1, width=0.45, thread=metal),
        Panel(outline=puller, attached=True, bulge=0.3, roundness=0.3, dye=metal, fabric="metal"),
    ]


def tied_belt(rng: Random, y: float, half: float, dye: str) -> list[Part]:
    """A belt of the coat's own cloth: buckled, or tied with both ends hanging."""
    band = join(
        smooth((-half, y - 2.2), (0, y - 1.4), (half, y - 2.2)),
        smooth((half, y + 2.2), (0, y + 3.0), (-half, y + 2.2)),
    )
    belt: list[Part] = [
        Panel(outline=band, lift=1.1, bulge=0.45, roundness=0.8, grain=np.pi / 2, folds=0.4),
        Seam(line=smooth((-half, y - 1.4), (0, y - 0.6), (half, y - 1.4)), depth=0.04),
        Seam(line=smooth((-half, y + 1.4), (0, y + 2.2), (half, y + 1.4)), depth=0.04),
    ]
    return belt + (loose_ends(rng, y + 0.8) if rng.random() < 0.5 else belt_buckle(y + 0.8, dye))


def loose_ends(rng: Random, y: float) -> list[Part]:
    parts: list[Part] = []
    for side in (-1, 1):
        reach, sway = float(rng.uniform(16, 30)), float(rng.uniform(2, 9)) * side
        line = smooth((0, y), (sway * 0.7, y + reach * 0.5), (sway, y + reach))
        parts.append(
            Panel(
                outline=ribbon(offset(line, -1.9), 3.8),
                lift=1.6,
                bulge=0.4,
                roundness=0.7,
                folds=0.6,
            )
        )
    knot = smooth(
        (-2.6, y - 2),
        (0, y - 3),
        (2.8, y - 1.8),
        (2.6, y + 2.4),
        (0, y + 3),
        (-2.4, y + 2),
        closed=True,
    )
    return [*parts, Panel(outline=knot, lift=2.2, bulge=0.9, roundness=1.4, folds=0.5)]


def belt_buckle(y: float, dye: str) -> list[Part]:
    frame = rectangle(-3.4, y - 3.2, 6.8, 6.4, round_by=1.0)
    hole = rectangle(-2.2, y - 2.2, 4.4, 4.4, round_by=0.6)
    tip = rectangle(2.0, y - 1.9, 9.0, 3.8, round_by=1.2)
    return [
        Panel(outline=tip, lift=1.5, bulge=0.4, roundness=0.7, folds=0.2),
        Panel(
            outline=frame, lift=2.0, bulge=0.4, roundness=0.5, dye=dye, fabric="leather", folds=0
        ),
        Panel(outline=hole, lift=1.6, bulge=0.2, roundness=0.6, folds=0.1),
        Seam(line=points((0, y - 2.2), (0, y + 2.2)), depth=-0.4, width=0.7, thread=dye),
    ]
