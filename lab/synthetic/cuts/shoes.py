"""Low shoes from above, always as a pair."""

from lab.synthetic.curves import Points, ellipse, join, offset, rectangle, ribbon, smooth
from lab.synthetic.cuts.placing import Move, pair
from lab.synthetic.cuts.profiles import from_the_side, side_view
from lab.synthetic.fields import Random
from lab.synthetic.parts import Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


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
    if side_view(rng):
        return from_the_side(
            spec, rng, kind="sneakers", sole=sole, thick=float(rng.uniform(2.2, 3.6))
        )
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
    if side_view(rng):
        return from_the_side(spec, rng, kind="derbies", sole=spec.trim or "#241d18", thick=1.9)
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


def loafers(spec: GarmentSpec, rng: Random) -> list[Part]:
    """No laces: an apron sewn onto the toe, a strap or a tassel across."""
    if side_view(rng):
        return from_the_side(spec, rng, kind="loafers", sole=spec.trim or "#241d18", thick=1.9)
    width, detail = float(rng.uniform(4.7, 5.2)), int(rng.integers(3))
    parts: list[Part] = []
    for move in pair(rng, 6.2):
        parts += loafer(move, spec, width, detail)
    return parts


def loafer(move: Move, spec: GarmentSpec, width: float, detail: int) -> list[Part]:
    outline, w = last(width=width, toe=0.55), width
    apron = smooth((-w * 0.72, 11.8), (-w * 0.66, 6.5), (-w * 0.34, 3.0), (0, 2.2), (w * 0.34, 3.0), (w * 0.68, 6.5),
                   (w * 0.74, 11.8))  # fmt: skip
    return [
        *leather_sole(move, outline, spec.trim or "#241d18"),
        Panel(outline=move(shrunk(outline, 0.5)), lift=1.5, bulge=2.6, roundness=4.2, folds=0.3),
        Seam(line=move(apron), depth=0.3, width=0.35),
        Crease(line=move(offset(apron, -0.5)), height=0.35, width=0.4),
        *slip_in(move, opening_from(w * 0.62, 9.6), lining="#9c7a55"),
        *loafer_detail(move, w, detail),
    ]


def leather_sole(move: Move, outline: Points, dye: str) -> list[Part]:
    return [
        Panel(outline=move(outline), lift=0.5, bulge=0.3, roundness=0.4, fabric="rubber", dye=dye),
        Seam(line=move(shrunk(outline, 0.25)), depth=0.04, thread="#6a5a48"),
    ]


def opening_from(half: float, front: float) -> Points:
    """A mouth that reaches forward to `front`, its back at the heel."""
    w = half
    return smooth((0, front), (w * 0.62, front + 1.0), (w * 0.98, front + 5), (w, 20), (w * 0.94, 24), (w * 0.5, 27.2),
                  (0, 27.9), (-w * 0.5, 27.2), (-w * 0.94, 24), (-w, 20), (-w * 0.98, front + 5),
                  (-w * 0.62, front + 1.0), closed=True)  # fmt: skip


def slip_in(move: Move, hole: Points, *, lining: str) -> list[Part]:
    """An opening with a bound edge: dark walls, and the insole where the light falls."""
    centre = hole.mean(axis=0)
    sole = (hole - centre) * (0.8, 0.9) + centre + (0, 0.8)
    return [
        Panel(
            outline=move(shrunk(hole, -0.45)),
            attached=True,
            bulge=0.3,
            roundness=0.4,
            patterned=False,
        ),
        Panel(
            outline=move(hole),
            lift=0.4,
            bulge=0.0,
            dye=lining,
            fabric="cotton",
            shade=0.36,
            folds=0.1,
        ),
        Panel(
            outline=move(sole),
            lift=0.5,
            bulge=0.1,
            dye=lining,
            fabric="cotton",
            shade=0.75,
            folds=0.1,
        ),
    ]


