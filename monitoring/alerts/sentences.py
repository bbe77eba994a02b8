"""Alerts in words, for pages, mail and the history of releases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import capfirst

from monitoring.alerts.counting import BEFORE, WEEKS, Observation
from monitoring.alerts.measures import MEASURES, SHORT_WINDOW
from monitoring.drift.sentences import titles
from monitoring.models import Alert, AlertRule
from monitoring.times.releases import Release, release_canary, release_move
from monitoring.times.words import say_exact_p, say_number, say_percent
from registry.engines import name_engine
from registry.tasks import name_code

M = AlertRule.Measure
MANY_OF = {
    M.FAILED: "calls failed",
    M.BURN: "calls failed",
    M.SLOW: "answers were slower than the goal",
    M.SHOWN: "answers were shown with a fault",
    M.NEVER_SHOWN: "answers showed what must never be shown",
    M.WITHHELD: "answers had a fault that nobody saw",
    M.CORRECTED: "answers were corrected",
}


UNCOUNTED = "It has no count that could get worse."


def say_alert(alert: Alert) -> str:
    """What is wrong, in one sentence."""
    bad, total = alert.figures.get("bad", 0), alert.figures.get("total", 0)
    minutes = say_minutes(alert.rule.window_minutes)
    if alert.rule.measure == M.ABSENCE:
        return f"Nobody has asked {alert.task} for {minutes}."
    if alert.rule.measure == M.QUEUE:
        return f"{bad} of {total} photos have waited for more than {minutes}."
    if alert.rule.measure in {M.DRIFT, M.NEW_VALUE}:
        title = titles().get(alert.aspect, alert.aspect).split(" (")[0]
        if alert.rule.measure == M.DRIFT:
            return f"{title} is not as in the 28 days before."
        return f"{title} has a value that was never seen before."
    if alert.rule.measure == M.PROBE:
        engine = name_engine(alert.aspect)
        if not total:
            return f"{engine} has not been probed for {minutes}."
        return f"{engine} did not answer the last {bad} probes."
    return f"{bad:,} of {total:,} {say_bad(alert)} ({alert.series})."


def say_bad(alert: Alert) -> str:
    """What the bad ones did; with the words for the code that the rule watches."""
    rule = alert.rule
    if rule.measure == M.SHOWN and rule.code:
        return f"answers showed {name_code(rule.code, alert.task)}"
    if rule.measure == M.WITHHELD and rule.code:
        return f"answers had {name_code(rule.code, alert.task)}, which nobody saw"
    return MANY_OF[M(rule.measure)]


def say_figures(alert: Alert) -> str:
    """The evidence: "9 of 20 calls (45 %), allowed 2 %, exact p = 2.1e-11"."""
    bad, total = alert.figures.get("bad", 0), alert.figures.get("total", 0)
    measure, rule = MEASURES[alert.rule.measure], alert.rule
    if rule.measure == M.ABSENCE:
        return f"no call in {say_minutes(rule.window_minutes)}"
    if rule.measure == M.PROBE and not total:
        return f"no probe in {say_minutes(rule.window_minutes)}"
    if rule.measure in {M.DRIFT, M.NEW_VALUE}:
        return "in the newest report"
    said = f"{bad:,} of {total:,} {measure.unit}"
    if rule.measure == M.NEVER_SHOWN and total:
        return f"{said} ({say_percent(bad / total)})"
    if not total or not (measure.is_share or rule.measure == M.BURN):
        return said
    said += f" ({say_percent(bad / total)})"
    if rule.measure == M.BURN:
        return f"{said}, {say_number(bad / total / rule.objective)} times the allowed {say_objective(rule)}"
    if "beside" in alert.figures:
        then_bad, then = alert.figures["beside"]
        said += f", {YARDSTICKS[rule.compared_with]} {then_bad} of {then} ({say_percent(then_bad / then)})"
    else:
        said += f", allowed {say_objective(rule)}"
    return f"{said}, exact {say_exact_p(alert.figures['p'])}"


def say_objective(rule: AlertRule) -> str:
    """The share that it allows, as it was written."""
    return f"{say_number(100 * rule.objective)}\u00a0%"


YARDSTICKS: dict[str, str] = {BEFORE: "before", WEEKS: "at these hours of the last four weeks"}


def say_began(alert: Alert) -> str:
    """ "Began 3 minutes after v3 went live", "... came back", "... began as a canary", or nothing."""
    beginning = find_beginning(alert)
    if beginning is None or alert.opened_at is None:
        return ""
    passed = alert.opened_at - beginning.at
    minutes = say_minutes(max(0, int(passed.total_seconds() // 60)))
    return f"Began {minutes} after {beginning.beginning}"


def find_beginning(alert: Alert) -> Release | None:
    """What it is named after."""
    if canary := alert.began_with:
        return release_canary(canary.started_at, canary.share, canary.version.number, canary.reason)
    if move := alert.began_after:
        return release_move(move.created_at, move.kind, move.to_version.number, move.reason)
    return None


def say_rule(rule: AlertRule) -> str:
    """When it fires, in words."""
    said = say_test(rule)
    return f"{said}, for {say_minutes(rule.for_minutes)}" if rule.for_minutes else said


def say_test(rule: AlertRule) -> str:
    window, least = say_minutes(rule.window_minutes), f"at least {rule.min_bad}"
    if rule.measure == M.ABSENCE:
        return f"no call for {window}"
    if rule.measure == M.QUEUE:
        return f"{least} waiting for more than {window}"
    if rule.measure == M.NEVER_SHOWN:
        return f"{least} in {window}"
    if rule.measure == M.DRIFT:
        return "p ≤ 0.01 after Holm’s control, and a distance of at least 0.1"
    if rule.measure == M.NEW_VALUE:
        return "three uploads of two wearers"
    if rule.measure == M.PROBE:
        return f"the last {rule.min_bad} probes without an answer, or no probe in {window}"
    if rule.measure == M.BURN:
        short = rule.window_minutes / SHORT_WINDOW
        return (
            f"{say_number(rule.factor)} times {say_objective(rule)} in {window} and in {say_number(short)} minutes, "
            f"{least}"
        )
    exact = f"exact p ≤ {say_number(rule.p_value)}, {least}"
    if rule.compared_with:
        yardstick = YARDSTICKS[rule.compared_with]
        return (
            f"more than {say_number(rule.factor)} times the share {yardstick}, in {window}, {exact}"
        )
    return f"more than {say_objective(rule)} in {window}, {exact}"


def say_minutes(minutes: int) -> str:
    if minutes and minutes % 60 == 0:
        return "1 hour" if minutes == 60 else f"{minutes // 60} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def say_counts(rule: AlertRule, figures: Mapping[str, Any]) -> str:
    """ "9 of 20"; empty where nothing was counted, as of calls that do not come."""
    bad, total = figures.get("bad", 0), figures.get("total", 0)
    return f"{bad:,} of {total:,}" if total and rule.measure != M.ABSENCE else ""


def say_found(rule: AlertRule, found: Observation) -> str:
    """What a rule that is tried found at a time."""
    said = say_counts(rule, {"bad": found.bad, "total": found.total})
    if not said:
        return say_test(rule)
    return f"{said}, beside {found.beside.bad} of {found.beside.total}" if found.beside else said


def say_rate(a_year: float) -> str:
    """So many a year, with two digits that matter."""
    if a_year == 0:
        return "0"
    if a_year < 0.01:
        return "below 0.01"
    return say_number(a_year, 2) if a_year < 10 else f"{a_year:,.0f}"


def say_cost(rule: AlertRule, a_year: float | None) -> str:
    """What a rule says of its own false alarms."""
    if a_year is None:
        return "It counts and samples nothing, so chance alone raises no alarm."
    if rule.measure == M.ABSENCE:
        return (
            f"{capfirst(say_rate(a_year))} times a year nobody asks for so long though all is well, "
            "going by the last 28 days."
        )
    if rule.measure == M.DRIFT:
        reports = 1 + rule.for_minutes // 60
        each = "each takes one" if reports == 1 else f"each takes {reports} in a row"
        return (
            f"At most {say_rate(a_year)} false alarms a year: 1 report in 100 finds drift by chance, "
            f"and {each}."
        )
    at = "at the traffic of the last 28 days, on a site where"
    if rule.compared_with:
        return f"About {say_rate(a_year)} false alarms a year, {at} the share that is bad never changes."
    return (
        f"At most {say_rate(a_year)} false alarms a year, {at} {say_objective(rule)} are bad; "
        "fewer on a better one."
    )


def say_alerts(current: Sequence[Alert]) -> str:
    """The first sentence of the list."""
    opened = [alert for alert in current if alert.opened_at]
    if not opened:
        return "Nothing is open."
    firing = sum(alert.state == Alert.State.FIRING for alert in opened)
    recovering = len(opened) - firing
    known = sum(alert.acknowledged_at is not None for alert in opened)
    parts = [f"{firing} firing" if firing else "", f"{recovering} recovering" if recovering else ""]
    parts.append(f"{known} acknowledged" if known else "")
    number = "One alert is open" if len(opened) == 1 else f"{len(opened)} alerts are open"
    return f"{number}: {', '.join(part for part in parts if part)}."
