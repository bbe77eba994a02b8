"""Blazers, coats and jackets."""

from dataclasses import replace

import numpy as np

from wardrobe.rendering.curves import Points, join, offset, points, rectangle, smooth
from wardrobe.rendering.cuts.bodice import Bodice
from wardrobe.rendering.cuts.fastenings import zip_teeth
from wardrobe.rendering.fields import Random
from wardrobe.rendering.parts import Button, Crease, Panel, Part, Seam
from wardrobe.rendering.specs import GarmentSpec


def blazer(spec: GarmentSpec, rng: Random) -> list[Part]:
    bodice = Bodice(
        neck=8.5, neck_depth=34, shoulder=23, slope=4.0, chest=26, armpit=25, waist=24, hem=26.5, length=74,
        hem_curve=0.4, sleeve=61, sleeve_angle=float(rng.uniform(71, 76)), cuff=13, bend=float(rng.uniform(0, 2)),
    )  # fmt: skip
    dye = spec.trim or "#2a2420"
    return [
        *lined_neck(bodice, 38, lining="#4a5265"),
        *bodice.sleeves(rng),
        *fronts(bodice, close=40, cutaway=9),
        *bodice.armholes(),
        *darts(bodice),
        *flap_pocket(13.5, 52, 15),
        *welt(11.5, 24),
        *bodice.elbow_folds(rng, count=4, height=0.3),
        *bodice.strain(rng, height=0.22),
        *lapels(bodice, depth=38, width=11.0),
        Button(centre=(0.2, 41), radius=1.05, dye=dye),
        Button(centre=(0.0, 51), radius=1.05, dye=dye),
        *cuff_buttons(bodice, dye),
    ]


def coat(spec: GarmentSpec, rng: Random) -> list[Part]:
    bodice = Bodice(
        neck=9, neck_depth=32, shoulder=24, slope=4.2, chest=28.5, armpit=27, waist=28, hem=32, length=106,
        hem_curve=0.6, sleeve=63, sleeve_angle=float(rng.uniform(72, 77)), cuff=15, bend=float(rng.uniform(0, 2)),
    )  # fmt: skip
    dye = spec.trim or "#3a2e26"
    return [
        *lined_neck(bodice, 36, lining="#5b4a40"),
        *bodice.sleeves(rng),
        *fronts(bodice, close=36, cutaway=1.5),
        *bodice.armholes(),
        *flap_pocket(15.5, 62, 16),
        *bodice.elbow_folds(rng, count=4, height=0.4),
        *bodice.strain(rng, height=0.35),
        *lapels(bodice, depth=35, width=13.5),
        *[
            Button(centre=(side * 7.0, y), radius=1.4, dye=dye)
            for y in (42, 56, 70)
            for side in (-1, 1)
        ],
        Seam(line=points((-8.5 + 16.5, 38), (9.5, 105)), depth=0.05),
    ]


def lined_neck(bodice: Bodice, depth: float, *, lining: str) -> list[Part]:
    """The lining behind the open front, with the maker's label."""
    n = bodice.neck
    hollow = join(
        smooth((-n - 3, 0.5), (-n * 0.6, -2.4), (0, -3.0), (n * 0.6, -2.4), (n + 3, 0.5)),
        points((6, depth + 4), (-6, depth + 4)),
    )
    label = rectangle(-3.4, 2.2, 6.8, 3.4, round_by=0.1)
    facing = join(smooth((-n, -1), (0, -2.8), (n, -1)), smooth((n, 2.0), (0, 7.5), (-n, 2.0)))
    return [
        Panel(outline=hollow, lift=0.1, bulge=0.1, dye=lining, fabric="silk", folds=0.9, shade=0.6),
        Panel(outline=facing, attached=True, bulge=0.1, shade=0.6, patterned=False),
        Panel(outline=label, attached=True, bulge=0.05, dye="#c9c2b2", fabric="silk"),
    ]


