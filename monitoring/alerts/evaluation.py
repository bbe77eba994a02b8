"""The job that looks: each enabled rule, in each of its series, once a minute."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from monitoring.alerts import actions, archiving, outbox, states
from monitoring.alerts.counting import Observation, Series, window_of
from monitoring.alerts.forecast import list_unfit
from monitoring.alerts.measures import MEASURES, find_bad_calls
from monitoring.alerts.states import Life, Timing
from monitoring.models import Alert, AlertRule, AlertTransition
from registry.models import Canary, Deployment, PromptVersion
from registry.selectors import list_live
from registry.tasks import all_tasks

logger = logging.getLogger(__name__)

LOCK = 0x616C7274
"""The first key of PostgreSQL's advisory locks for this; the second is the rule's primary key."""

BEGAN_WITHIN = timedelta(minutes=30)
"""What went live so shortly before an alert is named on it."""
REGRESSED_WITHIN = timedelta(hours=24)
EVIDENCE = 5


Versions = Mapping[int, PromptVersion]
"""By primary key."""


@dataclass(frozen=True)
class Look:
    """What a rule found in a series: `is_bad` is None without data, `note` says why where no count does."""

    found: Observation
    is_bad: bool | None
    note: str = ""


def evaluate_rules(now: datetime | None = None) -> list[Alert]:
    """Look once; returns the alerts that took a step. A rule that fails does not keep the others from being looked at."""
    moved = []
    watched = Q(is_enabled=True) | Q(pk__in=Alert.objects.current().values("rule"))
    for rule in AlertRule.objects.filter(watched):
        try:
            moved += evaluate_rule(rule, now or timezone.now())
        except Exception:  # Whatever it is, the next rule must be looked at.
            logger.exception("The rule %s could not be evaluated", rule.pk)
    return moved


@transaction.atomic
def evaluate_rule(rule: AlertRule, now: datetime) -> list[Alert]:
    """All its series in one transaction: their steps, messages and actions are there together, or not at all.

    Another process that looks at the same rule meanwhile leaves it to this one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, rule.pk])
        if not cursor.fetchone()[0]:
            return []
    current = {
        (alert.task, alert.version_id, alert.aspect): alert
        for alert in rule.alerts.current()
        .select_related("version__prompt")
        .select_for_update(of=("self",))
    }
    moved, answering = [], list_answering()
    watched = list_series(rule, answering, list(current.values())) if rule.is_enabled else ()
    unfit = list_unfit(rule, now) if watched else []
    for series in watched:
        version_id = series.version.pk if series.version else None
        alert = current.pop((series.task, version_id, series.aspect), None)
        look = look_at(rule, series, answering, now, unfit)
        if stepped := take_look(rule, series, look, alert, now):
            moved.append(stepped)
    for alert in current.values():
        close_unwatched(alert, now)
    return [*moved, *current.values()]


def close_unwatched(alert: Alert, now: datetime) -> None:
    """Somebody switched the rule off, or made it watch something else."""
    before, alert.state = alert.state, Alert.State.OK
    take_step(alert, before, {}, now, "The rule does not watch this any more.")


def list_series(rule: AlertRule, answering: Versions, current: Sequence[Alert]) -> Iterator[Series]:
    """What answers now, and what has an alert that is not over."""
    measure = MEASURES[rule.measure]
    tasks = [rule.task] if rule.task else list(all_tasks())
    if not measure.by_version:
        yield from measure.list_series(tasks)
        return
    versions = {**answering}
    versions |= {alert.version.pk: alert.version for alert in current if alert.version}
    for version in versions.values():
        if version.prompt.name in tasks:
            yield Series(version.prompt.name, version)


def list_answering() -> Versions:
    """Live versions and running canaries."""
    canaries = Canary.objects.running().select_related("version__prompt")
    versions = [*list_live(), *(canary.version for canary in canaries)]
    return {version.pk: version for version in versions}


def take_look(
    rule: AlertRule, series: Series, look: Look, alert: Alert | None, now: datetime
) -> Alert | None:
    """Write down what a look found; returns the alert if it took a step."""
    before = read_life(alert)
    timing = Timing(timedelta(minutes=rule.for_minutes), timedelta(minutes=rule.keep_minutes))
    after = states.step(before, look.is_bad, now, timing)
    if alert is None:
        if after.state == states.OK:
            return None
        alert = Alert(
            rule=rule,
            task=series.task,
            version=series.version,
            aspect=series.aspect,
            created_at=now,
        )
    has_moved = after.state != before.state
    figures = describe(rule, series, look, now) if look.is_bad or has_moved else {}
    if look.is_bad:
        alert.figures = figures
    write_life(alert, after)
    if has_moved:
        take_step(alert, before.state, figures, now, look.note)
    else:
        alert.save()
    if alert.state == states.FIRING and was_kept_back(alert, now):
        outbox.tell(alert, "opened", now)
    if look.is_bad and alert.archived_at and archiving.is_worse(alert, look.found):
        archiving.wake(alert, look.found, now)
    return alert if has_moved else None


