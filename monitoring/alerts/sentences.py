"""Alerts in words, for pages, mail and the history of releases."""

from collections.abc import Sequence

from monitoring.alerts.measures import MEASURES, Observation
from monitoring.models import Alert, AlertRule

MANY_OF = {
    AlertRule.Measure.FAILED: "calls failed",
    AlertRule.Measure.SLOW: "answers were slower than the goal",
    AlertRule.Measure.SHOWN: "answers were shown with a fault",
    AlertRule.Measure.WITHHELD: "answers had a fault that nobody saw",
}


def say_alert(alert: Alert) -> str:
    """What is wrong, in one sentence."""
    bad, total = alert.figures.get("bad", 0), alert.figures.get("total", 0)
    if alert.rule.measure == AlertRule.Measure.ABSENCE:
        return f"Nobody has asked {alert.task} for {say_minutes(alert.rule.window_minutes)}."
    if alert.rule.measure == AlertRule.Measure.QUEUE:
        waits = say_minutes(alert.rule.window_minutes)
        return f"{bad} of {total} photos have waited for more than {waits}."
    return f"{bad} of {total} {MANY_OF[AlertRule.Measure(alert.rule.measure)]} ({alert.series})."


def say_figures(alert: Alert) -> str:
    """The evidence: "9 of 20 calls (45 %), allowed 2 %, exact p = 2.1e-11"."""
    bad, total = alert.figures.get("bad", 0), alert.figures.get("total", 0)
    measure = MEASURES[alert.rule.measure]
    if alert.rule.measure == AlertRule.Measure.ABSENCE:
        return f"no call in {say_minutes(alert.rule.window_minutes)}"
    said = f"{bad} of {total} {measure.unit}"
    if not measure.is_share or not total:
        return said
    share, allowed = 100 * bad / total, 100 * alert.rule.objective
    return f"{said} ({share:.2g} %), allowed {allowed:g} %, exact p = {alert.figures['p']:.2g}"


def say_began(alert: Alert) -> str:
    """ "Began 3 minutes after v3 went live", or nothing."""
    if alert.began_after is None or alert.opened_at is None:
        return ""
    passed = alert.opened_at - alert.began_after.created_at
    minutes = say_minutes(max(0, int(passed.total_seconds() // 60)))
    return f"Began {minutes} after v{alert.began_after.to_version.number} went live"


def say_rule(rule: AlertRule) -> str:
    """When it fires, in words."""
    window = say_minutes(rule.window_minutes)
    if rule.measure == AlertRule.Measure.ABSENCE:
        said = f"no call for {window}"
    elif rule.measure == AlertRule.Measure.QUEUE:
        said = f"at least {rule.min_bad} waiting for more than {window}"
    else:
        said = (
            f"more than {100 * rule.objective:g} % in {window}, exact p ≤ {rule.p_value:g}, "
            f"at least {rule.min_bad}"
        )
    return f"{said}, for {say_minutes(rule.for_minutes)}" if rule.for_minutes else said


def say_minutes(minutes: int) -> str:
    if minutes and minutes % 60 == 0:
        return "1 hour" if minutes == 60 else f"{minutes // 60} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def say_found(found: Observation) -> str:
    return f"{found.bad} of {found.total}"


def say_rate(a_year: float) -> str:
    """So many a year, with two digits that matter."""
    if a_year == 0:
        return "0"
    if a_year < 0.01:
        return "below 0.01"
    return f"{a_year:.2g}" if a_year < 10 else f"{a_year:.0f}"


def say_cost(rule: AlertRule, a_year: float | None) -> str:
    """What a rule says of its own false alarms."""
    if a_year is None:
        return "It counts what waits, so chance alone raises no alarm."
    if rule.measure == AlertRule.Measure.ABSENCE:
        return (
            f"{say_rate(a_year)} times a year nobody asks for so long though all is well, "
            "going by the last 28 days."
        )
    return (
        f"At most {say_rate(a_year)} false alarms a year, at the traffic of the last 28 days, on a site where "
        f"{100 * rule.objective:g} % are bad; fewer on a better one."
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
