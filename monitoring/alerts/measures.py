"""What rules can watch. Another one is one class here and its name among `AlertRule.Measure`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from monitoring.alerts.binomial import is_too_many
from monitoring.figures.exact import FAILED, SUCCEEDED, count_figures
from monitoring.figures.reading import Figures
from monitoring.models import AlertRule
from registry.models import InferenceCall, PromptVersion
from registry.tasks import all_tasks
from wardrobe.models import Photo


@dataclass(frozen=True)
class Series:
    """What one alert is about: a version of a task, a task, or neither of them."""

    task: str = ""
    version: PromptVersion | None = None


@dataclass(frozen=True)
class Observation:
    """`bad` of `total` in the window that ends now."""

    bad: int
    total: int


class Measure(ABC):
    """Counts the bad calls of a series. `is_share`: whether the rule tests their share by the binomial tail."""

    name: ClassVar[str]
    is_share: ClassVar[bool] = True
    by_version: ClassVar[bool] = True
    """Whether each version is a series; else each task is one, or there is one for all."""
    unit: ClassVar[str] = "calls"

    @abstractmethod
    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation: ...

    def judge(self, rule: AlertRule, found: Observation) -> bool | None:
        """Whether it is too much; None without anything to judge by."""
        if not found.total:
            return None
        if not self.is_share:
            return found.bad >= rule.min_bad
        return is_too_many(
            found.bad,
            found.total,
            share=rule.objective,
            p_value=rule.p_value,
            min_bad=rule.min_bad,
        )

    def pick(self, figures: Figures, rule: AlertRule) -> Observation:
        """What of some figures it counts; nothing where it counts no calls."""
        return Observation(0, 0)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        """The condition of a call that counts as bad."""
        return Q(pk__in=[])

    def all_calls(self) -> Q:
        """The condition of a call that counts at all."""
        return Q()


class CallMeasure(Measure):
    """One that reads the figures of closed calls."""

    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation:
        version_id = series.version.pk if series.version else None
        figures = count_figures(since, until, task=series.task, version_id=version_id)
        return self.pick(figures, rule)


class Failed(CallMeasure):
    """Of the calls that ended by themselves: stopping one is nobody's fault."""

    name = AlertRule.Measure.FAILED

    def pick(self, figures: Figures, rule: AlertRule) -> Observation:
        return Observation(figures.failed, figures.succeeded + figures.failed)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        return FAILED

    def all_calls(self) -> Q:
        return SUCCEEDED | FAILED


class Slow(CallMeasure):
    """Of the answers, those that took longer than the task's goal."""

    name = AlertRule.Measure.SLOW
    unit = "answers"

    def pick(self, figures: Figures, rule: AlertRule) -> Observation:
        return Observation(figures.succeeded - figures.within_goal, figures.succeeded)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        task = all_tasks().get(series.task)
        return SUCCEEDED & Q(latency_ms__gt=task.goals.latency_ms) if task else Q(pk__in=[])

    def all_calls(self) -> Q:
        return SUCCEEDED


class Faults(CallMeasure):
    """Calls in which a check failed. For any code those of the commonest one count: so no call counts twice, and the test
    does not fire more often than it says."""

    is_shown: ClassVar[bool]

    def pick(self, figures: Figures, rule: AlertRule) -> Observation:
        codes = figures.shown if self.is_shown else figures.withheld
        bad = codes.get(rule.code, 0) if rule.code else max(codes.values(), default=0)
        return Observation(bad, figures.calls)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        fault: dict[str, object] = {"shown": self.is_shown}
        if rule.code:
            fault["code"] = rule.code
        return Q(violations__contains=[fault])


class Shown(Faults):
    name = AlertRule.Measure.SHOWN
    is_shown = True


class Withheld(Faults):
    name = AlertRule.Measure.WITHHELD
    is_shown = False


class Absence(CallMeasure):
    """No call at all in the window, where there was one before it."""

    name = AlertRule.Measure.ABSENCE
    is_share = False
    by_version = False

    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation:
        found = super().count(rule, series, since, until)
        asked = InferenceCall.objects.for_people().filter(task=series.task)
        if found.total == 0 and not asked.exists():
            return Observation(0, 0)
        return Observation(int(found.total == 0), max(found.total, 1))

    def judge(self, rule: AlertRule, found: Observation) -> bool | None:
        return found.bad > 0 if found.total else None

    def pick(self, figures: Figures, rule: AlertRule) -> Observation:
        return Observation(0, figures.calls)


class Queue(Measure):
    """Photos that have waited for longer than the window, of those that wait."""

    name = AlertRule.Measure.QUEUE
    is_share = False
    by_version = False
    unit = "photos"

    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation:
        waiting = Photo.objects.unfinished()
        late = waiting.filter(created_at__lt=since).count()
        return Observation(late, max(waiting.count(), 1))


MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (Failed(), Slow(), Shown(), Withheld(), Absence(), Queue())
}


def find_bad_calls(
    rule: AlertRule, series: Series, since: datetime, until: datetime
) -> QuerySet[InferenceCall]:
    """The calls behind an alert, newest first."""
    calls = InferenceCall.objects.for_people().filter(
        MEASURES[rule.measure].bad_calls(rule, series),
        task=series.task,
        finished_at__gte=since,
        finished_at__lt=until,
    )
    if series.version:
        calls = calls.filter(version=series.version)
    return calls.select_related("version").order_by("-finished_at")


def window_of(rule: AlertRule, now: datetime | None = None) -> tuple[datetime, datetime]:
    until = now or timezone.now()
    return until - timedelta(minutes=rule.window_minutes), until
