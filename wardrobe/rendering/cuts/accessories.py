"""Hats, scarves and bags."""

import math

from wardrobe.rendering.curves import (
    Points,
    join,
    mirror,
    offset,
    points,
    rectangle,
    ribbon,
    smooth,
    symmetric,
)
from wardrobe.rendering.fields import Random
from wardrobe.rendering.parts import Button, Crease, Panel, Part, Seam
from wardrobe.rendering.specs import GarmentSpec


def beanie(spec: GarmentSpec, rng: Random) -> list[Part]:
    crown = symmetric(
        join(
            smooth((0, -14.4), (5.2, -13.6), (9.4, -9.4), (11.2, -3.0), (11.6, 4.5)),
            points((10, 7), (0, 8)),
        )
    )
    brim = symmetric(join(smooth((0, 2.6), (6, 2.3), (12.0, 1.2)), smooth((12.5, 4), (12.3, 9.2)),
                          smooth((6, 10.6), (0, 11.0))))  # fmt: skip
    gathers: list[Part] = [
        Crease(line=smooth((0.4 * math.sin(a), -13.6), (7.5 * math.sin(a), -8.5 + 2 * abs(a)), (10 * math.sin(a), -1)),
               height=-0.3, width=0.5)
        for a in (-1.0, -0.6, -0.2, 0.25, 0.65, 1.05)
    ]  # fmt: skip
    return [
        Panel(outline=crown, lift=0.6, bulge=1.8, roundness=5, fabric="rib", fan=(0.0, -34.0), folds=0.5),
        *gathers,
        Panel(outline=brim, lift=2.2, bulge=0.9, roundness=2.2, fabric="rib", folds=0.5),
        Panel(outline=rectangle(5.4, 5.0, 4.2, 2.6, round_by=0.2), attached=True, bulge=0.15, fabric="leather",
              dye=spec.trim or "#8a5f3c"),
    ]  # fmt: skip


def cap(spec: GarmentSpec, rng: Random) -> list[Part]:
    crown = symmetric(
        join(smooth((0, -12.5), (6, -11.4), (10, -6), (10.8, 1.6)), smooth((6, 3.6), (0, 4.2)))
    )
    visor = symmetric(
        join(smooth((0, 3.2), (6, 2.6), (10.6, 0.6)), smooth((11.2, 4), (8.4, 9.2), (0, 11.4)))
    )
    panels: list[Part] = [
        Seam(line=smooth((0, -12.3), (side * 4.6, -5), (side * 5.4, 3.2)), depth=0.12)
        for side in (-1, 0, 1)
    ]
    return [
        Panel(outline=crown, lift=1.0, bulge=3.0, roundness=5.5, folds=0.4),
        *panels,
        Panel(outline=visor, lift=2.4, bulge=1.0, roundness=3, folds=0.1),
        *[
            Seam(line=smooth((-8 + k, 4 + k), (0, 8.6 - k), (8 - k, 4 + k)), depth=0.05)
            for k in (0.0, 1.0, 2.0)
        ],
        Button(centre=(0, -12), radius=0.8, dye=spec.colours[0].hex, holes=False),
    ]


def scarf(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Doubled and laid down: the fold above, one end crossing over the other."""
    width, sway = 17.0, float(rng.uniform(-2, 2))
    under = smooth((-3, -30), (1, -18), (4 + sway, 0), (6, 14), (9, 26))
    over = smooth((3, -30), (-1, -18), (-3 + sway, 0), (-7, 16), (-8, 30))
    parts: list[Part] = []
    for k, line in enumerate((under, over)):
        strip = join(offset(line, -width / 2), offset(line, width / 2)[::-1])
        parts += fringe(line, width, rng)
        parts.append(
            Panel(outline=strip, lift=0.6 + 0.8 * k, bulge=0.6, roundness=1.6, grain=(-0.2, 0.2)[k])
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


def bag(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A tote of soft leather or canvas with two long handles."""
    body = symmetric(join(smooth((0, 0.8), (10, 0.4), (18.5, 0)), smooth((19.5, 12), (19.0, 26), (17.5, 34.5)),
                          smooth((9, 35.8), (0, 36.2))))  # fmt: skip
    behind = smooth((-9.5, 2), (-8.6, -13), (0, -19.5), (8.0, -13.5), (9.5, 2))
    before = smooth((-9.0, 5), (-10.2, -9), (-1, -15.5), (8.8, -10), (9.0, 5))
    inside = smooth((-18.3, 0.2), (0, -1.8), (18.3, 0.2), (0, 1.6), closed=True)
    tabs = [rectangle(s * 9.2 - 1.6, 3.0, 3.2, 6.0, round_by=0.3) for s in (-1, 1)]
    return [
        Panel(
            outline=ribbon(behind, 1.9),
            lift=0.5,
            bulge=0.4,
            roundness=0.7,
            folds=0,
            patterned=False,
        ),
        Panel(outline=inside, lift=0.3, bulge=0.0, shade=0.35),
        Panel(outline=body, lift=0.8, bulge=2.2, roundness=3.5, folds=1.4),
        Seam(line=offset(body, 0.8), depth=0.06),
        Panel(
            outline=ribbon(before, 1.9),
            lift=2.6,
            bulge=0.4,
            roundness=0.7,
            folds=0,
            patterned=False,
        ),
        *[Panel(outline=tab, attached=True, bulge=0.3, roundness=0.4) for tab in tabs],
        *[
            Crease(line=smooth((s * 15, 6), (s * 11, 18), (s * 13, 31)), height=0.5, width=2.0)
            for s in (-1, 1)
        ],
        Crease(line=mirror(smooth((-9, 28), (0, 30), (10, 26))), height=-0.4, width=1.6),
        Button(centre=(0, 5.5), radius=1.0, dye=spec.trim or "#b59a63", holes=False),
    ]