def loafer_detail(move: Move, w: float, detail: int) -> list[Part]:
    strap = join(
        smooth((-w * 0.86, 7.6), (0, 5.9), (w * 0.88, 7.6)),
        smooth((w * 0.88, 10.4), (0, 8.8), (-w * 0.86, 10.4)),
    )
    saddle = Panel(outline=move(strap), attached=True, bulge=0.45, roundness=0.6, folds=0.1)
    if detail == 0:
        slot = smooth((-1.5, 7.5), (0, 6.9), (1.5, 7.5), (0, 8.1), closed=True)
        return [
            saddle,
            Panel(outline=move(slot), attached=True, bulge=-0.4, roundness=0.3, shade=0.35),
        ]
    if detail == 1:
        bit = ribbon(smooth((-2.2, 7.6), (0, 7.0), (2.2, 7.6)), 0.7)
        rings = [move(ellipse(x, 7.6, 0.9, 1.0)) for x in (-2.2, 2.2)]
        return [
            saddle,
            *[Panel(outline=line, attached=True, bulge=0.4, roundness=0.4, dye="#c2a561", fabric="metal")
              for line in (move(bit), *rings)],
        ]  # fmt: skip
    tails = [smooth((0, 8.2), (s * 0.9, 6.4), (s * 1.2, 4.6)) for s in (-1, 0, 1)]
    return [
        saddle,
        *[
            Panel(outline=move(ribbon(line, 0.7)), attached=True, bulge=0.4, roundness=0.4)
            for line in tails
        ],
    ]


