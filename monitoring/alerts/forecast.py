"""What a rule costs before it is saved: its false alarms a year, and whether the traffic allows it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby

from django.utils import timezone

from monitoring.alerts.binomial import (
    MINUTES_A_YEAR,
    Flow,
    count_crossings,
    count_false_alarms,
    find_crossing,
    most_calls,
)
from monitoring.alerts.counting import BEFORE, WEEKS_BACK
from monitoring.alerts.measures import MEASURES
from monitoring.drift.statistics import SIGNIFICANCE
from monitoring.figures.building import floor_to
from monitoring.figures.reading import HOUR, TimeSeries, read_hours, read_totals
from monitoring.models import AlertRule
from monitoring.times.words import say_number
from registry.tasks import all_tasks

PERIOD = timedelta(days=28)
HOURS_A_YEAR = MINUTES_A_YEAR // 60
COUNTED = {
    AlertRule.Measure.NEVER_SHOWN,
    AlertRule.Measure.QUEUE,
    AlertRule.Measure.NEW_VALUE,
    AlertRule.Measure.PROBE,
}
"""These count and sample nothing: chance raises no alarm."""

MOST_BURN_ALARMS = 1.0
"""A year. A burn rate that has more is refused."""


class UnfitTrafficError(ValueError):
    """A burn rate tells nothing at this traffic; the message says why."""


def list_tasks(rule: AlertRule) -> list[str]:
    return [rule.task] if rule.task else list(all_tasks())


def read_traffic(tasks: Iterable[str], now: datetime) -> dict[str, TimeSeries]:
    """The calls of each hour of the last 28 days by task, as they were counted into rollups: for any number of rules."""
    return read_totals(now - PERIOD, now, tasks=list(tasks))


def forecast_false_alarms(
    rule: AlertRule, now: datetime | None = None, traffic: Mapping[str, TimeSeries] | None = None
) -> float | None:
    """So many a year at the traffic of the last 28 days, added up over the rule's tasks, as if one version answered each.

    For absence from the gaps that such traffic has; None for what is counted and not sampled.
    `traffic` is that of `read_traffic`, where it is known already.
    """
    if rule.measure in COUNTED:
        return None
    if rule.measure == AlertRule.Measure.DRIFT:
        return bound_drift(rule)
    now, tasks = now or timezone.now(), list_tasks(rule)
    traffic = read_traffic(tasks, now) if traffic is None else traffic
    return sum(forecast_task(rule, task, traffic.get(task, []), now) for task in tasks)


def bound_drift(rule: AlertRule) -> float:
    """Each alarm takes one report that is true, and one for each hour of the wait; of all reports at most `SIGNIFICANCE` are
    by chance (Holm's control), whatever they have in common with each other."""
    return HOURS_A_YEAR * SIGNIFICANCE / (1 + rule.for_minutes // 60)


def forecast_task(rule: AlertRule, task: str, hours: TimeSeries, now: datetime) -> float:
    calls = count_hourly(rule, hours, now)
    if rule.measure == AlertRule.Measure.ABSENCE:
        return count_gaps(calls, rule.window_minutes)
    if rule.measure == AlertRule.Measure.BURN:
        return count_crossings(calls, lambda hourly: find_burn_chance(rule, hourly))
    if rule.compared_with:
        measure = MEASURES[rule.measure]
        if measure.counts_codes:
            hours = read_hours(now - PERIOD, now, task=task)
        share = measure.find_usual(rule, task, hours)
        test = (rule.compared_with, rule.factor, rule.p_value, rule.min_bad, rule.window_minutes)
        return count_crossings(
            [share * hourly for hourly in calls], lambda bad: find_change_chance(bad, *test)
        )
    return count_false_alarms(
        calls,
        share=rule.objective,
        p_value=rule.p_value,
        min_bad=rule.min_bad,
        window=rule.window_minutes,
    )


def find_burn_chance(rule: AlertRule, hourly: float) -> float:
    """That the long window's rate is reached at one minute and was not at the minute before.

    An alert that was kept open for the length of the window has a crossing of its own: the short windows of that time were all
    below the rate, and so was the long one that they make up.
    """
    limit = rule.factor * rule.objective
    return burn_chance(hourly, rule.objective, limit, rule.min_bad, rule.window_minutes)


@lru_cache(maxsize=4096)
def burn_chance(hourly: float, share: float, limit: float, min_bad: int, window: int) -> float:
    bad, good = Flow.of(hourly / 60 * share, window), Flow.of(hourly / 60 * (1 - share), window)
    return find_crossing(
        bad, good, lambda bad, largest: min(largest, int(bad / limit)) if bad >= min_bad else -1
    )


@lru_cache(maxsize=4096)
def find_change_chance(
    hourly_bad: float, yardstick: str, factor: float, p_value: float, min_bad: int, window: int
) -> float:
    """That a comparison turns true in a minute though the share never changes, with as many calls in each window as there
    are on average."""
    minute = hourly_bad / 60
    now = Flow.of(minute, window)
    if yardstick == BEFORE:
        earlier, weight = now, 1.0
    else:
        length = window + 60  # Whole hours that hold the window, on average.
        weight = WEEKS_BACK * length / window
        earlier = Flow(WEEKS_BACK * minute * (length - 1), WEEKS_BACK * minute)
    share = factor / (factor + weight)
    return find_crossing(
        now,
        earlier,
        lambda bad, largest: most_calls(bad, largest, share, p_value, min_bad),
        is_handed_over=yardstick == BEFORE,
    )


def count_hourly(rule: AlertRule, hours: TimeSeries, now: datetime) -> list[int]:
    """Calls that count for a rule, for each whole hour since the first one."""
    measure = MEASURES[rule.measure]
    totals = [(at, measure.pick(figures, rule, rule.task).total) for at, figures in hours]
    counted = [(at, total) for at, total in totals if total]
    if not counted:
        return []
    first, last = counted[0][0], floor_to(now, HOUR)
    counts = [0] * max(1, (last - first) // HOUR)
    for at, total in counted:
        if at < last or at == first:
            counts[(at - first) // HOUR] = total
    return counts


def count_gaps(traffic: Sequence[int], window: int) -> float:
    """Gaps of more than `window` minutes a year: those between calls that come independently at each hour's rate, and the
    runs of hours without any, of which each that may have been long enough counts."""
    if not traffic:
        return 0.0
    by_chance = sum(calls * math.exp(-calls / 60 * window) for calls in traffic)
    runs = [len(list(hours)) for calls, hours in groupby(traffic) if not calls]
    nights = sum((hours + 2) * 60 > window for hours in runs)
    return (by_chance + nights) * MINUTES_A_YEAR / (60 * len(traffic))


def check_burn(rule: AlertRule, now: datetime | None = None) -> None:
    """Whether a burn rate tells anything here. Raises UnfitTrafficError."""
    now, tasks = now or timezone.now(), list_tasks(rule)
    traffic = read_traffic(tasks, now)
    for task in tasks:
        if text := find_unfit(rule, task, now, traffic):
            raise UnfitTrafficError(text)


def list_unfit(
    rule: AlertRule, now: datetime, traffic: Mapping[str, TimeSeries] | None = None
) -> list[str]:
    """The tasks of whose traffic a burn rate tells nothing; none of another rule. The traffic is read once."""
    if rule.measure != AlertRule.Measure.BURN:
        return []
    tasks = list_tasks(rule)
    traffic = read_traffic(tasks, now) if traffic is None else traffic
    return [task for task in tasks if find_unfit(rule, task, now, traffic)]


def find_unfit(rule: AlertRule, task: str, now: datetime, traffic: Mapping[str, TimeSeries]) -> str:
    """Why a burn rate tells nothing of a task at the traffic of the last 28 days (`read_traffic`); empty where it does."""
    needed = rule.min_bad / (rule.factor * rule.objective)
    hours = traffic.get(task, [])
    calls = count_hourly(rule, hours, now)
    usual = sum(calls) / len(calls) * rule.window_minutes / 60 if calls else 0.0
    if usual < needed:
        return (
            f"Too few calls of {task}: {say_number(usual, 2)} in such a window on average, and below {say_number(needed, 2)} "
            "the least number decides, not the rate. Take the exact test of failed calls."
        )
    a_year = forecast_task(rule, task, hours, now)
    if a_year <= MOST_BURN_ALARMS:
        return ""
    return (
        f"{say_number(a_year, 2)} false alarms of {task} a year at the traffic of the last 28 days, and "
        f"{say_number(MOST_BURN_ALARMS)} is the most. Take the exact test of failed calls."
    )
