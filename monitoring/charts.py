"""Response times with what went live, as coordinates of an SVG that a template draws."""

# By hand: unfold's charts are Chart.js on a canvas, which says nothing to a screen reader, ignores forced
# colours and prints as pixels; Python's SVG libraries write style elements, which the policy forbids.

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.figures.calls import Point
from monitoring.selectors import Window
from registry.models import Deployment
from registry.tasks import AnyTask

LEFT, RIGHT, TOP, BOTTOM = 48.0, 928.0, 36.0, 220.0
"""The plot area inside the 960 × 268 view box, in SVG units."""

LABEL = 110.0
"""Width of a release's label, in SVG units."""

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


@dataclass(frozen=True)
class Release:
    """Where a move of production stands; no `label` where there is no room for one."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True)
class Chart:
    """One task's response times: `latency` and `ttft` are the points of polylines.

    `goal_y` is None where the goal lies above the plot.
    """

    task: AnyTask
    latency: str
    ttft: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    goal_y: float | None
    releases: list[Release]
    peak_s: float


def build_chart(
    task: AnyTask,
    points: Sequence[Point],
    deployments: Iterable[Deployment],
    window: Window,
    now: datetime,
) -> Chart:
    """From the buckets of one task, of which there is at least one, and the moves of all prompts."""
    time = TimeScale(window.starts_at(now), window.length)
    peak = max(max(p.latency_p95_ms or 0, p.ttft_p95_ms or 0) for p in points)
    value = ValueScale.for_peak(max(peak, 100.0))
    middle = window.bucket / 2

    def line(name: str) -> str:
        values = [(time.x(p.at + middle), getattr(p, name)) for p in points]
        return polyline([(x, value.y(ms)) for x, ms in values if ms is not None])

    goal_ms = task.goals.latency_ms
    return Chart(
        task=task,
        latency=line("latency_p95_ms"),
        ttft=line("ttft_p95_ms"),
        x_ticks=time.ticks(),
        y_ticks=value.ticks(),
        goal_y=value.y(goal_ms) if goal_ms <= value.step_ms * value.lines else None,
        releases=label_releases(time, [d for d in deployments if d.prompt.name == task.name]),
        peak_s=peak / 1000,
    )


def label_releases(time: TimeScale, deployments: Iterable[Deployment]) -> list[Release]:
    """Of those too close to name apart the last is named."""
    moves = [(time.x(d.created_at), d) for d in deployments]
    nexts = [x for x, _ in moves[1:]] + [float("inf")]
    return [
        Release(
            x=x,
            label=f"v{d.to_version.number} {d.get_kind_display()}" if following - x > LABEL else "",
            anchor="end" if x > RIGHT - LABEL else "middle",
        )
        for (x, d), following in zip(moves, nexts, strict=False)
    ]
