"""The slowest calls of a period: rollups tell in which hours they are, so that few calls are read."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Func, IntegerField, Max, Q

from monitoring.figures.buckets import PER_OCTAVE, Histogram, find_bucket
from monitoring.figures.building import Grain
from monitoring.figures.reading import HOUR
from monitoring.models import Rollup
from registry.models import InferenceCall

SHOWN = 5
EDGE = 1 - 1e-9
"""A bound is a little lower than it should be, so that no rounding leaves a call out."""

Points = Sequence[tuple[datetime, Histogram]]


def find_slowest(task: str, points: Points, step: timedelta) -> list[InferenceCall]:
    """Slowest first; `points` are the latencies of each step. Calls that were removed are not among them."""
    starts, at_least_ms = pick_highest(
        [(find_highest(histogram), at) for at, histogram in points if histogram.counts]
    )
    if step > HOUR:
        starts, at_least_ms = pick_highest(read_hours(task, starts, step))
        step = HOUR
    ended = Q(pk__in=[])
    for start in starts:
        ended |= Q(finished_at__gte=start, finished_at__lt=start + step)
    calls = InferenceCall.objects.for_people().filter(
        ended, task=task, outcome=InferenceCall.Outcome.SUCCEEDED, latency_ms__gte=at_least_ms
    )
    calls = calls.select_related("version").defer("output", "version__bundle")
    return list(calls.order_by("-latency_ms")[:SHOWN])


Highest = tuple[int, datetime]
"""The highest bucket that holds a call, of the calls of a step that begins then."""


def find_highest(histogram: Histogram) -> int:
    return histogram.first + len(histogram.counts) - 1


def pick_highest(found: Sequence[Highest]) -> tuple[set[datetime], float]:
    """The steps that hold the slowest calls, and the lower bound of their times in ms: of the `SHOWN` that reach highest
    each has one call at least in its highest bucket, so that none of a lower bucket is among the slowest."""
    highest = sorted((bucket for bucket, _ in found), reverse=True)
    lowest = highest[SHOWN - 1] if len(highest) >= SHOWN else find_bucket(0)
    starts = {at for bucket, at in found if bucket >= lowest}
    return starts, 0.0 if lowest <= find_bucket(0) else EDGE * 2 ** (lowest / PER_OCTAVE)


def read_hours(task: str, starts: Iterable[datetime], step: timedelta) -> list[Highest]:
    """Those of some steps. Hours are kept for 90 days: of days before nothing is found."""
    inside = Q(pk__in=[])
    for start in starts:
        inside |= Q(starts_at__gte=start, starts_at__lt=start + step)
    hours = Rollup.objects.filter(inside, grain=Grain.HOUR, task=task, succeeded__gt=0)
    length = Func("latency_counts", function="cardinality", output_field=IntegerField())
    highest = (
        hours.order_by().values("starts_at").annotate(highest=Max(F("latency_first") + length - 1))
    )
    return [(bucket, at) for at, bucket in highest.values_list("starts_at", "highest")]
