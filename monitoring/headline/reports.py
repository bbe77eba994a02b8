"""Inputs of the headline: what others found already, rules of alerts and the report on drift."""

from datetime import datetime

from django.urls import reverse

from monitoring.alerts.sentences import say_alert, say_began
from monitoring.drift.sentences import find_news, say
from monitoring.headline.levels import Input, Level, Link, pick_worst
from monitoring.links import link_row
from monitoring.models import Alert, AlertRule, DriftReport

VIEW_ALERTS = "monitoring.view_alert"


def list_open() -> list[Alert]:
    """Those that fired and have not closed; one that is silenced is still there."""
    found = Alert.objects.open().select_related(
        "rule", "version", "began_after__to_version", "began_with__version"
    )
    return list(found)


def judge_alerts(opened: list[Alert]) -> Input:
    """Firing: as severe as the rule says. Recovering or archived: to watch. Silence and acknowledgement change nothing."""
    found = [judge_alert(alert) for alert in opened]
    return pick_worst(found, Input("Alerts", Level.OK, "None is open."))


def judge_alert(alert: Alert) -> Input:
    is_firing = alert.state == Alert.State.FIRING and not alert.archived_at
    is_bad = is_firing and alert.rule.severity == AlertRule.Severity.BAD
    began = say_began(alert)
    return Input(
        "Alerts",
        Level.BAD if is_bad else Level.WATCH,
        f"{alert} is {alert.state}: {alert.rule}.",
        f"{say_alert(alert)} {began}." if began else say_alert(alert),
        Link(f"Open alert {alert}", link_row("monitoring_alert", alert.pk), VIEW_ALERTS),
    )


def judge_drift(report: DriftReport | None, now: datetime) -> Input:
    """What the newest report alarms about. Before the first one, and where wearers are too few, nothing is known."""
    page = Link("Data drift", reverse("monitoring:drift"), "")
    found = [
        Input("Drift", Level.WATCH, title, text, page) for title, text in find_news(report, now)
    ]
    verdict = say(report, now)
    level = Level.OK if verdict.level == "ok" else Level.NONE
    return pick_worst(found, Input("Drift", level, verdict.sentence, "", page))
