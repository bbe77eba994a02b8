"""Boxes of things in a picture: x, y, width and height, in pixels or in fractions."""

from collections.abc import Sequence


def measure_box(box: Sequence[float]) -> float:
    """Its area; 0 where no box was told."""
    return box[2] * box[3] if len(box) == 4 else 0.0


def measure_shared(one: Sequence[float], other: Sequence[float]) -> float:
    """The area that lies in both."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)
