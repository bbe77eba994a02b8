"""Geometry of the server-rendered charts: numbers in, SVG coordinates out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LEFT, RIGHT, TOP, BOTTOM = 48.0, 928.0, 36.0, 220.0
"""The plot area inside the 960 × 268 view box, in SVG units."""

STEPS_S = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)
"""Distances between grid lines, in seconds; the smallest that needs at most four lines wins."""


@dataclass(frozen=True)
class Tick:
    position: float
    label: str


@dataclass(frozen=True)
class TimeScale:
    starts_at: datetime
    length: timedelta

    def x(self, moment: datetime) -> float:
        share = (moment - self.starts_at) / self.length
        return round(LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0), 1)

    def ticks(self, count: int = 6) -> list[Tick]:
        """`count` + 1 marks at equal distances; days are named once the period passes two."""
        form = "%H:%M" if self.length <= timedelta(days=2) else "%a %H:%M"
        moments = [self.starts_at + self.length * i / count for i in range(count + 1)]
        return [Tick(self.x(moment), f"{moment:{form}}") for moment in moments]


@dataclass(frozen=True)
class ValueScale:
    """Milliseconds to heights; `step_ms` is the distance of two grid lines."""

    step_ms: float
    lines: int

    @classmethod
    def for_peak(cls, peak_ms: float) -> "ValueScale":
        step = next((s for s in STEPS_S if s * 4000 >= peak_ms), peak_ms / 4000)
        lines = max(1, -(-int(peak_ms) // int(step * 1000)))
        return cls(step_ms=step * 1000, lines=min(lines, 4))

    def y(self, value_ms: float) -> float:
        share = min(value_ms / (self.step_ms * self.lines), 1.0)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)

    def ticks(self) -> list[Tick]:
        values = [self.step_ms * i for i in range(self.lines + 1)]
        return [Tick(self.y(value), f"{value / 1000:g} s") for value in values]


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """The `points` attribute of a polyline; a single point becomes a short dash."""
    if len(points) == 1:
        (x, y), *_ = points
        points = [(x - 4, y), (x + 4, y)]
    return " ".join(f"{x},{y}" for x, y in points)
