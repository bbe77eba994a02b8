"""Socks and gloves, always as a pair."""

from dataclasses import replace

import numpy as np

from lab.synthetic.curves import Points, join, points, rectangle, smooth, symmetric, turned
from lab.synthetic.fields import Random
from lab.synthetic.parts import Button, Crease, Panel, Part, Seam
from lab.synthetic.specs import GarmentSpec


def moved(part: Part, *, turn: float, by: Points, flip: bool = False) -> Part:
    """The same part elsewhere: mirrored if `flip`, turned, then shifted."""
    sign = -1 if flip else 1

    def move(line: Points) -> Points:
        return np.asarray(turned(line * (sign, 1), turn) + by)

    match part:
        case Panel():
            return replace(part, outline=move(part.outline), grain=part.grain * sign - turn)
        case Button():
            x, y = move(np.array([part.centre]))[0]
            return replace(part, centre=(float(x), float(y)))
        case Seam() | Crease():
            return replace(part, line=move(part.line))
        case _:
            return part


def socks(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A pair: side by side, or one half over the other."""
    leg = float(rng.choice([rng.uniform(6, 9), rng.uniform(15, 22), rng.uniform(28, 36)]))
    one = sock(spec, rng, leg)
    apart, mirrored = float(rng.uniform(7, 19)), rng.random() < 0.35
    near = np.array((apart / 2 + (4 if mirrored else 0), float(rng.uniform(0, 5))))
    lean = [float(rng.normal(0, 0.12)) for _ in range(2)]
    return [
        *[moved(part, turn=lean[0], by=-near, flip=mirrored) for part in one],
        *[moved(part, turn=lean[1], by=near) for part in one],
    ]


def sock(spec: GarmentSpec, rng: Random, leg: float) -> list[Part]:
    """From the side, toe to the right; `leg` is how high it reaches above the heel."""
    half, foot = 4.6, float(rng.uniform(15, 18))
    outline = join(
        points((-half, -leg), (half, -leg)),
        smooth((half - 0.2, -leg * 0.4), (half + 0.4, -1.5), (half + 3.5, 1.0), (foot - 2, 1.6), (foot + 3.2, 3.2), (foot + 4.2, 6.2),
               (foot + 1.5, 9.2), (6, 10.2), (-1.5, 9.8), (-half - 0.6, 6.4), (-half - 0.6, 2), (-half + 0.2, -leg * 0.5)),
    )  # fmt: skip
    accent = spec.trim or (
        spec.colours[1].hex if len(spec.colours) > 1 and rng.random() < 0.6 else ""
    )
    heel = smooth(
        (-half - 0.4, 1.2), (0.2, 5.2), (3.0, 9.9), (-1.5, 9.6), (-half - 0.5, 6.4), closed=True
    )
    toe = smooth(
        (foot - 1.2, 1.8),
        (foot + 3.0, 3.2),
        (foot + 4.0, 6.2),
        (foot + 1.5, 9.0),
        (foot - 1.8, 9.5),
        closed=True,
    )
    cuff = rectangle(-half - 0.2, -leg - 0.4, 2 * half + 0.4, min(leg * 0.4, 4.5), round_by=0.4)
    edge = cuff[[4, 5]] - (0, 0.2)
    return [
        Panel(outline=outline, lift=0.6, bulge=0.9, roundness=1.8, folds=0.5, fabric="knit" if spec.material == "wool" else ""),
        *[Panel(outline=patch, attached=True, bulge=0.15, roundness=0.6, dye=accent, shade=1.0 if accent else 0.85, patterned=False)
          for patch in (heel, toe)],
        Panel(outline=cuff, attached=True, bulge=0.3, roundness=0.7, fabric="rib", dye=accent, patterned=False),
        Seam(line=edge, depth=0.15, width=0.3),
        *[Crease(line=smooth((1.5, 0.5 + k), (4.0, 3 + 1.5 * k), (4.5 + k, 7.5)), height=0.3, width=0.7) for k in (0.0, 1.6)],
    ]  # fmt: skip


def gloves(spec: GarmentSpec, rng: Random) -> list[Part]:
    """A pair, thumbs inwards or one laid over the other; knitted or of leather; some are mittens."""
    mittens = rng.random() < 0.2
    one = mitten(spec, rng) if mittens else glove(spec, rng)
    apart, crossed = float(rng.uniform(7.5, 11.5)), rng.random() < 0.25
    lean = float(rng.uniform(-0.05, 0.22)) + (0.3 if crossed else 0.0)
    near = np.array((apart * (0.55 if crossed else 1.0), float(rng.uniform(-1.2, 1.2))))
    return [
        *[moved(part, turn=-lean, by=-near, flip=True) for part in one],
        *[moved(part, turn=lean, by=near) for part in one],
    ]


def glove(spec: GarmentSpec, rng: Random) -> list[Part]:
    """The right one in the picture, fingers up, thumb towards the middle."""
    spread = float(rng.uniform(0.75, 1.3))
    fingers = (
        (-3.5, -2.6, -0.16, 7.4),
        (-1.2, -3.3, -0.05, 8.6),
        (1.2, -3.0, 0.06, 8.0),
        (3.4, -1.9, 0.17, 6.2),
    )
    parts: list[Part] = [finger((-3.6, 4.6), -0.75, 6.8, 1.35)]
    for x, y, lean, reach in fingers:
        parts.append(finger((x, y), lean * spread, reach, 1.22))
    palm = smooth(
        (-4.9, -2.4),
        (0, -3.6),
        (4.8, -1.8),
        (5.0, 4),
        (4.3, 9),
        (0, 9.4),
        (-4.2, 9),
        (-5.2, 4),
        closed=True,
    )
    lines: list[Part] = [
        Crease(line=smooth((x, -1.5), (x * 0.9, 2), (x * 0.8, 5.2)), height=-0.22, width=0.5)
        for x in (-2.0, 0.1, 2.1)
    ]
    return [
        *parts,
        Panel(outline=palm, lift=0.9, bulge=1.0, roundness=1.6, folds=0.4),
        *lines,
        *wrist(spec, rng),
    ]


def finger(root: tuple[float, float], lean: float, reach: float, half: float) -> Panel:
    shape = symmetric(
        join(
            smooth(
                (0, -reach),
                (half * 0.55, -reach + 0.12),
                (half * 0.92, -reach + 0.7),
                (half, -reach + 1.8),
                (half * 1.06, 2.4),
            ),
            points((0, 2.6)),
        )
    )
    return Panel(
        outline=turned(shape, lean) + root,
        lift=0.7,
        bulge=0.9,
        roundness=1.1,
        folds=0.3,
        grain=-lean,
    )


def mitten(spec: GarmentSpec, rng: Random) -> list[Part]:
    hand = smooth((-4.4, 9), (-5.0, 2), (-4.7, -6), (-3, -10.5), (0, -11.8), (3, -10.5), (4.8, -6), (5.0, 2), (4.3, 9),
                  closed=True)  # fmt: skip
    return [
        finger((-3.8, 3.6), -0.62, 6.4, 1.7),
        Panel(outline=hand, lift=0.9, bulge=1.4, roundness=2.4, folds=0.5),
        *wrist(spec, rng),
    ]


def wrist(spec: GarmentSpec, rng: Random) -> list[Part]:
    low = float(rng.uniform(12.5, 17))
    fabric = "" if spec.material in ("leather", "suede") else "rib"
    cuff = points((-4.4, 8.2), (4.5, 8.2), (5.0, low), (-4.9, low))
    return [
        Panel(
            outline=cuff,
            lift=0.9,
            bulge=0.6,
            roundness=1.0,
            fabric=fabric,
            folds=0.3,
            patterned=False,
            dye=spec.trim,
        ),
        Seam(line=cuff[:2] + (0, 0.3), depth=0.2, width=0.35),
    ]
