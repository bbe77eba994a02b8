"""What happened in a period, from rollups; nothing here reads calls.

Figures are at most a minute and a run of the job late (`is_late` tells), and the period that is not over yet
is counted as far as it has come. Periods are widened to whole 5 minutes, and to whole hours or days where smaller
ones are kept no longer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Aggregate, BinaryField, DateTimeField, Func, Q, QuerySet, Sum, Value

from monitoring.figures.buckets import Histogram, merge_groups, unpack
from monitoring.figures.building import EPOCH, KEPT, LENGTHS, Grain, floor_to
from monitoring.figures.statements import METRICS, NAMED
from monitoring.models import Rollup, RollupProgress
from registry.engines import BUILTIN

LATE_AFTER = timedelta(minutes=5)
"""Figures that are older say nothing of now."""

HOUR = LENGTHS[Grain.HOUR]
MAX_POINTS = 120
STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (5, 60, 6 * 60, 24 * 60, 7 * 24 * 60, 28 * 24 * 60, 364 * 24 * 60)
)


@dataclass(frozen=True)
class Period:
    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    def weeks_ago(self, weeks: int) -> "Period":
        back = timedelta(weeks=weeks)
        return Period(self.since - back, self.until - back)


class Figures(NamedTuple):
    """What happened in a period to the calls that people waited for. Counts; histograms in milliseconds.

    `calls` are closed ones, by when they ended. `stopped` were cancelled or superseded. `within_goal` succeeded within
    the task's goal; `builtin` ended with the built-in engine. `shown` and `withheld` count calls by the code of the
    violation, `shown_with_fault` and `stopped_by_check` calls with any; `errors` count failed ones by their code. Times
    are of succeeded calls: histograms of `latency`, `first_word`, `word_gap` (between two words) and `queue_wait`, and
    for each step in how many calls it was timed and its microseconds in all.
    """

    # No dataclass: pages make a thousand of them, and a frozen one takes five times as long.

    calls: int = 0
    succeeded: int = 0
    failed: int = 0
    stopped: int = 0
    within_goal: int = 0
    builtin: int = 0
    shown_with_fault: int = 0
    stopped_by_check: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    shown: Mapping[str, int] = {}
    withheld: Mapping[str, int] = {}
    errors: Mapping[str, int] = {}
    step_calls: Mapping[str, int] = {}
    step_us: Mapping[str, int] = {}
    latency: Histogram = Histogram()
    first_word: Histogram = Histogram()
    word_gap: Histogram = Histogram()
    queue_wait: Histogram = Histogram()


COUNTS = (
    "calls", "succeeded", "failed", "stopped", "within_goal", "shown_with_fault", "stopped_by_check",
    "input_tokens", "output_tokens",
)  # fmt: skip


TimeSeries = list[tuple[datetime, Figures]]
"""By the start of each step, oldest first."""


class PackHistograms(Aggregate):
    """The histograms of a group, for `unpack`; of `first` and `counts`."""

    template = "string_agg(array_send(%(expressions)s), '')"
    arg_joiner = " || "
    output_field = BinaryField()


@dataclass(frozen=True)
class Columns:
    """Which counts, histograms and numbers by name to add up; what is left out stays empty in the figures."""

    counts: tuple[str, ...] = COUNTS
    metrics: tuple[str, ...] = METRICS
    named: tuple[str, ...] = NAMED

    @cached_property
    def sums(self) -> dict[str, Aggregate]:
        """What the database adds up, by a name that is no field's."""
        found: dict[str, Aggregate] = {f"all_{name}": add_column(name) for name in self.counts}
        found |= {f"all_{name}": JSONBAgg(name) for name in self.named}
        found |= {
            f"all_{name}": PackHistograms(f"{name}_first", f"{name}_counts")
            for name in self.metrics
        }
        return found


def add_column(name: str) -> Aggregate:
    if name == "builtin":
        return Sum("calls", filter=Q(engine=BUILTIN), default=0)
    return Sum(name)


