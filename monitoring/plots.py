"""Percentiles over time as an SVG that a template draws: x in percent of the plot, y in pixels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from monitoring.charts import ValueScale as Grid
from monitoring.figures.changes import MIN_CALLS
from monitoring.figures.reading import Figures, Period, TimeSeries
from registry.models import Deployment
from registry.tasks import AnyTask

TOP, BOTTOM = 23.0, 240.0
"""Of the plot area, in pixels of an SVG that is 260 high."""

WIDTH = 1000.0
"""Of the nested SVG that lines and bands are drawn in; it is stretched to the plot's width."""

LINES = (("p50", 0.5, "o-ln o-ln--d"), ("p95", 0.95, "o-ln"), ("p99", 0.99, "o-ln o-ln--c"))


@dataclass(frozen=True)
class Mark:
    """A tick or a release: where it is, in percent or pixels, and what stands at it."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Line:
    """`runs` are `points` attributes: a line ends where a step has too few calls."""

    name: str
    css: str
    runs: list[str]
    end_y: float


@dataclass(frozen=True)
class Row:
    """What the table behind the chart says of one step; times in milliseconds, None where calls are too few."""

    at: datetime
    calls: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    first_word_p95_ms: float | None


@dataclass(frozen=True)
class Plot:
    task: AnyTask
    lines: list[Line]
    bands: list[str]
    x_ticks: list[Mark]
    y_ticks: list[Mark]
    goal_y: float | None
    releases: list[Mark]
    moves: Sequence[Deployment]
    rows: list[Row]
    step: str
    summary: str


def build_plot(
    task: AnyTask,
    series: TimeSeries,
    moves: Sequence[Deployment],
    step: timedelta,
    period: Period,
    *,
    usual: tuple[timedelta, Sequence[TimeSeries]],
) -> Plot | None:
    """None where no step has enough calls for a percentile. `usual` are a step and the series of the weeks before."""
    rows = [make_row(at, figures) for at, figures in series]
    peaks = [row.p99_ms for row in rows if row.p99_ms is not None]
    if not peaks:
        return None
    grid = Grid.for_peak(max(*peaks, 100.0))
    length = period.length

    def x(moment: datetime) -> float:
        share = (moment - period.since) / length
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def y(ms: float) -> float:
        share = min(ms / (grid.step_ms * grid.lines), 1.0)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)

    goal_ms = task.goals.latency_ms
    return Plot(
        task=task,
        lines=[draw_line(name, css, rows, step, x, y) for name, _, css in LINES],
        bands=draw_bands(*usual, x, y),
        x_ticks=make_ticks(period),
        y_ticks=[
            Mark(y(grid.step_ms * i), f"{grid.step_ms * i / 1000:g}\u00a0s")
            for i in range(grid.lines + 1)
        ],
        goal_y=y(goal_ms) if goal_ms <= grid.step_ms * grid.lines else None,
        releases=mark_releases([m for m in moves if m.created_at >= period.since], x),
        moves=moves,
        rows=rows,
        step=say_step(step),
        summary=f"The 99th percentile peaks at {max(peaks) / 1000:.1f} seconds.",
    )


def make_row(at: datetime, figures: Figures) -> Row:
    has_enough = figures.succeeded >= MIN_CALLS
    quantile = figures.latency.quantile
    return Row(
        at=at,
        calls=figures.succeeded,
        p50_ms=quantile(0.5) if has_enough else None,
        p95_ms=quantile(0.95) if has_enough else None,
        p99_ms=quantile(0.99) if has_enough else None,
        first_word_p95_ms=figures.first_word.quantile(0.95) if has_enough else None,
    )


Scale = Callable[[float], float]
TimeScale = Callable[[datetime], float]


def draw_line(
    name: str, css: str, rows: Sequence[Row], step: timedelta, x: TimeScale, y: Scale
) -> Line:
    runs: list[list[tuple[float, float]]] = []
    last: datetime | None = None
    end_y = BOTTOM
    for row in rows:
        ms = getattr(row, f"{name}_ms")
        if ms is None:
            continue
        if last is None or row.at - last > step:
            runs.append([])
        point = (x(row.at + step / 2) * WIDTH / 100, y(ms) - TOP)
        runs[-1].append(point)
        last, end_y = row.at, y(ms)
    return Line(name, css, [join(widen(run)) for run in runs], end_y + 4)


def widen(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A single point becomes a short dash."""
    if len(points) > 1:
        return points
    [(x, y)] = points
    return [(x - 4, y), (x + 4, y)]


def join(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def draw_bands(
    step: timedelta,
    usual: Sequence[TimeSeries],
    x: TimeScale,
    y: Scale,
) -> list[str]:
    """From the lowest to the highest p95 of each step in the weeks before: a polygon a step that two weeks know."""
    known: dict[datetime, list[float]] = {}
    for week in usual:
        for at, figures in week:
            p95 = figures.latency.quantile(0.95)
            if p95 is not None and figures.succeeded >= MIN_CALLS:
                known.setdefault(at, []).append(p95)
    bands = []
    for at, found in sorted(known.items()):
        left, right = (10 * x(moment) for moment in (at, at + step))
        low, high = y(min(found)) - TOP, y(max(found)) - TOP
        if len(found) > 1 and left < right:
            bands.append(join([(left, high), (right, high), (right, low), (left, low)]))
    return bands


def make_ticks(period: Period, count: int = 4) -> list[Mark]:
    length = period.length
    form = "%H:%M" if length <= timedelta(days=2) else "%d %b"
    marks = []
    for i in range(count + 1):
        moment = timezone.localtime(period.since + length * i / count)
        anchor = {0: "start", count: "end"}.get(i, "middle")
        marks.append(Mark(100 * i / count, f"{moment:{form}}", anchor))
    return marks


def mark_releases(moves: Sequence[Deployment], x: TimeScale) -> list[Mark]:
    """Of those too close to name apart the last is named."""
    places = [x(move.created_at) for move in moves]
    nexts = [*places[1:], 200.0]
    return [
        Mark(
            at,
            f"v{move.to_version.number}" if following - at > 6 else "",
            "start" if at < 10 else "end",
        )
        for move, at, following in zip(moves, places, nexts, strict=False)
    ]


def say_step(step: timedelta) -> str:
    minutes = int(step.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    if hours < 24:
        return "hour" if hours == 1 else f"{hours} hours"
    return "day" if hours == 24 else f"{hours // 24} days"
