"""Shoes, always as a pair."""

from collections.abc import Callable

from wardrobe.rendering.curves import Pair, Points, ellipse, join, offset, points, smooth, turned
from wardrobe.rendering.fields import Random
from wardrobe.rendering.parts import Crease, Panel, Part, Seam
from wardrobe.rendering.specs import GarmentSpec

Move = Callable[[Points], Points]


def pair(rng: Random, gap: float) -> list[Move]:
    """Where the left and the right shoe stand: side by side, never quite parallel."""

    def place(side: int, turn: float, ahead: float) -> Move:
        return lambda line: turned(line * (side, 1), turn) + (side * gap, ahead)

    return [
        place(-1, float(rng.uniform(-0.10, 0.0)), float(rng.uniform(-1, 1))),
        place(1, float(rng.uniform(0.0, 0.10)), float(rng.uniform(-1, 1))),
    ]


def last(*, width: float, toe: float) -> Points:
    """The outline of a right shoe from above, toe up, heel at y = 29. `toe` 1 is round, 0 pointed."""
    tip, ball = 0.3 + 0.22 * toe, 0.72 + 0.12 * toe
    w = width
    return smooth(
        (-0.3, 0), (w * tip, 0.55), (w * ball, 3.4), (w, 9.2), (w * 0.9, 15), (w * 0.78, 20.5),
        (w * 0.8, 25), (w * 0.5, 28.5), (0, 29.4), (-w * 0.5, 28.5), (-w * 0.78, 25), (-w * 0.7, 20),
        (-w * 0.78, 14.5), (-w * 0.9, 9), (-w * ball, 3.8), (-w * tip - 0.3, 0.7), closed=True,
    )  # fmt: skip


def shrunk(line: Points, by: float) -> Points:
    """A closed outline moved inwards."""
    return offset(line, by)


def opening(width: float) -> Points:
    """Where the foot goes in."""
    w = width * 0.52
    return smooth((0, 12.6), (w * 0.8, 14.2), (w, 19), (w * 0.98, 24), (w * 0.5, 27.2), (0, 27.9),
                  (-w * 0.5, 27.2), (-w * 0.98, 24), (-w, 19), (-w * 0.8, 14.2), closed=True)  # fmt: skip


def insole(width: float) -> Points:
    w = width * 0.45
    return smooth((0, 14.5), (w, 19), (w, 24.2), (0, 27.2), (-w, 24.2), (-w, 19), closed=True)


def tongue(width: float) -> Points:
    w = width * 0.42
    return smooth((-w * 0.8, 8.4), (0, 7.6), (w * 0.8, 8.4), (w, 14), (w * 1.08, 17.2), (w * 0.6, 18.4),
                  (0, 18.7), (-w * 0.6, 18.4), (-w * 1.08, 17.2), (-w, 14), closed=True)  # fmt: skip


def sneakers(spec: GarmentSpec, rng: Random) -> list[Part]:
    sole = spec.trim or "#e9e6de"
    parts: list[Part] = []
    for move in pair(rng, 6.6):
        parts += sneaker(move, sole)
    return parts


def sneaker(move: Move, sole: str) -> list[Part]:
    width = 5.2
    outline = last(width=width, toe=0.9)
    upper = shrunk(outline, 0.45)
    return [
        Panel(
            outline=move(outline),
            lift=0.6,
            bulge=0.5,
            roundness=0.5,
            fabric="rubber",
            dye=sole,
            shade=0.9,
        ),
        Panel(outline=move(upper), lift=1.6, bulge=2.6, roundness=4.4, folds=0.15),
        Seam(
            line=move(smooth((-4.2, 10.4), (-2.6, 7.6), (0, 6.6), (2.6, 7.6), (4.3, 10.4))),
            depth=0.12,
            width=0.2,
        ),
        Seam(line=move(smooth((4.9, 13), (3.6, 17), (3.2, 22))), depth=0.12, width=0.2),
        Seam(line=move(smooth((-4.4, 13), (-3.2, 17), (-3.0, 22))), depth=0.12, width=0.2),
        *mouth(move, width, lining="#b9b2a6"),
        *eyestays(move, width),
        *laces(move, width, dye="#efece4", count=5),
        *[hole(move, x, y) for x in (-0.9, 0, 0.9) for y in (3.6, 5.0)],
        *heel_tab(move),
    ]