def was_kept_back(alert: Alert, now: datetime) -> bool:
    """Whether it opened while it was silenced, and is no more: somebody has to hear of it."""
    has_been = alert.silenced_until is not None and not alert.is_silenced(now)
    return has_been and not alert.notifications.exists()


def look_at(
    rule: AlertRule, series: Series, answering: Versions, now: datetime, unfit: Collection[str]
) -> Look:
    if series.version and series.version.pk not in answering:
        return Look(Observation(0, 0), False, f"v{series.version.number} answers nobody any more.")
    measure = MEASURES[rule.measure]
    found = measure.observe(rule, series, now)
    if series.task in unfit:
        return Look(found, None)
    return Look(found, measure.judge(rule, found))


def read_life(alert: Alert | None) -> Life:
    if alert is None:
        return Life()
    held = timedelta(seconds=alert.held_s)
    return Life(alert.state, held, alert.seen_at, alert.no_data_since)


def write_life(alert: Alert, life: Life) -> None:
    alert.state = life.state
    alert.held_s = life.held.total_seconds()
    alert.no_data_since = life.no_data_since
    if life.seen_at:
        alert.seen_at = life.seen_at


def describe(rule: AlertRule, series: Series, look: Look, now: datetime) -> dict[str, Any]:
    """`bad`, `total`, what they are compared with, `p` where it was tested, and `calls`: up to five ids of bad ones.

    No words of anybody's.
    """
    bad, measure = look.found.bad, MEASURES[rule.measure]
    figures: dict[str, Any] = {"bad": bad, "total": look.found.total}
    if beside := look.found.beside:
        figures["beside"] = [beside.bad, beside.total]
    if measure.is_share:
        figures["p"] = measure.find_p(rule, look.found)
    if bad:
        calls = find_bad_calls(rule, series, *window_of(rule, now))[:EVIDENCE]
        figures["calls"] = [str(call.pk) for call in calls]
    return figures


def take_step(alert: Alert, before: str, figures: dict[str, Any], now: datetime, note: str) -> None:
    """Write a step and what follows from it: the opening, the closing, messages, the action."""
    opens = alert.state == states.FIRING and alert.opened_at is None
    if opens:
        open_alert(alert, now)
    if alert.state == states.OK:
        alert.closed_at = now
    alert.save()
    AlertTransition.objects.create(
        alert=alert, from_state=before, to_state=alert.state, at=now, figures=figures, note=note
    )
    if opens:
        outbox.tell(alert, "opened", now)
        actions.begin(alert, now)
    elif alert.state == states.OK and alert.opened_at:
        actions.drop(alert, "Not needed: it was over before.", now)
        outbox.tell(alert, "closed", now)


def open_alert(alert: Alert, now: datetime) -> None:
    alert.opened_at = now
    alert.began_after, alert.began_with = find_began_after(alert)
    earlier = Alert.objects.opened().of_series(alert).filter(closed_at__isnull=False)
    last = earlier.order_by("-closed_at").first()
    if last is None:
        return
    alert.regressed = bool(last.closed_at and last.closed_at > now - REGRESSED_WITHIN)
    if last.is_silenced(now):
        alert.silenced_until = last.silenced_until
    if alert.regressed:
        archiving.inherit(alert, last)


def find_began_after(alert: Alert) -> tuple[Deployment | None, Canary | None]:
    """The last move of the task's prompt, or the start of a canary of the alert's version: whichever was later, if it was
    shortly before."""
    began = alert.created_at
    since = began - BEGAN_WITHIN
    moves = Deployment.objects.filter(prompt__name=alert.task)
    move = moves.filter(created_at__range=(since, began)).order_by("-created_at").first()
    canaries = Canary.objects.filter(version=alert.version, started_at__range=(since, began))
    canary = canaries.order_by("-started_at").first() if alert.version else None
    if move and canary:
        return (move, None) if move.created_at > canary.started_at else (None, canary)
    return move, canary
