"""Blazers, coats and jackets."""

from dataclasses import replace

import numpy as np

from lab.synthetic.curves import Points, join, offset, points, rectangle, ribbon, smooth
from lab.synthetic.cuts.bodice import Bodice, cuff_ribs, hem_rib
from lab.synthetic.cuts.fastenings import metal_zip, tied_belt, zip_teeth
from lab.synthetic.cuts.folding import lay_sleeves
from lab.synthetic.cuts.knits import hood_front, hood_up
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


def blazer(spec: GarmentSpec, rng: Random) -> list[Part]:
    """One to three buttons, or double-breasted; flap or patch pockets."""
    wide, crossed = float(rng.uniform(-2.5, 2.5)), rng.random() < 0.22
    depth = float(rng.uniform(28, 42))
    bodice = Bodice(
        neck=8.5, neck_depth=depth - 4, shoulder=23 + 0.7 * wide, slope=4.0, chest=26 + wide, armpit=25, waist=24 + wide,
        hem=26.5 + wide, length=float(rng.uniform(66, 80)), hem_curve=0.4, sleeve=float(rng.uniform(58, 63)),
        sleeve_angle=float(rng.uniform(66, 77)), cuff=13, bend=float(rng.uniform(0, 2.5)),
    )  # fmt: skip
    dye, patched = spec.trim or "#2a2420", rng.random() < 0.35
    parts = [
        *lined_neck(
            bodice, depth, lining=str(rng.choice(["#4a5265", "#6a4a4a", "#54504a", "#3c4a44"]))
        ),
        *bodice.sleeves(rng),
        *fronts(bodice, close=depth + 2, cutaway=2.0 if crossed else float(rng.uniform(5, 10))),
        *bodice.armholes(),
        *darts(bodice),
        *(
            patch_pockets(14, bodice.length - 23, 15, 17)
            if patched
            else flap_pocket(13.5, bodice.length - 22, 15)
        ),
        *welt(11.5, 24),
        *bodice.elbow_folds(rng, count=4, height=0.3),
        *bodice.strain(rng, height=0.22),
        *lapels(bodice, depth=depth, width=float(rng.uniform(8.5, 13)), peaked=crossed),
        *(
            pairs_of_buttons((depth + 4, depth + 14), 6.0, 1.0, dye)
            if crossed
            else button_column(rng, depth, dye)
        ),
        *cuff_buttons(bodice, dye),
    ]
    return lay_sleeves(parts, bodice, rng, share=0.1)


def button_column(rng: Random, depth: float, dye: str) -> list[Part]:
    count = int(rng.integers(1, 4))
    return [Button(centre=(0.1, depth + 3 + 9.5 * k), radius=1.05, dye=dye) for k in range(count)]


def pairs_of_buttons(rows: tuple[float, ...], aside: float, radius: float, dye: str) -> list[Part]:
    return [
        Button(centre=(side * aside, y), radius=radius, dye=dye) for y in rows for side in (-1, 1)
    ]


def patch_pockets(x: float, y: float, width: float, height: float) -> list[Part]:
    """Sewn on, without a flap."""
    bag = rectangle(x - width / 2, y, width, height, round_by=1.6)
    parts: list[Part] = []
    for side in (1, -1):
        parts.append(Panel(outline=bag * (side, 1), attached=True, bulge=0.3, roundness=0.8))
        parts.append(Seam(line=offset(bag[1:], 0.6) * (side, 1), depth=0.06))
        parts.append(
            Seam(
                line=points((x - width / 2, y + 2.4), (x + width / 2, y + 2.4)) * (side, 1),
                depth=0.05,
            )
        )
    return parts


