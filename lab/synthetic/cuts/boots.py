"""Boots and heels from the side, always as a pair."""

from collections.abc import Callable

from lab.synthetic.curves import ellipse, join, offset, points, rectangle, resample, ribbon, smooth
from lab.synthetic.cuts.placing import Move, behind_each_other, lying
from lab.synthetic.fields import Random
from lab.synthetic.parts import Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec

Finish = Callable[[Move, float, GarmentSpec], list[Part]]


def boots(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Chelsea boots, laced boots or long ones with a zip; from the side."""
    style, extra = int(rng.integers(3)), 0.0
    if style == 1:
        extra = float(rng.uniform(0, 7))
    if style == 2:
        extra = float(rng.uniform(14, 27))
    finish = (elastic, lacing, zipped_side)[style]
    heel_height = float(rng.uniform(0, 4)) if style == 2 else 0.0
    return [
        part
        for move in behind_each_other(rng, 12 + extra)
        for part in boot(move, spec, extra=extra, heel_height=heel_height, finish=finish)
    ]


def boot(
    move: Move, spec: GarmentSpec, *, extra: float, heel_height: float, finish: Finish
) -> list[Part]:
    """One boot from the side, toe to the left, sole below; its shaft is `extra` longer than an ankle boot's."""
    sole, rubber, top = spec.trim or "#2b2622", "#3a332c", -12.0 - extra
    calf = 0.06 * extra
    shaft = smooth((-0.5 - calf, top - 0.2), (5.5, top + 0.4), (11.6 + calf, top - 0.4))
    back = smooth(
        (11.9 + calf, top + 0.5),
        (11.0 + calf * 0.8, (top - 4) / 2),
        (11.2, -1),
        (11.6, 3),
        (12.4, 6.6),
    )
    toe = smooth(
        (-15.6, 7.2),
        (-16.8, 4.6),
        (-14.6, 1.6),
        (-9.2, -0.4),
        (-4.2, -2.6),
        (-1.6, -7),
        (-0.5 - calf, top - 0.2),
    )
    upper = join(shaft, back, points((12.2, 7.8), (-15.8, 7.8)), toe)
    h = heel_height
    tread = join(
        points((12.9, 6.9), (13.0 - 0.2 * h, 10.4 + h), (5.6, 10.6 + h), (3.4, 9.4), (-14.6, 9.6)),
        smooth((-16.4, 8.9), (-17.0, 7.4)),
        points((-16.8, 6.8)),
    )
    inside = smooth(
        (-0.3 - calf, top - 0.3),
        (5.5, top - 1.3),
        (11.4 + calf, top - 0.5),
        (5.5, top + 0.6),
        closed=True,
    )
    return [
        Panel(outline=move(inside), lift=0.4, bulge=0.0, shade=0.3),
        Panel(outline=move(upper), lift=1.2, bulge=2.6, roundness=4.0, folds=0.6),
        Panel(outline=move(tread), lift=1.3, bulge=0.6, roundness=0.5, fabric="rubber", dye=sole),
        Seam(line=move(points((-16.6, 7.5), (12.6, 7.5))), depth=0.06, thread=rubber),
        Seam(line=move(smooth((-8.8, -0.4), (-6.8, 3.4), (-5.6, 7.0))), depth=0.12, width=0.2),
        Seam(line=move(smooth((8.2, 7), (7.6, 3.4), (11.4, 1.0))), depth=0.12, width=0.2),
        *[Crease(line=move(smooth((-9.5 + k, -0.2), (-8.2 + k, 2), (-7.4 + k, 4.4))), height=-0.2, width=0.5)
          for k in (-1.6, 0.2)],
        *[Crease(line=move(smooth((-1.0, y), (4, y + 1.4), (9, y))), height=-0.4, width=1.0)
          for y in ((-4.0, -8.0) if extra > 10 else ())],
        *finish(move, top, spec),
    ]  # fmt: skip


def lacing(move: Move, top: float, spec: GarmentSpec) -> list[Part]:
    """Hooks up the front and laces across, with a padded edge."""
    parts: list[Part] = [
        Seam(
            line=move(smooth((3.8, top + 1), (3.0, -5), (-2.0, 0.5), (-6.0, 2.0))),
            depth=0.14,
            width=0.22,
        ),
        Panel(
            outline=move(ribbon(smooth((-0.2, top), (5.5, top + 0.8), (11.6, top - 0.1)), 1.8)),
            attached=True,
            bulge=0.5,
            roundness=0.8,
        ),
    ]
    spots = resample(smooth((0.6, top + 1.6), (0.2, -7), (-2.2, -3.2), (-6.2, -0.6)), 2.1)
    dye = "#d9c9a3" if spec.trim else "#2a2522"
    for x, y in spots:
        lace = smooth(
            (float(x) - 1.2, float(y) - 0.6),
            (float(x) + 0.6, float(y) + 0.2),
            (float(x) + 2.2, float(y) + 1.4),
        )
        parts.append(
            Panel(
                outline=move(ribbon(lace, 0.6)),
                attached=True,
                bulge=0.35,
                roundness=0.3,
                dye=dye,
                fabric="canvas",
            )
        )
        parts.append(Panel(outline=move(ellipse(float(x) + 2.3, float(y) + 1.5, 0.45, 0.45)), attached=True, bulge=0.3, roundness=0.3,
                           dye="#b9a77d", fabric="metal"))  # fmt: skip
    return parts


def zipped_side(move: Move, top: float, spec: GarmentSpec) -> list[Part]:
    """A zip up the inner side."""
    line = smooth((6.4, 4.5), (6.0, -4), (6.4, top + 1.5))
    return [
        Panel(
            outline=move(ribbon(offset(line, -0.5), 1.0)),
            attached=True,
            bulge=-0.1,
            roundness=0.3,
            shade=0.6,
        ),
        Seam(line=move(line), depth=-0.05, width=0.3, thread="#9a968c"),
    ]


def elastic(move: Move, top: float, spec: GarmentSpec) -> list[Part]:
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
        *pull_tab(move),
    ]


