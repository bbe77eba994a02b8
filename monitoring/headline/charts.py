"""The small chart of latency: x in percent of the plot, y in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring import plots
from monitoring.plots import Mark, Plot

TOP, BOTTOM = 23.0, 112.0
"""Of the plot area, in pixels of an SVG that is 132 high."""


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
