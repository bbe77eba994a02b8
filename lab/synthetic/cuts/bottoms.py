"""Trousers, jeans, leggings and shorts."""

from dataclasses import dataclass, replace

from lab.synthetic.curves import (
    Points,
    ellipse,
    join,
    mirror,
    offset,
    points,
    rectangle,
    ribbon,
    smooth,
)
from lab.synthetic.cuts.fastenings import cord
from lab.synthetic.cuts.folding import lay_legs
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Fading, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec

JEANS_THREAD = "#b98347"


@dataclass(frozen=True, kw_only=True)
class Trousers:
    """Half widths and heights in centimetres, from the waistband's upper edge."""

    waist: float = 20.0
    hip: float = 25.5
    crotch: float = 29.0
    knee: float = 12.0
    hem: float = 9.5
    length: float = 102.0
    spread: float = 6.0
    knee_at: float = 13.4

    def outseam(self) -> Points:
        """The right leg's outer edge, from waist to hem."""
        outer = self.spread + 2 * self.hem + 2
        return smooth((self.waist, 0), (self.waist + 3.2, 9), (self.hip, 20),
                      (self.hip + 0.6, self.crotch + 4), (self.knee_centre() + self.knee, self.knee_height()),
                      (outer, self.length))  # fmt: skip

    def inseam(self) -> Points:
        """From the hem up to the crotch."""
        inner = self.spread + 2
        return smooth((inner, self.length + 0.5), (self.knee_centre() - self.knee, self.knee_height()),
                      (1.9, self.crotch + 0.13 * (self.length - self.crotch)), (0, self.crotch))  # fmt: skip

    def knee_height(self) -> float:
        return self.crotch + (self.length - self.crotch) * 0.45

    def knee_centre(self) -> float:
        return self.knee_at + self.spread * 0.28

    def leg(self) -> Points:
        outer, inner = self.outseam(), self.inseam()
        hem = smooth(
            tuple(outer[-1]), tuple((outer[-1] + inner[0]) / 2 + (0, 0.5)), tuple(inner[0])
        )
        return join(
            points((-1.2, 0.6)),
            points((0, 0.8)),
            outer,
            hem[1:-1],
            inner,
            points((-1.2, self.crotch - 1)),
        )

    def waistline(self, drop: float = 0.0) -> Points:
        w = self.waist + 0.3 * drop
        return smooth(
            (-w, drop), (-w * 0.5, drop + 0.9), (0, drop + 1.2), (w * 0.5, drop + 0.9), (w, drop)
        )

    def parts(self, rng: Random) -> list[Part]:
        """Both legs, the inside of the waist and its band; the fly comes later."""
        back = join(self.waistline() - (0, 2.6), self.waistline()[::-1] + (0, 1))
        leg = self.leg()
        return [
            Panel(outline=back, lift=0.2, bulge=0.2, shade=0.62, folds=0.2),
            Panel(outline=mirror(leg), lift=0.5, bulge=0.4, grain=0.04),
            Panel(outline=leg, lift=0.52, bulge=0.4, grain=-0.04),
            Seam(line=smooth((0, 1), (0.2, 14), (0, self.crotch)), depth=0.12, width=0.2),
        ]

    def waistband(self, depth: float) -> list[Part]:
        band = join(self.waistline(), self.waistline(depth)[::-1])
        return [
            Panel(outline=band, attached=True, bulge=0.22, roundness=0.6),
            Seam(line=self.waistline(depth), depth=0.1),
        ]

    def loops(self, depth: float, *, thread: str) -> list[Part]:
        parts: list[Part] = []
        for x in (-0.72, -0.34, 0.34, 0.72):
            strip = rectangle(x * self.waist - 0.6, 0.4, 1.2, depth + 1.2, round_by=0.2)
            parts.append(Panel(outline=strip, attached=True, bulge=0.25, roundness=0.4))
            if thread:
                parts.append(Seam(line=strip[[1, 4]], depth=0.02, thread=thread))
        return parts

    def fly(self, *, thread: str) -> list[Part]:
        curve = smooth((3.4, 5), (3.4, 14), (2.6, 18.5), (0.3, 20.5))
        return [
            Seam(line=curve, depth=0.06, thread=thread),
            Seam(line=points((0.5, 4.6), (0.5, 19)), depth=0.1, width=0.22),
        ]

    def hems(self, *, thread: str) -> list[Part]:
        outer, inner = self.outseam()[-1], self.inseam()[0]
        line = points(tuple(outer - (0.3, 2.2)), tuple(inner - (-0.2, 2.2)))
        return [Seam(line=line * (s, 1), depth=0.08, thread=thread) for s in (1, -1)]

    def whiskers(self, rng: Random, *, height: float) -> list[Part]:
        """Creases that fan out from the crotch, and a few behind the knee."""
        parts: list[Part] = []
        for side in (-1, 1):
            for _ in range(4):
                y = self.crotch + rng.uniform(-6, 2)
                reach, rise = rng.uniform(9, 18), rng.uniform(-7, 5)
                line = smooth((1.5, y), (reach * 0.55, y + rise * 0.3), (reach, y + rise))
                parts.append(
                    Crease(
                        line=line * (side, 1), height=float(rng.uniform(0.4, 1)) * height, width=0.8
                    )
                )
            if self.length > 70:
                parts += [self.knee_fold(rng, side, height) for _ in range(6)]
        return parts

    def knee_fold(self, rng: Random, side: int, height: float) -> Crease:
        y = self.knee_height() + rng.uniform(-16, 22)
        x = self.knee_centre() + rng.uniform(-self.knee, 0) * 0.8
        tilt, reach = rng.uniform(-4, 4), rng.uniform(6, 13)
        line = smooth((x, y), (x + reach / 2, y + tilt * 0.2), (x + reach, y + tilt))
        return Crease(
            line=line * (side, 1),
            height=float(rng.uniform(0.3, 0.9)) * height,
            width=float(rng.uniform(0.6, 1.2)),
        )


