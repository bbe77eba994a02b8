"""Skirts: pleated, flared, straight, tiered; short and long."""

import math
from dataclasses import dataclass

import numpy as np

from lab.synthetic.curves import Points, join, points, rectangle, ribbon, smooth, symmetric
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


@dataclass(frozen=True, kw_only=True)
class Skirt:
    """Half widths and heights in centimetres, from the waist. `droop` is how low the hem's middle hangs."""

    waist: float = 18.0
    hip: float = 23.5
    hem: float = 34.0
    length: float = 60.0
    droop: float = 4.0
    band: float = 3.8
    slant: float = 0.0

    def waistline(self, drop: float = 0.0) -> Points:
        w = self.waist + 0.26 * drop
        return smooth((-w, drop), (0, drop + 1.4), (w, drop))

    def side(self) -> Points:
        hip_at = min(17.0, self.length * 0.4)
        return smooth((self.waist, 0), (self.hip, hip_at), ((self.hip + 2 * self.hem) / 3, self.length * 0.72),
                      (self.hem, self.length))  # fmt: skip

    def hem_line(self, up: float = 0.0) -> Points:
        """Left to right; `up` above the edge."""
        x, y = self.hem, self.length - up
        return smooth(
            (-x, y + self.slant), (-x * 0.55, y + self.droop * 0.75), (0, y + self.droop),
            (x * 0.55, y + self.droop * 0.75), (x, y - self.slant),
        )  # fmt: skip

    def outline(self) -> Points:
        """Clockwise from the middle of the waist."""
        right = self.side()
        return join(self.waistline()[10:], right[1:-1], self.hem_line()[::-1], (right * (-1, 1))[::-1][1:-1],
                    self.waistline()[:10])  # fmt: skip

    def width_at(self, y: float) -> float:
        side = self.side()
        return float(np.interp(y, side[:, 1], side[:, 0]))

    def apex(self) -> tuple[float, float]:
        """Where the sides would meet: folds run away from there."""
        spread = max(self.hem - self.hip, 3.0)
        return 0.0, -self.hip * self.length / spread

    def cloth(self, *, folds: float) -> list[Part]:
        back = join(self.waistline() - (0, 2.4), self.waistline()[::-1] + (0, 1))
        return [
            Panel(outline=back, lift=0.2, bulge=0.2, shade=0.5, folds=0.2),
            Panel(outline=self.outline(), fan=self.apex(), folds=folds),
        ]

    def waistband(self) -> list[Part]:
        band = join(self.waistline(), self.waistline(self.band)[::-1])
        return [
            Panel(outline=band, attached=True, bulge=0.25, roundness=0.6, grain=math.pi / 2),
            Seam(line=self.waistline(self.band), depth=0.12, width=0.25),
        ]

    def hem_stitch(self) -> list[Part]:
        return [Seam(line=self.hem_line(2.0) * (0.985, 1), depth=0.05)]


def skirt(spec: GarmentSpec, rng: Random) -> list[Part]:
    styles = (pleated, pleated, flared, flared, pencil, gathered, buttoned, tiered, wrapped)
    return styles[int(rng.integers(len(styles)))](spec, rng)


def random_length(rng: Random, *, shortest: float = 36) -> float:
    """Mini, to the knee, midi or maxi."""
    spans = ((shortest, 46), (50, 62), (64, 78), (80, 94))
    low, high = spans[int(rng.choice(4, p=(0.35, 0.3, 0.25, 0.1)))]
    return float(rng.uniform(low, high))


