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
    "never-shown": {  # Once is enough, at any traffic.
        "name": "Shown, what must never be",
        "measure": Measure.NEVER_SHOWN,
        "window_minutes": 60,
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
    "more-failed-than-usual": {
        "name": "More failed calls than usual",
        "measure": Measure.FAILED,
        "compared_with": AlertRule.Yardstick.WEEKS,
        "window_minutes": 60,
        "factor": 2.0,
        "p_value": 1e-6,
        "min_bad": 5,
    },
    "more-corrected": {
        "name": "More corrections than the day before",
        "measure": Measure.CORRECTED,
        "compared_with": AlertRule.Yardstick.BEFORE,
        "window_minutes": 24 * 60,
        "factor": 1.5,
        "p_value": 1e-4,
        "min_bad": 10,
    },
    "drift": {  # Twelve hourly reports in a row: one in a hundred is true by chance.
        "name": "Data drifted",
        "measure": Measure.DRIFT,
        "for_minutes": 12 * 60,
    },
    "new-values": {
        "name": "A value that was never seen",
        "measure": Measure.NEW_VALUE,
        "min_bad": 1,
    },
    "probe": {  # The wait is for a machine that was off: its first probe is not asked yet.
        "name": "An engine does not answer",
        "measure": Measure.PROBE,
        "window_minutes": 5,
        "min_bad": 2,
        "for_minutes": 2,
        "keep_minutes": 3,
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