def mouth(move: Move, width: float, *, lining: str) -> list[Part]:
    """The dark inside, the insole, and the tongue before it."""
    rim = opening(width + 0.9)
    return [
        Panel(outline=move(rim), attached=True, bulge=0.35, roundness=0.6),
        Panel(
            outline=move(opening(width)),
            lift=0.4,
            bulge=0.0,
            dye=lining,
            fabric="cotton",
            shade=0.32,
            folds=0.1,
        ),
        Panel(
            outline=move(insole(width)),
            lift=0.5,
            bulge=0.1,
            dye=lining,
            fabric="cotton",
            shade=0.55,
            folds=0.1,
        ),
        Panel(outline=move(tongue(width)), lift=2.7, bulge=0.35, roundness=1.2, folds=0.2),
    ]


def eyestays(move: Move, width: float) -> list[Part]:
    """The two flaps that the laces draw together."""
    w = width * 0.42
    flap = join(
        smooth((0.5, 7.6), (w * 0.8, 7.9), (w + 1.2, 10.5), (w + 1.3, 15.6)),
        smooth((w + 0.3, 16.6), (w * 0.62, 13.0), (0.75, 9.2)),
    )
    parts: list[Part] = []
    for side in (1, -1):
        parts.append(
            Panel(outline=move(flap * (side, 1)), lift=3.5, bulge=0.4, roundness=0.7, folds=0.1)
        )
        parts.append(Seam(line=move(offset(flap[:28], 0.35) * (side, 1)), depth=0.05))
    return parts


def laces(move: Move, width: float, *, dye: str, count: int, thick: float = 0.62) -> list[Part]:
    parts: list[Part] = []
    w = width * 0.42
    for k in range(count):
        y = 8.9 + k * 1.65
        reach = min(w * 0.62 + 0.28 * k, w + 0.6)
        for tilt in (0.9, -0.9) if k < count - 1 else (0.0,):
            line = smooth((-reach, y + tilt), (0, y - 0.2), (reach, y - tilt))
            strip = join(offset(line, -thick / 2), offset(line, thick / 2)[::-1])
            parts.append(
                Panel(
                    outline=move(strip),
                    attached=True,
                    bulge=0.34,
                    roundness=0.3,
                    dye=dye,
                    fabric="canvas",
                )
            )
    return [*parts, *bow(move, 8.9 + (count - 1) * 1.65, dye, thick)]


def bow(move: Move, y: float, dye: str, thick: float) -> list[Part]:
    lines = [
        smooth((0, y), (2.4, y - 1.6), (4.3, y - 0.2), (2.6, y + 1.0), (0, y + 0.1)),
        smooth((0, y), (-2.2, y - 1.2), (-4.0, y + 0.6), (-2.4, y + 1.3), (0, y + 0.1)),
        smooth((0, y), (1.8, y + 1.6), (2.6, y + 4.4)),
        smooth((0, y), (-1.6, y + 2.0), (-3.0, y + 3.8)),
    ]
    parts: list[Part] = []
    for line in lines:
        strip = join(offset(line, -thick / 2.4), offset(line, thick / 2.4)[::-1])
        parts.append(
            Panel(
                outline=move(strip),
                attached=True,
                bulge=0.34,
                roundness=0.3,
                dye=dye,
                fabric="canvas",
            )
        )
    knot = ellipse(0, y, 0.55, 0.45)
    return [
        *parts,
        Panel(
            outline=move(knot), attached=True, bulge=0.35, roundness=0.4, dye=dye, fabric="canvas"
        ),
    ]


def hole(move: Move, x: float, y: float) -> Part:
    return Panel(outline=move(ellipse(x, y, 0.18, 0.18)), attached=True, bulge=-0.1, shade=0.4)


def heel_tab(move: Move) -> list[Part]:
    tab = smooth(
        (-1.6, 26.6), (0, 26.2), (1.6, 26.6), (1.4, 28.6), (0, 28.9), (-1.4, 28.6), closed=True
    )
    return [Panel(outline=move(tab), attached=True, bulge=0.25, roundness=0.4, shade=0.82)]


def derbies(spec: GarmentSpec, rng: Random) -> list[Part]:
    parts: list[Part] = []
    for move in pair(rng, 6.2):
        parts += derby(move, spec)
    return parts


