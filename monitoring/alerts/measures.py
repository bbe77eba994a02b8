"""What rules can watch. Another one is one class here and its name among `AlertRule.Measure`."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.models import Correction
from monitoring.alerts.conditions import Drift, NewValue, Probe, Queue
from monitoring.alerts.counting import CallMeasure, Measure, Observation, Series, window_of
from monitoring.figures.exact import FAILED, SUCCEEDED
from monitoring.figures.reading import HOUR, Figures, Period, TimeSeries
from monitoring.models import AlertRule
from monitoring.opinions.reading import count_corrected_garments
from registry.calls.finding import shows_what_must_not_be
from registry.models import InferenceCall
from registry.tasks import all_tasks, find_never_shown

SHORT_WINDOW = 12
"""A burn rate looks at its window and at the last twelfth of it besides (The Site Reliability Workbook, chapter 5)."""

IS_CORRECTED = Exists(Correction.objects.filter(call=OuterRef("pk")))


class Failed(CallMeasure):
    """Of the calls that ended by themselves: stopping one is nobody's fault."""

    name = AlertRule.Measure.FAILED

    def pick(self, figures: Figures, rule: AlertRule, task: str) -> Observation:
        return Observation(figures.failed, figures.succeeded + figures.failed)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        return FAILED


class Slow(CallMeasure):
    """Of the answers, those that took longer than the task's goal."""

    name = AlertRule.Measure.SLOW
    unit = "answers"

    def pick(self, figures: Figures, rule: AlertRule, task: str) -> Observation:
        return Observation(figures.succeeded - figures.within_goal, figures.succeeded)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        task = all_tasks().get(series.task)
        return SUCCEEDED & Q(latency_ms__gt=task.goals.latency_ms) if task else Q(pk__in=[])


class Faults(CallMeasure):
    """Calls in which a check failed. For any code those of the commonest one count: so no call counts twice, and the test
    does not fire more often than it says."""

    counts_codes = True
    is_shown: ClassVar[bool]

    def pick(self, figures: Figures, rule: AlertRule, task: str) -> Observation:
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


class NeverShown(Shown):
    """Answers that showed what the task must never show (`Task.never_shown`), whichever code it is: each one counts, and no
    share of them is tested."""

    name = AlertRule.Measure.NEVER_SHOWN
    is_share = False

    def pick(self, figures: Figures, rule: AlertRule, task: str) -> Observation:
        never = find_never_shown(task)
        found = [times for code, times in figures.shown.items() if code in never]
        return Observation(max(found, default=0), figures.calls)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        return shows_what_must_not_be(series.task)


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

    def pick(self, figures: Figures, rule: AlertRule, task: str) -> Observation:
        return Observation(0, figures.calls)


class Corrected(CallMeasure):
    """Of the answers of a time, those that have been corrected since."""

    name = AlertRule.Measure.CORRECTED
    unit = "answers"

    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation:
        found = super().count(rule, series, since, until)
        if not found.total:
            return found
        return replace(found, bad=find_bad_calls(rule, series, since, until).count())

    def pick(self, figures: Figures, rule: AlertRule, task: str) -> Observation:
        return Observation(0, figures.succeeded)

    def find_usual(self, rule: AlertRule, task: str, hours: TimeSeries) -> float:
        """By the corrected garments, of which an answer may have several: the share of answers or more."""
        total = sum(figures.succeeded for _, figures in hours)
        if not total:
            return 0.0
        period = Period(hours[0][0], hours[-1][0] + HOUR)
        corrected = count_corrected_garments(task, period)
        return min(0.5, max(1, corrected) / total)

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        return SUCCEEDED & Q(IS_CORRECTED)


class Burn(Failed):
    """Failed calls at so many times the allowed share, in the window and in the last twelfth of it."""

    name = AlertRule.Measure.BURN
    is_share = False

    def observe(self, rule: AlertRule, series: Series, now: datetime) -> Observation:
        since, until = window_of(rule, now)
        short = self.count(rule, series, until - (until - since) / SHORT_WINDOW, until)
        return replace(self.count(rule, series, since, until), beside=short)

    def judge(self, rule: AlertRule, found: Observation) -> bool | None:
        if not found.total:
            return None
        short = found.beside or found
        return found.bad >= rule.min_bad and all(
            one.bad and one.bad >= rule.factor * rule.objective * one.total
            for one in (found, short)
        )


ALL: tuple[Measure, ...] = (
    Failed(), Slow(), Shown(), NeverShown(), Withheld(), Corrected(), Burn(), Absence(), Queue(), Drift(),
    NewValue(), Probe(),
)  # fmt: skip
MEASURES = {measure.name: measure for measure in ALL}


def find_bad_calls(
    rule: AlertRule, series: Series, since: datetime, until: datetime
) -> QuerySet[InferenceCall]:
    """The calls behind an alert, newest first."""
    measure = MEASURES[rule.measure]
    calls = measure.find_calls(series).filter(
        measure.bad_calls(rule, series), finished_at__gte=since, finished_at__lt=until
    )
    return calls.select_related("version").order_by("-finished_at")