ALL = Columns()
ONLY_COUNTS = Columns(metrics=(), named=("shown", "withheld"))
"""Without histograms and steps."""


def add_up(rollups: QuerySet[Rollup], columns: Columns = ALL) -> Figures:
    """Of any rollups; they should not overlap."""
    [figures] = make_figures([list(rollups.aggregate(**columns.sums).values())], columns)
    return figures


def add_up_by(rollups: QuerySet[Rollup], *keys: str, columns: Columns = ALL) -> dict[Any, Figures]:
    """The figures of each group of rollups, in the order of the keys; one key stands for itself, several make a tuple.

    The database adds up, so that there is a row for each group and none for each rollup.
    """
    found = rollups.order_by(*keys).values_list(*keys).annotate(**columns.sums)
    rows, width = list(found), len(keys)
    figures = make_figures([row[width:] for row in rows], columns)
    names = [row[0] if width == 1 else row[:width] for row in rows]
    return dict(zip(names, figures, strict=True))


def make_figures(rows: Sequence[Sequence[Any]], columns: Columns) -> list[Figures]:
    """Of groups, each with the values of `columns.sums`. What there is none of is None."""
    counts, named = len(columns.counts), len(columns.counts) + len(columns.named)
    merged = [merge([row[named + i] for row in rows]) for i in range(len(columns.metrics))]
    figures = []
    for place, row in enumerate(rows):
        values: dict[str, Any] = {
            name: count or 0 for name, count in zip(columns.counts, row[:counts], strict=True)
        }
        for name, codes in zip(columns.named, row[counts:named], strict=True):
            values[name] = add_codes(codes or ())
        for metric, histograms in zip(columns.metrics, merged, strict=True):
            values[metric] = histograms[place]
        figures.append(Figures(**values))
    return figures


def merge(packed: Sequence[bytes | None]) -> list[Histogram]:
    """The histogram of each group."""
    parts = (
        (place, first, counts)
        for place, group in enumerate(packed)
        for first, counts in unpack(group or b"")
    )
    return merge_groups(parts, len(packed))


