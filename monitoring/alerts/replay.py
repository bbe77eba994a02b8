"""When a rule would have fired lately: the real states over what rollups have of the past."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from monitoring.alerts import states
from monitoring.alerts.counting import WEEKS_BACK, Observation, Series, list_earlier, window_of
from monitoring.alerts.forecast import PERIOD, list_tasks
from monitoring.alerts.measures import MEASURES, SHORT_WINDOW
from monitoring.alerts.states import Life, Timing
from monitoring.figures.building import KEPT, LENGTHS, Grain, floor_to
from monitoring.figures.reading import ONLY_COUNTS, add_up_by
from monitoring.models import AlertRule, Rollup
from registry.models import PromptVersion

MINUTE = timedelta(minutes=1)
FINE = KEPT[Grain.FIVE_MINUTES]
M = AlertRule.Measure
REPLAYED = {M.FAILED, M.SLOW, M.SHOWN, M.NEVER_SHOWN, M.WITHHELD, M.BURN, M.ABSENCE}
"""What rollups have counted."""


@dataclass(frozen=True)
class Firing:
    """The rule would have fired at `at` for this."""

    series: Series
    at: datetime
    found: Observation


class History:
    """Bad calls and all by the minute from `start` on, each counted at the end of its 5 minutes or hour."""

    def __init__(self, start: datetime, minutes: int) -> None:
        self.start, self.last = start, minutes
        self.counts: NDArray[np.int64] = np.zeros((2, minutes + 1), np.int64)
        self.sums: NDArray[np.int64] | None = None

    def place(self, at: datetime) -> int:
        return min(max((at - self.start) // MINUTE, 0), self.last)

    def add(self, at: datetime, found: Observation) -> None:
        self.counts[:, self.place(at)] += (found.bad, found.total)

    def between(self, since: datetime, until: datetime) -> Observation:
        """After `since`, up to `until`."""
        if self.sums is None:
            self.sums = self.counts.cumsum(axis=1)
        bad, total = self.sums[:, self.place(until)] - self.sums[:, self.place(since)]
        return Observation(int(bad), int(total))


def can_replay(rule: AlertRule) -> bool:
    return rule.measure in REPLAYED


def find_span(rule: AlertRule) -> timedelta:
    """How far back its windows can be told apart: 5 minutes are kept for seven days, hours for longer."""
    return PERIOD if rule.window_minutes >= 60 else FINE


def replay(rule: AlertRule, now: datetime | None = None) -> list[Firing] | None:
    """When it would have fired, looked at each minute with figures that are renewed every 5 minutes or every hour; None for
    what rollups do not count."""
    if not can_replay(rule):
        return None
    now = floor_to(now or timezone.now(), LENGTHS[Grain.FIVE_MINUTES]) + 5 * MINUTE
    since = floor_to(now - find_span(rule), LENGTHS[Grain.HOUR])
    firings: list[Firing] = []
    for task in list_tasks(rule):
        histories = read_histories(rule, task, since, now)
        for series, history in histories.items():
            everything = histories.get(Series(task), history)
            if bool(series.version) == MEASURES[rule.measure].by_version:
                firings += replay_series(rule, series, history, everything, since, now)
    return sorted(firings, key=lambda firing: firing.at)


def read_histories(
    rule: AlertRule, task: str, since: datetime, now: datetime
) -> dict[Series, History]:
    """Of the task, and of each of its versions that was asked."""
    measure, start = MEASURES[rule.measure], since - timedelta(weeks=WEEKS_BACK, days=1)
    held: dict[int | None, History] = {}
    for grain, first, last in list_grains(start, now):
        rollups = Rollup.objects.filter(
            grain=grain, task=task, starts_at__gte=first, starts_at__lt=last
        )
        sums = add_up_by(rollups, "version_id", "starts_at", columns=ONLY_COUNTS)
        for (version_id, starts_at), figures in sums.items():
            found = measure.pick(figures, rule, task)
            for key in (None, version_id):
                minutes = int((now - start) / MINUTE)
                history = held.setdefault(key, History(start, minutes))
                history.add(starts_at + LENGTHS[grain], found)
    versions = PromptVersion.objects.select_related("prompt").in_bulk([k for k in held if k])
    return {Series(task, versions[k] if k else None): history for k, history in held.items()}


def list_grains(start: datetime, now: datetime) -> Iterator[tuple[Grain, datetime, datetime]]:
    fine = floor_to(now - FINE, LENGTHS[Grain.HOUR])
    yield Grain.HOUR, start, fine
    yield Grain.FIVE_MINUTES, fine, now


def replay_series(
    rule: AlertRule,
    series: Series,
    history: History,
    everything: History,
    since: datetime,
    now: datetime,
) -> Iterator[Firing]:
    """The real state machine over the counts, minute by minute, from the first call on."""
    measure, life = MEASURES[rule.measure], Life()
    timing = Timing(timedelta(minutes=rule.for_minutes), timedelta(minutes=rule.keep_minutes))
    judge = lru_cache(maxsize=1024)(lambda found: measure.judge(rule, found))
    asked = np.flatnonzero(history.counts[1])
    at = max(since, history.start + int(asked[0]) * MINUTE) if len(asked) else now
    while at <= now:
        found = observe(rule, history, everything, at)
        before, life = life, states.step(life, judge(found), at, timing)
        if life.state == states.FIRING and before.state in {states.OK, states.PENDING}:
            yield Firing(series, at, found)
        at += MINUTE


def observe(rule: AlertRule, history: History, everything: History, at: datetime) -> Observation:
    """What the measure would have observed."""
    since, until = window_of(rule, at)
    found = history.between(since, until)
    if rule.measure == M.ABSENCE:
        return Observation(int(not found.total), max(found.total, 1))
    if rule.measure == M.BURN:
        short = history.between(until - (until - since) / SHORT_WINDOW, until)
        return Observation(found.bad, found.total, short)
    if not rule.compared_with:
        return found
    earlier = [everything.between(*period) for period in list_earlier(rule, at)]
    beside = Observation(sum(one.bad for one in earlier), sum(one.total for one in earlier))
    return Observation(found.bad, found.total, beside)