def random_cut(rng: Random) -> Trousers:
    """Slim, straight, wide or tapered legs; the hem above or below the ankle."""
    knee, hem = ((9.6, 7.6), (11.2, 9.4), (13.4, 12.6), (12.8, 9.0))[int(rng.integers(4))]
    size = float(rng.uniform(-1.5, 2))
    return Trousers(
        waist=20 + size, hip=25.5 + size + max(0.0, knee - 12), knee=knee + 0.3 * size, hem=hem + float(rng.uniform(-0.5, 0.6)),
        length=float(rng.uniform(94, 108)), spread=float(rng.uniform(1, 9)), crotch=float(rng.uniform(26, 31)),
    )  # fmt: skip


def jeans(spec: GarmentSpec, rng: Random) -> list[Part]:
    cut = random_cut(rng)
    thread = spec.trim or JEANS_THREAD
    thigh, worn = ellipse(13, 46, 6, 20), float(rng.uniform(0.0, 0.4))
    parts = [
        *cut.parts(rng),
        Fading(outline=thigh, strength=worn),
        Fading(outline=mirror(thigh), strength=worn),
        *jeans_pockets(thread),
        *cut.fly(thread=thread),
        *(knee_holes(rng, cut) if rng.random() < 0.15 else []),
        *cut.whiskers(rng, height=0.4),
        *cut.waistband(4.0),
        Seam(line=cut.waistline(0.6), depth=0.02, thread=thread),
        Seam(line=cut.waistline(3.6), depth=0.02, thread=thread),
        *cut.loops(4.0, thread=thread),
        *side_seams(cut),
        *(turn_ups(cut) if rng.random() < 0.25 else cut.hems(thread=thread)),
        Button(centre=(0.4, 3.0), radius=0.9, dye="#a98d62", holes=False),
    ]
    return lay_legs(parts, rng)


def turn_ups(cut: Trousers) -> list[Part]:
    """The hem turned up, its paler inside out."""
    outer, inner = cut.outseam()[-1], cut.inseam()[0]
    cuff = points(
        tuple(outer + (0.5, -4.5)),
        tuple(outer + (0.5, 0.2)),
        tuple(inner + (-0.5, 0.2)),
        tuple(inner + (-0.5, -4.5)),
    )
    parts: list[Part] = []
    for side in (-1, 1):
        parts.append(
            Panel(outline=cuff * (side, 1), attached=True, bulge=0.35, roundness=0.6, shade=1.35)
        )
        parts.append(Seam(line=cuff[[0, 3]] * (side, 1), depth=0.15, width=0.2))
    return parts


