"""What a measure is: it counts the bad of a series, and says whether they are too many."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from monitoring.alerts.binomial import is_too_many, tail
from monitoring.figures.building import floor_to
from monitoring.figures.exact import count_figures
from monitoring.figures.reading import HOUR, Figures, TimeSeries, ceil_to
from monitoring.models import AlertRule
from registry.models import InferenceCall, PromptVersion

BEFORE, WEEKS = AlertRule.Yardstick.BEFORE, AlertRule.Yardstick.WEEKS
WEEKS_BACK = 4


@dataclass(frozen=True)
class Series:
    """What one alert is about: a version of a task, a task, or neither of them; and of what `aspect`."""

    task: str = ""
    version: PromptVersion | None = None
    aspect: str = ""


@dataclass(frozen=True)
class Observation:
    """`bad` of `total` in the window that ends now, `beside` it what it is compared with, where a rule compares."""

    bad: int
    total: int
    beside: "Observation | None" = None


Period = tuple[datetime, datetime]


class Measure(ABC):
    """Counts the bad calls of a series. `is_share`: whether the rule tests their share by the binomial tail."""

    name: ClassVar[str]
    is_share: ClassVar[bool] = True
    by_version: ClassVar[bool] = True
    """Whether each version is a series; else `list_series` says what is."""
    counts_codes: ClassVar[bool] = False
    """Whether it looks at which rules calls broke."""
    unit: ClassVar[str] = "calls"

    @abstractmethod
    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation: ...

    def observe(self, rule: AlertRule, series: Series, now: datetime) -> Observation:
        """What is in the window, beside what the rule compares it with: the calls of all versions of the task."""
        since, until = window_of(rule, now)
        found = self.count(rule, series, since, until)
        if not rule.compared_with:
            return found
        earlier = [
            self.count(rule, Series(series.task), *period) for period in list_earlier(rule, now)
        ]
        beside = Observation(sum(one.bad for one in earlier), sum(one.total for one in earlier))
        return Observation(found.bad, found.total, beside)

    def judge(self, rule: AlertRule, found: Observation) -> bool | None:
        """Whether it is too much; None without anything to judge by."""
        if not found.total or (found.beside and not found.beside.total):
            return None
        if not self.is_share:
            return found.bad >= rule.min_bad
        bad, total, share = find_test(rule, found)
        return is_too_many(bad, total, share=share, p_value=rule.p_value, min_bad=rule.min_bad)

    def find_p(self, rule: AlertRule, found: Observation) -> float:
        return tail(*find_test(rule, found))

    def list_series(self, tasks: Iterable[str]) -> Iterator[Series]:
        """Where it is not by version: a series for each task."""
        return map(Series, tasks)

    def pick(self, figures: Figures, rule: AlertRule, task: str) -> Observation:
        """What of some figures of a task it counts; nothing where it counts no calls."""
        return Observation(0, 0)

    def find_usual(self, rule: AlertRule, task: str, hours: TimeSeries) -> float:
        """The share that is bad in some hours, 0 to 1: as if one call at least were."""
        found = [self.pick(figures, rule, task) for _, figures in hours]
        total = sum(one.total for one in found)
        return min(0.5, max(1, sum(one.bad for one in found)) / total) if total else 0.0

    def find_calls(self, series: Series) -> QuerySet[InferenceCall]:
        """All calls of a series."""
        calls = InferenceCall.objects.for_people().filter(task=series.task)
        return calls.filter(version=series.version) if series.version else calls

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        """The condition of a call that counts as bad."""
        return Q(pk__in=[])


class CallMeasure(Measure):
    """One that reads the figures of closed calls."""

    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation:
        version_id = series.version.pk if series.version else None
        figures = count_figures(since, until, task=series.task, version_id=version_id)
        return self.pick(figures, rule, series.task)


def find_test(rule: AlertRule, found: Observation) -> tuple[int, int, float]:
    """The arguments of the binomial tail.

    With the allowed share: the bad of all. In a comparison: the bad ones now of the bad ones of both. If the share now is
    `factor` times the earlier one, each of these is of now with the probability factor n / (factor n + n'), n and n' being
    the calls of both: the conditional test of two Poisson counts (Przyborowski and Wilenski, Biometrika 31, 1940).
    """
    if found.beside is None:
        return found.bad, found.total, rule.objective
    now = rule.factor * found.total
    return found.bad, found.bad + found.beside.bad, now / (now + found.beside.total)


def window_of(rule: AlertRule, now: datetime | None = None) -> Period:
    until = now or timezone.now()
    return until - timedelta(minutes=rule.window_minutes), until


def list_earlier(rule: AlertRule, now: datetime) -> list[Period]:
    """The window before, or the whole hours that hold the window, in each of the last four weeks."""
    since, until = window_of(rule, now)
    if rule.compared_with == BEFORE:
        return [(since - (until - since), since)]
    start, end = floor_to(since, HOUR), ceil_to(until, HOUR)
    weeks = [timedelta(weeks=back) for back in range(1, WEEKS_BACK + 1)]
    return [(start - back, end - back) for back in weeks]
