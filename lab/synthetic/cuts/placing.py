"""Where the two shoes of a pair stand or lie."""

from collections.abc import Callable
from typing import TypeAlias

from lab.synthetic.curves import Pair, Points, turned
from lab.synthetic.fields import Random

Move: TypeAlias = Callable[[Points], Points]


def pair(rng: Random, gap: float) -> list[Move]:
    """Where the left and the right shoe stand: side by side, never quite parallel."""

    def place(side: int, turn: float, ahead: float) -> Move:
        return lambda line: turned(line * (side, 1), turn) + (side * gap, ahead)

    return [
        place(-1, float(rng.uniform(-0.10, 0.0)), float(rng.uniform(-1, 1))),
        place(1, float(rng.uniform(0.0, 0.10)), float(rng.uniform(-1, 1))),
    ]


def lying(turn: float, at: Pair, *, facing: int = 1) -> Move:
    """Turned, then shifted to `at`; `facing` -1 points the toe to the right."""
    return lambda line: turned(line, turn) * (facing, 1) + at


def behind_each_other(rng: Random, shaft: float) -> list[Move]:
    """Two from the side: the second before the first, or one beneath the other when they are low."""
    tilts = [float(rng.normal(0, 0.06)) for _ in range(2)]
    facing = int(rng.choice([-1, 1]))
    if shaft > 16 or rng.random() < 0.3:
        step, down = float(rng.uniform(5, 17)), float(rng.uniform(2, 6) + 2 * (shaft < 8))
        places = [(-step / 2, -down), (step / 2, 2.0)]
    else:
        apart = 4.8 + 0.56 * shaft
        places = [(-1.0, -apart), (float(rng.uniform(-2, 3)), apart)]
    return [lying(tilt, at, facing=facing) for tilt, at in zip(tilts, places, strict=True)]