def fronts(bodice: Bodice, *, close: float, cutaway: float) -> list[Part]:
    """Two front panels, the wearer's left over the right; open above `close`."""
    parts: list[Part] = []
    for side, overlap, lift in ((1, 2.0, 0.45), (-1, 2.6, 0.75)):
        edge = front_edge(bodice, close, overlap, cutaway)
        line = join(edge, bodice.side()[: -len(bodice.hem_line()) // 2]) * (side, 1)
        parts.append(Panel(outline=line, lift=lift, bulge=0.35))
        if side < 0:
            parts.append(Seam(line=offset(edge * (side, 1), 0.0), depth=0.1, width=0.25))
    return parts


def front_edge(bodice: Bodice, close: float, overlap: float, cutaway: float) -> Points:
    """From the hem up the front edge to the neck, on the right of the picture."""
    low = bodice.length + bodice.hem_curve
    skirt = smooth(
        (cutaway + 6, low), (cutaway - overlap + 1.2, low - 2.5), (-overlap, low - 16 - cutaway)
    )
    rise = smooth((-overlap, close), (bodice.neck * 0.45, close * 0.5), (bodice.neck - 0.5, 1.5))
    return join(skirt, rise)


def lapels(bodice: Bodice, *, depth: float, width: float) -> list[Part]:
    """Notched lapels with their collar; they roll, so they lie high and throw a shadow."""
    n = bodice.neck
    lapel = join(
        smooth((-2.2, depth + 2.5), (1.0, depth * 0.72), (n - 2.2, 6)),
        smooth((n - 0.6, 2.5), (n + 1.5, 8.2)),
        points((n + width * 0.55, 11.0), (n + width * 0.62, 13.0)),
        smooth((n + width * 0.48, 15.5), (n * 0.95, depth * 0.62), (-0.6, depth + 2.2)),
    )
    collar = join(
        smooth((0, -5.0), (n * 0.7, -4.2), (n + 1.2, -0.8)),
        smooth((n + 3.4, 3), (n + width * 0.44, 8.6)),
        points((n + 2.0, 9.4), (n - 1.6, 5.6)),
        smooth((n - 1.2, 2), (n * 0.62, -1.2), (0, -2.0)),
    )
    parts: list[Part] = []
    for side in (1, -1):
        parts.append(
            Panel(
                outline=lapel * (side, 1),
                lift=1.5,
                bulge=0.35,
                roundness=0.8,
                folds=0.25,
                grain=0.25 * side,
            )
        )
    for side in (1, -1):
        parts.append(
            Panel(
                outline=collar * (side, 1),
                lift=1.9,
                bulge=0.35,
                roundness=0.8,
                folds=0.2,
                grain=0.5 * side,
            )
        )
    return parts


def darts(bodice: Bodice) -> list[Part]:
    line = smooth((12.5, 30), (12.0, 40), (12.4, 50))
    return [Seam(line=line * (s, 1), depth=0.1) for s in (1, -1)]


def flap_pocket(x: float, y: float, width: float) -> list[Part]:
    parts: list[Part] = []
    for side in (1, -1):
        flap = join(
            points((x - width / 2, y + 0.8), (x + width / 2, y - 0.6)),
            smooth((x + width / 2 + 0.2, y + 4.6), (x, y + 5.8), (x - width / 2 + 0.2, y + 5.8)),
        )
        parts.append(Panel(outline=flap * (side, 1), attached=True, bulge=0.3, roundness=0.7))
        parts.append(Seam(line=flap[:2] * (side, 1), depth=0.16, width=0.25))
        parts.append(Crease(line=flap[2:] * (side, 1) + (0, 0.8), height=-0.35, width=0.7))
    return parts


def welt(x: float, y: float) -> list[Part]:
    strip = points((x - 5, y + 1.2), (x + 5, y - 0.6), (x + 5.2, y + 1.8), (x - 4.8, y + 3.6))
    return [
        Panel(outline=strip, attached=True, bulge=0.2, roundness=0.4),
        Seam(line=strip[[0, 1]], depth=0.12, width=0.2),
    ]


def cuff_buttons(bodice: Bodice, dye: str) -> list[Part]:
    d, n = bodice.directions()
    outer, _ = bodice.cuff_ends()
    parts: list[Part] = []
    for side in (-1, 1):
        for k in range(3):
            x, y = (outer - d * (3.2 + 2.0 * k) + n * 1.6) * (side, 1)
            parts.append(Button(centre=(float(x), float(y)), radius=0.65, dye=dye))
    return parts


def field_jacket(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Four pockets, a zip under a placket with studs, a drawn waist and a stand-up collar."""
    bodice = Bodice(
        neck=9.5, neck_depth=5.5, shoulder=24, slope=4.6, chest=28, armpit=26, waist=26.5, hem=28, length=76,
        sleeve=62, sleeve_angle=float(rng.uniform(70, 75)), cuff=13, bend=float(rng.uniform(0, 2.5)),
    )  # fmt: skip
    return [
        *stand_inside(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *waist_cord(bodice, rng),
        *cargo_pocket(12.5, 21, 13, 13),
        *cargo_pocket(14.5, 52, 16.5, 17),
        *bodice.strain(rng, height=0.4),
        *bodice.elbow_folds(rng, count=6, height=0.45),
        *storm_flap(bodice, spec.trim or "#8d8468"),
        *jacket_cuffs(bodice),
        *bodice.hems(),
        *down_collar(bodice),
    ]


def stand_inside(bodice: Bodice) -> list[Part]:
    n = bodice.neck
    back = smooth((-n - 1, 0), (-n * 0.7, -4.4), (0, -5.4), (n * 0.7, -4.4), (n + 1, 0))
    hollow = join(back, smooth((n * 0.6, 5.0), (0, 6.8), (-n * 0.6, 5.0)))
    return [
        Panel(outline=hollow, lift=0.5, bulge=0.2, shade=0.5, folds=0.3),
        Panel(
            outline=rectangle(-2.6, -0.8, 5.2, 2.6, round_by=0.1),
            attached=True,
            bulge=0.05,
            dye="#26261f",
        ),
    ]


def down_collar(bodice: Bodice) -> list[Part]:
    n = bodice.neck
    leaf = join(
        smooth((n * 0.2, -5.2), (n * 0.85, -4.4), (n + 1.6, -0.6)),
        smooth((n + 2.2, 1.5), (n + 1.6, 6), (n + 0.6, 10.5)),
        smooth((n * 0.5, 8.4), (1.6, 5.4)),
        smooth((n * 0.5, 3.2), (n * 0.82, -0.6), (n * 0.2, -3.2)),
    )
    parts: list[Part] = []
    for side in (1, -1):
        parts.append(
            Panel(
                outline=leaf * (side, 1),
                lift=1.4,
                bulge=0.4,
                roundness=0.8,
                folds=0.25,
                grain=0.4 * side,
            )
        )
        parts.append(Seam(line=offset(leaf[10:30], 0.7) * (side, 1), depth=0.05))
    return parts


def storm_flap(bodice: Bodice, metal: str) -> list[Part]:
    low = bodice.length + 0.2
    strip = points((-3.0, 5.4), (2.6, 5.4), (2.8, low), (-2.8, low))
    parts: list[Part] = [
        Panel(outline=strip, attached=True, bulge=0.28, roundness=0.6),
        Seam(line=points((2.7, 6), (2.9, low)), depth=0.2, width=0.25),
        Seam(line=points((-2.3, 6), (-2.1, low)), depth=0.05),
        Seam(line=points((1.9, 6), (2.1, low)), depth=0.05),
    ]
    for y in np.linspace(10, low - 6, 6):
        parts.append(Button(centre=(-0.2, float(y)), radius=0.72, dye=metal, holes=False))
    return parts


def cargo_pocket(x: float, y: float, width: float, height: float) -> list[Part]:
    parts: list[Part] = []
    for side in (1, -1):
        left, right = x - width / 2, x + width / 2
        bag = rectangle(left, y, width, height, round_by=1.2)
        flap = points((left - 0.3, y - 0.6), (right + 0.3, y - 0.6), (right + 0.3, y + 4.0), (x, y + 5.8),
                      (left - 0.3, y + 4.0))  # fmt: skip
        parts += [
            Panel(outline=bag * (side, 1), attached=True, bulge=0.32, roundness=0.9),
            Seam(line=offset(bag[1:], 0.6) * (side, 1), depth=0.06),
            Panel(outline=flap * (side, 1), attached=True, bulge=0.3, roundness=0.5),
            Seam(line=offset(flap[1:], 0.5) * (side, 1), depth=0.05),
            Crease(
                line=smooth(*[tuple(p) for p in flap[2:]]) * (side, 1) + (0, 0.8),
                height=-0.35,
                width=0.6,
            ),
            Button(centre=(side * x, y + 4.0), radius=0.6, dye="#57523c", holes=False),
        ]
    return parts


def waist_cord(bodice: Bodice, rng: Random) -> list[Part]:
    y = 47.0
    parts: list[Part] = [
        Seam(line=smooth((-26, y), (0, y + 0.8), (26, y)), depth=0.12, width=0.3),
        Seam(line=smooth((-26, y + 2), (0, y + 2.8), (26, y + 2)), depth=0.08),
    ]
    for _ in range(18):
        x, reach = rng.uniform(-25, 25), rng.uniform(-6, 6)
        line = smooth(
            (x, y + 1), (x + rng.uniform(-1, 1), y + reach * 0.6), (x + reach * 0.2, y + reach)
        )
        parts.append(Crease(line=line, height=float(rng.uniform(0.15, 0.4)), width=0.6))
    return parts


def jacket_cuffs(bodice: Bodice) -> list[Part]:
    band = bodice.cuff_band(5.0)
    parts: list[Part] = []
    for side in (-1, 1):
        line = band * (side, 1)
        parts.append(Panel(outline=line, attached=True, bulge=0.2, roundness=0.6))
        parts.append(Seam(line=line[:2], depth=0.12, width=0.25))
    return parts


def zip_jacket(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A short jacket with a metal zip, slanted pockets and ribbed edges."""
    bodice = Bodice(
        neck=8.5, neck_depth=5, shoulder=23.5, chest=27.5, armpit=26, waist=27, hem=25, length=65,
        sleeve=60, sleeve_angle=float(rng.uniform(66, 72)), cuff=11, bend=float(rng.uniform(0, 2)),
    )  # fmt: skip
    pocket = smooth((13, 44), (17, 51), (19, 56))
    return [
        *stand_inside(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *[Seam(line=pocket * (s, 1), depth=0.25, width=0.5) for s in (1, -1)],
        *bodice.strain(rng, height=0.45),
        *bodice.elbow_folds(rng, count=6, height=0.45),
        *zip_teeth(5.5, bodice.length, spec.trim or "#9a968c"),
        *jacket_cuffs(bodice),
        *down_collar(replace(bodice, neck=8.0)),
    ]
