"""Low shoes from the side."""

from lab.synthetic.curves import ellipse, join, offset, points, ribbon, smooth
from lab.synthetic.cuts.placing import Move, behind_each_other
from lab.synthetic.fields import Random
from lab.synthetic.parts import Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


def from_the_side(
    spec: GarmentSpec, rng: Random, *, kind: str, sole: str, thick: float
) -> list[Part]:
    """A pair in profile. `kind` is "sneakers", "derbies" or "loafers"; `thick` is how thick the sole is."""
    high = kind == "sneakers" and rng.random() < 0.25
    low = {"sneakers": -0.4, "derbies": -0.6, "loafers": -2.4}[kind]
    rise = float(rng.uniform(5, 8)) if high else low + float(rng.uniform(0, 1.2))
    parts: list[Part] = []
    for move in behind_each_other(rng, 6.0):
        parts += profile(move, sole=sole, thick=thick, rise=rise, heeled=kind != "sneakers")
        parts += (
            sneaker_side if kind == "sneakers" else loafer_side if kind == "loafers" else derby_side
        )(move, spec, rise)
    return parts


def profile(move: Move, *, sole: str, thick: float, rise: float, heeled: bool) -> list[Part]:
    """Toe to the left, the ground at y = 0; the collar is `rise` higher than usual."""
    ground = -thick
    collar = smooth(
        (1.6, -11.2 - rise), (5.6, -8.6 - rise), (9.4, -8.0 - rise), (13.2, -9.8 - rise)
    )
    back = smooth((13.2, -9.8 - rise), (12.9, -6), (13.9, -3.4), (13.5, ground))
    toe = smooth(
        (-15.2, ground),
        (-15.6, -3.4 - thick * 0.4),
        (-12.4, -5.6),
        (-7.6, -6.6),
        (-3.2, -8.4),
        (1.6, -11.2 - rise),
    )
    upper = join(collar, back[1:], points((-15.2, ground)), toe[1:])
    inside = smooth(
        (1.8, -11.2 - rise),
        (6.5, -11.0 - rise),
        (13.0, -9.9 - rise),
        (9.4, -8.2 - rise),
        (5.6, -8.8 - rise),
        closed=True,
    )
    heel = (
        points((14.2, ground - 0.4), (14.0, 0), (6.5, 0))
        if heeled
        else points((14.6, ground - 0.5), (14.3, 0))
    )
    arch = points((5.8, -0.9), (0, -0.8), (-4, 0)) if heeled else points((4, 0), (-4, 0))
    tread = join(heel, arch, smooth((-11.5, 0), (-15.0, -0.9), (-16.0, ground - 0.5)))
    return [
        Panel(
            outline=move(inside),
            lift=0.4,
            bulge=0.0,
            shade=0.35,
            dye="#8d8274",
            fabric="cotton",
            folds=0.1,
        ),
        Panel(outline=move(upper), lift=1.2, bulge=2.6, roundness=3.6, folds=0.3),
        Panel(outline=move(tread), lift=1.4, bulge=0.5, roundness=0.5, fabric="rubber", dye=sole),
        Seam(line=move(points((-15.4, ground - 0.2), (13.8, ground - 0.2))), depth=0.12, width=0.2),
        Seam(line=move(offset(collar, 0.5)), depth=0.08),
        *[
            Crease(
                line=move(smooth((-8.6 + k, -6.0), (-7.4 + k, -4.2), (-6.8 + k, -2.8))),
                height=-0.22,
                width=0.5,
            )
            for k in (-1.4, 0.4)
        ],
    ]


def laces_up(move: Move, rise: float, dye: str, *, count: int) -> list[Part]:
    """Short strips across the instep, as they are seen from the side."""
    parts: list[Part] = []
    for k in range(count):
        t = (k + 0.5) / count
        x, y = -5.6 + 6.8 * t, -7.6 - (3.2 + rise) * t**1.3
        lace = smooth((x - 0.9, y - 0.1), (x + 0.5, y + 0.5), (x + 1.6, y + 1.7))
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
        parts.append(
            Panel(
                outline=move(ellipse(x + 1.7, y + 1.8, 0.28, 0.28)),
                attached=True,
                bulge=-0.1,
                shade=0.4,
            )
        )
    return parts


def sneaker_side(move: Move, spec: GarmentSpec, rise: float) -> list[Part]:
    """A toe cap, a stay for the laces, a stripe in the second colour, and a heel tab."""
    accent = spec.colours[1].hex if len(spec.colours) > 1 else ""
    cap = smooth((-12.8, -5.4), (-10.4, -4.4), (-9.6, -2.2))
    stay = smooth((-6.6, -5.4), (-2.4, -6.0), (2.0, -8.0 - 0.6 * rise), (3.6, -9.6 - rise))
    flash = smooth((-3.0, -2.6), (2.5, -3.6), (8.6, -7.0))
    tab = join(
        smooth((10.6, -8.4 - rise), (13.2, -9.7 - rise)),
        smooth((13.0, -6), (13.7, -3.6), (11.4, -3.8), (10.6, -8.4 - rise)),
    )
    return [
        Seam(line=move(cap), depth=0.14, width=0.2),
        Seam(line=move(stay), depth=0.14, width=0.2),
        Panel(
            outline=move(ribbon(flash, 1.5)),
            attached=True,
            bulge=0.15,
            roundness=0.4,
            dye=accent,
            shade=1.0 if accent else 0.82,
        ),
        Panel(
            outline=move(tab),
            attached=True,
            bulge=0.2,
            roundness=0.5,
            dye=accent,
            shade=1.0 if accent else 0.85,
        ),
        *laces_up(move, rise, "#efece4", count=6 if rise > 3 else 5),
    ]


def derby_side(move: Move, spec: GarmentSpec, rise: float) -> list[Part]:
    """The quarters sewn over the vamp, and a cap on the toe."""
    quarter = smooth((-4.6, -7.6), (-4.2, -5.4), (-1.4, -3.8), (0.5, -1.6))
    cap = smooth((-11.6, -5.8), (-10.2, -4.0), (-10.0, -1.6))
    return [
        *[Seam(line=move(line), depth=0.14, width=0.2) for line in (quarter, cap)],
        Seam(line=move(offset(cap, 0.5)), depth=0.05),
        Seam(
            line=move(smooth((9.6, -7.8 - rise), (9.4, -4.5), (10.4, -1.6))), depth=0.12, width=0.2
        ),
        *laces_up(move, rise, spec.colours[0].hex, count=4),
    ]


def loafer_side(move: Move, spec: GarmentSpec, rise: float) -> list[Part]:
    """A strap over the instep, and the seam of the apron."""
    apron = smooth((-13.4, -4.8), (-9.0, -5.2), (-3.6, -5.4), (-0.5, -6.2))
    strap = join(
        smooth((-3.6, -8.5), (0.4, -10.2)),
        smooth((2.6, -6.0), (3.0, -2.5), (-0.4, -2.5), (-1.6, -5.0), (-3.6, -8.5)),
    )
    return [
        Seam(line=move(apron), depth=0.25, width=0.3),
        Crease(line=move(apron - (0, 0.5)), height=0.3, width=0.4),
        Panel(outline=move(strap), attached=True, bulge=0.35, roundness=0.5, folds=0.1),
        Seam(
            line=move(smooth((9.6, -7.8 - rise), (9.4, -4.5), (10.4, -1.6))), depth=0.12, width=0.2
        ),
    ]


def side_view(rng: Random) -> bool:
    """Every third pair is photographed from the side."""
    return bool(rng.random() < 0.35)
