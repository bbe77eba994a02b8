"""Coats and jackets against rain, cold and wear: trench coats, puffers, parkas, denim jackets."""

import numpy as np

from lab.synthetic.curves import Points, join, offset, points, ribbon, smooth, turned
from lab.synthetic.cuts.bodice import Bodice
from lab.synthetic.cuts.fastenings import cord, tied_belt, zip_teeth
from lab.synthetic.cuts.knits import drawstrings, hood_front, hood_up
from lab.synthetic.cuts.outerwear import (
    cargo_pocket,
    down_collar,
    fronts,
    jacket_cuffs,
    lapels,
    lined_neck,
    stand_inside,
    storm_flap,
    waist_cord,
)
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec

COPPER = "#b0814f"


def denim_jacket(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Short and boxy: a yoke, two flap pockets, seams that run to the waistband, copper buttons."""
    wide = float(rng.uniform(-1.5, 2))
    bodice = Bodice(
        neck=8.4, neck_depth=5.0, shoulder=23 + wide, chest=26.5 + wide, armpit=25, waist=25.5 + wide, hem=23.5 + wide,
        length=float(rng.uniform(56, 64)), hem_curve=0.4, sleeve=float(rng.uniform(57, 61)),
        sleeve_angle=float(rng.uniform(62, 76)), cuff=11.5, bend=float(rng.uniform(-0.5, 2.5)),
    )  # fmt: skip
    thread = spec.trim or "#b98347"
    return [
        *stand_inside(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *yoke_and_pockets(bodice, thread),
        *bodice.strain(rng, height=0.36),
        *bodice.elbow_folds(rng, count=6, height=0.45),
        *waistband(bodice, thread),
        *button_strip(bodice, thread),
        *jacket_cuffs(bodice),
        *down_collar(bodice),
    ]


def yoke_and_pockets(bodice: Bodice, thread: str) -> list[Part]:
    y, low = 19.0, bodice.length - 4.5
    flap = points((5.2, y), (16.2, y), (16.2, y + 4.2), (10.7, y + 6.4), (5.2, y + 4.2))
    yoke = points((1.8, y), (bodice.shoulder + 0.5, y))
    runs = (points((6.2, y + 5), (4.4, low)), points((15.2, y + 5), (12.6, low)))
    parts: list[Part] = []
    for side in (-1, 1):
        parts.append(Seam(line=yoke * (side, 1), depth=0.12, thread=thread))
        parts += [Seam(line=line * (side, 1), depth=0.1, thread=thread) for line in runs]
        parts += [
            Seam(line=(line + (0.8, 0)) * (side, 1), depth=0.02, thread=thread) for line in runs
        ]
        parts.append(Panel(outline=flap * (side, 1), attached=True, bulge=0.28, roundness=0.5))
        parts.append(Seam(line=offset(flap[1:], 0.5) * (side, 1), depth=0.03, thread=thread))
        parts.append(Button(centre=(side * 10.7, y + 4.6), radius=0.62, dye=COPPER, holes=False))
    return parts


def waistband(bodice: Bodice, thread: str) -> list[Part]:
    top, low, h = bodice.length - 4.2, bodice.length + bodice.hem_curve, bodice.hem
    band = points((-h - 0.2, top), (h + 0.2, top), (h, low), (-h, low))
    return [
        Panel(outline=band, attached=True, bulge=0.25, roundness=0.6, grain=np.pi / 2),
        Seam(line=band[:2], depth=0.12, thread=thread),
    ]


def button_strip(bodice: Bodice, thread: str) -> list[Part]:
    low = bodice.length + bodice.hem_curve
    strip = points((-2.2, 5.4), (2.0, 5.4), (2.0, low), (-2.2, low))
    parts: list[Part] = [
        Panel(outline=strip, attached=True, bulge=0.22, roundness=0.5),
        Seam(line=points((2.0, 6), (2.0, low)), depth=0.18, width=0.25),
        *[Seam(line=points((x, 6), (x, low)), depth=0.03, thread=thread) for x in (-1.7, 1.4)],
    ]
    for y in np.linspace(9, low - 2.2, 6):
        parts.append(Button(centre=(-0.1, float(y)), radius=0.8, dye=COPPER, holes=False))
    return parts


def rain_jacket(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A hooded shell: a covered or plain zip, welded pockets, a cord in the hem."""
    bodice = Bodice(
        neck=9.6, neck_depth=7.0, shoulder=24, slope=4.8, chest=27.5, armpit=26, waist=27.2,
        hem=float(rng.uniform(27, 31)), length=float(rng.uniform(68, 88)), sleeve=float(rng.uniform(60, 64)),
        sleeve_angle=float(rng.uniform(60, 76)), cuff=12.5, bend=float(rng.uniform(-0.5, 3)),
    )  # fmt: skip
    dye = spec.trim or "#2c2f33"
    snaps = rng.random() < 0.45
    return [
        *hood_up(rng, bodice.neck),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *raglan(bodice),
        *slanted_zips(bodice, dye),
        *bodice.strain(rng, height=0.5),
        *bodice.elbow_folds(rng, count=6, height=0.5),
        *(storm_flap(bodice, "#d9d7d0") if snaps else zip_teeth(6.0, bodice.length, dye)),
        *velcro_tabs(bodice),
        *bodice.hems(),
        *hood_front(bodice.neck, bodice.neck_depth),
        *drawstrings(rng, bodice.neck, dye),
    ]


def raglan(bodice: Bodice) -> list[Part]:
    """A seam across the chest where the shoulders are doubled."""
    y = bodice.armpit - 5
    line = smooth((-bodice.chest + 1.4, y), (0, y + 2.2), (bodice.chest - 1.4, y))
    return [Seam(line=line, depth=0.14, width=0.3)]


def slanted_zips(bodice: Bodice, dye: str) -> list[Part]:
    y = bodice.length * 0.62
    slit = smooth((12, y), (14.2, y + 8), (15.6, y + 15))
    opening = ribbon(offset(slit, -0.6), 1.2)
    parts: list[Part] = []
    for s in (-1, 1):
        parts.append(
            Panel(
                outline=opening * (s, 1),
                attached=True,
                bulge=-0.15,
                roundness=0.3,
                dye=dye,
                fabric="polyester",
            )
        )
        parts.append(Crease(line=slit * (s, 1) + (s * 1.2, 0), height=0.35, width=0.7))
    return parts


def velcro_tabs(bodice: Bodice) -> list[Part]:
    d, n = bodice.directions()
    outer, inner = bodice.cuff_ends()
    middle = (outer + inner) / 2 - d * 2.6
    tab = ribbon(np.array((middle - n * 4, middle + n * 3)), 2.2)
    return [Panel(outline=tab * (s, 1), attached=True, bulge=0.3, roundness=0.4) for s in (-1, 1)]


def trench_coat(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Double-breasted and belted, with a gun flap, epaulettes and wide lapels."""
    bodice = Bodice(
        neck=9, neck_depth=26, shoulder=23.5, slope=4.2, chest=27.5, armpit=26, waist=25.2,
        hem=float(rng.uniform(31, 36)), length=float(rng.uniform(92, 114)), hem_curve=0.8,
        sleeve=float(rng.uniform(60, 64)), sleeve_angle=float(rng.uniform(70, 77)), cuff=14.5, bend=float(rng.uniform(0, 2)),
    )  # fmt: skip
    dye, waist = spec.trim or "#4a3524", float(rng.uniform(50, 55))
    return [
        *lined_neck(bodice, 30, lining="#8a7552"),
        *bodice.sleeves(rng),
        *fronts(bodice, close=28, cutaway=1.5),
        *bodice.armholes(),
        *gun_flap(bodice, float(rng.choice([-1, 1]))),
        *slanted_welts(waist + 9),
        *bodice.strain(rng, height=0.36),
        *bodice.elbow_folds(rng, count=5, height=0.4),
        *skirt_folds(rng, bodice, waist),
        *lapels(bodice, depth=28, width=15.5),
        *breast_buttons((33, waist - 7, waist + 10, waist + 23), dye),
        *epaulettes(bodice, dye),
        *cuff_straps(bodice, dye),
        *tied_belt(rng, waist, 26.4, dye),
    ]


def gun_flap(bodice: Bodice, side: float) -> list[Part]:
    flap = smooth((bodice.shoulder - 2, 4.6), (bodice.shoulder - 1.6, 12), (bodice.chest - 3, 21), (14, 27.5),
                  (6.5, 24), (7.5, 12), closed=True)  # fmt: skip
    return [
        Panel(outline=flap * (side, 1), attached=True, bulge=0.3, roundness=0.6),
        Seam(line=offset(flap, 0.6) * (side, 1), depth=0.05),
    ]


def slanted_welts(y: float) -> list[Part]:
    welt_line = points((13.5, y), (16.5, y - 0.6), (20, y + 15), (17, y + 15.6))
    return [
        part
        for s in (-1, 1)
        for part in (
            Panel(outline=welt_line * (s, 1), attached=True, bulge=0.3, roundness=0.5),
            Seam(line=welt_line[[0, 3]] * (s, 1), depth=0.2, width=0.3),
        )
    ]


def skirt_folds(rng: Random, bodice: Bodice, waist: float) -> list[Part]:
    """The cloth below the belt falls in soft folds."""
    parts: list[Part] = []
    for _ in range(9):
        x = float(rng.uniform(-0.9, 0.9))
        top, reach = (x * 24, waist + 2), float(rng.uniform(15, bodice.length - waist - 2))
        end = (x * (24 + reach * 0.12), waist + reach)
        line = smooth(
            top, ((top[0] + end[0]) / 2 + float(rng.uniform(-1, 1)), (top[1] + end[1]) / 2), end
        )
        parts.append(
            Crease(
                line=line, height=float(rng.uniform(0.25, 0.65)), width=float(rng.uniform(0.9, 1.8))
            )
        )
    return parts


def breast_buttons(rows: tuple[float, ...], dye: str) -> list[Part]:
    return [Button(centre=(s * 7.5, y), radius=1.25, dye=dye) for y in rows for s in (-1, 1)]


def epaulettes(bodice: Bodice, dye: str) -> list[Part]:
    start, end = (
        np.array((bodice.neck + 4.0, 4.0)),
        np.array((bodice.shoulder - 0.5, bodice.slope + 2.2)),
    )
    strap = ribbon(np.array((start, end)), 3.2) - (0, 2.6)
    parts: list[Part] = []
    for s in (-1, 1):
        parts.append(Panel(outline=strap * (s, 1), attached=True, bulge=0.35, roundness=0.5))
        parts.append(
            Button(centre=(s * float(start[0] + 1.2), float(start[1] - 0.6)), radius=0.7, dye=dye)
        )
    return parts


def cuff_straps(bodice: Bodice, dye: str) -> list[Part]:
    d, n = bodice.directions()
    outer, inner = bodice.cuff_ends()
    strap = points(
        tuple(outer - d * 9),
        tuple(inner - d * 9 - n * 1.8),
        tuple(inner - d * 6.4 - n * 1.3),
        tuple(outer - d * 6.4),
    )
    spot = outer - d * 7.7 + n * 4.5
    return [
        part
        for s in (-1, 1)
        for part in (
            Panel(outline=strap * (s, 1), attached=True, bulge=0.3, roundness=0.4),
            Button(centre=(s * float(spot[0]), float(spot[1])), radius=0.8, dye=dye, holes=False),
        )
    ]


def puffer(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Quilted in rows that swell with down; a high collar or a hood, a zip."""
    wide, length = (
        float(rng.uniform(-1, 3)),
        float(rng.uniform(58, 100) if rng.random() < 0.3 else rng.uniform(56, 70)),
    )
    bodice = Bodice(
        neck=8.8, neck_depth=4.0, shoulder=24.5 + wide * 0.6, slope=4.2, chest=29 + wide, armpit=26, waist=29.5 + wide,
        hem=27.5 + wide, length=length, hem_curve=0.3, sleeve=float(rng.uniform(58, 62)),
        sleeve_angle=float(rng.uniform(62, 74)), cuff=12.5, bend=float(rng.uniform(0, 3)),
    )  # fmt: skip
    row, metal = float(rng.uniform(5.5, 10.5)), spec.trim or "#8f8f93"
    hooded = rng.random() < 0.35
    return [
        *(hood_up(rng, bodice.neck + 0.8) if hooded else stand_inside(bodice)),
        *quilted_sleeves(bodice, row),
        *quilted_body(bodice, row),
        *bodice.armholes(),
        *puckers(rng, bodice, row),
        *slanted_zips(bodice, "#1f2023"),
        *(hood_front(bodice.neck, bodice.neck_depth + 3) if hooded else puffed_collar(bodice)),
        *zip_teeth(-1.0 if not hooded else 8.0, bodice.length, metal),
    ]


def quilted_body(bodice: Bodice, row: float) -> list[Part]:
    """Rows of down: each a swollen band, the seams between drawn in."""
    outline = bodice.front()
    parts: list[Part] = [Panel(outline=outline, lift=0.5, bulge=0.6)]
    for y in np.arange(bodice.neck_depth + 1, bodice.length + row, row):
        chamber = between(outline, float(y), float(min(y + row, bodice.length + 0.3)))
        if chamber is not None:
            parts.append(Panel(outline=chamber, attached=True, bulge=2.0, roundness=row * 0.5))
            parts.append(Seam(line=chamber[[0, -1]], depth=0.5, width=0.45))
    return parts


def between(outline: Points, top: float, low: float) -> Points | None:
    """The part of a closed outline between two heights, as wide as it is there; a little swollen."""
    if low - top < 1.5:
        return None
    heights = np.linspace(top, low, 7)
    right = [float(outline[np.abs(outline[:, 1] - y) < 4.5][:, 0].max()) for y in heights]
    swell = 0.7 * np.sin(np.linspace(0, np.pi, 7))
    edge = np.stack([np.array(right) + swell, heights], axis=1)
    return join(edge * (-1, 1), edge[::-1])


def quilted_sleeves(bodice: Bodice, row: float) -> list[Part]:
    d, n = bodice.directions()
    top, armpit = np.array((bodice.shoulder, bodice.slope)), np.array((bodice.chest, bodice.armpit))
    outer, inner = bodice.cuff_ends()
    parts: list[Part] = [*bodice.sleeves(np.random.default_rng(0))]
    count = max(4, round(bodice.sleeve / row))
    for k in range(count):
        chamber = sleeve_chamber(top, armpit, outer, inner, k / count, (k + 1) / count, d, n)
        for s in (-1, 1):
            parts.append(
                Panel(outline=chamber * (s, 1), attached=True, bulge=1.8, roundness=row * 0.5)
            )
            parts.append(Seam(line=chamber[[0, 5]] * (s, 1), depth=0.5, width=0.45))
    return parts


def sleeve_chamber(
    top: Points,
    armpit: Points,
    outer: Points,
    inner: Points,
    start: float,
    stop: float,
    d: Points,
    n: Points,
) -> Points:
    """One row across the sleeve between two shares of its length, swollen at both edges."""
    middle = (start + stop) / 2
    above = [top + (outer - top) * t - n * w for t, w in ((start, 0.2), (middle, 1.4), (stop, 0.2))]
    below = [
        armpit + (inner - armpit) * t + n * w for t, w in ((stop, 0.2), (middle, 1.0), (start, 0.2))
    ]
    return np.array([*above, *below])


def puckers(rng: Random, bodice: Bodice, row: float) -> list[Part]:
    """Short folds that start at the quilting seams."""
    parts: list[Part] = []
    for _ in range(40):
        y = bodice.neck_depth + 1 + row * int(rng.integers(1, max(2, int(bodice.length / row))))
        x, reach = float(rng.uniform(-25, 25)), float(rng.uniform(-0.45, 0.45)) * row
        if y < bodice.length:
            line = smooth(
                (x, y),
                (x + float(rng.uniform(-1, 1)), y + reach * 0.6),
                (x + float(rng.uniform(-1.5, 1.5)), y + reach),
            )
            parts.append(Crease(line=line, height=-float(rng.uniform(0.2, 0.5)), width=0.5))
    return parts


def puffed_collar(bodice: Bodice) -> list[Part]:
    n = bodice.neck
    parts: list[Part] = []
    for k, (top, low, wide) in enumerate(((-1.8, 3.4, n + 2.2), (-6.2, -1.2, n + 1.2))):
        roll = smooth((-wide, top), (0, top + 1.8), (wide, top), (wide + 0.5, low - 2), (wide, low),
                      (0, low + 2.4), (-wide, low), (-wide - 0.5, low - 2), closed=True)  # fmt: skip
        parts.append(Panel(outline=roll, lift=1.0 + 0.2 * k, bulge=1.6, roundness=2.0, folds=0.6))
    hollow = smooth((-n, -6.3), (0, -7.6), (n, -6.3), (0, -4.2), closed=True)
    return [*parts, Panel(outline=hollow, lift=0.4, bulge=0.1, shade=0.4, folds=0.2)]


def parka(spec: GarmentSpec, rng: Random) -> list[Part]:
    """To the knees, a hood trimmed with fur, patch pockets, a drawn waist."""
    bodice = Bodice(
        neck=10, neck_depth=8.0, shoulder=24.5, slope=4.8, chest=29, armpit=27, waist=27.2, hem=float(rng.uniform(29, 33)),
        length=float(rng.uniform(80, 97)), hem_curve=float(rng.uniform(0.3, 3)), sleeve=float(rng.uniform(60, 64)),
        sleeve_angle=float(rng.uniform(66, 76)), cuff=13.5, bend=float(rng.uniform(0, 2.5)),
    )  # fmt: skip
    return [
        *hood_up(rng, bodice.neck + 0.4),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *waist_cord(bodice, rng),
        *cargo_pocket(14.8, bodice.length - 30, 15.5, 18),
        *bodice.strain(rng, height=0.45),
        *bodice.elbow_folds(rng, count=6, height=0.5),
        *storm_flap(bodice, "#6d5f46"),
        *jacket_cuffs(bodice),
        *bodice.hems(),
        *hood_front(bodice.neck, bodice.neck_depth),
        *fur_trim(
            rng,
            bodice.neck,
            spec.trim or str(rng.choice(["#b59a78", "#8a705a", "#d8cbb4", "#5f5148"])),
        ),
        *waist_toggles(rng, bodice),
    ]


def fur_trim(rng: Random, neck: float, dye: str) -> list[Part]:
    """Long hair around the opening of the hood, and down to where it closes."""
    n = neck
    rim = smooth((n * 0.25, 9.5), (n + 1.0, 3), (n + 1.8, -7), (n * 0.75, -16), (0, -19), (-n * 0.75, -16),
                 (-n - 1.8, -7), (-n - 1.0, 3), (-n * 0.25, 9.5), steps=12)  # fmt: skip
    parts: list[Part] = [
        Panel(
            outline=shaggy(rng, rim, 2.9),
            lift=1.6,
            bulge=1.6,
            roundness=1.8,
            folds=0.8,
            fabric="fleece",
            dye=dye,
        )
    ]
    for k in range(3, len(rim) - 3, 2):
        parts += [hair(rng, rim[k], rim[k + 1] - rim[k - 1], dye) for _ in range(2)]
    return parts


def shaggy(rng: Random, line: Points, width: float) -> Points:
    """A strip around the line with ragged edges."""
    ragged = rng.uniform(0.65, 1.15, (2, len(line), 1))
    outer, inner = offset(line, width) - line, offset(line, -width) - line
    return join(line + outer * ragged[0], (line + inner * ragged[1])[::-1])


def hair(rng: Random, at: Points, along: Points, dye: str) -> Panel:
    """A tuft across the strip, lighter or darker than the rest."""
    reach, lean = float(rng.uniform(2.2, 3.8)), float(rng.uniform(-0.6, 0.6))
    across = np.array((along[1], -along[0])) / max(float(np.hypot(*along)), 1e-6)
    across = turned(across[None, :], lean)[0] * float(rng.choice([-1, 1]))
    line = np.array((at, at + across * reach * 0.6, at + across * reach))
    return Panel(outline=ribbon(line, 0.5), attached=True, bulge=0.3, roundness=0.3, dye=dye, fabric="fleece",
                 shade=float(rng.uniform(0.6, 1.35)))  # fmt: skip


def waist_toggles(rng: Random, bodice: Bodice) -> list[Part]:
    parts: list[Part] = []
    for side in (-1, 1):
        reach = float(rng.uniform(5, 10))
        line = smooth(
            (4.5, 48.5), (5.2, 48.5 + reach * 0.5), (4.6 + float(rng.uniform(-1, 2)), 48.5 + reach)
        )
        parts += cord(line * (side, 1), "#2d2a24", thick=0.6)
    return parts