def derby(move: Move, spec: GarmentSpec) -> list[Part]:
    width = 4.9
    outline = last(width=width, toe=0.35)
    cap = smooth((-4.4, 8.2), (-2, 7.0), (0, 6.7), (2, 7.0), (4.6, 8.2))
    return [
        Panel(
            outline=move(outline),
            lift=0.5,
            bulge=0.3,
            roundness=0.4,
            fabric="rubber",
            dye=spec.trim or "#241d18",
        ),
        Seam(line=move(shrunk(outline, 0.25)), depth=0.04, thread="#6a5a48"),
        Panel(outline=move(shrunk(outline, 0.6)), lift=1.5, bulge=2.7, roundness=4.2, folds=0.3),
        Seam(line=move(cap), depth=0.14, width=0.22),
        Seam(line=move(cap - (0, 0.5)), depth=0.05),
        *[
            Crease(line=move(smooth((-3.4, y), (0, y - 0.5), (3.4, y))), height=-0.16, width=0.35)
            for y in (9.2, 10.3)
        ],
        *mouth(move, width, lining="#8a6b4d"),
        *eyestays(move, width),
        *laces(move, width, dye=spec.colours[0].hex, count=4, thick=0.34),
    ]


def boots(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Ankle boots lying on their sides, soles outwards."""
    parts: list[Part] = []
    for turn, at in (
        (float(rng.uniform(-0.12, 0.0)), (-1.0, -13.5)),
        (float(rng.uniform(0.0, 0.14)), (1.5, 13.5)),
    ):
        parts += boot(lying(turn, at), spec)
    return parts


def lying(turn: float, at: Pair) -> Move:
    return lambda line: turned(line, turn) + at


def boot(move: Move, spec: GarmentSpec) -> list[Part]:
    """One boot from the side, toe to the left, sole below."""
    sole, rubber = spec.trim or "#2b2622", "#3a332c"
    shaft = smooth((-0.5, -12.2), (5.5, -11.6), (11.6, -12.4))
    back = smooth((11.9, -11.5), (11.0, -4), (11.6, 3), (12.4, 6.6))
    toe = smooth((-15.6, 7.2), (-16.8, 4.6), (-14.6, 1.6), (-9.2, -0.4), (-4.2, -2.6), (-1.6, -7))
    upper = join(shaft, back, points((12.2, 7.8), (-15.8, 7.8)), toe)
    tread = join(
        points((12.9, 6.9), (13.0, 10.4), (4.2, 10.6), (3.4, 9.4), (-14.6, 9.6)),
        smooth((-16.4, 8.9), (-17.0, 7.4)),
        points((-16.8, 6.8)),
    )
    inside = smooth((-0.3, -12.3), (5.5, -13.3), (11.4, -12.5), (5.5, -11.4), closed=True)
    return [
        Panel(outline=move(inside), lift=0.4, bulge=0.0, shade=0.3),
        Panel(outline=move(upper), lift=1.2, bulge=2.6, roundness=4.0, folds=0.6),
        Panel(outline=move(tread), lift=1.3, bulge=0.6, roundness=0.5, fabric="rubber", dye=sole),
        Seam(line=move(points((-16.6, 7.5), (12.6, 7.5))), depth=0.06, thread=rubber),
        *elastic(move),
        Seam(line=move(smooth((-8.8, -0.4), (-6.8, 3.4), (-5.6, 7.0))), depth=0.12, width=0.2),
        Seam(line=move(smooth((8.2, 7), (7.6, 3.4), (11.4, 1.0))), depth=0.12, width=0.2),
        *[Crease(line=move(smooth((-9.5 + k, -0.2), (-8.2 + k, 2), (-7.4 + k, 4.4))), height=-0.2, width=0.5)
          for k in (-1.6, 0.2)],
        *pull_tab(move),
    ]  # fmt: skip


def elastic(move: Move) -> list[Part]:
    """The gore of a Chelsea boot."""
    gore = smooth(
        (2.4, -11.6),
        (5.6, -11.2),
        (8.6, -11.7),
        (8.0, -5),
        (6.4, -0.6),
        (4.6, -0.8),
        (3.2, -5),
        closed=True,
    )
    return [
        Panel(
            outline=move(gore),
            attached=True,
            bulge=-0.2,
            roundness=0.5,
            fabric="rib",
            dye="#2e2a27",
            patterned=False,
        ),
        Seam(line=move(gore), depth=0.08, width=0.2),
    ]


def pull_tab(move: Move) -> list[Part]:
    tab = points((10.0, -11.0), (10.3, -13.6), (11.7, -13.6), (11.8, -10.8))
    return [
        Panel(outline=move(tab), lift=1.5, bulge=0.3, roundness=0.4, dye="#4a3626", fabric="canvas")
    ]