def knee_holes(rng: Random, cut: Trousers) -> list[Part]:
    """Worn through: pale threads across a tear."""
    parts: list[Part] = []
    for side in (-1, 1):
        x, y = (
            cut.knee_centre() + float(rng.uniform(-2, 2)),
            cut.knee_height() + float(rng.uniform(-8, 5)),
        )
        w, h = float(rng.uniform(3, 6)), float(rng.uniform(1.2, 3))
        tear = smooth((x - w, y), (x - w * 0.3, y - h), (x + w * 0.6, y - h * 0.7), (x + w, y), (x + w * 0.3, y + h), (x - w * 0.5, y + h * 0.8),
                      closed=True)  # fmt: skip
        parts.append(
            Panel(
                outline=tear * (side, 1),
                attached=True,
                bulge=-0.2,
                roundness=0.5,
                dye="#d8d6d0",
                fabric="cotton",
            )
        )
        for k in (-0.5, 0.1, 0.6):
            thread = smooth(
                (x - w * 0.8, y + k * h), (x, y + k * h + 0.2), (x + w * 0.8, y + k * h)
            )
            parts.append(Seam(line=thread * (side, 1), depth=0.05, width=0.15))
    return parts


def jeans_pockets(thread: str) -> list[Part]:
    scoop = smooth((11.5, 4.8), (12.6, 9.5), (17, 12.4), (23, 12.0))
    lining = join(scoop, points((22.5, 7), (20.5, 4.6)))
    coin = smooth((17.5, 8.4), (22.3, 8.0))
    parts: list[Part] = []
    for side in (-1, 1):
        parts.append(
            Panel(outline=lining * (side, 1), attached=True, bulge=-0.12, roundness=0.6, shade=0.88)
        )
        parts.append(Seam(line=scoop * (side, 1), depth=0.1, thread=thread))
        parts.append(Seam(line=offset(scoop, 0.7) * (side, 1), depth=0.02, thread=thread))
        for x, y in ((11.9, 5.2), (22.6, 11.4)):
            parts.append(Button(centre=(side * x, y), radius=0.35, dye="#b0814f", holes=False))
    return [*parts, Seam(line=coin, depth=0.05, thread=thread)]


def side_seams(cut: Trousers) -> list[Part]:
    line = offset(cut.outseam(), 0.9)[6:]
    return [Seam(line=line, depth=0.06), Seam(line=mirror(line), depth=0.06)]


def chinos(spec: GarmentSpec, rng: Random) -> list[Part]:
    cut = random_cut(rng)
    parts = [
        *cut.parts(rng),
        *slant_pockets(),
        *cut.fly(thread=""),
        *(waist_pleats() if rng.random() < 0.3 else []),
        *cut.whiskers(rng, height=0.38),
        *cut.waistband(4.0),
        *cut.loops(4.0, thread=""),
        *side_seams(cut),
        *(turn_ups(cut) if rng.random() < 0.2 else cut.hems(thread="")),
        Button(centre=(0.4, 2.9), radius=0.75, dye=spec.trim or "#6d5a45"),
    ]
    return lay_legs(parts, rng)


def waist_pleats() -> list[Part]:
    """Two on either side of the fly."""
    parts: list[Part] = []
    for side in (-1, 1):
        for x in (7.5, 11.0):
            line = smooth((x, 4.4), (x + 0.5, 10), (x + 1.2, 17))
            parts.append(Seam(line=line * (side, 1), depth=0.22, width=0.25))
            parts.append(Crease(line=line * (side, 1) + (0.7, 0), height=0.4, width=0.7))
    return parts


