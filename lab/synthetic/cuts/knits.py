"""Cardigans, sweatshirts and hoodies."""

from lab.synthetic.curves import join, mirror, offset, points, rectangle, ribbon, smooth, symmetric
from lab.synthetic.cuts.bodice import Bodice, cuff_ribs, hem_rib
from lab.synthetic.cuts.fastenings import cord, zip_teeth
from lab.synthetic.cuts.folding import lay_sleeves
from lab.synthetic.cuts.prints import chest_print
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


def sweatshirt(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A round neck with a sewn-in triangle, ribbed edges."""
    bodice = loose_bodice(rng, neck=9.5, neck_depth=7.5)
    triangle = points((-3.2, 10.2), (3.2, 10.2), (0, 14.6))
    parts = [
        *bodice.inside(shade=0.45),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        Seam(line=join(triangle, triangle[:1]), depth=0.08, width=0.2),
        *bodice.collar_band(2.6),
        *hem_rib(bodice, float(rng.uniform(5, 7))),
        *cuff_ribs(bodice, 6),
        *bodice.strain(rng, height=0.42),
        *bodice.elbow_folds(rng, height=0.45),
        *chest_print(spec, rng),
    ]
    return lay_sleeves(parts, bodice, rng)


def loose_bodice(rng: Random, *, neck: float, neck_depth: float) -> Bodice:
    wide = float(rng.uniform(-1.5, 2.5))
    return Bodice(
        neck=neck, neck_depth=neck_depth, shoulder=23 + wide * 0.6, chest=26.5 + wide, waist=26.8 + wide,
        hem=24.2 + wide, length=float(rng.uniform(60, 71)), armpit=25, sleeve=float(rng.uniform(57, 62)),
        sleeve_angle=float(rng.uniform(58, 77)), cuff=10.5, bend=float(rng.uniform(-1, 3)),
    )  # fmt: skip


def cardigan(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A knitted jacket with a V neck, a ribbed border all along the front, and buttons."""
    depth = float(rng.uniform(22, 36))
    bodice = Bodice(
        neck=8.6, neck_depth=depth, shoulder=22, chest=25.5, waist=25.2, hem=24.6,
        length=float(rng.uniform(58, 82)), armpit=24, sleeve=float(rng.uniform(56, 61)),
        sleeve_angle=float(rng.uniform(62, 76)), cuff=10.5, bend=float(rng.uniform(-0.5, 2.5)),
    )  # fmt: skip
    low = bodice.length + bodice.hem_curve
    parts = [
        *bodice.inside(shade=0.45),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *hem_rib(bodice, 6),
        *cuff_ribs(bodice, 6),
        *(knit_pockets(bodice) if rng.random() < 0.5 else []),
        *bodice.strain(rng, height=0.42),
        *bodice.elbow_folds(rng, height=0.5),
        *border(bodice, depth, low),
        *buttons_down(depth + 2.5, low - 3, int(rng.integers(4, 7)), spec.trim or "#4a3a2e"),
    ]
    return lay_sleeves(parts, bodice, rng)


def border(bodice: Bodice, depth: float, low: float) -> list[Part]:
    """The ribbed strip from the nape, around the neck and down to the hem."""
    n, width = bodice.neck, 3.4
    inner = join(smooth((-n, -0.2), (-n * 0.62, depth * 0.5), (-width / 2, depth)))
    outer = smooth((-n - 2.6, 0.8), (-n * 0.62 - 3.2, depth * 0.5), (-width / 2 - 0.4, depth + 5))
    edge = join(inner, outer[::-1])
    nape = ribbon(bodice.back_neckline() - (0, 2.0), 2.4)
    strip = points(
        (-width / 2, depth - 2), (width / 2, depth - 2), (width / 2, low), (-width / 2, low)
    )
    return [
        Panel(outline=nape, lift=0.6, bulge=0.2, fabric="rib", patterned=False, folds=0.1, shade=0.9),
        *[Panel(outline=line, lift=0.9, bulge=0.3, roundness=0.6, fabric="rib", grain=0.3 * s, patterned=False, folds=0.3)
          for s, line in ((1, edge), (-1, mirror(edge)))],
        Panel(outline=strip, attached=True, bulge=0.3, roundness=0.6, fabric="rib", patterned=False),
        Seam(line=points((width / 2, depth), (width / 2, low)), depth=0.25, width=0.35),
    ]  # fmt: skip


def buttons_down(top: float, low: float, count: int, dye: str) -> list[Part]:
    step = (low - top) / max(1, count - 1)
    return [Button(centre=(0.0, top + k * step), radius=0.95, dye=dye) for k in range(count)]


def knit_pockets(bodice: Bodice) -> list[Part]:
    top, w, h = bodice.length - 23, 12.0, 14.0
    patch = rectangle(6.5, top, w, h, round_by=0.6)
    edge = rectangle(6.5, top, w, 2.4, round_by=0.3)
    parts: list[Part] = []
    for side in (-1, 1):
        parts.append(Panel(outline=patch * (side, 1), attached=True, bulge=0.3, roundness=0.6))
        parts.append(Seam(line=join(patch, patch[:1]) * (side, 1), depth=0.08))
        parts.append(
            Panel(
                outline=edge * (side, 1), attached=True, bulge=0.12, fabric="rib", patterned=False
            )
        )
    return parts


def hoodie(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A hood laid up behind the neck, drawstrings, a kangaroo pocket; some with a zip."""
    bodice = loose_bodice(rng, neck=9.8, neck_depth=8.5)
    zipped = rng.random() < 0.4
    metal = spec.trim or "#b9b4aa"
    parts = [
        *hood_up(rng, bodice.neck),
        *bodice.sleeves(rng),
        bodice.body(),
        *bodice.armholes(),
        *hem_rib(bodice, float(rng.uniform(5, 7))),
        *cuff_ribs(bodice, 6),
        *kangaroo_pocket(bodice.length, zipped),
        *bodice.strain(rng, height=0.42),
        *bodice.elbow_folds(rng, height=0.45),
        *([] if zipped else chest_print(spec, rng)),
        *(zip_teeth(10.0, bodice.length, metal) if zipped else []),
        *hood_front(bodice.neck, bodice.neck_depth),
        *drawstrings(rng, bodice.neck, spec.trim or "#e4e0d6"),
    ]
    return lay_sleeves(parts, bodice, rng)


def hood_up(rng: Random, neck: float) -> list[Part]:
    """The hood spread out above the shoulders: its outside all around, the dark hollow within."""
    n, rise = neck, float(rng.uniform(19, 27))
    lean, wide = float(rng.uniform(-1.8, 1.8)), float(rng.uniform(1.3, 1.6))
    shell = smooth((-n - 4, 5), (-n * wide - 0.5, -4), (-n * wide + lean, -rise * 0.6), (-n * 0.8 + lean, -rise * 0.95),
                   (lean, -rise), (n * 0.8 + lean, -rise * 0.95), (n * wide + lean, -rise * 0.6),
                   (n * wide + 0.5, -4), (n + 4, 5), (0, 11), closed=True)  # fmt: skip
    hollow = smooth((-n * 0.55, 8), (-n - 0.6, -2), (-n * 0.95 + lean, -rise * 0.5), (lean, -rise * 0.72),
                    (n * 0.95 + lean, -rise * 0.5), (n + 0.6, -2), (n * 0.55, 8), closed=True)  # fmt: skip
    middle = smooth((lean, -rise + 0.3), (lean * 0.8, -rise * 0.85), (lean * 0.7, -rise * 0.73))
    return [
        Panel(outline=shell, lift=0.5, bulge=1.0, roundness=2.4, folds=0.8),
        Seam(line=middle, depth=0.12, width=0.2),
        Panel(outline=hollow, lift=0.1, bulge=0.1, shade=0.55, folds=0.8, patterned=False),
        Seam(line=smooth((0, -rise * 0.72), (0.6, -rise * 0.3), (0, 6)), depth=0.2, width=0.3),
        Seam(line=offset(join(hollow, hollow[:1]), -1.6), depth=0.1, width=0.2),
    ]


def hood_front(neck: float, depth: float) -> list[Part]:
    """Where the hood's edges meet and cross in front of the neck."""
    n, d = neck, depth
    leaf = join(
        smooth((n * 0.9, -1.5), (n * 0.62, d * 0.45), (n * 0.2, d * 0.85), (-1.6, d + 1.2)),
        smooth((-1.2, d + 3.6), (n * 0.5, d + 0.6), (n + 1.4, d * 0.4), (n + 2.8, 0.4)),
        smooth((n + 2.2, -1.6), (n * 0.9, -1.5)),
    )
    parts: list[Part] = []
    for line in (mirror(leaf), leaf):
        parts.append(Panel(outline=line, lift=1.0, bulge=0.5, roundness=0.9, folds=0.4))
    edge = smooth((n * 0.7 + 1.4, 1.5), (n * 0.35 + 1.0, d * 0.7 + 0.6), (-1.0, d + 2.2))
    return [*parts, Seam(line=edge, depth=0.08), Seam(line=mirror(edge), depth=0.08)]


def drawstrings(rng: Random, neck: float, dye: str) -> list[Part]:
    parts: list[Part] = []
    for side in (-1, 1):
        start = (neck * 0.36, 7.4)
        reach, sway = float(rng.uniform(11, 19)), float(rng.uniform(-1.5, 3))
        line = smooth(
            start,
            (start[0] + sway * 0.2, start[1] + reach * 0.5),
            (start[0] + sway, start[1] + reach),
        )
        parts += cord(line * (side, 1), dye)
        parts.append(
            Button(centre=(side * start[0], start[1]), radius=0.5, dye="#8f8b82", holes=False)
        )
    return parts


def kangaroo_pocket(length: float, split: bool) -> list[Part]:
    top, low = length - 27, length - 5.5
    right = smooth((8.5, top), (10.5, top + 5), (15.2, top + 12))
    half = join(points((0, top)), right, points((15.4, low), (0, low)))
    parts: list[Part] = [
        Panel(outline=symmetric(half), attached=True, bulge=0.35, roundness=0.9),
        Seam(line=points((-8.5, top), (8.5, top)), depth=0.08),
    ]
    for side in (-1, 1):
        parts.append(Seam(line=right * (side, 1), depth=0.3, width=0.5))
        parts.append(Seam(line=offset(right, 1.4) * (side, 1), depth=0.05))
        parts.append(Crease(line=right * (side, 1) + (side * 0.9, 0.5), height=-0.35, width=0.7))
    return parts
