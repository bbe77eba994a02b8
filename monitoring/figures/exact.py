"""Counts of a period to the second: rollups for its whole 5 minutes, calls for what is at its ends.

Alerts look each minute at windows that begin and end anywhere. What has not been counted into rollups yet is read from
the calls, so that a job that is late delays no alert.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q

from monitoring.figures.building import LENGTHS, Grain, floor_to
from monitoring.figures.reading import (
    ONLY_COUNTS,
    Figures,
    add_codes,
    ceil_to,
    newest_at,
    read_figures,
)
from registry.models import InferenceCall
from registry.tasks import all_tasks

SUCCEEDED = Q(outcome=InferenceCall.Outcome.SUCCEEDED)
FAILED = Q(outcome=InferenceCall.Outcome.FAILED)
STEP = LENGTHS[Grain.FIVE_MINUTES]


def count_figures(
    since: datetime, until: datetime, *, task: str, version_id: int | None = None
) -> Figures:
    """Of the calls of a task that ended from `since` on and before `until`, without tokens and histograms."""
    start, newest = ceil_to(since, STEP), newest_at()
    end = floor_to(min(until, newest), STEP) if newest else start
    if end <= start:
        return count_calls(since, until, task=task, version_id=version_id)
    return add(
        [
            count_calls(since, start, task=task, version_id=version_id),
            read_figures(start, end, task=task, version_id=version_id, columns=ONLY_COUNTS),
            count_calls(end, until, task=task, version_id=version_id),
        ]
    )


def add(parts: Iterable[Figures]) -> Figures:
    parts = list(parts)
    names = ("calls", "succeeded", "failed", "stopped", "within_goal")
    return Figures(
        **{name: sum(getattr(part, name) for part in parts) for name in names},
        shown=add_codes(part.shown for part in parts),
        withheld=add_codes(part.withheld for part in parts),
    )


def count_calls(
    since: datetime, until: datetime, *, task: str, version_id: int | None = None
) -> Figures:
    """The same from the calls alone."""
    if since >= until:
        return Figures()
    calls = InferenceCall.objects.for_people().order_by()
    calls = calls.filter(task=task, finished_at__gte=since, finished_at__lt=until)
    if version_id is not None:
        calls = calls.filter(version=version_id)
    known = all_tasks().get(task)
    goal = Q(latency_ms__lte=known.goals.latency_ms) if known else Q()
    counts = calls.aggregate(
        calls=Count("pk"),
        succeeded=Count("pk", filter=SUCCEEDED),
        failed=Count("pk", filter=FAILED),
        stopped=Count("pk", filter=Q(outcome__in=["cancelled", "superseded"])),
        within_goal=Count("pk", filter=SUCCEEDED & goal),
    )
    found = list(calls.exclude(violations=[]).values_list("violations", flat=True))
    return Figures(
        **counts, shown=count_codes(found, shown=True), withheld=count_codes(found, shown=False)
    )


def count_codes(calls: Iterable[list[dict[str, object]]], *, shown: bool) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for violations in calls:
        counts.update({str(v["code"]) for v in violations if v.get("shown", True) is shown})
    return dict(counts)
