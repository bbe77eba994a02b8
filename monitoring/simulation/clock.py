"""The clock of a simulation: each minute the jobs of monitoring run, told what time it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.alerts import actions, evaluation
from monitoring.drift.at_once import has_news
from monitoring.drift.report import make_report
from monitoring.figures import building
from monitoring.models import Alert
from monitoring.simulation.site import MINUTE, Site

HOUR = timedelta(hours=1)
ACTIONS_EVERY = timedelta(seconds=10)


@dataclass(frozen=True)
class Step:
    """An alert took a step at `at`, or an action was carried out."""

    at: datetime
    alert: Alert
    state: str
    note: str = ""


def write_past(site: Site, now: datetime, *, days: int, step: timedelta = 6 * HOUR) -> None:
    """What comes before a simulation, so that there is something to compare with."""
    at = now - timedelta(days=days)
    while at < now:
        site.play(at + step, step)
        at += step
    building.build_due(now)


def run_minutes(
    site: Site, start: datetime, minutes: int, *, reports: bool = True
) -> Iterator[Step]:
    """Play minute by minute; the jobs run as on a real site: rollups and rules each minute, actions every ten seconds, a
    report of drift each hour, and at once where a value was never seen."""
    for minute in range(1, minutes + 1):
        now = start + minute * MINUTE
        site.play(now)
        building.build_due(now)
        if reports and ((now - start) % HOUR == timedelta() or has_news(now)):
            make_report(now)
        for alert in evaluation.evaluate_rules(now):
            yield Step(now, alert, alert.state, alert.action_note)
        yield from carry_out(now)


def carry_out(now: datetime) -> Iterator[Step]:
    """The actions that are due in the minute that begins now."""
    for tick in range(6):
        at = now + tick * ACTIONS_EVERY
        for alert in actions.carry_out_due(at):
            yield Step(at, alert, alert.state, alert.action_note)