def trousers(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Dress trousers: a pressed crease down each leg, a hook instead of a button."""
    cut = replace(random_cut(rng), length=float(rng.uniform(98, 110)))
    middle = cut.spread + 2 + cut.hem
    press = smooth(
        (11.5, 16), (13.5, 45), (cut.knee_centre(), cut.knee_height()), (middle, cut.length - 1)
    )
    pressed: list[Part] = [Crease(line=press * (s, 1), height=0.42, width=0.8) for s in (1, -1)]
    parts = [
        *cut.parts(rng),
        *slant_pockets(),
        *cut.fly(thread=""),
        *pressed,
        *(waist_pleats() if rng.random() < 0.4 else []),
        *cut.whiskers(rng, height=0.22),
        *cut.waistband(4.2),
        *cut.loops(4.2, thread=""),
        *side_seams(cut),
        Button(centre=(0.6, 3.0), radius=0.7, dye=spec.trim or "#1d1d20"),
    ]
    return lay_legs(parts, rng)


def sweatpants(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Gathered at the waist with a drawstring, ribbed or open at the ankles."""
    ribbed = rng.random() < 0.7
    hem = float(rng.uniform(7.4, 9)) if ribbed else float(rng.uniform(10, 12.5))
    cut = Trousers(
        waist=float(rng.uniform(18, 20.5)), hip=26.5, knee=float(rng.uniform(11.5, 13.5)), hem=hem,
        length=float(rng.uniform(94, 104)), spread=float(rng.uniform(3, 10)), knee_at=14.2,
    )  # fmt: skip
    parts = [
        *cut.parts(rng),
        *slant_pockets(),
        *cut.whiskers(rng, height=0.5),
        *(ankle_ribs(cut, 6.5) if ribbed else cut.hems(thread="")),
        *elastic_waist(cut, rng, 4.6),
        *waist_string(rng, spec.trim or "#e6e2d8"),
        *side_seams(cut),
    ]
    return lay_legs(parts, rng)


def elastic_waist(cut: Trousers, rng: Random, depth: float) -> list[Part]:
    """A band that the elastic draws into many small folds."""
    band = join(cut.waistline(), cut.waistline(depth)[::-1])
    gathers: list[Part] = []
    for _ in range(26):
        x, reach = float(rng.uniform(-0.95, 0.95)) * cut.waist, float(rng.uniform(3, 9))
        line = smooth((x, 1.2), (x * 1.02, depth), (x * 1.08, depth + reach))
        gathers.append(Crease(line=line, height=float(rng.uniform(0.15, 0.4)), width=0.5))
    return [
        Panel(outline=band, attached=True, bulge=0.35, roundness=0.7, fabric="rib"),
        Seam(line=cut.waistline(depth), depth=0.14, width=0.25),
        *gathers,
    ]


def waist_string(rng: Random, dye: str) -> list[Part]:
    """Both ends of the cord hang from the middle of the band."""
    parts: list[Part] = []
    for side in (-1, 1):
        reach, sway = float(rng.uniform(9, 17)), float(rng.uniform(0.5, 4))
        line = smooth((1.4, 3.4), (2.0 + sway * 0.5, 3.4 + reach * 0.5), (1.6 + sway, 3.4 + reach))
        parts += cord(line * (side, 1), dye)
    return parts


def ankle_ribs(cut: Trousers, depth: float) -> list[Part]:
    outer, inner = cut.outseam()[-1], cut.inseam()[0]
    cuff = points(
        (outer[0] - 0.2, outer[1] - depth), tuple(outer - (1.0, 0)), tuple(inner + (1.0, 0)),
        (inner[0] + 0.1, inner[1] - depth),
    )  # fmt: skip
    parts: list[Part] = []
    for side in (-1, 1):
        parts.append(
            Panel(outline=cuff * (side, 1), attached=True, bulge=0.2, fabric="rib", patterned=False)
        )
        parts.append(Seam(line=cuff[[0, 3]] * (side, 1), depth=0.18, width=0.35))
    return parts


def leggings(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Tight knit legs and a high, plain waistband."""
    short = rng.random() < 0.25
    cut = Trousers(
        waist=float(rng.uniform(13.5, 15.5)), hip=17.5, crotch=27, knee=float(rng.uniform(6.4, 7.4)),
        hem=5.8 if short else float(rng.uniform(4.2, 5.2)), length=float(rng.uniform(58, 70) if short else rng.uniform(84, 93)),
        spread=float(rng.uniform(1.5, 6)), knee_at=8.6,
    )  # fmt: skip
    depth = float(rng.uniform(4, 10))
    band = join(cut.waistline(), cut.waistline(depth)[::-1])
    parts = [
        *cut.parts(rng),
        *cut.whiskers(rng, height=0.26),
        Panel(outline=band, attached=True, bulge=0.2, roundness=0.7),
        Seam(line=cut.waistline(depth), depth=0.1, width=0.2),
        Seam(line=points((0, 1.4), (0, depth)), depth=0.06),
        *cut.hems(thread=""),
    ]
    return lay_legs(parts, rng)


def slant_pockets() -> list[Part]:
    line = smooth((15.2, 5), (18.5, 13), (22.6, 21))
    parts: list[Part] = []
    for side in (-1, 1):
        parts.append(Seam(line=line * (side, 1), depth=0.22, width=0.3))
        parts.append(Seam(line=offset(line, 0.8) * (side, 1), depth=0.04))
    return parts


def shorts(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Of chino cloth, of denim with a raw hem, or with an elastic waist for sport and swimming."""
    styles = (chino_shorts, denim_shorts, elastic_shorts)
    return styles[int(rng.integers(3))](spec, rng)


def short_cut(rng: Random, *, shortest: float) -> Trousers:
    length = float(rng.uniform(shortest, 56))
    wide = float(rng.uniform(-1.5, 2))
    return Trousers(
        waist=20 + wide, hip=25.5 + wide, crotch=float(rng.uniform(26, 29)), hem=11.8 + 0.07 * (length - 34) + float(rng.uniform(-0.3, 0.7)) + 0.4 * wide,
        knee=13.2 + 0.4 * wide, length=length, spread=float(rng.uniform(0.1, 1.6)), knee_at=13.2,
    )  # fmt: skip


def chino_shorts(spec: GarmentSpec, rng: Random) -> list[Part]:
    cut = short_cut(rng, shortest=40)
    return [
        *cut.parts(rng),
        *slant_pockets(),
        *cut.fly(thread=""),
        *(waist_pleats() if rng.random() < 0.3 else []),
        *cut.whiskers(rng, height=0.4),
        *cut.waistband(4.0),
        *cut.loops(4.0, thread=""),
        *side_seams(cut),
        *(turn_ups(cut) if rng.random() < 0.25 else cut.hems(thread="")),
        Button(centre=(0.4, 2.9), radius=0.75, dye=spec.trim or "#d8d2c4"),
    ]


def denim_shorts(spec: GarmentSpec, rng: Random) -> list[Part]:
    cut, thread = short_cut(rng, shortest=34), spec.trim or JEANS_THREAD
    worn = float(rng.uniform(0, 0.35))
    return [
        *(frayed(cut, rng) if rng.random() < 0.5 else []),
        *cut.parts(rng),
        *[Fading(outline=ellipse(side * 13, 26, 6, 10), strength=worn) for side in (-1, 1)],
        *jeans_pockets(thread),
        *cut.fly(thread=thread),
        *cut.whiskers(rng, height=0.4),
        *cut.waistband(4.0),
        *cut.loops(4.0, thread=thread),
        *side_seams(cut),
        Button(centre=(0.4, 3.0), radius=0.9, dye="#a98d62", holes=False),
    ]


def frayed(cut: Trousers, rng: Random) -> list[Part]:
    """White threads that hang from a cut edge."""
    outer, inner = cut.outseam()[-1], cut.inseam()[0]
    parts: list[Part] = []
    for side in (-1, 1):
        for _ in range(34):
            x, y = inner + (outer - inner) * float(rng.uniform(0.02, 0.98)) - (0, 1)
            tip = (x + float(rng.uniform(-0.8, 0.8)), y + float(rng.uniform(1.6, 3.2)))
            line = ribbon(smooth((x, y), ((x + tip[0]) / 2 + 0.2, (y + tip[1]) / 2), tip), 0.22)
            parts.append(
                Panel(
                    outline=line * (side, 1),
                    lift=0.4,
                    bulge=0.1,
                    roundness=0.2,
                    folds=0,
                    dye="#e2e0da",
                    fabric="cotton",
                )
            )
    return parts


def elastic_shorts(spec: GarmentSpec, rng: Random) -> list[Part]:
    cut = short_cut(rng, shortest=36)
    stripe = ribbon(offset(cut.outseam()[8:], 1.0), 1.6)
    accent = spec.trim or (spec.colours[1].hex if len(spec.colours) > 1 else "")
    striped = bool(accent) and rng.random() < 0.5
    return [
        *cut.parts(rng),
        *slant_pockets(),
        *cut.whiskers(rng, height=0.45),
        *elastic_waist(cut, rng, 4.2),
        *[
            Panel(outline=stripe * (s, 1), attached=True, bulge=0.05, dye=accent, patterned=False)
            for s in (-1, 1)
            if striped
        ],
        *(waist_string(rng, spec.trim or "#e6e2d8") if rng.random() < 0.75 else []),
        *side_seams(cut),
        *cut.hems(thread=""),
    ]
