"""Measures that count no share of calls: what waits, what drifted, which engine is silent."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import ClassVar

from django.conf import settings
from django.db.models import Q, QuerySet

from monitoring.alerts.counting import Measure, Observation, Series
from monitoring.drift.findings import PREVIOUS, Finding
from monitoring.drift.sentences import LATE_AFTER, read_findings, titles
from monitoring.models import AlertRule, DriftReport
from registry.models import PROBE_SUBJECT, InferenceCall
from wardrobe.models import Photo

PROBES_REMEMBERED = timedelta(days=1)


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

    def list_series(self, tasks: Iterable[str]) -> Iterator[Series]:
        yield Series()


@lru_cache(maxsize=4)
def read_report(pk: int) -> tuple[Finding, ...]:
    """For all series that are looked at: a report never changes."""
    return tuple(read_findings(DriftReport.objects.get(pk=pk)))


class Reported(Measure):
    """What the newest report of drift found, a series for each property; no data where it is too old."""

    is_share = False
    by_version = False
    unit = "reports"

    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation:
        reports = DriftReport.objects.filter(created_at__lte=until)
        newest = reports.values_list("pk", "created_at").first()
        if newest is None or until - newest[1] > LATE_AFTER:
            return Observation(0, 0)
        found = [one for one in read_report(newest[0]) if one.name == series.aspect]
        return Observation(int(any(map(self.is_found, found))), 1)

    def judge(self, rule: AlertRule, found: Observation) -> bool | None:
        return found.bad > 0 if found.total else None

    def list_series(self, tasks: Iterable[str]) -> Iterator[Series]:
        return (Series(aspect=name) for name in titles())

    def is_found(self, finding: Finding) -> bool:
        raise NotImplementedError


class Drift(Reported):
    """The share of a value, or the look of photos, is another than in the 28 days before."""

    name: ClassVar[str] = AlertRule.Measure.DRIFT

    def is_found(self, finding: Finding) -> bool:
        return finding.is_drift and finding.reference == PREVIOUS


class NewValue(Reported):
    """A value that nobody has ever sent."""

    name: ClassVar[str] = AlertRule.Measure.NEW_VALUE

    def is_found(self, finding: Finding) -> bool:
        return bool(finding.new)


class Probe(Measure):
    """Of the newest probes of an engine, as many as `min_bad`, those without an answer: all of them are too many.

    Where none has ended in the window, though one had on that day, whoever probes is away: bad of no total.
    """

    name: ClassVar[str] = AlertRule.Measure.PROBE
    is_share = False
    by_version = False
    unit = "probes"

    def count(
        self, rule: AlertRule, series: Series, since: datetime, until: datetime
    ) -> Observation:
        probes = self.find_calls(series).filter(finished_at__lt=until).order_by("-finished_at")
        newest = probes.filter(finished_at__gte=since)[: rule.min_bad]
        outcomes = list(newest.values_list("outcome", flat=True))
        if not outcomes:
            was_there = probes.filter(finished_at__gte=until - PROBES_REMEMBERED).exists()
            return Observation(int(was_there), 0)
        failed = sum(outcome != InferenceCall.Outcome.SUCCEEDED for outcome in outcomes)
        return Observation(failed, len(outcomes))

    def judge(self, rule: AlertRule, found: Observation) -> bool | None:
        if not found.total:
            return True if found.bad else None
        return found.bad >= rule.min_bad

    def list_series(self, tasks: Iterable[str]) -> Iterator[Series]:
        return (Series(aspect=engine) for engine in settings.PROBED_ENGINES)

    def find_calls(self, series: Series) -> QuerySet[InferenceCall]:
        return InferenceCall.objects.filter(subject=f"{PROBE_SUBJECT}{series.aspect}")

    def bad_calls(self, rule: AlertRule, series: Series) -> Q:
        return ~Q(outcome=InferenceCall.Outcome.SUCCEEDED)
