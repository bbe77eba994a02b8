"""Dresses: flared, straight, buttoned, knitted; with and without sleeves, short and long."""

import math
from dataclasses import dataclass, replace

import numpy as np

from lab.synthetic.curves import Points, join, mirror, offset, points, rectangle, ribbon, smooth
from lab.synthetic.cuts.bodice import Bodice, cuff_ribs, hem_rib
from lab.synthetic.cuts.skirts import Skirt, flounce, gathers_below, hanging_folds
from lab.synthetic.cuts.tops import (
    rolled_collar,
    shirt_collar,
    shirt_cuffs,
    shirt_stand,
    tank_armhole,
    tank_back,
    tank_front,
)
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


@dataclass(frozen=True, kw_only=True)
class Gown(Bodice):
    """A bodice that goes on below the waist; `hip` is its half width 20 cm further down."""

    hip: float = 23.5
    waist_at: float = 40.0

    def flank(self) -> Points:
        return smooth((self.chest, self.armpit), (self.waist, self.waist_at), (self.hip, self.waist_at + 20),
                      (self.hem, self.length))  # fmt: skip


def dress(spec: GarmentSpec, rng: Random) -> list[Part]:
    styles = (
        flared_dress,
        flared_dress,
        flared_dress,
        straight_dress,
        straight_dress,
        shirt_dress,
        knit_dress,
    )
    return styles[int(rng.integers(len(styles)))](spec, rng)


def random_length(rng: Random) -> float:
    """From the shoulder: above the knee, below it, to the ankles."""
    spans = ((80, 92), (94, 108), (110, 122), (124, 138))
    low, high = spans[int(rng.choice(4, p=(0.4, 0.3, 0.18, 0.12)))]
    return float(rng.uniform(low, high))


def sleeved(bodice: Bodice, rng: Random) -> Bodice:
    """The bodice with cap, short, half or long sleeves."""
    spans = ((7, 11), (13, 22), (32, 42), (54, 60))
    low, high = spans[int(rng.choice(4, p=(0.2, 0.4, 0.15, 0.25)))]
    sleeve = float(rng.uniform(low, high))
    long = sleeve > 30
    return replace(
        bodice, sleeve=sleeve, sleeve_angle=float(rng.uniform(62, 76) if long else rng.uniform(42, 62)),
        cuff=float(rng.uniform(9, 15) if long else rng.uniform(14, 17)), bend=float(rng.uniform(0, 2)) if long else 0.0,
    )  # fmt: skip


def strapped(bodice: Bodice, rng: Random) -> Bodice:
    """The bodice without sleeves: thin or broad straps."""
    strap = float(rng.choice([rng.uniform(0.9, 1.8), rng.uniform(3, 7.5)]))
    neck = float(rng.uniform(8.5, 10.5))
    return replace(bodice, neck=neck, shoulder=neck + strap, slope=0.4 + 0.18 * strap)


def upper(bodice: Bodice, rng: Random, sleeves: bool) -> tuple[list[Part], list[Part]]:
    """What lies beneath the skirt of a dress (back and sleeves), and the front that lies above it."""
    edge = Seam(line=offset(bodice.neckline(), 1.0), depth=0.06)
    if sleeves:
        return (
            [*bodice.inside(shade=0.5), *bodice.sleeves(rng)],
            [bodice.body(lift=0.7), *bodice.armholes(), edge, *elbows(bodice, rng)],
        )
    bindings = (bodice.neckline(), tank_armhole(bodice)[::-1], mirror(tank_armhole(bodice)[::-1]))
    front: list[Part] = [Panel(outline=tank_front(bodice), lift=0.7)]
    for line in bindings:
        front.append(Panel(outline=ribbon(line, 0.7), attached=True, bulge=0.14, roundness=0.4))
    return tank_back(bodice), front


def elbows(bodice: Bodice, rng: Random) -> list[Part]:
    return bodice.elbow_folds(rng, height=0.35) if bodice.sleeve > 30 else []


def random_neck(rng: Random) -> tuple[str, float]:
    """The shape of a neckline, and how deep it is cut."""
    shape = str(rng.choice(["round", "round", "v", "v", "square"]))
    return shape, float(
        {"round": rng.uniform(6, 15), "v": rng.uniform(12, 21), "square": rng.uniform(10, 16)}[
            shape
        ]
    )


