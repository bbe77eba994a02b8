"""Curves in centimetres: y runs down, x to the right, zero at the middle of the collar or waist."""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
Pair: TypeAlias = tuple[float, float]


def points(*pairs: Pair) -> Points:
    return np.array(pairs, dtype=np.float64)


def smooth(*pairs: Pair, closed: bool = False, steps: int = 10) -> Points:
    """A Catmull-Rom spline through the points."""
    knots = points(*pairs)
    if closed:
        padded = np.vstack([knots[-1], knots, knots[:2]])
    else:
        padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [spline(padded[i : i + 4], t) for i in range(len(padded) - 3)]
    return np.vstack(pieces if closed else [*pieces, knots[-1:]])


def spline(four: Points, t: Points) -> Points:
    a, b, c, d = four
    bend = 2 * a - 5 * b + 4 * c - d
    cubic = -a + 3 * b - 3 * c + d
    return np.asarray(0.5 * (2 * b + (c - a) * t + bend * t**2 + cubic * t**3))


def join(*runs: Points) -> Points:
    """One outline of several runs; where runs meet is a corner."""
    return np.vstack(runs)


def mirror(line: Points) -> Points:
    """The other side of the body, walked the other way."""
    return line[::-1] * (-1, 1)


def symmetric(right: Points) -> Points:
    """A closed outline from its right half, which starts and ends on the centre line."""
    return np.vstack([right, mirror(right)])


def ribbon(line: Points, width: float) -> Points:
    """The strip of cloth that lies `width` to the right of a walk along the line."""
    return np.vstack([line, offset(line, width)[::-1]])


def offset(line: Points, width: float) -> Points:
    tangent = np.gradient(line, axis=0)
    length = np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-6)[:, None]
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / length
    return line + normal * width


def resample(line: Points, step: float) -> Points:
    """Points `step` apart along the line."""
    lengths = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.arange(0, along[-1], step)
    return np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)


def ellipse(x: float, y: float, rx: float, ry: float, *, turn: float = 0.0) -> Points:
    angle = np.linspace(0, 2 * math.pi, 48, endpoint=False)
    flat = np.stack([rx * np.cos(angle), ry * np.sin(angle)], axis=1)
    return turned(flat, turn) + (x, y)


def rectangle(x: float, y: float, width: float, height: float, *, round_by: float = 0.4) -> Points:
    """A rectangle from its left top corner, its corners cut so that it looks sewn."""
    r, right, bottom = round_by, x + width, y + height
    return points(
        (x + r, y), (right - r, y), (right, y + r), (right, bottom - r),
        (right - r, bottom), (x + r, bottom), (x, bottom - r), (x, y + r),
    )  # fmt: skip


def turned(line: Points, angle: float) -> Points:
    """Turned clockwise around the origin, radians."""
    c, s = math.cos(angle), math.sin(angle)
    return np.asarray(line @ np.array([[c, s], [-s, c]]))
