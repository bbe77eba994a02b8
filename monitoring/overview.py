"""The operator's first page: one sentence, three questions, what answers, and what is open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from monitoring import selectors
from monitoring.faults import FaultChart, build_fault_chart
from monitoring.figures.calls import get_call_stats
from monitoring.figures.reading import Period, newest_at
from monitoring.headline import (
    answers,
    charts,
    live,
    machines,
    questions,
    releases,
    reports,
    tables,
)
from monitoring.headline.answers import Answers
from monitoring.headline.levels import Input, Link
from monitoring.headline.live import LiveVersion
from monitoring.headline.sentences import say
from monitoring.latency import TaskLatency, describe_briefly
from monitoring.links import VIEW_CALLS
from monitoring.models import Alert, DriftReport
from monitoring.selectors import Backlog
from monitoring.times.releases import read_releases

DAY = timedelta(hours=24)


def list_inputs(
    now: datetime,
    newest: datetime | None,
    *,
    found: Sequence[LiveVersion],
    asked: Sequence[Answers],
    told: Sequence[TaskLatency],
    period: Period,
    backlog: Backlog,
    opened: list[Alert],
    report: DriftReport | None,
) -> list[Input]:
    """All inputs of the headline. Of two that are as bad, the first speaks."""
    figures = answers.judge_figures(now, newest)
    return [
        figures,
        answers.doubt(answers.judge_faults(asked, period), figures),
        reports.judge_alerts(opened),
        machines.judge_queues(backlog),
        machines.judge_engines(found),
        releases.judge_versions(found),
        releases.judge_overrides(found, now),
        releases.judge_evaluations(found, now),
        releases.judge_canaries(found),
        answers.doubt(answers.judge_latency(told), figures),
        reports.judge_drift(report, now),
    ]


def may_follow(link: Link | None, request: HttpRequest) -> bool:
    return link is not None and (not link.permission or request.user.has_perm(link.permission))


def drop_link(one: Input, request: HttpRequest) -> Input:
    """Without a link that the operator may not follow."""
    return one if may_follow(one.link, request) else replace(one, link=None)


def draw_faults(period: Period) -> FaultChart:
    """Of all tasks together, with what went live in any of them."""
    found = read_releases(period.since, period.until).values()
    releases = sorted((one for task in found for one in task), key=lambda one: one.at)
    series = answers.read_steps(period)
    return build_fault_chart(series, period, answers.STEP, period.until, releases=releases)


def add_overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the admin's index. Called by unfold (`DASHBOARD_CALLBACK`)."""
    now, newest = timezone.now(), newest_at()
    period = answers.last_hour(now, newest)
    figures, found = answers.read_versions(period), live.read_live()
    asked, backlog = answers.list_answers(figures, found), selectors.get_backlog(now - DAY)
    told = describe_briefly(
        Period(now - answers.HOUR, now),
        newest,
        figures=figures,
        live=[one.version for one in found],
    )
    opened, report = reports.list_open(), DriftReport.objects.first()
    inputs = list_inputs(
        now,
        newest,
        found=found,
        asked=asked,
        told=told,
        period=period,
        backlog=backlog,
        opened=opened,
        report=report,
    )
    counted, faults = inputs[0], inputs[1]
    spoken = questions.pick_spoken(told)
    headline = say(inputs, calls=sum(one.figures.calls for one in asked))
    asks = [
        questions.ask_latency(told, counted),
        questions.ask_drift(report, now),
        questions.ask_faults(asked, faults, period),
    ]
    return context | {
        "headline": headline,
        "headline_link": headline.link if may_follow(headline.link, request) else None,
        "counted_until": newest,
        "inputs": [drop_link(one, request) for one in inputs],
        "questions": [
            replace(one, links=[link for link in one.links if may_follow(link, request)])
            for one in asks
        ],
        "latency": charts.shrink(spoken.plot) if spoken and spoken.plot else None,
        "multiple": questions.find_multiple(report),
        "faults": draw_faults(period) if figures else None,
        "live_rows": tables.build_rows(found, now),
        "opened": [(alert, alert.is_silenced(now)) for alert in opened],
        "facts": [
            fact if may_follow(fact.link, request) else replace(fact, link=None)
            for fact in tables.list_facts(backlog, found, now - DAY)
        ],
        "calls": tables.list_calls(get_call_stats(figures), period),
        "failures": selectors.get_recent_failures(now - DAY),
        "may_see_calls": request.user.has_perm(VIEW_CALLS),
        "may_see_alerts": request.user.has_perm(reports.VIEW_ALERTS),
    }