def pleated(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Knife pleats all around, wide or narrow."""
    length = random_length(rng)
    cut = Skirt(
        waist=float(rng.uniform(17, 19.5)), hip=float(rng.uniform(22, 25)), length=length,
        hem=float(rng.uniform(27, 31)) + length * float(rng.uniform(0.06, 0.14)), band=float(rng.uniform(2.5, 5)),
    )  # fmt: skip
    return [*cut.cloth(folds=0.7), *pleats(rng, cut, int(rng.integers(7, 19))), *cut.waistband()]


def pleats(rng: Random, cut: Skirt, count: int) -> list[Part]:
    parts: list[Part] = []
    for k in range(count):
        t = (k + 0.5) / count * 2 - 1
        top = (t * cut.waist, cut.band + 1.2 + 1.0 * (1 - t * t))
        end = (t * cut.hem + rng.uniform(-0.6, 0.6), cut.length + cut.droop * (1 - t * t))
        middle = (t * cut.width_at(cut.length * 0.4), cut.length * 0.42)
        line = smooth(top, middle, end)
        parts.append(Crease(line=line + (1.0, 0), height=0.5, width=min(1.3, 12 / count)))
        parts.append(Seam(line=line, depth=0.35, width=0.35))
    return parts


def flared(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A-line or a circle: plain cloth in soft folds."""
    length = random_length(rng)
    cut = Skirt(
        waist=float(rng.uniform(16.5, 19.5)), hip=float(rng.uniform(22.5, 26)), length=length,
        hem=26 + length * float(rng.uniform(0.12, 0.36)), droop=float(rng.uniform(2, 6)), band=float(rng.uniform(2, 5)),
    )  # fmt: skip
    return [
        *cut.cloth(folds=float(rng.uniform(1.0, 2.0))),
        *hanging_folds(rng, cut, int(rng.integers(5, 14))),
        *cut.waistband(),
        *cut.hem_stitch(),
    ]


def hanging_folds(rng: Random, cut: Skirt, count: int) -> list[Part]:
    """Folds that start somewhere below the waist and grow towards the hem."""
    parts: list[Part] = []
    for _ in range(count):
        t, start = float(rng.uniform(-0.9, 0.9)), float(rng.uniform(0.12, 0.5))
        ys = np.array((start, (start + 1) / 2, 1.0)) * cut.length
        line = smooth(
            *[
                (t * cut.width_at(float(y)), float(y) + cut.droop * 0.7 * float(y) / cut.length)
                for y in ys
            ]
        )
        parts.append(
            Crease(
                line=line, height=float(rng.uniform(0.3, 0.9)), width=float(rng.uniform(0.9, 2.2))
            )
        )
    return parts


def pencil(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Straight and close, to the knee or longer, darted, often with a slit."""
    hip = float(rng.uniform(22.5, 25))
    cut = Skirt(
        waist=float(rng.uniform(17, 19)), hip=hip, hem=hip - float(rng.uniform(-1, 3.5)), length=float(rng.uniform(44, 76)),
        droop=float(rng.uniform(0.5, 1.6)), band=float(rng.uniform(2.5, 5)),
    )  # fmt: skip
    darts = [smooth((s * 9.5, cut.band + 1.5), (s * 10.2, 9), (s * 10.4, 14)) for s in (-1, 1)]
    slit = points((6.5, cut.length - float(rng.uniform(12, 26))), (7.2, cut.length + cut.droop))
    return [
        *cut.cloth(folds=0.8),
        *[Seam(line=line, depth=0.1) for line in darts],
        *([Seam(line=slit, depth=0.5, width=0.5)] if rng.random() < 0.6 else []),
        *sitting_folds(rng, cut),
        *cut.waistband(),
        *cut.hem_stitch(),
    ]


def sitting_folds(rng: Random, cut: Skirt) -> list[Part]:
    """Flat creases across the lap."""
    parts: list[Part] = []
    for _ in range(6):
        y, side = float(rng.uniform(0.2, 0.8)) * cut.length, float(rng.choice([-1, 1]))
        reach, tilt = float(rng.uniform(7, 15)), float(rng.uniform(-4, 4))
        start = side * (cut.width_at(y) - 1)
        line = smooth(
            (start, y),
            (start - side * reach * 0.5, y + tilt * 0.4),
            (start - side * reach, y + tilt),
        )
        parts.append(Crease(line=line, height=float(rng.uniform(0.2, 0.45)), width=0.9))
    return parts


def gathered(spec: GarmentSpec, rng: Random) -> list[Part]:
    """An elastic waist; the cloth springs from it in many folds."""
    length = random_length(rng)
    cut = Skirt(
        waist=float(rng.uniform(15, 18.5)), hip=float(rng.uniform(24, 27)), length=length, hem=27 + length * float(rng.uniform(0.1, 0.26)),
        droop=float(rng.uniform(2, 5)), band=float(rng.uniform(2.5, 5)),
    )  # fmt: skip
    return [
        *cut.cloth(folds=1.5),
        *gathers_below(rng, cut, y=cut.band, half=cut.waist, count=30, reach=(5, 22)),
        *hanging_folds(rng, cut, 8),
        *cut.waistband(),
        *gathers_below(rng, cut, y=0.6, half=cut.waist, count=26, reach=(2, 4)),
        *cut.hem_stitch(),
    ]


def gathers_below(
    rng: Random, cut: Skirt, *, y: float, half: float, count: int, reach: tuple[float, float]
) -> list[Part]:
    """Small folds that fan out from a drawn-in seam at height y."""
    parts: list[Part] = []
    for _ in range(count):
        t, low = float(rng.uniform(-0.96, 0.96)), y + float(rng.uniform(*reach))
        end = t * cut.width_at(min(low, cut.length))
        line = smooth((t * half, y + 0.6), ((t * half + end) / 2, (y + low) / 2), (end, low))
        parts.append(
            Crease(
                line=line, height=float(rng.uniform(0.15, 0.5)), width=float(rng.uniform(0.4, 0.9))
            )
        )
    return parts


def buttoned(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Short, of firm cloth: a row of buttons or a fly with pockets, as of denim."""
    length = random_length(rng)
    cut = Skirt(
        waist=float(rng.uniform(17.5, 20)), hip=24, length=min(length, 72.0), hem=25 + length * float(rng.uniform(0.04, 0.14)),
        droop=float(rng.uniform(1, 2.5)), band=4.0,
    )  # fmt: skip
    dye = spec.trim or ("#b0814f" if spec.material == "denim" else "#4a3a2e")
    thread = "#b98347" if spec.material == "denim" else ""
    pocket = smooth((10.5, 4.8), (12, 9.5), (16, 12.2), (22, 12.4))
    low = cut.length + cut.droop
    return [
        *cut.cloth(folds=0.7),
        *[Seam(line=pocket * (s, 1), depth=0.16, width=0.2, thread=thread) for s in (-1, 1)],
        *sitting_folds(rng, cut),
        Panel(
            outline=rectangle(-1.8, 1.2, 3.6, low - 1.4, round_by=0.1),
            attached=True,
            bulge=0.18,
            roundness=0.4,
        ),
        *[
            Seam(line=points((x, 2), (x, low - 0.6)), depth=0.08, thread=thread)
            for x in (-1.6, 1.6)
        ],
        *cut.waistband(),
        *cut.hem_stitch(),
        *[
            Button(centre=(0.0, float(y)), radius=0.85, dye=dye)
            for y in np.arange(3.2, low - 5, 7.0)
        ],
    ]


def tiered(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Three or four flounces, each gathered onto the one above."""
    length, count = random_length(rng, shortest=40), int(rng.integers(2, 5))
    cut = Skirt(
        waist=float(rng.uniform(15.5, 18)), hip=25, length=length, hem=28 + length * float(rng.uniform(0.14, 0.26)),
        droop=float(rng.uniform(2, 4)), band=3.0,
    )  # fmt: skip
    parts: list[Part] = [
        *cut.cloth(folds=1.3),
        *gathers_below(rng, cut, y=3.0, half=cut.waist, count=24, reach=(3, 10)),
    ]
    for k in range(1, count):
        parts += flounce(rng, cut, cut.length * k / count)
    return [*parts, *cut.waistband(), *cut.hem_stitch()]


def flounce(rng: Random, cut: Skirt, y: float) -> list[Part]:
    half = cut.width_at(y)
    droop = cut.droop * y / cut.length
    seam = smooth((-half, y), (0, y + droop), (half, y))
    return [
        Seam(line=seam, depth=0.3, width=0.35),
        Crease(line=seam + (0, 0.9), height=0.35, width=0.8),
        *gathers_below(rng, cut, y=y + droop * 0.7, half=half, count=30, reach=(2, 9)),
    ]


def wrapped(spec: GarmentSpec, rng: Random) -> list[Part]:
    """One side laid over the other and tied."""
    length, side = random_length(rng, shortest=42), float(rng.choice([-1, 1]))
    cut = Skirt(
        waist=float(rng.uniform(16.5, 19)), hip=24, length=length, hem=25 + length * float(rng.uniform(0.08, 0.2)),
        droop=float(rng.uniform(1.5, 4)), slant=0.0, band=3.5,
    )  # fmt: skip
    edge = smooth(
        (cut.waist * 0.5, 3),
        (cut.waist * 0.62, length * 0.4),
        (cut.hem * 0.3, length * 0.8),
        (cut.hem * 0.1, length + cut.droop),
    )
    reach = float(rng.uniform(12, 26))
    ends = [smooth((cut.waist * 0.62, 2.6), (cut.waist * 0.62 + sway, reach * 0.5), (cut.waist * 0.6 + sway * 1.4, reach))
            for sway in (1.5, 4.5)]  # fmt: skip
    parts: list[Part] = [
        *cut.cloth(folds=1.0),
        *hanging_folds(rng, cut, 5),
        Seam(line=edge * (side, 1), depth=0.4, width=0.4),
        Crease(line=(edge - (1.2, 0)) * (side, 1), height=0.5, width=1.0),
        *cut.waistband(),
    ]
    for line in ends:
        parts.append(
            Panel(
                outline=ribbon(line, 2.0) * (side, 1), lift=1.3, bulge=0.3, roundness=0.6, folds=0.4
            )
        )
    knot = symmetric(smooth((0, 0.6), (2.0, 1.6), (1.7, 4.0), (0, 4.6))) + (cut.waist * 0.62, 0)
    return [
        *parts,
        Panel(outline=knot * (side, 1), lift=1.8, bulge=0.7, roundness=1.0, folds=0.3),
        *cut.hem_stitch(),
    ]
