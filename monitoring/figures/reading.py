"""What happened in a period, counted from the calls themselves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from registry.models import InferenceCall
from registry.tasks import all_tasks

SUCCEEDED = Q(outcome=InferenceCall.Outcome.SUCCEEDED)


@dataclass(frozen=True)
class Figures:
    """What happened in a period to the calls that people waited for."""

    calls: int
    succeeded: int
    failed: int
    stopped: int
    within_goal: int
    shown: dict[str, int]
    withheld: dict[str, int]


def read_figures(
    since: datetime, until: datetime, *, task: str, version_id: int | None = None, engine: str = ""
) -> Figures:
    """Of the calls of a task that ended from `since` on and before `until`."""
    calls = InferenceCall.objects.for_people().order_by()
    calls = calls.filter(task=task, finished_at__gte=since, finished_at__lt=until)
    if version_id is not None:
        calls = calls.filter(version=version_id)
    if engine:
        calls = calls.filter(engine=engine)
    known = all_tasks().get(task)
    goal = Q(latency_ms__lte=known.goals.latency_ms) if known else Q()
    counts = calls.aggregate(
        calls=Count("pk"),
        succeeded=Count("pk", filter=SUCCEEDED),
        failed=Count("pk", filter=Q(outcome=InferenceCall.Outcome.FAILED)),
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
