"""Percentiles over time as an SVG that a template draws: x in percent of the plot, y in pixels."""

# By hand: unfold's charts are Chart.js on a canvas, which says nothing to a screen reader, ignores forced
# colours and prints as pixels; Python's SVG libraries write style elements, which the policy forbids.
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils import timezone

from monitoring.figures.changes import MIN_CALLS
from monitoring.figures.reading import Figures, Period, TimeSeries
from monitoring.times.coarser import find_step, put_together
from monitoring.times.releases import Kind, Release
from registry.calls.links import prepare_links
from registry.models import PromptVersion
from registry.tasks import AnyTask

TOP, BOTTOM = 23.0, 240.0
"""Of the plot area, in pixels of an SVG that is 260 high."""

LABEL_HEIGHT = 13.0

WIDTH = 1000.0
"""Of the nested SVG that lines and bands are drawn in; it is stretched to the plot's width."""

STEPS_S = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)
"""In seconds; the smallest that needs at most four lines wins."""

FIRST_WORD = "word"
"""The short name of its line."""

Named = tuple[PromptVersion, TimeSeries]

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Grid:
    """`lines` grid lines above the base, `step_ms` apart."""

    step_ms: float
    lines: int

    @classmethod
    def for_peak(cls, peak_ms: float) -> "Grid":
        step = next((s for s in STEPS_S if s * 4000 >= peak_ms), peak_ms / 4000)
        lines = max(1, -(-int(peak_ms) // int(step * 1000)))
        return cls(step_ms=step * 1000, lines=min(lines, 4))


@dataclass(frozen=True)
class Mark:
    """A tick: where it is, in percent or pixels, and what stands at it."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Flag(Mark):
    """A release. One that came back says its name on the right of its line, any other on the left."""

    kind: Kind = "live"


@dataclass(frozen=True)
class Curve:
    """What a line is of: `p50`, `p95`, `p99` or `first_word_p95` of a series, of all versions or of one."""

    name: str
    percentile: str
    css: str
    text_css: str
    series: TimeSeries
    version: PromptVersion | None = None
    title: str = ""


@dataclass(frozen=True)
class Line:
    """`runs` are `points` attributes: a line ends where a step has too few calls. `name` stands at its end, `title` is for
    who hears it."""

    name: str
    title: str
    css: str
    text_css: str
    runs: list[str]
    end_y: float


@dataclass(frozen=True)
class Row:
    """What the table behind the chart says of one step; times in milliseconds, None where calls are too few."""

    at: datetime
    version: PromptVersion | None
    calls: int
    calls_url: str
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
    flags: list[Flag]
    releases: Sequence[Release]
    rows: list[Row]
    is_comparison: bool
    step: str
    summary: str

    @property
    def has_first_word(self) -> bool:
        return any(line.name == FIRST_WORD for line in self.lines)


def pick_curves(series: TimeSeries, compared: Sequence[Named]) -> list[Curve]:
    """The percentiles of all versions together, and p95 of the first word where answers come word by word; or p95 of
    each of two that are compared."""
    if compared:
        (first, answers), (second, others) = compared
        return [
            Curve(f"v{first.number}", "p95", "o-ln", "o-t-a", answers, first),
            Curve(f"v{second.number}", "p95", "o-ln o-ln--b", "o-t-b", others, second),
        ]
    curves = [
        Curve("p50", "p50", "o-ln o-ln--d", "o-t-a", series),
        Curve("p95", "p95", "o-ln", "o-t-a", series),
        Curve("p99", "p99", "o-ln o-ln--c", "o-t-c", series),
    ]
    if any(figures.first_word.total for _, figures in series):
        curves.append(
            Curve(
                FIRST_WORD,
                "first_word_p95",
                "o-ln o-ln--b",
                "o-t-b",
                series,
                title="p95 of the first word",
            )
        )
    return curves


def build_plot(
    task: AnyTask,
    curves: Sequence[Curve],
    releases: Sequence[Release],
    step: timedelta,
    period: Period,
    *,
    usual: tuple[timedelta, Sequence[TimeSeries]],
) -> Plot | None:
    """None with too few answers for a percentile in the whole period; where single steps have too few, they are longer.
    `usual` are a step and the series of the weeks before."""
    series = {one.version: one.series for one in curves}
    longer = find_step(list(series.values()), step, period)
    series = {version: put_together(one, step, longer, period) for version, one in series.items()}
    step = longer
    made = {version: make_rows(task, version, found, step) for version, found in series.items()}
    drawn = [(at, ms) for one in curves for at, ms in read_points(one, made[one.version])]
    if not drawn:
        return None
    peak = max(ms for _, ms in drawn)
    grid = Grid.for_peak(max(peak, 100.0))
    length = period.length

    def x(moment: datetime) -> float:
        share = (moment - period.since) / length
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def y(ms: float) -> float:
        share = min(ms / (grid.step_ms * grid.lines), 1.0)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)

    goal_ms = task.goals.latency_ms
    rows = [row for found in made.values() for row in found]
    return Plot(
        task=task,
        lines=spread_labels([draw_line(one, made[one.version], step, x, y) for one in curves]),
        bands=draw_bands(*usual, x, y),
        x_ticks=make_ticks(period),
        y_ticks=[
            Mark(y(grid.step_ms * i), f"{grid.step_ms * i / 1000:g}\u00a0s")
            for i in range(grid.lines + 1)
        ],
        goal_y=y(goal_ms) if goal_ms <= grid.step_ms * grid.lines else None,
        flags=draw_flags([one for one in releases if one.at >= period.since], x),
        releases=releases,
        rows=sorted(rows, key=lambda row: row.at),
        is_comparison=curves[0].version is not None,
        step=say_step(step),
        summary=f"The highest line peaks at {peak / 1000:.1f} seconds.",
    )


def make_rows(
    task: AnyTask, version: PromptVersion | None, series: TimeSeries, step: timedelta
) -> list[Row]:
    version_id = version.pk if version else None
    link = prepare_links(task=task.name, version=version_id, outcome="succeeded")
    return [
        make_row(version, at, figures, link(since=at, until=at + step)) for at, figures in series
    ]


def make_row(version: PromptVersion | None, at: datetime, figures: Figures, calls_url: str) -> Row:
    has_enough = figures.succeeded >= MIN_CALLS
    quantile = figures.latency.quantile
    return Row(
        at=at,
        version=version,
        calls=figures.succeeded,
        calls_url=calls_url,
        p50_ms=quantile(0.5) if has_enough else None,
        p95_ms=quantile(0.95) if has_enough else None,
        p99_ms=quantile(0.99) if has_enough else None,
        first_word_p95_ms=figures.first_word.quantile(0.95) if has_enough else None,
    )


def read_points(curve: Curve, rows: Sequence[Row]) -> list[tuple[datetime, float]]:
    points = [(row.at, getattr(row, f"{curve.percentile}_ms")) for row in rows]
    return [(at, ms) for at, ms in points if ms is not None]


Scale = Callable[[float], float]
TimeScale = Callable[[datetime], float]


def draw_line(curve: Curve, rows: Sequence[Row], step: timedelta, x: TimeScale, y: Scale) -> Line:
    runs: list[list[tuple[float, float]]] = []
    last: datetime | None = None
    end_y = BOTTOM
    for at, ms in read_points(curve, rows):
        if last is None or at - last > step:
            runs.append([])
        runs[-1].append((x(at + step / 2) * WIDTH / 100, y(ms) - TOP))
        last, end_y = at, y(ms)
    points = [join(widen(run)) for run in runs]
    return Line(curve.name, curve.title or curve.name, curve.css, curve.text_css, points, end_y + 4)


def spread_labels(lines: Sequence[Line]) -> list[Line]:
    """Names at the right end, moved down where they would lie on each other."""
    lowest = 0.0
    placed = {}
    for line in sorted(lines, key=lambda line: line.end_y):
        placed[line.name] = lowest = max(line.end_y, lowest + LABEL_HEIGHT)
    return [replace(line, end_y=placed[line.name]) for line in lines]


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


def pick_scale(scales: Sequence[Number], peak: float) -> Number:
    """The smallest of them that holds the peak, else the last."""
    return next((scale for scale in scales if scale >= peak), scales[-1])


def place_in(period: Period, moment: datetime) -> float:
    """Where a moment is in a period, in percent; what is outside lies at its ends."""
    share = (moment - period.since) / max(period.length, timedelta(seconds=1))
    return 100 * min(max(share, 0.0), 1.0)


def make_ticks(period: Period, count: int = 4) -> list[Mark]:
    length = period.length
    form = "%H:%M" if length <= timedelta(days=2) else "%d %b"
    marks = []
    for i in range(count + 1):
        moment = timezone.localtime(period.since + length * i / count)
        anchor = {0: "start", count: "end"}.get(i, "middle")
        marks.append(Mark(100 * i / count, f"{moment:{form}}", anchor))
    return marks


def draw_flags(releases: Sequence[Release], x: TimeScale) -> list[Flag]:
    """Of those too close to name apart the last is named."""
    places = [x(one.at) for one in releases]
    nexts = [*places[1:], 200.0]
    return [
        Flag(
            at=at,
            label=f"v{one.number}" if following - at > 6 else "",
            anchor="start" if at < 10 or (one.kind == "back" and at < 90) else "end",
            kind=one.kind,
        )
        for one, at, following in zip(releases, places, nexts, strict=False)
    ]


def say_step(step: timedelta) -> str:
    minutes = int(step.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    if hours < 24:
        return "hour" if hours == 1 else f"{hours} hours"
    return "day" if hours == 24 else f"{hours // 24} days"
