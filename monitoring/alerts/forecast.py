"""What a rule costs before it is saved: its false alarms a year, and when it would have fired lately."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncMinute
from django.utils import timezone

from monitoring.alerts import states
from monitoring.alerts.binomial import MINUTES_A_YEAR, count_false_alarms
from monitoring.alerts.measures import MEASURES, Measure, Observation, Series
from monitoring.alerts.states import Life, Timing
from monitoring.figures.building import floor_to
from monitoring.figures.reading import HOUR, TimeSeries, read_hours
from monitoring.models import AlertRule
from registry.models import InferenceCall, PromptVersion
from registry.tasks import all_tasks

PERIOD = timedelta(days=28)
MINUTE = timedelta(minutes=1)


def list_tasks(rule: AlertRule) -> list[str]:
    return [rule.task] if rule.task else list(all_tasks())


def read_traffic(tasks: Iterable[str], now: datetime) -> dict[str, TimeSeries]:
    """The hours of the last 28 days by task, as they were counted into rollups: for any number of rules."""
    return {task: read_hours(now - PERIOD, now, task=task) for task in tasks}


def forecast_false_alarms(
    rule: AlertRule, now: datetime | None = None, traffic: Mapping[str, TimeSeries] | None = None
) -> float | None:
    """So many a year at the traffic of the last 28 days, added up over the rule's tasks, as if one version answered each.

    For absence from the gaps that such traffic has; None for a queue, which is counted and not sampled.
    `traffic` is that of `read_traffic`, where it is known already.
    """
    if rule.measure == AlertRule.Measure.QUEUE:
        return None
    now, tasks = now or timezone.now(), list_tasks(rule)
    traffic = read_traffic(tasks, now) if traffic is None else traffic
    hourly = [count_hourly(rule, traffic.get(task, []), now) for task in tasks]
    if rule.measure == AlertRule.Measure.ABSENCE:
        return sum(count_gaps(calls, rule.window_minutes) for calls in hourly)
    return sum(
        count_false_alarms(
            calls,
            share=rule.objective,
            p_value=rule.p_value,
            min_bad=rule.min_bad,
            window=rule.window_minutes,
        )
        for calls in hourly
    )


def count_hourly(rule: AlertRule, hours: TimeSeries, now: datetime) -> list[int]:
    """Calls that count for a rule, for each whole hour since the first one."""
    measure = MEASURES[rule.measure]
    totals = {at: measure.pick(figures, rule).total for at, figures in hours}
    counts = {at: total for at, total in totals.items() if total}
    if not counts:
        return []
    first, last = min(counts), floor_to(now, HOUR)
    length = max(1, int((last - first) / HOUR))
    return [counts.get(first + i * HOUR, 0) for i in range(length)]


def select_calls(task: str, measure: Measure, now: datetime) -> QuerySet[InferenceCall]:
    calls = InferenceCall.objects.for_people().filter(measure.all_calls(), task=task).order_by()
    return calls.filter(finished_at__gte=now - PERIOD, finished_at__lt=now)


def count_gaps(traffic: Sequence[int], window: int) -> float:
    """Gaps of more than `window` minutes a year: those between calls that come independently at each hour's rate, and the
    runs of hours without any, of which each that may have been long enough counts."""
    if not traffic:
        return 0.0
    by_chance = sum(calls * math.exp(-calls / 60 * window) for calls in traffic)
    runs = [len(list(hours)) for calls, hours in groupby(traffic) if not calls]
    nights = sum((hours + 2) * 60 > window for hours in runs)
    return (by_chance + nights) * MINUTES_A_YEAR / (60 * len(traffic))


@dataclass(frozen=True)
class Firing:
    """The rule would have fired at `at` for this."""

    series: Series
    at: datetime
    found: Observation


def replay(rule: AlertRule, now: datetime | None = None) -> list[Firing] | None:
    """When it would have fired in the last 28 days, looked at each minute; None for a queue, whose past is not kept."""
    if rule.measure == AlertRule.Measure.QUEUE:
        return None
    now = now or timezone.now()
    firings = [
        firing
        for series, minutes in read_minutes(rule, now)
        for firing in replay_series(rule, series, minutes, now)
    ]
    return sorted(firings, key=lambda firing: firing.at)


def read_minutes(
    rule: AlertRule, now: datetime
) -> Iterator[tuple[Series, dict[datetime, tuple[int, int]]]]:
    """For each series its bad calls and all, by the minute in which they ended."""
    measure = MEASURES[rule.measure]
    for task in list_tasks(rule):
        bad = measure.bad_calls(rule, Series(task))
        calls = select_calls(task, measure, now).annotate(minute=TruncMinute("finished_at"))
        series = F("version") if measure.by_version else F("task")
        grouped = calls.annotate(series=series).values("series", "minute")
        counted = grouped.annotate(bad=Count("pk", filter=bad), total=Count("pk"))
        rows = counted.values_list("series", "minute", "bad", "total")
        found: dict[object, dict[datetime, tuple[int, int]]] = {}
        for key, minute, count, total in rows:
            found.setdefault(key, {})[minute] = (count, total)
        versions = PromptVersion.objects.select_related("prompt").in_bulk(
            [key for key in found if isinstance(key, int)]
        )
        for key, minutes in found.items():
            yield (
                Series(task, versions.get(key) if isinstance(key, int) else None),
                minutes,
            )


def replay_series(
    rule: AlertRule,
    series: Series,
    minutes: dict[datetime, tuple[int, int]],
    now: datetime,
) -> Iterator[Firing]:
    """The real state machine over the counts, minute by minute."""
    measure, life = MEASURES[rule.measure], Life()
    timing = Timing(timedelta(minutes=rule.for_minutes), timedelta(minutes=rule.keep_minutes))
    at, bad, total = min(minutes), 0, 0
    window = rule.window_minutes * MINUTE
    while at < now:
        came, went = minutes.get(at, (0, 0)), minutes.get(at - window, (0, 0))
        bad, total, at = bad + came[0] - went[0], total + came[1] - went[1], at + MINUTE
        found = Observation(bad, total)
        if rule.measure == AlertRule.Measure.ABSENCE:
            found = Observation(int(not total), max(total, 1))
        before, life = life, states.step(life, measure.judge(rule, found), at, timing)
        if life.state == states.FIRING and before.state in {states.OK, states.PENDING}:
            yield Firing(series, at, found)