def flats(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Ballerinas: thin, cut low, round or pointed; many with a bow, some with a strap."""
    width, toe = float(rng.uniform(4.2, 4.7)), float(rng.uniform(0.1, 0.9))
    front, detail = float(rng.uniform(5.2, 7.5)), int(rng.integers(4))
    parts: list[Part] = []
    for move in pair(rng, 5.6):
        parts += flat(move, spec, width=width, toe=toe, front=front, detail=detail)
    return parts


def flat(
    move: Move, spec: GarmentSpec, *, width: float, toe: float, front: float, detail: int
) -> list[Part]:
    outline = last(width=width, toe=toe)
    mouth_line = opening_from(width * 0.68, front)
    parts: list[Part] = [
        Panel(
            outline=move(outline),
            lift=0.4,
            bulge=0.2,
            roundness=0.4,
            fabric="rubber",
            dye=spec.trim or "#2a221c",
        ),
        Panel(outline=move(shrunk(outline, 0.2)), lift=1.1, bulge=1.8, roundness=2.6, folds=0.2),
        *slip_in(move, mouth_line, lining="#d8c7ae"),
    ]
    if detail < 2:
        parts += flat_bow(move, front)
    elif detail == 2:
        band = ribbon(smooth((-width * 0.82, 15.5), (0, 14.4), (width * 0.82, 15.5)), 1.2)
        parts.append(Panel(outline=move(band), lift=2.6, bulge=0.3, roundness=0.5, folds=0))
    else:
        parts.append(
            Seam(
                line=move(smooth((-width * 0.7, 5.6), (0, 3.2), (width * 0.7, 5.6))),
                depth=0.12,
                width=0.2,
            )
        )
    return parts


def flat_bow(move: Move, y: float) -> list[Part]:
    loop = smooth(
        (0.2, y - 0.3), (1.3, y - 1.3), (2.3, y - 0.9), (2.2, y + 0.5), (1.2, y + 0.5), closed=True
    )
    knot = ellipse(0, y - 0.3, 0.5, 0.55)
    return [
        Panel(outline=move(line), lift=2.6, bulge=0.5, roundness=0.5, folds=0)
        for line in (loop, loop * (-1, 1), knot)
    ]


def sandals(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A footbed to be seen, and straps: two broad ones, a thong, or bands with an ankle strap."""
    style = int(rng.integers(3))
    bed = spec.trim or ("#b48a5e", "#c9a67a", "#3a2f28")[int(rng.integers(3))]
    parts: list[Part] = []
    for move in pair(rng, 6.3):
        parts += footbed(move, bed)
        parts += (broad_straps, thong, ankle_straps)[style](move)
    return parts


def footbed(move: Move, dye: str) -> list[Part]:
    outline = last(width=5.0, toe=0.95)
    toes = [ellipse(x, y, 0.75, 0.9) for x, y in ((-2.6, 3.4), (-1.1, 2.4), (0.5, 2.4), (2.0, 3.2))]
    return [
        Panel(outline=move(outline), lift=0.4, bulge=0.3, roundness=0.5, fabric="rubber", dye=dye, shade=0.5),
        Panel(outline=move(shrunk(outline, 0.4)), lift=1.1, bulge=0.5, roundness=1.2, fabric="suede", dye=dye, folds=0.1,
              patterned=False),
        *[Panel(outline=move(line), attached=True, bulge=-0.2, roundness=0.6, fabric="suede", dye=dye, shade=0.88)
          for line in (*toes, ellipse(0, 24.2, 2.6, 3.2))],
    ]  # fmt: skip


def across(y: float, depth: float, half: float = 5.3, arch: float = 1.2) -> Points:
    """A band over the foot at height y."""
    upper = smooth((-half, y + arch * 0.4), (0, y - arch), (half, y + arch * 0.4))
    return join(
        upper,
        smooth((half * 0.98, y + depth), (0, y + depth - arch * 0.8), (-half * 0.98, y + depth)),
    )


def strap_panel(outline: Points) -> Panel:
    return Panel(outline=outline, lift=2.6, bulge=1.0, roundness=1.4, folds=0.15)


def broad_straps(move: Move) -> list[Part]:
    parts: list[Part] = []
    for y, depth, half in ((6.2, 4.6, 5.5), (13.2, 4.4, 5.0)):
        parts.append(strap_panel(move(across(y, depth, half))))
        buckle = rectangle(half * 0.35, y + 0.8, 1.8, depth - 2.0, round_by=0.4)
        hole = rectangle(half * 0.35 + 0.4, y + 1.2, 1.0, depth - 2.8, round_by=0.2)
        parts.append(
            Panel(
                outline=move(buckle),
                attached=True,
                bulge=0.3,
                roundness=0.3,
                dye="#b59f6d",
                fabric="metal",
            )
        )
        parts.append(Panel(outline=move(hole), attached=True, bulge=-0.2, roundness=0.3, shade=0.8))
    return parts


def thong(move: Move) -> list[Part]:
    sides = [smooth((0, 5.2), (s * 2.4, 8.2), (s * 4.6, 13.5)) for s in (-1, 1)]
    return [
        *[strap_panel(move(ribbon(offset(line, -0.7), 1.4))) for line in sides],
        Panel(outline=move(ellipse(0, 5.2, 0.8, 0.9)), lift=2.8, bulge=0.6, roundness=0.7, folds=0),
    ]


def ankle_straps(move: Move) -> list[Part]:
    heel = smooth((-3.9, 20), (-3.4, 25.5), (0, 28.6), (3.4, 25.5), (3.9, 20))
    return [
        strap_panel(move(across(5.4, 1.5, 5.3))),
        strap_panel(move(across(8.6, 1.5, 5.2))),
        strap_panel(move(across(19.2, 1.5, 4.3, 2.0))),
        strap_panel(move(ribbon(heel, 1.3))),
        Panel(
            outline=move(ellipse(3.4, 19.6, 0.9, 0.9)),
            lift=3.4,
            bulge=0.4,
            roundness=0.4,
            dye="#b59f6d",
            fabric="metal",
        ),
    ]


def shoes(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Plain low shoes with few laces."""
    width, toe, eyelets = (
        float(rng.uniform(4.8, 5.3)),
        float(rng.uniform(0.5, 0.9)),
        int(rng.integers(2, 5)),
    )
    sole = spec.trim or ("#efece4", "#5b4634", "#2b2622")[int(rng.integers(3))]
    if side_view(rng):
        return from_the_side(
            spec, rng, kind="derbies", sole=sole, thick=float(rng.uniform(1.6, 2.6))
        )
    parts: list[Part] = []
    for move in pair(rng, 6.4):
        outline = last(width=width, toe=toe)
        parts += [
            Panel(
                outline=move(outline), lift=0.6, bulge=0.4, roundness=0.5, fabric="rubber", dye=sole
            ),
            Panel(
                outline=move(shrunk(outline, 0.4)), lift=1.5, bulge=2.6, roundness=4.2, folds=0.25
            ),
            *mouth(move, width, lining="#a39684"),
            *eyestays(move, width),
            *laces(move, width, dye=spec.colours[0].hex, count=eyelets, thick=0.45),
        ]
    return parts
