"""Steps put together where each alone has too few answers to say anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitoring.figures.buckets import Histogram
from monitoring.figures.building import floor_to
from monitoring.figures.changes import MIN_CALLS
from monitoring.figures.reading import Figures, Period, TimeSeries

FACTORS = (2, 3, 6, 12, 24, 60, 120)


def find_step(series: Sequence[TimeSeries], step: timedelta, period: Period) -> timedelta:
    """The smallest multiple of a step of which one at least has enough answers; the step itself where none has."""
    for factor in (1, *FACTORS):
        longer = factor * step
        if any(
            figures.succeeded >= MIN_CALLS
            for one in series
            for _, figures in put_together(one, step, longer, period)
        ):
            return longer
        if longer >= period.length + step:
            break
    return step


def put_together(
    series: TimeSeries, step: timedelta, longer: timedelta, period: Period
) -> TimeSeries:
    """Longer steps from where the period's first one begins; answers, their times and those of the first word alone."""
    if longer == step:
        return series
    origin = floor_to(period.since, step)
    held: dict[datetime, list[Figures]] = {}
    for at, figures in series:
        held.setdefault(origin + (at - origin) // longer * longer, []).append(figures)
    return [
        (
            at,
            Figures(
                succeeded=sum(one.succeeded for one in found),
                latency=Histogram.merge(one.latency for one in found),
                first_word=Histogram.merge(one.first_word for one in found),
            ),
        )
        for at, found in held.items()
    ]