def coat(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Of heavy cloth, from the hip to the calf: double- or single-breasted, a wrap coat, or a duffle coat."""
    styles = (double_breasted, single_breasted, single_breasted, wrap_coat, duffle_coat)
    return styles[int(rng.integers(len(styles)))](spec, rng)


def coat_bodice(rng: Random, neck_depth: float) -> Bodice:
    wide = float(rng.uniform(-2, 3))
    length = float(rng.choice([rng.uniform(90, 98), rng.uniform(98, 112), rng.uniform(112, 124)]))
    return Bodice(
        neck=9, neck_depth=neck_depth, shoulder=24 + 0.7 * wide, slope=4.2, chest=28.5 + wide, armpit=27,
        waist=float(rng.uniform(26, 29)) + wide, hem=float(rng.uniform(28.5, 36)) + wide, length=length, hem_curve=0.6,
        sleeve=float(rng.uniform(60, 65)), sleeve_angle=float(rng.uniform(67, 77)), cuff=15, bend=float(rng.uniform(0, 2.5)),
    )  # fmt: skip


def open_coat(
    bodice: Bodice, rng: Random, depth: float, *, peaked: bool, width: float
) -> tuple[list[Part], list[Part]]:
    """What all coats with lapels share: everything beneath the lapels, and the lapels."""
    lining = str(rng.choice(["#5b4a40", "#4a4a52", "#6b5a48", "#3f3a3a"]))
    low = bodice.length * float(rng.uniform(0.55, 0.62))
    pockets = patch_pockets(15.5, low, 16, 19) if rng.random() < 0.4 else flap_pocket(15.5, low, 16)
    beneath = [
        *lined_neck(bodice, depth, lining=lining),
        *bodice.sleeves(rng),
        *fronts(bodice, close=depth, cutaway=1.5),
        *bodice.armholes(),
        *pockets,
        *bodice.elbow_folds(rng, count=4, height=0.4),
        *bodice.strain(rng, height=0.35),
    ]
    return beneath, lapels(bodice, depth=depth, width=width, peaked=peaked)


def double_breasted(spec: GarmentSpec, rng: Random) -> list[Part]:
    depth, dye = float(rng.uniform(28, 38)), spec.trim or "#3a2e26"
    bodice = coat_bodice(rng, depth - 4)
    beneath, collar = open_coat(
        bodice, rng, depth, peaked=rng.random() < 0.5, width=float(rng.uniform(11.5, 15))
    )
    rows = tuple(depth + 6 + 14.0 * k for k in range(int(rng.integers(2, 4))))
    parts = [
        *beneath,
        *collar,
        *pairs_of_buttons(rows, 7.0, 1.4, dye),
        Seam(line=points((8.0, depth + 2), (9.5, bodice.length - 1)), depth=0.05),
    ]
    return lay_sleeves(parts, bodice, rng, share=0.1)


def single_breasted(spec: GarmentSpec, rng: Random) -> list[Part]:
    depth, dye = float(rng.uniform(24, 40)), spec.trim or "#3a2e26"
    bodice = coat_bodice(rng, depth - 4)
    beneath, collar = open_coat(bodice, rng, depth, peaked=False, width=float(rng.uniform(9.5, 13)))
    step = (bodice.length - depth - 25) / 3
    buttons = [
        Button(centre=(0.1, depth + 4 + min(step, 15) * k), radius=1.3, dye=dye) for k in range(3)
    ]
    return lay_sleeves([*beneath, *collar, *buttons], bodice, rng, share=0.1)


def wrap_coat(spec: GarmentSpec, rng: Random) -> list[Part]:
    """No buttons: a shawl collar and a belt."""
    depth, waist = float(rng.uniform(38, 46)), float(rng.uniform(48, 53))
    bodice = coat_bodice(rng, depth - 6)
    beneath, _ = open_coat(bodice, rng, depth, peaked=False, width=11)
    belt = tied_belt(rng, waist, bodice.waist + 0.4, spec.trim or "#3a2e26")
    return [*beneath, *shawl(bodice, depth, float(rng.uniform(8, 11))), *belt]


def shawl(bodice: Bodice, depth: float, width: float) -> list[Part]:
    """A collar without a notch, from the nape to where the coat closes."""
    n = bodice.neck
    leaf = join(
        smooth((0, -5.0), (n * 0.7, -4.2), (n + 1.6, -0.6), (n + width * 0.6, 8), (n + width * 0.42, depth * 0.5), (0.5, depth + 2)),
        smooth((-1.5, depth + 1), (n * 0.5, depth * 0.55), (n - 1.0, 6), (n - 1.2, 1), (n * 0.62, -1.4), (0, -2.2)),
    )  # fmt: skip
    return [
        Panel(
            outline=leaf * (side, 1),
            lift=1.6,
            bulge=0.5,
            roundness=1.1,
            folds=0.35,
            grain=0.3 * side,
        )
        for side in (1, -1)
    ]


def duffle_coat(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A hood, patch pockets, and toggles of horn in loops of cord."""
    bodice = replace(coat_bodice(rng, 8.0), neck=10.0, hem_curve=0.3)
    bodice = replace(bodice, length=min(bodice.length, 100.0))
    low = bodice.length + bodice.hem_curve
    return [
        *hood_up(rng, bodice.neck),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        Seam(
            line=smooth((-bodice.chest + 1, 22), (0, 24), (bodice.chest - 1, 22)),
            depth=0.14,
            width=0.25,
        ),
        *patch_pockets(15.5, bodice.length - 34, 17, 20),
        *bodice.strain(rng, height=0.38),
        *bodice.elbow_folds(rng, count=4, height=0.4),
        Seam(line=points((2.4, 10), (2.8, low)), depth=0.22, width=0.3),
        *bodice.hems(),
        *hood_front(bodice.neck, bodice.neck_depth),
        *[
            part
            for k in range(int(rng.integers(3, 5)))
            for part in toggle(19 + 13.5 * k, spec.trim or "#c9ae85")
        ],
    ]


def toggle(y: float, dye: str) -> list[Part]:
    """A loop from either side, and the horn that goes through it."""
    horn = smooth(
        (-4.0, y),
        (-1.5, y - 0.8),
        (2.5, y - 0.5),
        (3.4, y),
        (2.5, y + 0.5),
        (-1.5, y + 0.8),
        closed=True,
    )
    patches = [rectangle(side * 8.0 - 2.0, y - 2.2, 4.0, 4.4, round_by=0.8) for side in (-1, 1)]
    strings = [
        ribbon(smooth((-7.5, y + d), (0, y + 0.3 * d), (7.5, y + d)), 0.5) for d in (-0.9, 0.9)
    ]
    return [
        *[
            Panel(
                outline=line,
                attached=True,
                bulge=0.25,
                roundness=0.4,
                dye="#3b2c20",
                fabric="leather",
            )
            for line in patches
        ],
        *[
            Panel(
                outline=line,
                attached=True,
                bulge=0.4,
                roundness=0.3,
                dye="#3b2c20",
                fabric="canvas",
            )
            for line in strings
        ],
        Panel(outline=horn, attached=True, bulge=0.8, roundness=0.7, dye=dye, fabric="rubber"),
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


def lapels(bodice: Bodice, *, depth: float, width: float, peaked: bool = False) -> list[Part]:
    """Lapels with their collar, notched or peaked; they roll, so they lie high and throw a shadow."""
    n, peak = bodice.neck, -3.2 if peaked else 0.0
    lapel = join(
        smooth((-2.2, depth + 2.5), (1.0, depth * 0.72), (n - 2.2, 6)),
        smooth((n - 0.6, 2.5), (n + 1.5, 8.2)),
        points(
            (n + width * 0.55 - peak * 0.3, 11.0 + peak),
            (n + width * 0.62 - peak * 0.3, 13.0 + peak),
        ),
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


def jacket(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A field jacket, an overshirt, or a leather jacket with a slanting zip."""
    styles = (field_jacket, field_jacket, overshirt, biker_jacket)
    return styles[int(rng.integers(len(styles)))](spec, rng)


def jacket_bodice(rng: Random, *, length: float, hem: float) -> Bodice:
    wide = float(rng.uniform(-2, 3))
    return Bodice(
        neck=9.5, neck_depth=5.5, shoulder=24 + 0.7 * wide, slope=4.6, chest=28 + wide, armpit=26, waist=26.5 + wide, hem=hem + wide,
        length=length, sleeve=float(rng.uniform(59, 64)), sleeve_angle=float(rng.uniform(60, 76)), cuff=13, bend=float(rng.uniform(-0.5, 3)),
    )  # fmt: skip


def field_jacket(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Four pockets, a zip under a placket with studs, a drawn waist and a stand-up collar."""
    bodice = jacket_bodice(rng, length=float(rng.uniform(70, 82)), hem=28)
    parts = [
        *stand_inside(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *(waist_cord(bodice, rng) if rng.random() < 0.7 else []),
        *cargo_pocket(12.5, 21, 13, 13),
        *cargo_pocket(14.5, bodice.length - 24, 16.5, 17),
        *bodice.strain(rng, height=0.4),
        *bodice.elbow_folds(rng, count=6, height=0.45),
        *storm_flap(bodice, spec.trim or "#8d8468"),
        *jacket_cuffs(bodice),
        *bodice.hems(),
        *down_collar(bodice),
    ]
    return lay_sleeves(parts, bodice, rng, share=0.12)


def overshirt(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Straight, buttoned, with patch pockets: a shirt of jacket cloth."""
    bodice = jacket_bodice(rng, length=float(rng.uniform(66, 76)), hem=27)
    dye = spec.trim or "#4a3d30"
    low = bodice.length + 0.2
    parts = [
        *stand_inside(bodice),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *patch_pockets(12.0, 20, 12.5, 14),
        *(patch_pockets(14.5, bodice.length - 24, 16, 18) if rng.random() < 0.6 else []),
        *bodice.strain(rng, height=0.4),
        *bodice.elbow_folds(rng, count=6, height=0.45),
        Seam(line=points((2.2, 6), (2.4, low)), depth=0.18, width=0.25),
        *[
            Button(centre=(0.0, float(y)), radius=0.85, dye=dye)
            for y in np.linspace(10, low - 9, 6)
        ],
        *jacket_cuffs(bodice),
        *bodice.hems(),
        *down_collar(bodice),
    ]
    return lay_sleeves(parts, bodice, rng, share=0.12)


def biker_jacket(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Short; wide lapels with studs, a zip that runs aslant, zipped pockets."""
    bodice = replace(
        jacket_bodice(rng, length=float(rng.uniform(56, 64)), hem=25), neck=8.5, neck_depth=24.0
    )
    metal = spec.trim or "#b9b6ae"
    slant = smooth((5.5, 20), (4.2, 40), (4.8, bodice.length - 0.5))
    slits = [smooth((11, 40), (15, 44), (18, 49)), smooth((10, 24), (13, 25.5), (17, 26))]
    zips = [(line * (side, 1), metal) for line in slits for side in (-1, 1)][:3]
    return [
        *lined_neck(bodice, 26, lining="#2e2a2a"),
        *bodice.sleeves(rng),
        *fronts(bodice, close=25, cutaway=0.5),
        *bodice.armholes(),
        *bodice.strain(rng, height=0.35),
        *bodice.elbow_folds(rng, count=6, height=0.45),
        *[piece for line, dye in [(slant, metal), *zips] for piece in metal_zip(line, dye)],
        *lapels(bodice, depth=24, width=14.5, peaked=True),
        *[
            Button(centre=(side * 16.2, 9.5), radius=0.5, dye=metal, holes=False)
            for side in (-1, 1)
        ],
        *jacket_cuffs(bodice),
        *bodice.hems(),
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


def bomber(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Short and puffed, with a zip, slanted pockets, and ribbing at the neck, the cuffs and the hem."""
    wide = float(rng.uniform(-1.5, 3.5))
    bodice = Bodice(
        neck=8.8, neck_depth=5.5, shoulder=23.5 + 0.6 * wide, chest=28 + wide, armpit=26, waist=28.5 + wide, hem=24.5 + wide,
        length=float(rng.uniform(58, 68)), sleeve=float(rng.uniform(57, 62)), sleeve_angle=float(rng.uniform(58, 75)), cuff=11.5,
        bend=float(rng.uniform(0, 3.5)),
    )  # fmt: skip
    y = bodice.length * 0.66
    pocket = smooth((13, y), (16, y + 7), (18, y + 12))
    parts = [
        *bodice.inside(shade=0.5),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *[Seam(line=pocket * (s, 1), depth=0.3, width=0.6) for s in (1, -1)],
        *hem_rib(bodice, 6.5),
        *cuff_ribs(bodice, 7),
        *bodice.strain(rng, height=0.5),
        *bodice.elbow_folds(rng, count=7, height=0.5),
        *ribbed_collar(bodice),
        *zip_teeth(bodice.neck_depth, bodice.length, spec.trim or "#9a968c"),
    ]
    return lay_sleeves(parts, bodice, rng, share=0.12)


def ribbed_collar(bodice: Bodice) -> list[Part]:
    """A low band that stands around the neck."""
    edge = bodice.neckline()
    nape = ribbon(bodice.back_neckline() - (0, 3.0), 3.4)
    return [
        Panel(
            outline=nape, lift=0.7, bulge=0.3, fabric="rib", shade=0.85, folds=0.2, patterned=False
        ),
        Panel(
            outline=ribbon(edge, 4.2),
            attached=True,
            bulge=0.4,
            roundness=1.0,
            fabric="rib",
            patterned=False,
        ),
        Seam(line=offset(edge, 4.2), depth=0.14, width=0.25),
    ]
