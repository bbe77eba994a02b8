"""Calls by task and version, series and violations for the overview, from rollups."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from monitoring.figures.reading import (
    Columns,
    Figures,
    add_codes,
    add_up_by,
    find_rollups,
    read_series,
)
from monitoring.selectors import Window
from registry.engines import BUILTIN
from registry.models import InferenceCall, PromptVersion

Asked = tuple[str, int]
"""A task and the primary key of a version."""

TIMES = Columns(metrics=("latency", "first_word"), named=())

GOAL_SHARE = 0.95
"""A goal is one for the 95th percentile (see `registry.tasks.Goals`)."""


@dataclass(frozen=True)
class CallStats:
    """Calls of one version of one task; times in milliseconds, None without a succeeded call.

    `calls` have ended; `running` are those under way.
    """

    task: str
    version_number: int
    calls: int
    succeeded: int
    failed: int
    stopped: int
    within_goal: int
    running: int
    stopped_by_check: int
    shown_with_fault: int
    builtin: int
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    ttft_p50_ms: float | None
    ttft_p95_ms: float | None

    @property
    def failed_share(self) -> float:
        """Of the calls that ended by themselves, 0..1."""
        ended = self.succeeded + self.failed
        return self.failed / ended if ended else 0.0

    @property
    def meets_goal(self) -> bool:
        """Whether the 95th percentile does: exact, by the count of calls within the goal."""
        return self.within_goal >= GOAL_SHARE * self.succeeded


def get_call_stats(since: datetime, until: datetime) -> list[CallStats]:
    """One row per task and version that was called, newest version first."""
    rows = TIMES.read(find_rollups(since, until))
    figures = add_up_by(rows, lambda row: (row["task"], row["version_id"]), TIMES)
    builtin: Counter[Asked] = Counter()
    for row in rows:
        if row["engine"] == BUILTIN:
            builtin[row["task"], row["version_id"]] += row["calls"]
    running = count_running()
    asked = {*figures, *running}
    numbers = dict(
        PromptVersion.objects.filter(pk__in={pk for _, pk in asked}).values_list("pk", "number")
    )
    stats = [
        make_stats(
            one, numbers[one[1]], figures.get(one, Figures()), builtin[one], running.get(one, 0)
        )
        for one in asked
    ]
    return sorted(stats, key=lambda row: (row.task, -row.version_number))


def count_running() -> Mapping[Asked, int]:
    """Few are open at once, and an index holds these alone."""
    rows = (
        InferenceCall.objects.for_people()
        .unfinished()
        .order_by()
        .values_list("task", "version")
        .annotate(Count("pk"))
    )
    return {(task, version): count for task, version, count in rows}


def make_stats(
    asked: Asked, number: int, figures: Figures, builtin: int, running: int
) -> CallStats:
    return CallStats(
        task=asked[0],
        version_number=number,
        calls=figures.calls,
        succeeded=figures.succeeded,
        failed=figures.failed,
        stopped=figures.stopped,
        within_goal=figures.within_goal,
        running=running,
        stopped_by_check=figures.stopped_by_check,
        shown_with_fault=figures.shown_with_fault,
        builtin=builtin,
        latency_p50_ms=figures.latency.quantile(0.5),
        latency_p95_ms=figures.latency.quantile(0.95),
        ttft_p50_ms=figures.first_word.quantile(0.5),
        ttft_p95_ms=figures.first_word.quantile(0.95),
    )


@dataclass(frozen=True)
class Point:
    """One bucket of the series; times in milliseconds."""

    at: datetime
    calls: int
    latency_p95_ms: float | None
    ttft_p95_ms: float | None


def get_series(*, task: str, window: Window, now: datetime) -> list[Point]:
    """Buckets that hold a succeeded call, oldest first."""
    since = window.starts_at(now)
    found = read_series(since, now, step=window.bucket, task=task, columns=TIMES)
    return [make_point(at, figures) for at, figures in found if figures.succeeded]


def make_point(at: datetime, figures: Figures) -> Point:
    return Point(
        at=at,
        calls=figures.succeeded,
        latency_p95_ms=figures.latency.quantile(0.95),
        ttft_p95_ms=figures.first_word.quantile(0.95),
    )


@dataclass(frozen=True)
class ViolationCount:
    """Calls that broke one check: in `shown` somebody saw it, in `withheld` nobody did."""

    code: str
    shown: int
    withheld: int


def count_violations(since: datetime, until: datetime) -> list[ViolationCount]:
    """How often each check fired, most often first."""
    rows = find_rollups(since, until).exclude(shown={}, withheld={})
    found = list(rows.values_list("shown", "withheld"))
    shown = add_codes(codes for codes, _ in found)
    withheld = add_codes(codes for _, codes in found)
    most = Counter(shown) + Counter(withheld)
    return [
        ViolationCount(code, shown.get(code, 0), withheld.get(code, 0))
        for code, _ in most.most_common()
    ]
