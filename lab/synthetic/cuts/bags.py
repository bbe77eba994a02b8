"""Bags of leather, canvas or nylon, standing or lying."""

import math

from lab.synthetic.curves import (
    Points,
    ellipse,
    join,
    offset,
    points,
    rectangle,
    ribbon,
    smooth,
    symmetric,
)
from lab.synthetic.cuts.prints import chest_print
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec

BRASS = "#b59a63"


def bag(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A tote with two handles, a bag to hang over the shoulder, or a sports bag."""
    styles = (tote, tote, shoulder_bag, sports_bag)
    return styles[int(rng.integers(len(styles)))](spec, rng)


def tote(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Of soft leather or canvas, with two long handles."""
    wide, tall = float(rng.uniform(0.82, 1.12)), float(rng.uniform(0.82, 1.15))
    size, rise = (wide, tall), float(rng.uniform(0.7, 1.35))
    body = symmetric(join(smooth((0, 0.8), (10, 0.4), (18.5, 0)), smooth((19.5, 12), (19.0, 26), (17.5, 34.5)),
                          smooth((9, 35.8), (0, 36.2)))) * size  # fmt: skip
    lean = float(rng.uniform(-4, 4))
    behind = smooth(
        (-9.5, 2), (-8.6, -13 * rise), (lean, -19.5 * rise), (8.0, -13.5 * rise), (9.5, 2)
    ) * (wide, 1)
    before = smooth(
        (-9.0, 5), (-10.2, -9 * rise), (lean - 1, -15.5 * rise), (8.8, -10 * rise), (9.0, 5)
    ) * (wide, 1)
    inside = smooth((-18.3, 0.2), (0, -1.8), (18.3, 0.2), (0, 1.6), closed=True) * (wide, 1)
    return [
        handle(behind, lift=0.5),
        Panel(outline=inside, lift=0.3, bulge=0.0, shade=0.35),
        Panel(outline=body, lift=0.8, bulge=2.2, roundness=3.5, folds=1.4),
        Seam(line=offset(body, 0.8), depth=0.06),
        *chest_print(spec, rng),
        handle(before, lift=2.6),
        *[Panel(outline=rectangle(s * 9.2 * wide - 1.6, 3.0, 3.2, 6.0, round_by=0.3), attached=True, bulge=0.3, roundness=0.4)
          for s in (-1, 1)],
        *[Crease(line=smooth((s * 15, 6), (s * 11, 18), (s * 13, 31)) * size, height=0.5, width=2.0) for s in (-1, 1)],
        Crease(line=smooth((-9, 28), (0, 30), (10, 26)) * size, height=-0.4, width=1.6),
        *([Button(centre=(0, 5.5), radius=1.0, dye=spec.trim or BRASS, holes=False)] if rng.random() < 0.5 else []),
    ]  # fmt: skip


def handle(line: Points, *, lift: float, width: float = 1.9) -> Panel:
    return Panel(
        outline=ribbon(line, width), lift=lift, bulge=0.4, roundness=0.7, folds=0, patterned=False
    )


def shoulder_bag(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A slouching half-moon under one broad strap."""
    half, deep, rise = (
        float(rng.uniform(16, 21)),
        float(rng.uniform(19, 27)),
        float(rng.uniform(16, 28)),
    )
    body = symmetric(join(smooth((0, 3.5), (half * 0.5, 2.4), (half * 0.92, -1.5)),
                          smooth((half, 4), (half * 0.86, deep * 0.72), (half * 0.45, deep), (0, deep + 1.2))))  # fmt: skip
    lean = float(rng.uniform(-4, 4))
    strap = smooth(
        (-half * 0.9, 0.5),
        (-half * 0.8, -rise * 0.5),
        (lean, -rise),
        (half * 0.8, -rise * 0.5),
        (half * 0.9, 0.5),
    )
    zipper = smooth((-half * 0.8, 0.8), (0, 4.6), (half * 0.8, 0.8))
    rings = [
        Button(centre=(s * half * 0.9, 0.3), radius=1.1, dye=spec.trim or BRASS, holes=False)
        for s in (-1, 1)
    ]
    return [
        handle(strap, lift=0.6, width=float(rng.uniform(1.8, 3.6))),
        Panel(outline=body, lift=0.9, bulge=2.8, roundness=4.0, folds=1.6),
        *zipped(zipper, "#3a352f"),
        Seam(line=offset(body, 0.9), depth=0.08),
        Crease(
            line=smooth((-half * 0.6, deep * 0.4), (0, deep * 0.6), (half * 0.5, deep * 0.42)),
            height=-0.6,
            width=1.8,
        ),
        *rings,
    ]


def sports_bag(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A lying barrel: a zip along the top, bands that become the handles."""
    half, deep = float(rng.uniform(21, 27)), float(rng.uniform(22, 28))
    body = symmetric(join(points((0, 0)), smooth((half - 5, 0.3), (half - 0.8, 3), (half, deep * 0.5), (half - 0.8, deep - 3), (half - 5, deep)),
                          points((0, deep + 0.4))))  # fmt: skip
    zipper = smooth((-half + 4, 3.4), (0, 2.8), (half - 4, 3.4))
    arc = float(rng.uniform(8, 13))
    grip = smooth((-9, 4), (-7.5, -arc * 0.7), (0, -arc), (7.5, -arc * 0.7), (9, 4))
    bands = [rectangle(s * 9.5 - 1.4, 3.5, 2.8, deep - 4, round_by=0.2) for s in (-1, 1)]
    return [
        handle(grip + (1.5, -1.5), lift=0.5, width=2.2),
        Panel(outline=body, lift=0.9, bulge=3.2, roundness=5.0, folds=1.2),
        *zipped(zipper, spec.trim or "#26262a"),
        *[
            Seam(
                line=smooth(
                    (s * (half - 5), 0.6), (s * (half - 4), deep / 2), (s * (half - 5), deep - 0.4)
                ),
                depth=0.14,
                width=0.25,
            )
            for s in (-1, 1)
        ],
        *[
            Panel(
                outline=line,
                attached=True,
                bulge=0.3,
                roundness=0.5,
                folds=0,
                shade=0.85,
                patterned=False,
            )
            for line in bands
        ],
        handle(grip, lift=2.8, width=2.2),
    ]


def handbag(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A small structured bag with a flap and a clasp; a stiff handle, a chain or a long strap."""
    half, height = float(rng.uniform(12, 16)), float(rng.uniform(15, 20))
    metal = spec.trim or BRASS
    body = symmetric(
        join(points((0, 0)), smooth((half - 2.2, 0), (half - 0.6, 1.2), (half, 4)),
             smooth((half + 0.8, height - 4), (half, height - 0.8), (half - 2, height)), points((0, height + 0.4)))
    )  # fmt: skip
    drop = height * float(rng.uniform(0.42, 0.72))
    flap = symmetric(
        join(points((0, -0.5)), smooth((half - 2.2, -0.4), (half + 0.1, 1.6), (half * 0.96, drop * 0.6)),
             smooth((half * 0.8, drop * 0.9), (half * 0.4, drop), (0, drop + 0.8)))
    )  # fmt: skip
    return [
        *bag_handle(rng, half, metal),
        Panel(outline=body, lift=0.8, bulge=1.6, roundness=2.2, folds=0.5),
        Seam(line=offset(body, 0.7), depth=0.06),
        Panel(outline=flap, lift=2.4, bulge=0.8, roundness=1.2, folds=0.4),
        Seam(line=offset(flap, 0.6), depth=0.06),
        Panel(outline=rectangle(-1.6, drop - 1.4, 3.2, 2.8), attached=True, bulge=0.4, roundness=0.5, fabric="metal",
              dye=metal, patterned=False),
    ]  # fmt: skip


def bag_handle(rng: Random, half: float, metal: str) -> list[Part]:
    """What the bag is carried by, behind its body."""
    style = int(rng.integers(3))
    reach = (9.0, 15.0, 24.0)[style] * float(rng.uniform(0.9, 1.2))
    width = (1.5, 0.9, 1.3)[style]
    foot = half * (0.45, 0.9, 0.92)[style]
    lean = float(rng.uniform(-0.2, 0.2)) * reach
    arc = smooth(
        (-foot, 2),
        (-foot * 0.95, -reach * 0.6),
        (lean, -reach),
        (foot * 0.95, -reach * 0.6),
        (foot, 2),
    )
    rings = [Button(centre=(s * foot, 0.4), radius=0.9, dye=metal, holes=False) for s in (-1, 1)]
    if style == 1:
        return chain(arc, metal)
    strap = Panel(
        outline=ribbon(arc, width), lift=0.9, bulge=0.5, roundness=0.6, folds=0, patterned=False
    )
    return [strap, *rings]


def chain(line: Points, metal: str) -> list[Part]:
    parts: list[Part] = []
    for k in range(len(line) - 1):
        x, y = (line[k] + line[k + 1]) / 2
        aside = line[k + 1] - line[k]
        link = ellipse(x, y, 0.62 * math.hypot(*aside), 0.5, turn=math.atan2(aside[1], aside[0]))
        parts.append(Panel(outline=link, lift=0.8, bulge=0.3, roundness=0.3, dye=metal, fabric="metal", folds=0,
                           patterned=False))  # fmt: skip
    return parts


def backpack(spec: GarmentSpec, rng: Random) -> list[Part]:
    """From the front: a loop to hang it by, a zipped front pocket, straps peeping out at the sides."""
    half, height = float(rng.uniform(14, 16.5)), float(rng.uniform(40, 47))
    shoulder = float(rng.uniform(9, 14))
    body = symmetric(
        join(points((0, 0)), smooth((half * 0.5, 0.3), (half * 0.86, 3), (half, shoulder), (half + 0.6, height * 0.6),
                                    (half + 0.4, height - 3), (half - 2, height)), points((0, height + 0.6)))
    )  # fmt: skip
    zipper = smooth((-half + 1.6, height * 0.42), (-half + 2.4, 9), (-half * 0.5, 3.6), (0, 2.8), (half * 0.5, 3.6),
                    (half - 2.4, 9), (half - 1.6, height * 0.42))  # fmt: skip
    loop = smooth((-2.6, 1.5), (-2.2, -3), (0, -4.2), (2.2, -3), (2.6, 1.5))
    return [
        *carrying_straps(rng, half, height),
        Panel(outline=ribbon(loop, 1.3), lift=0.6, bulge=0.4, roundness=0.5, folds=0, patterned=False),
        Panel(outline=body, lift=1.2, bulge=3.2, roundness=4.5, folds=1.0),
        *zipped(zipper, spec.trim or "#26262a"),
        *front_pocket(spec, rng, half, height),
        *side_pockets(half, height),
    ]  # fmt: skip


def zipped(line: Points, dye: str) -> list[Part]:
    """A zip between two piped edges, with its puller hanging from the end."""
    x, y = line[-1]
    puller = rectangle(float(x) - 0.5, float(y) - 0.4, 1.0, 3.4, round_by=0.3)
    return [
        Panel(outline=ribbon(line, 1.1), attached=True, bulge=-0.15, roundness=0.4, dye=dye, fabric="polyester"),
        Seam(line=offset(line, 0.55), depth=0.06, thread="#8d8d8d"),
        Panel(outline=puller, attached=True, bulge=0.35, roundness=0.4, dye=dye, fabric="nylon"),
    ]  # fmt: skip


def carrying_straps(rng: Random, half: float, height: float) -> list[Part]:
    out = float(rng.uniform(2.5, 6))
    strap = smooth((half * 0.4, 2), (half + 1, 5), (half + out, height * 0.4), (half + out * 0.8, height * 0.72),
                   (half - 1, height - 3))  # fmt: skip
    return [
        Panel(outline=ribbon(strap, 3.2) * (s, 1), lift=0.6, bulge=0.6, roundness=1.0, folds=0.2, shade=0.85)
        for s in (-1, 1)
    ]  # fmt: skip


def front_pocket(spec: GarmentSpec, rng: Random, half: float, height: float) -> list[Part]:
    top = height * float(rng.uniform(0.5, 0.58))
    w = half - float(rng.uniform(1.6, 3.2))
    patch = symmetric(
        join(points((0, top)), smooth((w * 0.8, top + 0.3), (w, top + 2), (w + 0.3, height - 5), (w - 1, height - 2)),
             points((0, height - 1.4)))
    )  # fmt: skip
    slit = smooth((-w + 1.4, top + 4), (0, top + 3.2), (w - 1.4, top + 4))
    label = rectangle(-2.6, top - 8.5, 5.2, 3.6, round_by=0.2)
    return [
        Panel(outline=patch, attached=True, bulge=1.5, roundness=2.2),
        Seam(line=join(patch, patch[:1]), depth=0.18, width=0.3),
        *zipped(slit, spec.trim or "#26262a"),
        Panel(
            outline=label,
            attached=True,
            bulge=0.15,
            fabric="leather",
            dye="#8a5f3c",
            patterned=False,
        ),
    ]


def side_pockets(half: float, height: float) -> list[Part]:
    patch = points((half * 0.86, height * 0.68), (half + 0.7, height * 0.64), (half + 0.6, height - 4),
                   (half * 0.88, height - 2))  # fmt: skip
    return [
        Panel(outline=patch * (s, 1), attached=True, bulge=0.5, roundness=0.8, shade=0.82)
        for s in (-1, 1)
    ]
