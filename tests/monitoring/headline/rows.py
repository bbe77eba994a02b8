"""The overview's inputs as the page reads them, for tests."""

from datetime import datetime

from django.utils import timezone

from monitoring import overview, selectors
from monitoring.figures.reading import Period, newest_at
from monitoring.headline import answers, live, reports
from monitoring.headline.levels import Input
from monitoring.headline.sentences import Headline, say
from monitoring.latency import describe_briefly
from monitoring.models import DriftReport


def read_inputs(now: datetime | None = None) -> dict[str, Input]:
    """By name, in their order."""
    now, newest = now or timezone.now(), newest_at()
    period, found = answers.last_hour(now, newest), live.read_live()
    figures = answers.read_versions(period)
    asked = answers.list_answers(figures, found)
    inputs = overview.list_inputs(
        now,
        newest,
        found=found,
        asked=asked,
        told=describe_briefly(
            Period(now - answers.HOUR, now),
            newest,
            figures=figures,
            live=[one.version for one in found],
        ),
        period=period,
        backlog=selectors.get_backlog(now - overview.DAY),
        opened=reports.list_open(),
        report=DriftReport.objects.first(),
    )
    return {one.name: one for one in inputs}


def read_headline(now: datetime | None = None) -> Headline:
    now = now or timezone.now()
    figures = answers.read_versions(answers.last_hour(now, newest_at()))
    calls = sum(one.calls for one in figures.values())
    return say(list(read_inputs(now).values()), calls=calls)