def flared_dress(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A fitted bodice, and a skirt gathered or flared from its waist."""
    shape, depth = random_neck(rng)
    waist_at = float(rng.uniform(31, 43))
    bodice = Bodice(
        neck=float(rng.uniform(8.5, 11)), neck_depth=depth, neck_shape=shape, shoulder=18.5, slope=3.2, chest=float(rng.uniform(20.5, 23)),
        armpit=20, waist=19.0, hem=float(rng.uniform(16.5, 19)), length=waist_at, hem_curve=1.5,
    )  # fmt: skip
    sleeves = rng.random() < 0.6
    bodice = sleeved(bodice, rng) if sleeves else strapped(bodice, rng)
    below = hung_skirt(bodice, rng, random_length(rng))
    under, front = upper(bodice, rng, sleeves)
    return [
        *under,
        *below,
        *front,
        *(waist_tie(bodice, rng) if rng.random() < 0.55 else waist_seam(bodice)),
        *front_detail(bodice, spec, rng),
        *[Crease(line=bust(s), height=0.35, width=1.4) for s in (-1, 1)],
        *[bodice.belly_fold(rng, 0.22) for _ in range(3)],
    ]


def hung_skirt(bodice: Bodice, rng: Random, length: float) -> list[Part]:
    """The skirt from the seam of a bodice down to `length`: flared, gathered or tiered."""
    reach = length - bodice.length + 2
    full = float(rng.uniform(0.14, 0.36))
    cut = Skirt(
        waist=bodice.hem, hip=bodice.hem + float(rng.uniform(4, 8)), hem=bodice.hem + 6 + full * reach, length=reach,
        droop=float(rng.uniform(1.5, 5)),
    )  # fmt: skip
    parts: list[Part] = [
        Panel(outline=cut.outline(), fan=cut.apex(), folds=float(rng.uniform(1.0, 1.9)), lift=0.5),
        *gathers_below(
            rng, cut, y=2.0, half=cut.waist, count=int(rng.integers(6, 28)), reach=(5, reach * 0.5)
        ),
        *hanging_folds(rng, cut, int(rng.integers(4, 12))),
        *cut.hem_stitch(),
    ]
    if rng.random() < 0.25:
        for share in (0.4, 0.7)[int(rng.integers(2)) :]:
            parts += flounce(rng, cut, reach * share)
    return [lowered(part, bodice.length - 2) for part in parts]


def lowered(part: Part, by: float) -> Part:
    match part:
        case Panel():
            fan = (part.fan[0], part.fan[1] + by) if part.fan else None
            return replace(part, outline=part.outline + (0, by), fan=fan)
        case Seam() | Crease():
            return replace(part, line=part.line + (0, by))
        case _:
            return part


def waist_tie(bodice: Bodice, rng: Random) -> list[Part]:
    """A sash: plain, or tied with its ends hanging."""
    w, y = bodice.hem + 0.4, bodice.length
    sash = join(
        smooth((-w, y - 2), (0, y - 0.6), (w, y - 2)),
        smooth((w, y + 1.2), (0, y + 2.6), (-w, y + 1.2)),
    )
    parts: list[Part] = [
        Panel(outline=sash, attached=True, bulge=0.2, roundness=0.6, grain=math.pi / 2)
    ]
    if rng.random() < 0.5:
        return parts
    x, reach = float(rng.uniform(-8, 8)), float(rng.uniform(10, 24))
    for sway in (-2.2, 2.8):
        line = smooth((x, y + 1), (x + sway, y + reach * 0.5), (x + sway * 1.5, y + reach))
        parts.append(
            Panel(outline=ribbon(line, 1.8), lift=1.3, bulge=0.3, roundness=0.5, folds=0.4)
        )
    knot = rectangle(x - 1.3, y - 1.0, 3.0, 3.2, round_by=1.0)
    return [*parts, Panel(outline=knot, lift=1.8, bulge=0.6, roundness=0.9, folds=0.2)]


def waist_seam(bodice: Bodice) -> list[Part]:
    w, y = bodice.hem, bodice.length
    return [Seam(line=smooth((-w, y - 0.2), (0, y + 1.3), (w, y - 0.2)), depth=0.18, width=0.25)]


def front_detail(bodice: Bodice, spec: GarmentSpec, rng: Random) -> list[Part]:
    """Often nothing; sometimes small buttons, or the edge of a wrapped front."""
    choice, top, low = rng.random(), bodice.neck_depth + 1.5, bodice.length
    if choice < 0.25:
        return [
            Seam(line=points((1.0, top - 1), (1.0, low)), depth=0.1, width=0.2),
            *[
                Button(centre=(0.0, float(y)), radius=0.55, dye=spec.trim or "#e8e4da")
                for y in np.arange(top, low - 2, 4.5)
            ],
        ]
    if choice < 0.45 and bodice.neck_shape == "v":
        edge = smooth(
            (0, bodice.neck_depth), (bodice.hem * 0.4, low * 0.72), (bodice.hem * 0.85, low - 1)
        )
        return [
            Seam(line=edge, depth=0.3, width=0.3),
            Crease(line=edge - (1.0, -0.4), height=0.3, width=0.8),
        ]
    return []


def bust(side: int) -> Points:
    return smooth((16, 27), (11, 26), (7, 23)) * (side, 1)


def straight_dress(spec: GarmentSpec, rng: Random) -> list[Part]:
    """In one piece from the shoulder to the hem: a shift, a sheath or a long slip."""
    shape, depth = random_neck(rng)
    length, fitted = random_length(rng), float(rng.uniform(0, 1))
    gown = Gown(
        neck=float(rng.uniform(8.5, 11)), neck_depth=depth, neck_shape=shape, shoulder=19, slope=3.4, chest=22.5, armpit=21,
        waist=23 - 5 * fitted, waist_at=float(rng.uniform(38, 43)), hip=24.5 - fitted, hem=float(rng.uniform(21, 25)) + 0.06 * length * (1 - fitted),
        length=length, hem_curve=float(rng.uniform(0.5, 2.5)),
    )  # fmt: skip
    sleeves = rng.random() < 0.5
    bodice = sleeved(gown, rng) if sleeves else strapped(gown, rng)
    under, front = upper(bodice, rng, sleeves)
    return [
        *under,
        *front,
        *[Crease(line=bust(s), height=0.3, width=1.4) for s in (-1, 1)],
        *[bodice.belly_fold(rng, 0.3) for _ in range(7)],
        *long_folds(bodice, rng),
        *hem_and_slit(bodice, rng),
    ]


def long_folds(bodice: Bodice, rng: Random) -> list[Part]:
    """Down from the hips."""
    parts: list[Part] = []
    for _ in range(6):
        t, start = float(rng.uniform(-0.85, 0.85)), float(rng.uniform(45, 65))
        middle = (start + bodice.length) / 2
        line = smooth((t * 20, start), (t * 22, middle), (t * bodice.hem, bodice.length))
        parts.append(
            Crease(
                line=line, height=float(rng.uniform(0.2, 0.6)), width=float(rng.uniform(0.9, 1.8))
            )
        )
    return parts


def hem_and_slit(bodice: Bodice, rng: Random) -> list[Part]:
    line = bodice.hem_line() - (0, 2.0)
    parts: list[Part] = [Seam(line=line, depth=0.05), Seam(line=mirror(line), depth=0.05)]
    if rng.random() < 0.35:
        x = float(rng.choice([-1, 1])) * bodice.hem * 0.6
        slit = points(
            (x * 0.95, bodice.length - float(rng.uniform(14, 32))), (x, bodice.length + 0.6)
        )
        parts.append(Seam(line=slit, depth=0.5, width=0.5))
    return parts


def shirt_dress(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A shirt that reaches to the knees: collar, buttons, a belt of its own cloth."""
    length = random_length(rng)
    gown = Gown(
        neck=7.5, neck_depth=5.0, shoulder=21, chest=24, armpit=22, waist=float(rng.uniform(20, 23.5)), waist_at=42, hip=25.5,
        hem=float(rng.uniform(27, 34)), length=min(length, 124.0), hem_curve=float(rng.uniform(1, 4)),
    )  # fmt: skip
    bodice, buttons = sleeved(gown, rng), spec.trim or "#ece8df"
    low = bodice.length + bodice.hem_curve - 0.4
    belt = replace(bodice, hem=bodice.waist + 0.2, length=43.0)
    return [
        *shirt_stand(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        Panel(
            outline=points((-1.6, 5.2), (1.7, 5.2), (1.7, low), (-1.6, low)),
            attached=True,
            bulge=0.12,
            roundness=0.4,
        ),
        Seam(line=points((1.75, 6), (1.75, low)), depth=0.14, width=0.2),
        *[
            Button(centre=(0.0, float(y)), radius=0.6, dye=buttons)
            for y in np.arange(12, low - 8, 8.5)
        ],
        *(shirt_cuffs(bodice, buttons) if bodice.sleeve > 50 else []),
        *elbows(bodice, rng),
        *bodice.hems(),
        *long_folds(bodice, rng),
        *[bodice.armpit_fold(rng, side, 0.3) for side in (-1, 1) for _ in range(2)],
        *(waist_tie(belt, rng) if rng.random() < 0.75 else []),
        *shirt_collar(bodice),
    ]


def knit_dress(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A long jumper: ribbed edges, a round or a rolled neck."""
    rolled = rng.random() < 0.4
    gown = Gown(
        neck=8.2 if rolled else 9.5, neck_depth=1.0 if rolled else float(rng.uniform(6, 9)), shoulder=20, chest=22.5, armpit=22,
        waist=float(rng.uniform(18.5, 22)), waist_at=42, hip=float(rng.uniform(22, 25)), hem=float(rng.uniform(20, 25)),
        length=float(rng.uniform(82, 112)), sleeve=float(rng.uniform(52, 59)), sleeve_angle=float(rng.uniform(64, 75)), cuff=9.5,
        bend=float(rng.uniform(0, 2)),
    )  # fmt: skip
    return [
        *([] if rolled else gown.inside(shade=0.45)),
        *gown.sleeves(rng),
        gown.body(),
        *gown.armholes(),
        *(rolled_collar(gown) if rolled else gown.collar_band(2.4)),
        *hem_rib(gown, float(rng.uniform(3, 7))),
        *cuff_ribs(gown, 5),
        *long_folds(gown, rng),
        *gown.strain(rng, height=0.38),
        *gown.elbow_folds(rng, height=0.4),
    ]
