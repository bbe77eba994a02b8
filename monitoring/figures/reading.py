"""What happened in a period, from rollups; nothing here reads calls.

Figures are at most a minute and a run of the job late (`is_late` tells), and the period that is not over yet
is counted as far as it has come. Periods are widened to whole 5 minutes, and to whole hours or days where smaller
ones are kept no longer.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q, QuerySet, Sum

from monitoring.figures.buckets import Histogram, merge_groups
from monitoring.figures.building import KEPT, LENGTHS, Grain, floor_to
from monitoring.figures.statements import METRICS, NAMED
from monitoring.models import Rollup, RollupProgress

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


@dataclass(frozen=True)
class Figures:
    """What happened in a period to the calls that people waited for. Counts; histograms in milliseconds.

    `calls` are closed ones, by when they ended. `stopped` were cancelled or superseded. `within_goal` succeeded within
    the task's goal. `shown` and `withheld` count calls by the code of the violation, `shown_with_fault` and
    `stopped_by_check` calls with any; `errors` count failed ones by their code. Times are of succeeded calls: histograms of `latency`, `first_word`, `word_gap`
    (between two words) and `queue_wait`, and for each step in how many calls it was timed and its microseconds in all.
    """

    calls: int = 0
    succeeded: int = 0
    failed: int = 0
    stopped: int = 0
    within_goal: int = 0
    shown_with_fault: int = 0
    stopped_by_check: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    shown: dict[str, int] = field(default_factory=dict)
    withheld: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    step_calls: dict[str, int] = field(default_factory=dict)
    step_us: dict[str, int] = field(default_factory=dict)
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

Row = Mapping[str, Any]
"""Columns of a rollup: making instances of the model takes longer than reading it."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Columns:
    """Which counts, histograms and numbers by name to read; what is left out stays empty in the figures."""

    counts: tuple[str, ...] = COUNTS
    metrics: tuple[str, ...] = METRICS
    named: tuple[str, ...] = NAMED

    def read(self, rollups: QuerySet[Rollup]) -> list[Row]:
        held = [f"{metric}_{part}" for metric in self.metrics for part in ("first", "counts")]
        keys = ("starts_at", "task", "version_id", "engine", "side")
        return list(rollups.values(*keys, *self.counts, *self.named, *held))


ALL = Columns()
ONLY_COUNTS = Columns(metrics=(), named=("shown", "withheld"))
"""Without histograms and steps."""


def add_up(rows: Iterable[Row], columns: Columns = ALL) -> Figures:
    """Of any rollups; they should not overlap."""
    return add_up_by(rows, lambda _: None, columns).get(None, Figures())


def add_up_by(
    rows: Iterable[Row], key: Callable[[Row], Key], columns: Columns = ALL
) -> dict[Key, Figures]:
    """The figures of each group of rollups, in the order in which the groups first come."""
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    merged = {metric: merge(list(groups.values()), metric) for metric in columns.metrics}
    return {
        name: make_figures(
            held, columns, {metric: found[place] for metric, found in merged.items()}
        )
        for place, (name, held) in enumerate(groups.items())
    }


def make_figures(
    rows: Sequence[Row], columns: Columns, histograms: Mapping[str, Histogram]
) -> Figures:
    counted: dict[str, Any] = {name: sum(row[name] for row in rows) for name in columns.counts}
    named = {name: add_codes(row[name] for row in rows) for name in columns.named}
    return Figures(**counted | named | dict(histograms))


def merge(groups: Sequence[Sequence[Row]], metric: str) -> list[Histogram]:
    first, counts = f"{metric}_first", f"{metric}_counts"
    parts = [(place, row[first], row[counts]) for place, rows in enumerate(groups) for row in rows]
    return merge_groups(parts, len(groups))


def add_codes(found: Iterable[dict[str, int]]) -> dict[str, int]:
    """Numbers by name, such as those of violations, added up by name."""
    total: Counter[str] = Counter()
    for codes in found:
        total.update(codes)
    return dict(sorted(total.items()))


def read_figures(
    since: datetime,
    until: datetime,
    *,
    task: str,
    version_id: int | None = None,
    engine: str = "",
    side: str | None = None,
) -> Figures:
    """Of the calls of a task that ended from `since` on and before `until`; blank and None are all."""
    rows = find_rollups(since, until, newest_at()).filter(task=task)
    if version_id is not None:
        rows = rows.filter(version=version_id)
    if engine:
        rows = rows.filter(engine=engine)
    if side is not None:
        rows = rows.filter(side=side)
    return add_up(ALL.read(rows))


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
    rows = find_steps(since, until, step).filter(task=task)
    if version_id is not None:
        rows = rows.filter(version=version_id)
    read = columns.read(rows.order_by("starts_at"))
    return list(add_up_by(read, lambda row: floor_to(row["starts_at"], step), columns).items())


def group_series(
    rows: Sequence[Row], column: str, step: timedelta, columns: Columns
) -> dict[Any, TimeSeries]:
    """By the values of a column."""
    found = add_up_by(rows, lambda row: (row[column], floor_to(row["starts_at"], step)), columns)
    series: dict[Any, TimeSeries] = {}
    for (name, at), figures in found.items():
        series.setdefault(name, []).append((at, figures))
    return series


def find_steps(since: datetime, until: datetime, step: timedelta) -> QuerySet[Rollup]:
    """Those of the largest grain of which whole ones make a step."""
    grain = max(
        (grain for grain in LENGTHS if LENGTHS[grain] <= step), key=lambda grain: LENGTHS[grain]
    )
    return Rollup.objects.filter(
        grain=grain, starts_at__gte=floor_to(since, step), starts_at__lt=until
    )


TOTALS = ("calls", "succeeded", "failed", "stopped", "within_goal")


def read_totals(since: datetime, until: datetime, *, tasks: Sequence[str]) -> dict[str, TimeSeries]:
    """The counts of calls of each hour with a call, by task, added up in the database; without codes and tokens."""
    rows = find_steps(since, until, HOUR).filter(task__in=tasks).order_by("starts_at")
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
