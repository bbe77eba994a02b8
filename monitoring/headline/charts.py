"""The three small charts of the overview: x in percent of the plot, y in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring import plots
from monitoring.figures.building import LENGTHS, Grain
from monitoring.figures.reading import Figures, Period, TimeSeries
from monitoring.links import link_calls
from monitoring.plots import Mark, Plot

TOP, BOTTOM = 23.0, 112.0
"""Of the plot area, in pixels of an SVG that is 132 high."""
STEP = LENGTHS[Grain.FIVE_MINUTES]
SCALES = (1, 2, 5, 10, 20, 50, 100)
"""Ends of the scale, in percent of answers."""


@dataclass(frozen=True)
class SmallPlot:
    """A latency plot of which the 95th percentile is drawn lower: its lines are stretched, its marks moved."""

    plot: Plot
    runs: Sequence[str]
    y_ticks: list[Mark]
    end_y: float


def shrink(plot: Plot) -> SmallPlot:
    def move(y: float) -> float:
        return round(TOP + (y - plots.TOP) * (BOTTOM - TOP) / (plots.BOTTOM - plots.TOP), 1)

    line = next(line for line in plot.lines if line.name == "p95")
    ticks = [Mark(move(tick.at), tick.label) for tick in plot.y_ticks]
    return SmallPlot(
        plot, line.runs, ticks[:: 2 if len(ticks) > 4 else 1], move(line.end_y - 4) + 4
    )


@dataclass(frozen=True)
class Bar:
    """One step: shown stands on the base, withheld on it. Heights in pixels."""

    x: float
    width: float
    shown_y: float
    shown_height: float
    withheld_y: float
    withheld_height: float


@dataclass(frozen=True)
class FaultRow:
    """What the table behind the chart says of one step, with the calls behind each count."""

    at: datetime
    calls: int
    shown: int
    withheld: int
    calls_link: str
    shown_link: str
    withheld_link: str


@dataclass(frozen=True)
class FaultChart:
    bars: list[Bar]
    rows: list[FaultRow]
    x_ticks: list[Mark]
    top_percent: int
    summary: str


def build_fault_chart(series: TimeSeries, period: Period) -> FaultChart:
    """Shares of the answers of each step that were shown with a fault, and in which one was withheld."""
    rows = [make_row(at, figures, period) for at, figures in series]
    peak = max((100 * (row.shown + row.withheld) / row.calls for row in rows), default=0.0)
    top = next((scale for scale in SCALES if scale >= peak), SCALES[-1])
    faults = [row for row in rows if row.shown or row.withheld]
    shown = sum(row.shown for row in rows)
    calls = sum(row.calls for row in rows)
    return FaultChart(
        bars=[make_bar(row, period, top) for row in faults],
        rows=rows,
        x_ticks=plots.make_ticks(period, count=2),
        top_percent=top,
        summary=f"{shown:,} of {calls:,} answers were shown with a fault.",
    )


def make_row(at: datetime, figures: Figures, period: Period) -> FaultRow:
    step = Period(at, min(at + STEP, period.until))
    return FaultRow(
        at=at,
        calls=figures.calls,
        shown=figures.shown_with_fault,
        withheld=figures.stopped_by_check,
        calls_link=link_calls(period=step),
        shown_link=link_calls(period=step, seen="shown"),
        withheld_link=link_calls(period=step, seen="withheld"),
    )


def make_bar(row: FaultRow, period: Period, top: int) -> Bar:
    def height(count: int) -> float:
        return round((BOTTOM - TOP) * min(100 * count / row.calls / top, 1.0), 2)

    step = 100 * (STEP / max(period.length, timedelta(seconds=1)))
    x = 100 * ((row.at - period.since) / max(period.length, timedelta(seconds=1)))
    shown = height(row.shown)
    withheld = min(height(row.withheld), BOTTOM - TOP - shown)
    return Bar(
        x=round(x, 2),
        width=round(min(0.8 * step, 100 - x), 2),
        shown_y=round(BOTTOM - shown, 2),
        shown_height=shown,
        withheld_y=round(BOTTOM - shown - withheld, 2),
        withheld_height=round(withheld, 2),
    )
