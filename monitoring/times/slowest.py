"""The slowest calls of a period: rollups tell in which hours they are, so that few calls are read."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from monitoring.figures.buckets import PER_OCTAVE, Histogram, find_bucket
from monitoring.figures.building import Grain
from monitoring.figures.reading import HOUR, Columns, add_up_by
from monitoring.models import Rollup
from registry.models import InferenceCall

SHOWN = 5
EDGE = 1 - 1e-9
"""A bound is a little lower than it should be, so that no rounding leaves a call out."""

LATENCY = Columns(counts=(), metrics=("latency",), named=())
Points = Sequence[tuple[datetime, Histogram]]


def find_slowest(task: str, points: Points, step: timedelta) -> list[InferenceCall]:
    """Slowest first; `points` are the latencies of each step. Calls that were removed are not among them."""
    starts, at_least_ms = pick_highest(points)
    if step > HOUR:
        points = read_hours(task, starts, step)
        starts, at_least_ms = pick_highest(points)
        step = HOUR
    ended = Q(pk__in=[])
    for start in starts:
        ended |= Q(finished_at__gte=start, finished_at__lt=start + step)
    calls = InferenceCall.objects.for_people().filter(
        ended, task=task, outcome=InferenceCall.Outcome.SUCCEEDED, latency_ms__gte=at_least_ms
    )
    calls = calls.select_related("version").defer("output", "version__bundle")
    return list(calls.order_by("-latency_ms")[:SHOWN])


def pick_highest(points: Points) -> tuple[list[datetime], float]:
    """The steps that hold the highest buckets with `SHOWN` calls together, and the lower bound of these in ms."""
    buckets = sorted(
        (
            (bucket, count, at)
            for at, histogram in points
            for bucket, count in list_highest(histogram)
        ),
        reverse=True,
    )
    starts: list[datetime] = []
    passed, lowest = 0, 0
    for bucket, count, at in buckets:
        if passed >= SHOWN:
            break
        passed, lowest = passed + count, bucket
        if at not in starts:
            starts.append(at)
    is_smallest = lowest <= find_bucket(0)
    return starts, 0.0 if is_smallest else EDGE * 2 ** (lowest / PER_OCTAVE)


def list_highest(histogram: Histogram) -> Iterator[tuple[int, int]]:
    """Its highest buckets, each with its count, down to the one that makes `SHOWN` calls."""
    passed = 0
    for place in range(len(histogram.counts) - 1, -1, -1):
        if passed >= SHOWN:
            return
        if count := histogram.counts[place]:
            passed += count
            yield histogram.first + place, count


def read_hours(task: str, starts: Sequence[datetime], step: timedelta) -> Points:
    """Those of some steps. Hours are kept for 90 days: of days before nothing is found."""
    inside = Q(pk__in=[])
    for start in starts:
        inside |= Q(starts_at__gte=start, starts_at__lt=start + step)
    rows = LATENCY.read(Rollup.objects.filter(inside, grain=Grain.HOUR, task=task))
    found = add_up_by(rows, lambda row: row["starts_at"], LATENCY)
    return [(at, figures.latency) for at, figures in found.items()]
