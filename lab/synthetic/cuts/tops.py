"""T-shirts, longsleeves, sweaters, turtlenecks and shirts."""

from dataclasses import replace

import numpy as np

from lab.synthetic.curves import (
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
from lab.synthetic.cuts.bodice import Bodice, cuff_ribs, hem_rib
from lab.synthetic.cuts.folding import lay_sleeves
from lab.synthetic.cuts.prints import chest_print
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


def t_shirt(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Close or wide, a round or a V neck, its sleeves short or to the elbows."""
    wide, shape = float(rng.uniform(-3, 4)), neck_shape(rng)
    bodice = Bodice(
        neck=float(rng.uniform(8, 9.8)), neck_depth=float(rng.uniform(13, 18) if shape == "v" else rng.uniform(7, 11)), neck_shape=shape,
        shoulder=22 + 0.7 * wide, chest=25.5 + wide, waist=25 + wide - float(rng.uniform(0, 1.5)), hem=25.5 + wide,
        length=float(rng.uniform(60, 75)), sleeve=float(rng.uniform(16, 25)), sleeve_angle=float(rng.uniform(32, 60)),
        cuff=float(rng.uniform(15, 18.5)),
    )  # fmt: skip
    return [
        *bodice.inside(),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *bodice.shoulders(),
        *bodice.collar_band(float(rng.uniform(1.4, 2.6))),
        *bodice.hems(),
        *chest_print(spec, rng),
        *bodice.strain(rng, height=0.32),
    ]


def neck_shape(rng: Random, *, v: float = 0.2) -> str:
    return "v" if rng.random() < v else "round"


def sleeve_of(bodice: Bodice, rng: Random, *, wide: float) -> Bodice:
    """The bodice with its sleeves laid down somewhere between beside the body and far out."""
    angle = float(rng.uniform(48, 62) if rng.random() < 0.25 else rng.uniform(62, 77))
    return replace(
        bodice, shoulder=bodice.shoulder + 0.7 * wide, chest=bodice.chest + wide, waist=bodice.waist + wide, hem=bodice.hem + wide,
        length=bodice.length + float(rng.uniform(-8, 6)), sleeve=bodice.sleeve + float(rng.uniform(-3, 3)), sleeve_angle=angle,
        bend=float(rng.uniform(-1, 3.2)),
    )  # fmt: skip


def tank_top(spec: GarmentSpec, rng: Random) -> list[Part]:
    """No sleeves: deep neck, straps of two to eight centimetres."""
    strap, depth = float(rng.uniform(2.5, 7.5)), float(rng.uniform(10, 18))
    neck, wide = float(rng.uniform(8.5, 10.5)), float(rng.uniform(20, 25))
    bodice = Bodice(
        neck=neck, neck_depth=depth, shoulder=neck + strap, slope=1.2 + 0.12 * strap, chest=wide, armpit=float(rng.uniform(20, 25)),
        waist=wide - float(rng.uniform(0, 2)), hem=wide + float(rng.uniform(-0.5, 1.5)), length=float(rng.uniform(56, 70)),
    )  # fmt: skip
    return [
        *tank_back(bodice),
        Panel(outline=tank_front(bodice), lift=0.5),
        *[Panel(outline=ribbon(line, 1.3), attached=True, bulge=0.16, roundness=0.5, patterned=False)
          for line in (bodice.neckline(), tank_armhole(bodice)[::-1], mirror(tank_armhole(bodice)[::-1]))],
        Seam(line=bodice.hem_line() - (0, 2.0), depth=0.05),
        Seam(line=mirror(bodice.hem_line()) - (0, 2.0), depth=0.05),
        *chest_print(spec, rng),
        *[bodice.belly_fold(rng, 0.32) for _ in range(6)],
        *[bodice.armpit_fold(rng, side, 0.3) for side in (-1, 1) for _ in range(2)],
    ]  # fmt: skip


def tank_armhole(bodice: Bodice) -> Points:
    """From the strap, hollowed towards the middle, out to the armpit."""
    x, y = bodice.shoulder, bodice.slope
    deep = bodice.armpit - y
    return smooth(
        (x, y), (x - 0.6, y + deep * 0.4), (x + 0.5, y + deep * 0.75), (bodice.chest, bodice.armpit)
    )


def tank_front(bodice: Bodice) -> Points:
    half = len(bodice.neckline()) // 2
    return symmetric(
        join(
            bodice.neckline()[half:],
            tank_armhole(bodice),
            bodice.flank()[1:],
            bodice.hem_line()[1:],
        )
    )


def tank_back(bodice: Bodice) -> list[Part]:
    """The back seen through the neck, and its edge in the armholes."""
    n, d = bodice.neck, bodice.neck_depth
    edge = smooth(
        (-n - 0.5, 0.6), (-n * 0.7, d * 0.36), (0, d * 0.5), (n * 0.7, d * 0.36), (n + 0.5, 0.6)
    )
    hollow = join(edge, bodice.neckline()[::-1] + (0, 1.5))
    label = rectangle(-1.8, d * 0.5 + 0.6, 3.6, 1.8, round_by=0.2)
    return [
        Panel(outline=hollow, lift=0.15, bulge=0.1, shade=0.55, folds=0.3, patterned=False),
        Panel(outline=label, attached=True, bulge=0.05, dye="#b9b5ab", fabric="polyester"),
    ]


def polo(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Short sleeves with ribbed ends, a soft collar, a placket of two or three buttons."""
    bodice = Bodice(
        neck=7.6, neck_depth=6.0, shoulder=22.5, chest=float(rng.uniform(24, 27)), hem=float(rng.uniform(24, 27)),
        length=float(rng.uniform(66, 73)), sleeve=float(rng.uniform(19, 24)), sleeve_angle=float(rng.uniform(38, 58)),
        cuff=float(rng.uniform(14.5, 17)),
    )  # fmt: skip
    buttons = spec.trim or "#ece8df"
    return [
        *shirt_stand(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *bodice.shoulders(),
        *polo_placket(float(rng.uniform(17, 22)), buttons),
        *cuff_ribs(bodice, 2.6),
        *bodice.hems(),
        *bodice.strain(rng, height=0.32),
        *shirt_collar(replace(bodice, neck=float(rng.uniform(7.4, 8.6))), fabric="rib"),
    ]


def polo_placket(low: float, dye: str) -> list[Part]:
    strip = rectangle(-1.7, 5.0, 3.4, low - 5.0, round_by=0.2)
    return [
        Panel(outline=strip, attached=True, bulge=0.2, roundness=0.4),
        Seam(line=points((1.7, 5.4), (1.7, low)), depth=0.16, width=0.25),
        Seam(line=points((-1.3, 6), (-1.3, low - 0.8), (1.3, low - 0.8)), depth=0.04),
        Seam(line=points((-1.7, low), (1.7, low)), depth=0.1, width=0.2),
        *[
            Button(centre=(0.0, float(y)), radius=0.55, dye=dye)
            for y in np.arange(9.0, low - 2, 4.6)
        ],
    ]


def longsleeve(spec: GarmentSpec, rng: Random) -> list[Part]:
    shape = neck_shape(rng)
    form = Bodice(
        neck=float(rng.uniform(9, 11)), neck_depth=13.0 if shape == "v" else float(rng.uniform(5.5, 9)), neck_shape=shape, shoulder=21,
        waist=23.5, chest=24, hem=24, length=65, sleeve=57, cuff=9.5,
    )  # fmt: skip
    bodice = sleeve_of(form, rng, wide=float(rng.uniform(-2.5, 3)))
    parts = [
        *bodice.inside(),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *bodice.shoulders(),
        *bodice.collar_band(float(rng.uniform(1.2, 2.2))),
        *(henley(bodice, spec) if shape == "round" and rng.random() < 0.2 else []),
        *bodice.hems(),
        *chest_print(spec, rng),
        *bodice.strain(rng),
        *bodice.elbow_folds(rng),
    ]
    return lay_sleeves(parts, bodice, rng)


def henley(bodice: Bodice, spec: GarmentSpec) -> list[Part]:
    """Three buttons below a round neck."""
    return [
        replace(part, line=part.line + (0, bodice.neck_depth - 5)) if isinstance(part, Seam)
        else replace(part, outline=part.outline + (0, bodice.neck_depth - 5)) if isinstance(part, Panel)
        else replace(part, centre=(part.centre[0], part.centre[1] + bodice.neck_depth - 5)) if isinstance(part, Button)
        else part
        for part in polo_placket(19.0, spec.trim or "#e4dfd4")
    ]  # fmt: skip


def sweater(spec: GarmentSpec, rng: Random) -> list[Part]:
    shape = neck_shape(rng, v=0.25)
    form = Bodice(
        neck=9.5, neck_depth=float(rng.uniform(14, 20)) if shape == "v" else float(rng.uniform(6.5, 9.5)), neck_shape=shape,
        shoulder=22, chest=25.5, waist=25.8, hem=23.5, length=66, armpit=24, sleeve=60, cuff=10,
    )  # fmt: skip
    bodice = sleeve_of(form, rng, wide=float(rng.uniform(-2.5, 4)))
    parts = [
        *bodice.inside(shade=0.45),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *(cables(bodice) if rng.random() < 0.25 else []),
        *bodice.collar_band(float(rng.uniform(2.0, 3.4))),
        *hem_rib(bodice, float(rng.uniform(4, 8))),
        *cuff_ribs(bodice, 6),
        *bodice.strain(rng, height=0.45),
        *bodice.elbow_folds(rng, height=0.5),
    ]
    return lay_sleeves(parts, bodice, rng)


def cables(bodice: Bodice) -> list[Part]:
    """Two strands that cross again and again, and a ridge on either side."""
    top, low = bodice.neck_depth + 6, bodice.length - 8
    y = np.arange(top, low, 0.8)
    parts: list[Part] = []
    for x in (-12.0, 0.0, 12.0):
        for phase in (0.0, np.pi):
            strand = np.stack([x + 1.5 * np.sin(y * 0.75 + phase), y], axis=1)
            parts.append(Crease(line=strand, height=0.75, width=0.8))
        for ridge in (-3.4, 3.4):
            parts.append(
                Seam(line=points((x + ridge, top), (x + ridge, low)), depth=0.3, width=0.5)
            )
    return parts


def turtleneck(spec: GarmentSpec, rng: Random) -> list[Part]:
    form = Bodice(
        neck=8.2,
        neck_depth=1.0,
        shoulder=20.5,
        chest=23,
        waist=22,
        hem=22.5,
        length=64,
        sleeve=59,
        cuff=8.5,
    )
    bodice = sleeve_of(form, rng, wide=float(rng.uniform(-2, 4.5)))
    parts = [
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *(cables(replace(bodice, neck_depth=6.0)) if rng.random() < 0.15 else []),
        *rolled_collar(bodice),
        *hem_rib(bodice, float(rng.uniform(3, 7))),
        *cuff_ribs(bodice, 5),
        *bodice.strain(rng, height=0.4),
        *bodice.elbow_folds(rng, height=0.4),
    ]
    return lay_sleeves(parts, bodice, rng)


def rolled_collar(bodice: Bodice) -> list[Part]:
    n = bodice.neck
    opening = smooth((-n, -6.6), (0, -5.7), (n, -6.6), (0, -7.5), closed=True)
    roll = symmetric(
        join(smooth((0, -6.0), (n * 0.6, -6.2), (n + 0.2, -6.8)),
             smooth((n + 1.0, -6.0), (n + 1.3, -2), (n + 1.9, 1.6)),
             smooth((n * 0.6, 3.6), (0, 4.2)))
    )  # fmt: skip
    return [
        Panel(outline=roll, lift=0.9, bulge=0.5, fabric="rib", folds=0.4),
        Panel(outline=opening, lift=0.6, bulge=0.0, shade=0.4, fabric="rib"),
        Crease(line=smooth((-n - 1, 2.8), (0, 5.2), (n + 1, 2.8)), height=-0.4, width=0.8),
    ]


def shirt(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Long or short sleeves, one breast pocket, two or none; a rounded or a straight hem."""
    form = Bodice(
        neck=7.5, neck_depth=5.0, shoulder=22.5, chest=26, waist=25, hem=25, length=70,
        hem_curve=float(rng.choice([5.5, 4.0, 0.8])), sleeve=60, cuff=11,
    )  # fmt: skip
    short = rng.random() < 0.25
    bodice = sleeve_of(form, rng, wide=float(rng.uniform(-2, 2.5)))
    if short:
        bodice = replace(
            bodice,
            sleeve=float(rng.uniform(20, 26)),
            sleeve_angle=float(rng.uniform(36, 60)),
            cuff=16.5,
            bend=0.0,
        )
    buttons, pockets = spec.trim or "#ece8df", int(rng.integers(3))
    parts = [
        *shirt_stand(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *yoke(bodice),
        *placket(bodice, buttons),
        *[piece for x in (9.0, -10.0)[:pockets] for piece in breast_pocket(x, 22.0)],
        *([] if short else shirt_cuffs(bodice, buttons)),
        *bodice.hems(),
        *bodice.strain(rng, height=0.34),
        *([] if short else bodice.elbow_folds(rng, count=6)),
        *shirt_collar(bodice),
        Button(centre=(0.3, 5.6), radius=0.5, dye=buttons),
    ]
    return parts if short else lay_sleeves(parts, bodice, rng)


def shirt_stand(bodice: Bodice) -> list[Part]:
    """The inside of the collar, behind the neck."""
    n = bodice.neck
    back = smooth((-n - 0.4, -0.5), (-n * 0.7, -3.4), (0, -4.2), (n * 0.7, -3.4), (n + 0.4, -0.5))
    hollow = join(back, smooth((n * 0.6, 4.5), (0, 6.0), (-n * 0.6, 4.5)))
    label = rectangle(-2.4, -1.2, 4.8, 1.7, round_by=0.1)
    return [
        Panel(outline=hollow, lift=0.5, bulge=0.2, shade=0.62, folds=0.2),
        Panel(outline=label, attached=True, bulge=0.05, dye="#3c4250", fabric="polyester"),
    ]


def shirt_collar(bodice: Bodice, *, fabric: str = "") -> list[Part]:
    """Two points that fold down from the neck."""
    n = bodice.neck
    leaf = join(
        smooth((n * 0.25, -3.9), (n * 0.8, -3.2), (n + 1.0, -0.2)),
        smooth((n + 1.2, 1.2), (n * 1.08, 5.0), (n * 0.92, 9.2)),
        smooth((n * 0.45, 7.4), (0.5, 4.9)),
        smooth((n * 0.42, 2.8), (n * 0.78, -0.6), (n * 0.25, -2.7)),
    )
    parts: list[Part] = []
    for line in (leaf, mirror(leaf)):
        parts.append(
            Panel(
                outline=line,
                lift=1.1,
                bulge=0.3,
                roundness=0.5,
                folds=0.15,
                grain=0.5,
                fabric=fabric,
            )
        )
    edge = smooth((n * 1.0, 3), (n * 0.98, 5.4), (n * 0.85, 8.4), (n * 0.4, 6.7))
    parts += [Seam(line=edge, depth=0.05), Seam(line=mirror(edge), depth=0.05)]
    return parts


def yoke(bodice: Bodice) -> list[Part]:
    line = smooth((bodice.neck + 1.2, 3.2), (bodice.shoulder - 1, bodice.slope + 3.6))
    return [Seam(line=line, depth=0.06), Seam(line=line * (-1, 1), depth=0.06)]


def placket(bodice: Bodice, dye: str) -> list[Part]:
    """The strip the buttons sit on, right over left."""
    low = bodice.length + bodice.hem_curve - 0.4
    strip = points((-1.6, 5.2), (1.7, 5.2), (1.7, low), (-1.6, low))
    parts: list[Part] = [
        Panel(outline=strip, attached=True, bulge=0.12, roundness=0.4),
        Seam(line=points((1.15, 6), (1.15, low - 1)), depth=0.04),
        Seam(line=points((-1.2, 6), (-1.2, low - 1)), depth=0.04),
        Seam(line=points((1.75, 6), (1.75, low)), depth=0.12, width=0.2),
    ]
    for y in np.arange(14.5, low - 9, 9.3):
        parts.append(Button(centre=(0.0, float(y)), radius=0.55, dye=dye))
    return parts


def breast_pocket(x: float, y: float) -> list[Part]:
    w, h = 11.0, 12.5
    patch = points((x - w / 2, y), (x + w / 2, y), (x + w / 2, y + h - 2), (x, y + h),
                   (x - w / 2, y + h - 2))  # fmt: skip
    inner = offset(points(*[tuple(p) for p in patch[[1, 2, 3, 4, 0]]]), 0.5)
    return [
        Panel(outline=patch, attached=True, bulge=0.13, roundness=0.5),
        Seam(line=inner, depth=0.04),
        Seam(line=points((x - w / 2, y + 2.2), (x + w / 2, y + 2.2)), depth=0.04),
    ]


def shirt_cuffs(bodice: Bodice, dye: str) -> list[Part]:
    band = bodice.cuff_band(6.5)
    parts: list[Part] = []
    for side in (-1, 1):
        line = band * (side, 1)
        middle = line.mean(axis=0)
        parts.append(Panel(outline=line, attached=True, bulge=0.15, roundness=0.5))
        parts.append(Seam(line=line[:2], depth=0.12, width=0.2))
        parts.append(Button(centre=(float(middle[0]), float(middle[1])), radius=0.5, dye=dye))
    return parts
