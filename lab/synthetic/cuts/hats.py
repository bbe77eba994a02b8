"""Hats, from the front or from above."""

import math
from dataclasses import dataclass

import numpy as np

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
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


def beanie(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Knitted: a turned-up brim or none, sometimes a pompon or a label."""
    tall, wide = float(rng.uniform(0.85, 1.2)), float(rng.uniform(0.9, 1.1))
    slouch, brim_depth = float(rng.uniform(-2.0, 2.0)), float(rng.uniform(5.5, 9.5))
    crown = symmetric(
        join(
            smooth((0, -14.4), (5.2, -13.6), (9.4, -9.4), (11.2, -3.0), (11.6, 4.5)),
            points((10, 7), (0, 8)),
        )
    )
    crown = crown * (wide, tall) + np.outer(np.maximum(-crown[:, 1], 0) / 14, (slouch, 0))
    crown = np.minimum(crown, (np.inf, brim_depth - 1.0))
    brim = symmetric(join(smooth((0, 2.6), (6, 2.3), (12.0, 1.2)), smooth((12.5, 4), (12.3, brim_depth)),
                          smooth((6, brim_depth + 1.4), (0, brim_depth + 1.8))))  # fmt: skip
    gathers: list[Part] = [
        Crease(line=smooth((0.4 * math.sin(a) + slouch, -13.6 * tall), (7.5 * math.sin(a), (-8.5 + 2 * abs(a)) * tall), (10 * math.sin(a), -1)),
               height=-0.3, width=0.5)
        for a in (-1.0, -0.6, -0.2, 0.25, 0.65, 1.05)
    ]  # fmt: skip
    fabric = str(rng.choice(["rib", "rib", "knit"]))
    return [
        *(pompon(rng, slouch, -14.6 * tall, spec.trim or spec.colours[-1].hex) if rng.random() < 0.3 else []),
        Panel(outline=crown, lift=0.6, bulge=1.8, roundness=5, fabric=fabric, fan=(0.0, -34.0), folds=0.5),
        *gathers,
        Panel(outline=brim * (wide, 1), lift=2.2, bulge=0.9, roundness=2.2, fabric="rib", folds=0.5),
        *([Panel(outline=rectangle(5.4 * wide, brim_depth - 4.2, 4.2, 2.6, round_by=0.2), attached=True, bulge=0.15, fabric="leather",
                 dye=spec.trim or "#8a5f3c")] if rng.random() < 0.4 else []),
    ]  # fmt: skip


def pompon(rng: Random, x: float, y: float, dye: str) -> list[Part]:
    """Loose threads around a ball."""
    radius = float(rng.uniform(2.8, 4.2))
    parts: list[Part] = [
        Panel(
            outline=ellipse(x, y - radius * 0.6, radius, radius),
            lift=1.0,
            bulge=2.0,
            roundness=2.5,
            fabric="fleece",
            dye=dye,
        )
    ]
    for angle in rng.uniform(0, 2 * math.pi, 46):
        away = np.array((math.cos(angle), math.sin(angle)))
        root = np.array((x, y - radius * 0.6)) + away * radius * float(rng.uniform(0.2, 0.8))
        thread = np.array((root, root + away * radius * 0.25, root + away * radius * 0.5))
        parts.append(Panel(outline=ribbon(thread, 0.5), lift=2.0, bulge=0.4, roundness=0.3, fabric="fleece", dye=dye,
                           shade=float(rng.uniform(0.75, 1.25)), folds=0))  # fmt: skip
    return parts


def cap(spec: GarmentSpec, rng: Random) -> list[Part]:
    """From the front, visor below; or from the side, visor to one side."""
    return cap_from_the_side(spec, rng) if rng.random() < 0.4 else cap_from_the_front(spec, rng)


def cap_from_the_front(spec: GarmentSpec, rng: Random) -> list[Part]:
    tall, wide, depth = (
        float(rng.uniform(0.85, 1.15)),
        float(rng.uniform(0.94, 1.06)),
        float(rng.uniform(9.5, 13)),
    )
    crown = symmetric(
        join(smooth((0, -12.5), (6, -11.4), (10, -6), (10.8, 1.6)), smooth((6, 3.6), (0, 4.2)))
    ) * (wide, tall)
    visor = symmetric(
        join(
            smooth((0, 3.2), (6, 2.6), (10.6, 0.6)),
            smooth((11.2, 4), (8.4, depth - 2.2), (0, depth)),
        )
    ) * (wide, 1)
    panels: list[Part] = [
        Seam(line=smooth((0, -12.3 * tall), (side * 4.6, -5), (side * 5.4, 3.2)), depth=0.12)
        for side in (-1, 0, 1)
    ]
    return [
        Panel(outline=crown, lift=1.0, bulge=3.0, roundness=5.5, folds=0.4),
        *panels,
        *cap_badge(spec, rng, (0.0, -3.5 * tall)),
        Panel(outline=visor, lift=2.4, bulge=1.0, roundness=3, folds=0.1),
        *[
            Seam(line=smooth((-8 + k, 4 + k), (0, depth - 2.8 - k), (8 - k, 4 + k)), depth=0.05)
            for k in (0.0, 1.0, 2.0)
        ],
        Button(centre=(0, -12 * tall), radius=0.8, dye=spec.colours[0].hex, holes=False),
    ]


def cap_badge(spec: GarmentSpec, rng: Random, at: tuple[float, float]) -> list[Part]:
    """On many caps: a patch on the front."""
    if rng.random() < 0.5:
        return []
    x, y = at
    dye = spec.trim or str(rng.choice(["#e9e4d6", "#2a2c33", "#b98a45"]))
    shape = (
        ellipse(x, y, 3.0, 2.4)
        if rng.random() < 0.5
        else rectangle(x - 3.2, y - 1.9, 6.4, 3.8, round_by=0.7)
    )
    return [
        Panel(
            outline=shape,
            attached=True,
            bulge=0.2,
            roundness=0.4,
            dye=dye,
            fabric="canvas",
            patterned=False,
        )
    ]


def cap_from_the_side(spec: GarmentSpec, rng: Random) -> list[Part]:
    """The visor points to the left or to the right."""
    facing, tall = float(rng.choice([-1, 1])), float(rng.uniform(0.88, 1.12))
    crown = join(
        smooth((-10.8, 1.0), (-10.4, -5 * tall), (-6.2, -11.0 * tall), (0, -12.8 * tall), (6.6, -10.6 * tall), (10.2, -4.6 * tall), (10.8, 2.6)),
        smooth((10.8, 2.6), (5, 2.2), (-4, 2.4), (-10.8, 1.0)),
    )  # fmt: skip
    reach = float(rng.uniform(8, 11))
    visor = join(
        smooth((-10.9, -0.4), (-13.5, 0.2), (-10.8 - reach * 0.9, 3.4), (-10.8 - reach, 5.4)),
        smooth((-10.8 - reach, 5.4), (-15, 5.2), (-9.0, 3.6), (-3.5, 2.6)),
    )
    seams = [
        smooth((0, -12.6 * tall), (-2.6, -5 * tall), (-3.4, 2.2)),
        smooth((0, -12.6 * tall), (5.4, -6 * tall), (6.4, 2.2)),
    ]
    return [
        Panel(outline=crown * (facing, 1), lift=1.0, bulge=3.2, roundness=5.5, folds=0.4),
        *[Seam(line=line * (facing, 1), depth=0.12) for line in seams],
        *[
            Panel(
                outline=ellipse(x * facing, -6.4 * tall, 0.4, 0.4),
                attached=True,
                bulge=-0.1,
                shade=0.4,
            )
            for x in (2.2, 7.2)
        ],
        *cap_badge(spec, rng, (-6.6 * facing, -4.0 * tall)),
        Panel(outline=visor * (facing, 1), lift=2.0, bulge=0.9, roundness=1.8, folds=0.1),
        Seam(line=smooth((-18.5, 4.4), (-14, 3.8), (-8, 2.2)) * (facing, 1), depth=0.05),
        Button(centre=(0, -12.4 * tall), radius=0.8, dye=spec.colours[0].hex, holes=False),
    ]


@dataclass(frozen=True, kw_only=True)
class Brimmed:
    """A hat with a brim, seen from the front and a little from above. Half widths and heights in cm.

    The crown stands on the point 0, 0; `pinch` is how deep its top is dented.
    """

    brim: float = 18.0
    brim_depth: float = 7.5
    crown: float = 9.3
    top: float = 7.0
    height: float = 12.0
    pinch: float = 1.5
    band: float = 3.6
    sag: float = 0.0

    def brim_outline(self, rng: Random) -> Points:
        """An ellipse whose sides hang by `sag`, with a wavy edge."""
        angle = np.linspace(0, 2 * math.pi, 72, endpoint=False)
        wave = 0.025 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.015 * np.sin(
            5 * angle + rng.uniform(0, 6)
        )
        x = self.brim * (1 + wave) * np.cos(angle)
        y = self.brim_depth * (1 + wave) * np.sin(angle) + self.sag * np.cos(angle) ** 2
        return np.stack([x, y], axis=1)

    def foot(self, up: float = 0.0) -> Points:
        """Where the crown meets the brim, or a line `up` above it; left to right."""
        c = self.crown * (1 - 0.022 * up)
        return smooth(
            (-c, -0.4 - up),
            (-0.6 * c, 2.2 - up),
            (0, 3.2 - up),
            (0.6 * c, 2.2 - up),
            (c, -0.4 - up),
        )

    def crown_outline(self) -> Points:
        half = len(self.foot()) // 2
        c, t, h = self.crown, self.top, self.height
        rise = smooth((c, -0.4), (c * 0.93, -0.45 * h), (t, -0.9 * h), (t * 0.6, -h))
        lid = smooth((t * 0.6, -h), (t * 0.3, -h + self.pinch * 0.5), (0, -h + self.pinch))
        return symmetric(join(self.foot()[half:], rise[1:], lid[1:])[::-1])

    def ribbon(self) -> Points:
        return join(self.foot(), self.foot(self.band)[::-1])


def hat(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A felt fedora; now and then photographed from above."""
    if rng.random() < 0.3:
        return hat_from_above(spec, rng)
    form = Brimmed(
        brim=float(rng.uniform(15.5, 20)), brim_depth=float(rng.uniform(6, 9)), top=float(rng.uniform(6, 7.6)),
        height=float(rng.uniform(10.5, 13.5)), pinch=float(rng.uniform(0.8, 2.2)), band=float(rng.uniform(2.4, 4.2)),
        sag=float(rng.uniform(-1.2, 1.6)),
    )  # fmt: skip
    return [
        Panel(outline=form.brim_outline(rng), lift=0.6, bulge=0.9, roundness=2.2, folds=0.25),
        Panel(outline=form.crown_outline(), lift=2.6, bulge=3.4, roundness=5.5, folds=0.3),
        *dents(form),
        *hat_band(form, rng, spec.trim or "#2a2422"),
    ]


def dents(form: Brimmed) -> list[Part]:
    """The fold along the top, and a pinch on either side of the front."""
    t, h = form.top, form.height
    fold = ellipse(0, -h + form.pinch * 0.75, t * 0.62, form.pinch * 0.45)
    pinch = smooth((t * 0.42, -h * 0.98), (t * 0.62, -h * 0.76), (t * 0.5, -h * 0.56))
    return [
        Panel(outline=fold, attached=True, bulge=-0.5, roundness=1.0, shade=0.72),
        Crease(line=pinch, height=-1.1, width=1.5),
        Crease(line=pinch * (-1, 1), height=-1.1, width=1.5),
    ]


def hat_band(form: Brimmed, rng: Random, dye: str) -> list[Part]:
    side = float(rng.choice([-1, 1]))
    low, high = form.foot(0.5)[-9], form.foot(form.band - 0.4)[-9]
    x = float(low[0]) * side
    knot = points(
        (x - 1.7, high[1]), (x + 1.7, high[1] - 0.3), (x + 1.7, low[1] - 0.3), (x - 1.7, low[1])
    )
    return [
        Panel(outline=form.ribbon(), attached=True, bulge=0.25, roundness=0.5, fabric="polyester", dye=dye),
        Panel(outline=knot, attached=True, bulge=0.35, roundness=0.6, fabric="polyester", dye=dye),
        Seam(line=form.foot(), depth=0.3, width=0.4),
    ]  # fmt: skip


def hat_from_above(spec: GarmentSpec, rng: Random) -> list[Part]:
    """An oval brim around an oval crown with its dent."""
    brim, crown = float(rng.uniform(0.92, 1.15)), float(rng.uniform(0.92, 1.05))
    dye = spec.trim or "#2a2422"
    fold = smooth((0, -6.5), (0.5, -1), (0, 5.5))
    pinch = smooth((4.6, 4.4), (3.4, 6.4), (1.8, 7.6))
    return [
        Panel(outline=ellipse(0, 0, 14 * brim, 16.5 * brim), lift=0.5, bulge=0.8, roundness=2, folds=0.3),
        Panel(outline=ellipse(0, 0, 9.3 * crown, 11.2 * crown), lift=1.6, bulge=0.4, roundness=0.8, fabric="polyester", dye=dye),
        Panel(outline=ellipse(0, 0, 8.6 * crown, 10.4 * crown), lift=3.4, bulge=2.6, roundness=3.4, folds=0.4),
        Crease(line=fold, height=-2.4, width=2.2),
        *[Crease(line=pinch * (side, 1), height=-1.6, width=1.6) for side in (-1, 1)],
    ]  # fmt: skip


def sun_hat(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Wide, round and braided of straw."""
    if rng.random() < 0.3:
        return sun_hat_from_above(spec, rng)
    brim = float(rng.uniform(21, 27))
    form = Brimmed(
        brim=brim, brim_depth=brim * float(rng.uniform(0.38, 0.52)), crown=9.8, top=float(rng.uniform(7, 8.2)),
        height=float(rng.uniform(8.5, 11)), pinch=-float(rng.uniform(0.3, 0.9)), band=float(rng.uniform(2, 4.5)),
        sag=float(rng.uniform(0, 3.5)),
    )  # fmt: skip
    outline = form.brim_outline(rng)
    return [
        Panel(outline=outline, lift=0.6, bulge=1.2, roundness=4, folds=0.9, fabric="canvas"),
        *[Seam(line=braid(outline, k), depth=0.10, width=0.3) for k in np.arange(0.44, 1.0, 0.045)],
        Panel(
            outline=form.crown_outline(),
            lift=2.6,
            bulge=3.2,
            roundness=6,
            folds=0.3,
            fabric="canvas",
        ),
        *[
            Seam(line=form.foot(up), depth=0.10, width=0.3)
            for up in np.arange(form.band, form.height * 0.85, 1.1)
        ],
        *hat_band(form, rng, spec.trim or "#38302b"),
    ]


def braid(outline: Points, share: float) -> Points:
    """One round of straw: the edge of the brim, drawn in towards the head."""
    ring = outline * share
    return np.vstack([ring, ring[:1]])


def sun_hat_from_above(spec: GarmentSpec, rng: Random) -> list[Part]:
    radius = float(rng.uniform(19, 24))
    disc = Brimmed(brim=radius, brim_depth=radius * 0.97).brim_outline(rng)
    crown = 9.6 * disc / radius
    rounds = np.arange(0.12, 1.0, 0.05)
    return [
        Panel(outline=disc, lift=0.5, bulge=1.0, roundness=4, folds=1.0, fabric="canvas"),
        Panel(outline=crown * 1.12, lift=1.6, bulge=0.3, roundness=0.6, fabric="polyester", dye=spec.trim or "#38302b"),
        Panel(outline=crown, lift=3.6, bulge=2.8, roundness=5, folds=0.4, fabric="canvas"),
        *[Seam(line=braid(disc, k), depth=0.10, width=0.3) for k in rounds if k < 0.4 or k > 0.5],
        *[Crease(line=offset(braid(disc, 0.75), float(rng.uniform(-3, 3)))[a : a + 14], height=0.8, width=3.0)
          for a in rng.integers(0, 55, 3)],
    ]  # fmt: skip