def pull_tab(move: Move) -> list[Part]:
    tab = points((10.0, -11.0), (10.3, -13.6), (11.7, -13.6), (11.8, -10.8))
    return [
        Panel(outline=move(tab), lift=1.5, bulge=0.3, roundness=0.4, dye="#4a3626", fabric="canvas")
    ]


def rain_boots(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Wellingtons: smooth rubber, a wide shaft, a band around the top."""
    shaft, accent = (
        float(rng.uniform(19, 30)),
        spec.trim or ("", "#f0ede4", "#2b2622")[int(rng.integers(3))],
    )
    parts: list[Part] = []
    for move in behind_each_other(rng, shaft):
        parts += wellington(move, shaft, accent)
    return parts


def wellington(move: Move, shaft: float, accent: str) -> list[Part]:
    """Toe to the left, the ground at y = 10; the shaft ends `shaft` above the ankle."""
    top = -shaft
    upper = join(
        smooth((-3.2, top + 0.6), (4.8, top + 0.9), (12.6, top)),
        smooth((12.2, top * 0.5), (11.4, -2), (12.6, 4), (12.4, 8.2)),
        points((-14.8, 8.2)),
        smooth(
            (-16.6, 5.6),
            (-15.2, 1.6),
            (-9.5, -1.4),
            (-4.6, -5.0),
            (-3.2, top * 0.5),
            (-3.2, top + 0.6),
        ),
    )
    sole = join(
        points((12.9, 7.2), (12.9, 10.6), (5.0, 10.6), (4.2, 9.6), (-14.2, 9.8)),
        smooth((-16.4, 8.8), (-16.9, 6.8)),
    )
    band = join(
        smooth((-3.5, top + 0.2), (4.8, top + 0.6), (12.9, top - 0.4)),
        smooth((12.7, top + 2.6), (4.8, top + 3.8), (-3.5, top + 3.2)),
    )
    inside = smooth((-3.1, top + 0.5), (4.8, top - 1.0), (12.5, top), (4.8, top + 1.4), closed=True)
    return [
        Panel(outline=move(inside), lift=0.3, bulge=0.0, shade=0.3, folds=0, fabric="rubber"),
        Panel(outline=move(upper), lift=1.2, bulge=3.2, roundness=4.6, folds=0.3, fabric="leather"),
        Panel(outline=move(sole), lift=1.4, bulge=0.5, roundness=0.5, fabric="rubber", dye=accent, shade=1.0 if accent else 0.7),
        Panel(outline=move(band), attached=True, bulge=0.3, roundness=0.5, fabric="rubber", dye=accent),
        Seam(line=move(smooth((-9.8, -1.2), (-8.2, 3), (-8.4, 7.8))), depth=0.12, width=0.2),
        Seam(line=move(smooth((8.0, 7.8), (7.4, 3.5), (11.6, 1.4))), depth=0.12, width=0.2),
        *[Crease(line=move(smooth((-3.5, -4 + k), (2, -2.6 + k), (8, -3.6 + k))), height=-0.35, width=0.9)
          for k in (0.0, 2.6)],
    ]  # fmt: skip


def heels(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Pumps from the side, or sandals with a strap around the ankle; stilettos or blocks."""
    height, block = float(rng.uniform(5, 10.5)), rng.random() < 0.35
    strapped = rng.random() < 0.4
    tilts = [float(rng.normal(0, 0.07)) for _ in range(2)]
    if rng.random() < 0.5:
        places = [lying(tilts[0], (-1.5, -8.5)), lying(tilts[1], (1.5, 8.5))]
    else:
        step = float(rng.uniform(6, 10))
        places = [lying(tilts[0], (-step / 2, -3.5)), lying(tilts[1], (step / 2, 2.5))]
    return [part for move in places for part in heel(move, spec, height, block, strapped)]


def heel(move: Move, spec: GarmentSpec, h: float, block: bool, strapped: bool) -> list[Part]:
    """Toe to the left; the ground is y = 0, the seat of the heel `h` above it."""
    topline = smooth(
        (-8.6, -4.4),
        (-6.0, -3.9),
        (-1.0, -h * 0.45 - 2.0),
        (5.5, -h - 1.6),
        (9.6, -h - 4.0),
        (11.9, -h - 6.2),
    )
    back = smooth((11.9, -h - 6.2), (12.9, -h - 3.6), (12.5, -h + 0.4))
    under = smooth(
        (12.5, -h + 0.2),
        (8.2, -h + 0.8),
        (3.5, -h * 0.62),
        (-1.2, -h * 0.14 - 0.4),
        (-5.5, -0.5),
        (-13.2, -0.5),
    )
    toe = smooth((-13.6, -0.9), (-12.4, -2.4), (-8.6, -4.4))
    upper = join(topline, back[1:], under[1:], toe)
    far = smooth(
        (-8.6, -4.4), (-5.0, -5.6), (0.5, -h * 0.45 - 4.6), (6.5, -h - 3.6), (11.9, -h - 6.2)
    )
    sole = ribbon(under[::-1], -0.8)
    ankle = h + 11.0
    return [
        Panel(
            outline=move(join(far, topline[::-1])),
            lift=0.4,
            bulge=0.1,
            shade=0.42,
            folds=0.1,
            dye="#b59a7c",
            fabric="leather",
        ),
        *(ankle_strap(move, ankle) if strapped else []),
        heel_post(move, h, block),
        Panel(outline=move(upper), lift=1.2, bulge=2.0, roundness=2.6, folds=0.2),
        Panel(
            outline=move(sole),
            lift=1.0,
            bulge=0.2,
            roundness=0.4,
            fabric="rubber",
            dye=spec.trim or "#2a2220",
        ),
        Seam(line=move(offset(topline, 0.35)), depth=0.05),
    ]


def heel_post(move: Move, h: float, block: bool) -> Panel:
    foot = (8.6, 12.4) if block else (10.6, 11.7)
    post = join(
        smooth((7.6, -h + 0.6), ((7.6 + foot[0]) / 2 + 0.5, -h * 0.6), (foot[0], 0)),
        smooth((foot[1], 0), ((12.5 + foot[1]) / 2 - 0.1, -h * 0.6), (12.6, -h + 0.2)),
    )
    return Panel(outline=move(post), lift=1.0, bulge=0.8, roundness=0.9, folds=0, patterned=False)


def ankle_strap(move: Move, ankle: float) -> list[Part]:
    ring = smooth((5.2, -ankle + 1.0), (8.4, -ankle + 2.2), (12.2, -ankle + 1.2))
    riser = smooth((12.0, -ankle + 1.4), (12.6, -ankle + 3.4), (12.0, -ankle + 5.5))
    return [
        Panel(
            outline=move(ellipse(8.7, -ankle + 1.2, 3.6, 1.0)),
            lift=0.5,
            bulge=0.2,
            roundness=0.4,
            shade=0.55,
            folds=0,
        ),
        Panel(outline=move(ribbon(ring, 1.1)), lift=1.2, bulge=0.3, roundness=0.5, folds=0),
        Panel(outline=move(ribbon(riser, 1.2)), lift=1.1, bulge=0.3, roundness=0.5, folds=0),
        Panel(
            outline=move(rectangle(7.4, -ankle + 1.6, 1.4, 1.8)),
            lift=1.6,
            bulge=0.3,
            roundness=0.3,
            dye="#c2a561",
            fabric="metal",
        ),
    ]
