"""What all upper garments share: the body, its sleeves, the inside of the neck."""

import math
from dataclasses import dataclass

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
from lab.synthetic.fields import Random
from lab.synthetic.parts import Crease, Panel, Part, Seam


@dataclass(frozen=True, kw_only=True)
class Bodice:
    """Half widths and heights in centimetres, from the point of the neck down.

    `sleeve_angle` is measured from horizontal, in degrees; a sleeve at 90 hangs straight down.
    `neck_shape` is "round", "v" or "square".
    """

    neck: float = 8.5
    neck_depth: float = 9.0
    shoulder: float = 22.0
    slope: float = 4.5
    chest: float = 25.5
    armpit: float = 23.0
    waist: float = 25.0
    hem: float = 25.5
    length: float = 69.0
    hem_curve: float = 0.8
    sleeve: float = 21.0
    sleeve_angle: float = 48.0
    cuff: float = 17.0
    bend: float = 0.0
    neck_shape: str = "round"

    # Outlines

    def neckline(self) -> Points:
        """Over the front, from the wearer's one shoulder to the other; left to right."""
        n, d = self.neck, self.neck_depth
        if self.neck_shape == "v":
            half = smooth((-n, 0), (-0.55 * n, 0.45 * d), (0, d))
        elif self.neck_shape == "square":
            half = join(smooth((-n, 0), (-0.9 * n, 0.5 * d), (-0.84 * n, d)), points((0, d)))
        else:
            half = smooth((-n, 0), (-0.88 * n, 0.45 * d), (-0.5 * n, 0.9 * d), (0, d))
        return join(half, mirror(half)[1:])

    def back_neckline(self) -> Points:
        n = self.neck
        return smooth((-n, 0), (-0.6 * n, 1.3), (0, 1.8), (0.6 * n, 1.3), (n, 0))

    def side(self) -> Points:
        """From the point of the neck over the shoulder and down to the hem's centre."""
        armhole = smooth((self.shoulder, self.slope), (self.shoulder - 1.4, self.slope + 8),
                         (self.chest, self.armpit))  # fmt: skip
        return join(points((self.neck, 0)), armhole, self.flank()[1:], self.hem_line()[1:])

    def flank(self) -> Points:
        """From the armpit down to the hem."""
        middle = (self.armpit + self.length) / 2
        return smooth((self.chest, self.armpit), (self.waist, middle), (self.hem, self.length))

    def hem_line(self) -> Points:
        low = self.length + self.hem_curve
        return smooth((self.hem, self.length), (0.6 * self.hem, low - 0.1), (0, low))

    def front(self) -> Points:
        half = len(self.neckline()) // 2
        return symmetric(join(self.neckline()[half:], self.side()))

    def sleeve_outline(self) -> Points:
        """The right sleeve in the picture; its head is hidden under the body."""
        d, n = self.directions()
        shoulder, armpit = (
            np.array((self.shoulder, self.slope)),
            np.array((self.chest, self.armpit)),
        )
        outer, inner = self.cuff_ends()
        elbow = shoulder + d * self.sleeve * 0.5 - n * (0.9 + self.bend)
        under = armpit + (inner - armpit) * 0.5 - n * self.bend
        upper = smooth(tuple(shoulder - (0.6, 0.4)), tuple(shoulder + d * 3.2 - n * 0.6),
                       tuple(elbow), tuple(outer))  # fmt: skip
        lower = smooth(tuple(inner), tuple(under), tuple(armpit))
        return join(points((self.shoulder - 5, self.slope + 0.6)), upper, lower,
                    points((self.chest - 5, self.armpit + 2)))  # fmt: skip

    def directions(self) -> tuple[Points, Points]:
        """Unit vectors down the sleeve and across it, towards the body."""
        angle = math.radians(self.sleeve_angle)
        return np.array((math.cos(angle), math.sin(angle))), np.array(
            (-math.sin(angle), math.cos(angle))
        )

    def cuff_ends(self) -> tuple[Points, Points]:
        d, n = self.directions()
        outer = np.array((self.shoulder, self.slope)) + d * self.sleeve
        return outer, outer + n * self.cuff

    def cuff_band(self, depth: float, *, narrower: float = 0.0) -> Points:
        """The last part of the sleeve, where ribbing or a cuff sits."""
        d, n = self.directions()
        outer, inner = self.cuff_ends()
        armpit = np.array((self.chest, self.armpit))
        # The sleeve widens towards the armpit: the band follows its lower edge.
        upward = (armpit - inner) * 0.5 - n * self.bend
        upward = upward / max(float(np.hypot(*upward)), 1e-6)
        return points(
            tuple(outer - d * depth), tuple(inner + upward * depth),
            tuple(inner - n * narrower), tuple(outer + n * narrower),
        )  # fmt: skip

    # Parts

    def inside(self, *, shade: float = 0.5) -> list[Part]:
        """The back of the neck seen from within, with its label."""
        hollow = join(self.back_neckline() - (0, 2.2), self.neckline()[::-1] + (0, 1.5))
        label = rectangle(-2.2, 3.0, 4.4, 2.4, round_by=0.2)
        return [
            Panel(outline=hollow, lift=0.15, bulge=0.1, shade=shade, folds=0.3, patterned=False),
            Panel(outline=label, attached=True, bulge=0.05, dye="#b9b5ab", fabric="polyester"),
        ]

    def sleeves(self, rng: Random, *, lift: float = 0.42) -> list[Part]:
        right, grain = self.sleeve_outline(), math.radians(self.sleeve_angle - 90)
        parts: list[Part] = []
        for line, turn in ((right, grain), (mirror(right), -grain)):
            parts.append(
                Panel(outline=line, grain=turn, lift=lift, folds=1.1, bulge=0.4, sleeve=self.sleeve)
            )
        return parts

    def body(self, *, lift: float = 0.5) -> Panel:
        return Panel(outline=self.front(), lift=lift)

    def armholes(self) -> list[Part]:
        line = smooth((self.shoulder, self.slope), (self.shoulder - 1.4, self.slope + 8),
                      (self.chest, self.armpit))  # fmt: skip
        return [Seam(line=line, depth=0.05), Seam(line=mirror(line), depth=0.05)]

    def shoulders(self) -> list[Part]:
        line = points((self.neck + 0.3, 1.0), (self.shoulder - 0.3, self.slope + 0.8))
        return [Seam(line=line, depth=0.04), Seam(line=line * (-1, 1), depth=0.04)]

    def hems(self, *, thread: str = "") -> list[Part]:
        half = self.hem_line() - (0, 2.0)
        lines = [half, half * (-1, 1)]
        d, _ = self.directions()
        outer, inner = self.cuff_ends()
        cuff = points(tuple(outer - d * 2), tuple(inner - d * 2))
        lines += [cuff, cuff * (-1, 1)]
        return [Seam(line=line, depth=0.05, thread=thread) for line in lines]

    def collar_band(self, width: float) -> list[Part]:
        """A ribbed band sewn around the neck."""
        edge = self.neckline()
        band = ribbon(edge, width)
        return [
            Panel(outline=ribbon(self.back_neckline() - (0, 1.4), 1.4), lift=0.5, bulge=0.15, shade=0.85,
                  patterned=False, folds=0.2),
            Panel(outline=band, attached=True, bulge=0.14, roundness=0.6, patterned=False),
            Seam(line=offset(edge, width), depth=0.08),
        ]  # fmt: skip

    def strain(self, rng: Random, *, height: float = 0.3) -> list[Part]:
        """Folds that run from the armpits to the chest, and across the waist."""
        parts: list[Part] = []
        for side in (-1, 1):
            for _ in range(3):
                parts.append(self.armpit_fold(rng, side, height))
        for _ in range(4):
            parts.append(self.belly_fold(rng, height))
        return parts

    def armpit_fold(self, rng: Random, side: int, height: float) -> Crease:
        reach, drop = rng.uniform(8, 17), rng.uniform(-6, 16)
        x, y = self.chest - 0.5, self.armpit + rng.uniform(-3, 2)
        line = smooth((x, y), (x - reach * 0.5, y + drop * 0.35 + 1.5), (x - reach, y + drop))
        return Crease(
            line=line * (side, 1),
            height=float(rng.uniform(0.5, 1.0)) * height,
            width=float(rng.uniform(0.7, 1.3)),
        )

    def belly_fold(self, rng: Random, height: float) -> Crease:
        y = rng.uniform(self.armpit + 4, max(self.armpit + 5, self.length - 8))
        x, half, tilt = rng.uniform(-10, 10), rng.uniform(5, 13), rng.uniform(-5, 5)
        line = smooth((x - half, y - tilt), (x, y + rng.uniform(-1, 2)), (x + half, y + tilt))
        sign = float(rng.choice([-1, 1]))
        return Crease(line=line, height=sign * height * 0.6, width=float(rng.uniform(0.9, 1.8)))

    def elbow_folds(self, rng: Random, *, count: int = 5, height: float = 0.35) -> list[Part]:
        """Short creases across the inside of the elbows."""
        d, n = self.directions()
        parts: list[Part] = []
        for side in (-1, 1):
            for _ in range(count):
                at = np.array((self.shoulder, self.slope)) + d * self.sleeve * rng.uniform(
                    0.32, 0.72
                )
                start = at + n * (self.cuff * rng.uniform(0.7, 1.2))
                end = at + n * (self.cuff * rng.uniform(0.1, 0.5)) + d * rng.uniform(-5, 5)
                middle = (start + end) / 2 + d * rng.uniform(-1, 1)
                line = smooth(tuple(start), tuple(middle), tuple(end)) * (side, 1)
                parts.append(
                    Crease(line=line, height=float(rng.uniform(0.4, 1)) * height, width=0.8)
                )
        return parts


def hem_rib(bodice: Bodice, depth: float) -> list[Part]:
    """Ribbing along the lower edge, pulled in a little."""
    h, y, low = bodice.hem, bodice.length, bodice.length + bodice.hem_curve
    top = smooth((-h, y - depth), (0, low - depth), (h, y - depth))
    edge = smooth((h - 0.8, y), (0, low), (-h + 0.8, y))
    return [
        Panel(outline=join(top, edge), attached=True, bulge=0.12, fabric="rib", patterned=False),
        Seam(line=top, depth=0.12, width=0.3),
    ]


def cuff_ribs(bodice: Bodice, depth: float) -> list[Part]:
    band = bodice.cuff_band(depth, narrower=0.2)
    grain = math.radians(bodice.sleeve_angle - 90)
    parts: list[Part] = []
    for line, turn in ((band, grain), (band * (-1, 1), -grain)):
        parts.append(
            Panel(
                outline=line, attached=True, bulge=0.12, fabric="rib", grain=turn, patterned=False
            )
        )
        parts.append(Seam(line=line[:2], depth=0.12, width=0.3))
    return parts
