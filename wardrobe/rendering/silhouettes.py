"""Outlines of garments, laid flat. Coordinates: x from -1 to 1 across, y from 0 (top) to 1.33 (bottom).

Half outlines run down the right-hand side and are mirrored; `Shape.seams` are lines that stitching follows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Outline = list[Point]
Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """A piece of cloth: outline, `lift` (drawn later and brighter or darker), `direction` of its folds.

    `ink` replaces the cloth's colour: soles, buttons, zips.
    """

    outline: Outline
    shade: float = 0.0
    ink: str = ""
    angle: float = 0.0
    is_smooth: bool = True


@dataclass(frozen=True)
class Shape:
    parts: list[Part]
    seams: list[Outline] = field(default_factory=list)
    buttons: list[Point] = field(default_factory=list)


def mirror(half: Sequence[Point]) -> Outline:
    """A closed outline from its right half, top to bottom."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def flip(outline: Sequence[Point]) -> Outline:
    return [(-x, y) for x, y in outline]


def curve(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> Curve:
    """A centripetal-like Catmull-Rom curve through the points, (n, 2)."""
    given = np.array(points, dtype=np.float64)
    count = len(given)
    padded = (
        np.vstack([given[-1], given, given[:2]])
        if closed
        else np.vstack([given[0], given, given[-1]])
    )
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    spans = []
    for i in range(count if closed else count - 1):
        a, b, c, d = padded[i : i + 4]
        tension = 0.35
        m0, m1 = tension * (c - a), tension * (d - b)
        h00, h10 = 2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t
        h01, h11 = -2 * t**3 + 3 * t**2, t**3 - t**2
        spans.append(h00 * b + h10 * m0 + h01 * c + h11 * m1)
    return np.vstack([*spans, given[:1] if closed else given[-1:]])


def sleeve(length: float, *, flare: float = 0.0) -> Outline:
    """A sleeve from the shoulder; `length` 0.3 is short, 0.95 long."""
    short = length < 0.5
    x, y = 0.47 + (0.40 if short else 0.21) * length, 0.22 + (0.82 if short else 0.98) * length
    cuff = 0.078 + (0.026 if short else 0.0) + flare
    drop = 0.045 if short else 0.02
    return [
        (0.37, 0.15),
        (0.455, 0.185),
        (0.515, 0.26),
        (x + cuff, y - drop),
        (x + cuff - 0.008, y - drop + 0.03),
        (x - cuff, y + drop),
        (x - cuff - 0.004, y + drop - 0.03),
        (0.40, 0.46),
        (0.37, 0.40),
    ]


def body(*, hem: float, width: float = 0.415, waist: float = 0.40, neck: float = 0.13) -> Outline:
    return mirror(
        [
            (0.0, 0.155),
            (neck * 0.75, 0.135),
            (neck, 0.105),
            (0.29, 0.135),
            (0.435, 0.18),
            (0.415, 0.30),
            (waist, 0.65),
            (width, hem - 0.06),
            (width - 0.012, hem),
            (0.20, hem + 0.014),
        ]
    )


def neckline(neck: float = 0.13, depth: float = 0.155) -> Outline:
    """The inside of the back, seen through the neck."""
    return mirror(
        [(0.0, 0.10), (neck * 0.8, 0.102), (neck, 0.108), (neck * 0.7, depth - 0.015), (0.0, depth)]
    )


def top(*, sleeve_length: float, hem: float = 1.16, depth: float = 0.165) -> Shape:
    arm = sleeve(sleeve_length)
    cuff = [arm[3], arm[5]]
    angle = 0.55 if sleeve_length < 0.5 else 0.22
    return Shape(
        parts=[
            Part(arm, shade=-0.03, angle=angle),
            Part(flip(arm), shade=-0.05, angle=-angle),
            Part(body(hem=hem)),
            Part(neckline(depth=depth), shade=-0.33),
        ],
        seams=[
            [(-0.41, hem - 0.03), (0.0, hem - 0.022), (0.41, hem - 0.03)],
            [(0.41, 0.185), (0.395, 0.30), (0.40, 0.43)],
            [(-0.41, 0.185), (-0.395, 0.30), (-0.40, 0.43)],
            [(0.155, 0.105), (0.10, 0.165), (0.0, depth + 0.028), (-0.10, 0.165), (-0.155, 0.105)],
            [(x - 0.012, y - 0.03) for x, y in cuff],
            [(-x + 0.012, y - 0.03) for x, y in cuff],
        ],
    )


def t_shirt() -> Shape:
    return top(sleeve_length=0.30)


def longsleeve() -> Shape:
    return top(sleeve_length=0.92)


def sweater() -> Shape:
    shape = top(sleeve_length=0.92, hem=1.12, depth=0.15)
    rib = mirror([(0.0, 1.05), (0.405, 1.055), (0.40, 1.125), (0.0, 1.135)])
    collar = mirror(
        [(0.0, 0.115), (0.10, 0.10), (0.15, 0.09), (0.165, 0.115), (0.10, 0.175), (0.0, 0.195)]
    )
    inside = mirror([(0.0, 0.098), (0.10, 0.098), (0.125, 0.103), (0.08, 0.145), (0.0, 0.157)])
    return Shape(
        [
            *shape.parts[:3],
            Part(rib, -0.05, is_smooth=False),
            Part(collar, 0.03),
            Part(inside, -0.35),
        ],
        [[(-0.40, 1.052), (0.0, 1.048), (0.40, 1.052)], *shape.seams[1:3]],
    )


def turtleneck() -> Shape:
    shape = sweater()
    neck = mirror(
        [(0.0, 0.02), (0.10, 0.018), (0.145, 0.03), (0.15, 0.10), (0.13, 0.15), (0.0, 0.17)]
    )
    fold = mirror([(0.0, 0.088), (0.15, 0.085), (0.155, 0.10), (0.14, 0.155), (0.0, 0.178)])
    return Shape([*shape.parts[:4], Part(neck, -0.06), Part(fold, 0.05)], shape.seams)


def collar(*, spread: float = 0.16) -> list[Part]:
    wing = [(0.0, 0.165), (0.06, 0.115), (0.145, 0.085), (spread + 0.02, 0.125), (0.115, 0.235)]
    stand = mirror([(0.0, 0.075), (0.09, 0.072), (0.14, 0.088), (0.05, 0.14), (0.0, 0.15)])
    return [
        Part(stand, -0.25),
        Part(wing, 0.07, is_smooth=False),
        Part(flip(wing), 0.05, is_smooth=False),
    ]


def shirt() -> Shape:
    arm = sleeve(0.93)
    hem = mirror(
        [
            (0.0, 0.155),
            (0.10, 0.14),
            (0.14, 0.105),
            (0.30, 0.135),
            (0.43, 0.18),
            (0.41, 0.30),
            (0.395, 0.65),
            (0.415, 1.08),
            (0.33, 1.14),
            (0.16, 1.20),
        ]
    )
    placket = [(-0.035, 0.16), (0.035, 0.16), (0.035, 1.215), (-0.035, 1.215)]
    pocket = [(0.13, 0.36), (0.29, 0.355), (0.29, 0.50), (0.21, 0.53), (0.13, 0.505)]
    return Shape(
        parts=[
            Part(arm, -0.03, angle=0.22),
            Part(flip(arm), -0.05, angle=-0.22),
            Part(hem),
            Part(placket, 0.035, is_smooth=False),
            Part(pocket, 0.02, is_smooth=False),
            *collar(),
        ],
        seams=[
            [(0.41, 0.185), (0.395, 0.30), (0.40, 0.43)],
            [(-0.41, 0.185), (-0.395, 0.30), (-0.40, 0.43)],
            [(0.035, 0.17), (0.035, 1.21)],
            [(-0.035, 0.17), (-0.035, 1.21)],
            [(0.13, 0.39), (0.29, 0.385)],
        ],
        buttons=[(0.0, y) for y in (0.19, 0.36, 0.52, 0.68, 0.84, 1.0, 1.13)],
    )


def coat_body(hem: float) -> Outline:
    return mirror(
        [
            (0.0, 0.16),
            (0.09, 0.12),
            (0.15, 0.09),
            (0.33, 0.13),
            (0.455, 0.18),
            (0.44, 0.32),
            (0.425, 0.66),
            (0.46, hem - 0.06),
            (0.448, hem),
            (0.2, hem + 0.012),
        ]
    )


def lapels(bottom: float) -> list[Part]:
    lapel = [
        (0.005, bottom),
        (0.075, 0.35),
        (0.235, 0.31),
        (0.185, 0.255),
        (0.13, 0.105),
        (0.055, 0.16),
    ]
    notch = [(0.055, 0.16), (0.13, 0.085), (0.19, 0.13), (0.205, 0.225), (0.15, 0.25)]
    inside = mirror([(0.0, 0.085), (0.10, 0.08), (0.14, 0.10), (0.07, 0.30), (0.0, bottom)])
    return [
        Part(inside, -0.4),
        Part(lapel, 0.06, is_smooth=False),
        Part(flip(lapel), 0.04, is_smooth=False),
        Part(notch, 0.09, is_smooth=False),
        Part(flip(notch), 0.07, is_smooth=False),
    ]


def blazer(*, hem: float = 1.2, bottom: float = 0.68, rows: int = 1) -> Shape:
    arm = sleeve(0.95, flare=0.02)
    flap = [(0.17, hem - 0.27), (0.36, hem - 0.285), (0.365, hem - 0.235), (0.17, hem - 0.22)]
    step = (hem - bottom) / 3.2
    buttons = [
        (x, bottom + 0.03 + step * i)
        for i in range(2)
        for x in ((0.03, -0.14) if rows == 2 else (0.03,))
    ]
    return Shape(
        parts=[
            Part(arm, -0.03, angle=0.22),
            Part(flip(arm), -0.06, angle=-0.22),
            Part(coat_body(hem)),
            Part(flap, 0.04, is_smooth=False),
            Part(flip(flap), 0.03, is_smooth=False),
            *lapels(bottom),
        ],
        seams=[
            [(0.005, bottom), (0.02, hem)],
            [(0.43, 0.185), (0.415, 0.30), (0.42, 0.43)],
            [(-0.43, 0.185), (-0.415, 0.30), (-0.42, 0.43)],
        ],
        buttons=buttons,
    )


def coat() -> Shape:
    return blazer(hem=1.55, bottom=0.66, rows=2)


def jacket() -> Shape:
    arm = sleeve(0.93, flare=0.02)
    pockets = [
        [(0.11, 0.36), (0.31, 0.35), (0.31, 0.52), (0.11, 0.53)],
        [(0.12, 0.76), (0.36, 0.75), (0.37, 1.0), (0.12, 1.01)],
    ]
    flaps = [
        [(0.10, 0.35), (0.32, 0.34), (0.32, 0.41), (0.21, 0.43), (0.10, 0.42)],
        [(0.11, 0.75), (0.37, 0.74), (0.37, 0.81), (0.24, 0.83), (0.11, 0.82)],
    ]
    zipper = [(-0.016, 0.15), (0.016, 0.15), (0.016, 1.14), (-0.016, 1.14)]
    squares = [Part(o, 0.015, is_smooth=False) for p in pockets for o in (p, flip(p))]
    covers = [Part(o, 0.055, is_smooth=False) for p in flaps for o in (p, flip(p))]
    wings = collar(spread=0.2)
    return Shape(
        parts=[
            Part(arm, -0.03, angle=0.22),
            Part(flip(arm), -0.06, angle=-0.22),
            Part(coat_body(1.14)),
            *squares,
            *covers,
            Part(zipper, ink="#6d6a62", is_smooth=False),
            *wings,
        ],
        seams=[
            [(0.055, 0.2), (0.055, 1.13)],
            [(-0.055, 0.2), (-0.055, 1.13)],
            [(-0.44, 1.10), (0.0, 1.105), (0.44, 1.10)],
            [(0.43, 0.185), (0.415, 0.30), (0.42, 0.43)],
            [(-0.43, 0.185), (-0.415, 0.30), (-0.42, 0.43)],
        ],
        buttons=[(s * x, y) for x, y in ((0.21, 0.405), (0.24, 0.805)) for s in (1, -1)],
    )


def trousers(*, length: float = 1.26, width: float = 0.30, cuff: float = 0.13) -> Shape:
    right = [
        (-0.01, 0.075),
        (width, 0.075),
        (width + 0.03, 0.20),
        (width + 0.055, 0.40),
        (0.19 + cuff, length),
        (0.19 - cuff, length + 0.008),
        (0.02, 0.52),
        (-0.01, 0.47),
    ]
    band = mirror([(0.0, 0.062), (width, 0.068), (width + 0.004, 0.125), (0.0, 0.128)])
    inside = mirror([(0.0, 0.05), (width - 0.03, 0.056), (width - 0.01, 0.07), (0.0, 0.078)])
    return Shape(
        parts=[
            Part(right, 0.0, angle=1.35, is_smooth=False),
            Part(flip(right), -0.04, angle=1.75, is_smooth=False),
            Part(inside, -0.35),
            Part(band, 0.02, is_smooth=False),
        ],
        seams=[
            [(-width, 0.128), (0.0, 0.131), (width, 0.128)],
            [(0.0, 0.13), (0.005, 0.48)],
            [(0.05, 0.135), (0.055, 0.30), (0.005, 0.37)],
            [(width - 0.12, 0.13), (width - 0.07, 0.23), (width + 0.03, 0.25)],
            [(-width + 0.12, 0.13), (-width + 0.07, 0.23), (-width - 0.03, 0.25)],
            [(0.19 - cuff, length - 0.035), (0.19 + cuff, length - 0.035)],
            [(-0.19 + cuff, length - 0.035), (-0.19 - cuff, length - 0.035)],
        ],
        buttons=[(0.0, 0.097)],
    )


def shorts() -> Shape:
    shape = trousers(length=0.80, width=0.33, cuff=0.20)
    return Shape(shape.parts, shape.seams, shape.buttons)


def skirt() -> Shape:
    outline = mirror(
        [
            (0.0, 0.12),
            (0.27, 0.125),
            (0.30, 0.20),
            (0.42, 0.55),
            (0.52, 0.92),
            (0.27, 0.955),
            (0.0, 0.965),
        ]
    )
    band = mirror([(0.0, 0.105), (0.265, 0.11), (0.275, 0.175), (0.0, 0.18)])
    pleats = [
        [(x * 0.26, 0.18), (x * 0.40, 0.55), (x * 0.52, 0.94)]
        for x in (-0.66, -0.33, 0.0, 0.33, 0.66)
    ]
    return Shape([Part(outline, angle=1.5), Part(band, 0.04, is_smooth=False)], pleats)


def dress() -> Shape:
    outline = mirror(
        [
            (0.0, 0.20),
            (0.10, 0.165),
            (0.16, 0.07),
            (0.215, 0.075),
            (0.24, 0.16),
            (0.30, 0.235),
            (0.27, 0.34),
            (0.225, 0.47),
            (0.33, 0.72),
            (0.47, 1.17),
            (0.24, 1.205),
            (0.0, 1.215),
        ]
    )
    inside = mirror([(0.0, 0.12), (0.11, 0.11), (0.155, 0.075), (0.105, 0.165), (0.0, 0.205)])
    belt = mirror([(0.0, 0.455), (0.222, 0.448), (0.232, 0.495), (0.0, 0.505)])
    flares = [[(x * 0.22, 0.5), (x * 0.34, 0.8), (x * 0.47, 1.19)] for x in (-0.6, -0.2, 0.25, 0.6)]
    return Shape(
        [Part(inside, -0.3), Part(outline, angle=1.5), Part(belt, -0.06, is_smooth=False)], flares
    )


def shoe(x: float, *, toe: float = 0.13) -> tuple[Outline, Outline, Outline]:
    """One shoe from above, heel down: sole, upper, opening."""

    def place(half: Sequence[Point]) -> Outline:
        return [(px + x, py) for px, py in mirror(half)]

    sole = place(
        [
            (0.0, 0.22),
            (toe, 0.27),
            (toe + 0.065, 0.42),
            (0.15, 0.66),
            (0.15, 0.92),
            (0.09, 1.04),
            (0.0, 1.06),
        ]
    )
    upper = place(
        [
            (0.0, 0.25),
            (toe - 0.015, 0.295),
            (toe + 0.04, 0.43),
            (0.125, 0.66),
            (0.13, 0.91),
            (0.08, 1.01),
            (0.0, 1.03),
        ]
    )
    opening = place([(0.0, 0.60), (0.075, 0.64), (0.088, 0.84), (0.055, 0.96), (0.0, 0.975)])
    return sole, upper, opening


def shoes(*, sole: str, laces: str, toe: float = 0.13) -> Shape:
    parts, seams = [], []
    for x in (-0.235, 0.235):
        bottom, upper, opening = shoe(x, toe=toe)
        tongue = [
            (x + px, y) for px, y in ((-0.062, 0.46), (0.062, 0.46), (0.075, 0.70), (-0.075, 0.70))
        ]
        parts += [
            Part(bottom, ink=sole),
            Part(upper, angle=1.57),
            Part(opening, -0.5),
            Part(tongue, 0.05),
        ]
        seams += [[(x - 0.15, 0.47), (x, 0.40), (x + 0.15, 0.47)]]
        if laces:
            for i in range(4):
                y = 0.49 + 0.052 * i
                bar = [
                    (x - 0.08, y),
                    (x + 0.08, y + 0.012),
                    (x + 0.08, y + 0.03),
                    (x - 0.08, y + 0.018),
                ]
                parts.append(Part(bar, ink=laces, is_smooth=False))
    return Shape(parts, seams)


def sneakers() -> Shape:
    return shoes(sole="#e9e6df", laces="#f4f2ec")


def derbies() -> Shape:
    return shoes(sole="#17130f", laces="#16151a", toe=0.10)


def boots() -> Shape:
    parts, seams = [], []
    for x, y in ((-0.30, 0.16), (0.20, 0.24)):
        leg = [
            (0.0, 0.0),
            (0.20, -0.01),
            (0.255, 0.02),
            (0.255, 0.34),
            (0.28, 0.45),
            (0.42, 0.55),
            (0.47, 0.63),
            (0.46, 0.68),
            (0.0, 0.68),
            (-0.015, 0.45),
            (0.01, 0.25),
        ]
        sole = [
            (-0.025, 0.66),
            (0.475, 0.66),
            (0.48, 0.705),
            (0.17, 0.705),
            (0.155, 0.735),
            (-0.025, 0.735),
        ]
        hole = [(0.005, 0.005), (0.13, -0.028), (0.25, 0.012), (0.13, 0.04)]
        gore = [(0.09, 0.05), (0.165, 0.05), (0.18, 0.30), (0.125, 0.36), (0.075, 0.30)]

        def place(outline: Outline, x: float = x, y: float = y) -> Outline:
            return [(px - 0.09 + x, py + y) for px, py in outline]

        parts += [
            Part(place(sole), ink="#1d1713", is_smooth=False),
            Part(place(leg), angle=1.2),
            Part(place(hole), -0.5),
            Part(place(gore), ink="#2a211c"),
        ]
        seams += [place([(0.255, 0.36), (0.16, 0.50), (0.02, 0.52)])]
    return Shape(parts, seams)


def beanie() -> Shape:
    dome = mirror(
        [(0.0, 0.26), (0.16, 0.285), (0.31, 0.40), (0.375, 0.60), (0.385, 0.82), (0.0, 0.86)]
    )
    cuff = mirror(
        [(0.0, 0.70), (0.385, 0.67), (0.40, 0.72), (0.395, 0.90), (0.37, 0.935), (0.0, 0.965)]
    )
    return Shape(
        [Part(dome, -0.04, angle=1.5), Part(cuff, 0.05)],
        [[(-0.385, 0.675), (0.0, 0.702), (0.385, 0.675)]],
    )


def scarf() -> Shape:
    loop = mirror(
        [(0.0, 0.14), (0.22, 0.16), (0.36, 0.28), (0.33, 0.44), (0.14, 0.54), (0.0, 0.55)]
    )
    hole = mirror([(0.0, 0.27), (0.13, 0.29), (0.16, 0.33), (0.06, 0.37), (0.0, 0.375)])
    left = [(-0.22, 0.42), (0.0, 0.46), (0.02, 1.12), (-0.22, 1.13)]
    right = [(-0.02, 0.44), (0.21, 0.42), (0.27, 1.22), (0.03, 1.24)]
    fringe = [[(x, 1.215), (x + 0.008, 1.285)] for x in np.linspace(0.04, 0.25, 9)]
    return Shape(
        [
            Part(left, -0.07, angle=1.5, is_smooth=False),
            Part(right, angle=1.5, is_smooth=False),
            Part(loop, 0.02),
            Part(hole, ink="background"),
        ],
        fringe,
    )


def bag() -> Shape:
    sack = mirror(
        [(0.0, 0.50), (0.33, 0.505), (0.38, 0.60), (0.40, 1.08), (0.36, 1.12), (0.0, 1.13)]
    )
    handle = [
        (0.14, 0.52),
        (0.16, 0.30),
        (0.10, 0.18),
        (0.0, 0.15),
        (-0.10, 0.18),
        (-0.16, 0.30),
        (-0.14, 0.52),
    ]
    inner = [
        (0.105, 0.52),
        (0.12, 0.32),
        (0.075, 0.225),
        (0.0, 0.205),
        (-0.075, 0.225),
        (-0.12, 0.32),
        (-0.105, 0.52),
    ]
    return Shape(
        [Part(handle), Part(inner, ink="background"), Part(sack)],
        [[(-0.34, 0.56), (0.0, 0.555), (0.34, 0.56)]],
    )


SHAPES: dict[str, Callable[[], Shape]] = {
    "t-shirt": t_shirt,
    "longsleeve": longsleeve,
    "shirt": shirt,
    "sweater": sweater,
    "turtleneck": turtleneck,
    "blazer": blazer,
    "coat": coat,
    "jacket": jacket,
    "pants": trousers,
    "jeans": lambda: trousers(width=0.31, cuff=0.125),
    "shorts": shorts,
    "skirt": skirt,
    "dress": dress,
    "sneakers": sneakers,
    "derbies": derbies,
    "boots": boots,
    "beanie": beanie,
    "scarf": scarf,
    "bag": bag,
}
