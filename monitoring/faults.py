"""Faults over time, as bars that a template draws: x in percent of the plot, y in pixels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.figures.reading import Figures, Period, TimeSeries
from monitoring.links import prepare_call_links
from monitoring.plots import Flag, Mark, draw_flags, make_ticks, pick_scale, place_in, say_step
from monitoring.times.releases import Release
from monitoring.times.words import say_stamp

TOP, BOTTOM = 23.0, 112.0
"""Of the plot area, in pixels of an SVG that is 132 high."""

SCALES = (1, 2, 5, 10, 20, 50, 100)
"""Ends of the scale, in percent of answers."""


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
    """What the table behind the chart says of one step, with the calls behind each count that is not nought."""

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
    step: str
    summary: str
    flags: list[Flag]


def build_fault_chart(
    series: TimeSeries,
    period: Period,
    step: timedelta,
    counted_until: datetime,
    task: str = "",
    releases: Sequence[Release] = (),
) -> FaultChart:
    """Shares of the answers of each step that were shown with a fault, and in which one was withheld.

    `series` are of a task, or of all where none is named. Each count leads to its calls, whole steps of them, up to
    where they were counted. `releases` are drawn, and told in the summary.
    """
    link = prepare_call_links(task=task)
    rows = [
        make_row(figures, Period(at, min(at + step, counted_until)), link) for at, figures in series
    ]
    peak = max((100 * (row.shown + row.withheld) / row.calls for row in rows), default=0.0)
    top = pick_scale(SCALES, peak)
    faults = [row for row in rows if row.shown or row.withheld]
    shown = sum(row.shown for row in rows)
    calls = sum(row.calls for row in rows)
    return FaultChart(
        bars=[make_bar(row, period, step, top) for row in faults],
        rows=rows,
        step=say_step(step),
        x_ticks=make_ticks(period, count=2),
        top_percent=top,
        summary=" ".join(
            [
                f"{shown:,} of {calls:,} answers were shown with a fault.",
                *map(say_release, releases),
            ]
        ),
        flags=draw_flags(releases, lambda moment: place_in(period, moment)),
    )


def say_release(release: Release) -> str:
    return f"{release.beginning} on {say_stamp(release.at)}."


def make_row(figures: Figures, step: Period, link: Callable[..., str]) -> FaultRow:
    calls = link(since=step.since, until=step.until)
    return FaultRow(
        at=step.since,
        calls=figures.calls,
        shown=figures.shown_with_fault,
        withheld=figures.stopped_by_check,
        calls_link=calls,
        shown_link=f"{calls}&seen=shown" if figures.shown_with_fault else "",
        withheld_link=f"{calls}&seen=withheld" if figures.stopped_by_check else "",
    )


def make_bar(row: FaultRow, period: Period, step: timedelta, top: int) -> Bar:
    def height(count: int) -> float:
        return round((BOTTOM - TOP) * min(100 * count / row.calls / top, 1.0), 2)

    left, right = place_in(period, row.at), place_in(period, row.at + step)
    shown = height(row.shown)
    withheld = min(height(row.withheld), BOTTOM - TOP - shown)
    return Bar(
        x=round(left, 2),
        width=round(0.8 * (right - left), 2),
        shown_y=round(BOTTOM - shown, 2),
        shown_height=shown,
        withheld_y=round(BOTTOM - shown - withheld, 2),
        withheld_height=round(withheld, 2),
    )
