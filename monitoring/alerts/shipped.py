"""The rules that come with the code. What an operator made of one stays as it is."""

from typing import Any

from monitoring.models import AlertRule

Measure, Severity = AlertRule.Measure, AlertRule.Severity

RULES: dict[str, dict[str, Any]] = {
    "failed-calls": {
        "name": "Failed calls",
        "measure": Measure.FAILED,
        "window_minutes": 60,
        "objective": 0.02,
        "p_value": 1e-5,
        "severity": Severity.BAD,
    },
    "failed-calls-slowly": {  # Where an hour has too few calls to tell.
        "name": "Failed calls, six hours",
        "measure": Measure.FAILED,
        "window_minutes": 360,
        "objective": 0.02,
        "p_value": 1e-5,
        "severity": Severity.BAD,
    },
    "shown-unowned": {
        "name": "Named, not owned",
        "measure": Measure.SHOWN,
        "code": "unowned_item",
        "window_minutes": 60,
        "objective": 1e-5,
        "min_bad": 1,
        "severity": Severity.BAD,
    },
    "slow-answers": {
        "name": "Slow answers",
        "measure": Measure.SLOW,
        "window_minutes": 60,
        "objective": 0.05,
        "p_value": 1e-5,
    },
    "stuck-photos": {
        "name": "Photos that wait",
        "measure": Measure.QUEUE,
        "window_minutes": 10,
        "min_bad": 1,
        "keep_minutes": 5,
        "severity": Severity.BAD,
    },
    "no-calls": {
        "name": "No calls",
        "measure": Measure.ABSENCE,
        "window_minutes": 24 * 60,
        "min_bad": 1,
        "keep_minutes": 0,
        "is_enabled": False,
    },
}


def load_rules() -> list[AlertRule]:
    """Make those that are not there; returns these."""
    made = []
    for key, fields in RULES.items():
        if AlertRule.objects.filter(name=fields["name"]).exclude(key=key).exists():
            continue  # An operator has one of that name.
        rule, is_new = AlertRule.objects.get_or_create(key=key, defaults=fields)
        if is_new:
            made.append(rule)
    return made
