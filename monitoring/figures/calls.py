"""Calls by task and version, from rollups."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from monitoring.figures.reading import Figures
from registry.models import InferenceCall, PromptVersion

Asked = tuple[str, int]
"""A task and the primary key of a version."""


@dataclass(frozen=True)
class CallStats:
    """Calls of one version of one task; times in milliseconds, None without a succeeded call.

    `calls` have ended; `running` are those under way.
    """

    task: str
    version_id: int
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


def get_call_stats(figures: Mapping[Asked, Figures]) -> list[CallStats]:
    """One row per task and version that was called or is asked now, newest version first."""
    running = count_running()
    asked = {*figures, *running}
    numbers = dict(
        PromptVersion.objects.filter(pk__in={pk for _, pk in asked}).values_list("pk", "number")
    )
    stats = [
        make_stats(one, numbers[one[1]], figures.get(one, Figures()), running.get(one, 0))
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


def make_stats(asked: Asked, number: int, figures: Figures, running: int = 0) -> CallStats:
    return CallStats(
        task=asked[0],
        version_id=asked[1],
        version_number=number,
        calls=figures.calls,
        succeeded=figures.succeeded,
        failed=figures.failed,
        stopped=figures.stopped,
        within_goal=figures.within_goal,
        running=running,
        stopped_by_check=figures.stopped_by_check,
        shown_with_fault=figures.shown_with_fault,
        builtin=figures.builtin,
        latency_p50_ms=figures.latency.quantile(0.5),
        latency_p95_ms=figures.latency.quantile(0.95),
        ttft_p50_ms=figures.first_word.quantile(0.5),
        ttft_p95_ms=figures.first_word.quantile(0.95),
    )