def add_codes(found: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Numbers by name, such as those of violations, added up by name."""
    total: dict[str, int] = {}
    for codes in found:
        for code, number in codes.items():
            total[code] = total.get(code, 0) + number
    return dict(sorted(total.items()))


def read_figures(
    since: datetime,
    until: datetime,
    *,
    task: str,
    version_id: int | None = None,
    engine: str = "",
    side: str | None = None,
    columns: Columns = ALL,
) -> Figures:
    """Of the calls of a task that ended from `since` on and before `until`; blank and None are all."""
    rollups = find_rollups(since, until, newest_at()).filter(task=task)
    if version_id is not None:
        rollups = rollups.filter(version=version_id)
    if engine:
        rollups = rollups.filter(engine=engine)
    if side is not None:
        rollups = rollups.filter(side=side)
    return add_up(rollups, columns)


def find_rollups(since: datetime, until: datetime, newest: datetime | None) -> QuerySet[Rollup]:
    """The fewest that hold a period: days inside it, hours and 5 minutes at its ends. `newest` is `newest_at()`."""
    finest = find_finest(since, max(until, newest) if newest else until)
    grains = [grain for grain in LENGTHS if LENGTHS[grain] >= LENGTHS[finest]]
    held = Q(pk__in=[])
    for grain, start, end in cover(since, until, grains):
        held |= Q(grain=grain, starts_at__gte=start, starts_at__lt=end)
    return Rollup.objects.filter(held).order_by()


Piece = tuple[Grain, datetime, datetime]


def cover(since: datetime, until: datetime, grains: Sequence[Grain]) -> Iterator[Piece]:
    """Pieces that hold a period, each with its grain; `grains` are to be used, the smallest first."""
    *smaller, largest = grains
    start, end = ceil_to(since, LENGTHS[largest]), floor_to(until, LENGTHS[largest])
    if not smaller:
        yield largest, floor_to(since, LENGTHS[largest]), until
    elif start < end:
        yield from cover(since, start, smaller)
        yield largest, start, end
        yield from cover(end, until, smaller)
    else:
        yield from cover(since, until, smaller)


def ceil_to(moment: datetime, length: timedelta) -> datetime:
    floor = floor_to(moment, length)
    return floor if floor == moment else floor + length


def find_finest(since: datetime, now: datetime) -> Grain:
    """The smallest grain that is kept as far back as `since`."""
    for grain, kept in KEPT.items():
        if since >= now - kept:
            return grain
    return Grain.DAY


def pick_step(since: datetime, until: datetime, now: datetime) -> timedelta:
    """The distance of points: the smallest that gives `MAX_POINTS` at most and is kept."""
    finest = LENGTHS[find_finest(since, now)]
    steps = [step for step in STEPS if step >= finest]
    return next((s for s in steps if (until - since) / s <= MAX_POINTS - 1), steps[-1])


def read_series(
    since: datetime,
    until: datetime,
    *,
    step: timedelta,
    task: str,
    version_id: int | None = None,
    columns: Columns = ALL,
) -> TimeSeries:
    """One for each step with a call. A step is one of `STEPS`; long ones begin in UTC."""
    rollups = find_steps(step, Period(since, until)).filter(task=task)
    if version_id is not None:
        rollups = rollups.filter(version=version_id)
    return list(add_up_by(rollups, "at", columns=columns).items())


def read_series_by(
    rollups: QuerySet[Rollup], key: str, columns: Columns = ALL
) -> dict[Any, TimeSeries]:
    """A series for each value of a key, of the steps that `find_steps` found."""
    series: dict[Any, TimeSeries] = {}
    for (name, at), figures in add_up_by(rollups, key, "at", columns=columns).items():
        series.setdefault(name, []).append((at, figures))
    return series


def find_steps(step: timedelta, *periods: Period) -> QuerySet[Rollup]:
    """Those of the largest grain of which whole ones make a step; `at` is when the step of each begins."""
    grain = max(
        (grain for grain in LENGTHS if LENGTHS[grain] <= step), key=lambda grain: LENGTHS[grain]
    )
    held = Q(pk__in=[])
    for period in periods:
        held |= Q(starts_at__gte=floor_to(period.since, step), starts_at__lt=period.until)
    at = Func(
        Value(step), "starts_at", Value(EPOCH), function="date_bin", output_field=DateTimeField()
    )
    return Rollup.objects.filter(held, grain=grain).annotate(at=at)


TOTALS = ("calls", "succeeded", "failed", "stopped", "within_goal")


def read_totals(since: datetime, until: datetime, *, tasks: Sequence[str]) -> dict[str, TimeSeries]:
    """The counts of calls of each hour with a call, by task, added up in the database; without codes and tokens."""
    rows = find_steps(HOUR, Period(since, until)).filter(task__in=tasks).order_by("starts_at")
    series: dict[str, TimeSeries] = {task: [] for task in tasks}
    for task, at, *counts in rows.values_list("task", "starts_at").annotate(*map(Sum, TOTALS)):
        series[task].append((at, Figures(**dict(zip(TOTALS, counts, strict=True)))))
    return series


def read_hours(since: datetime, until: datetime, *, task: str) -> TimeSeries:
    """The counts of each hour with a call, without histograms, by its start."""
    return read_series(since, until, step=HOUR, task=task, columns=ONLY_COUNTS)


def newest_at() -> datetime | None:
    """Up to when calls have been counted; None before the first run. A page reads it once."""
    return RollupProgress.objects.values_list("built_until", flat=True).first()


def is_late(now: datetime, newest: datetime | None) -> bool:
    """Whether figures that are counted until `newest` say nothing of now: the job has not run for a while, or ever."""
    return newest is None or now - newest > LATE_AFTER
