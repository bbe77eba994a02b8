"""Rules, and calls that ended at a moment."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from monitoring.alerts.evaluation import evaluate_rules
from monitoring.models import Alert, AlertRule
from registry.models import InferenceCall, PromptVersion
from tests.monitoring.calls import end_call, fail_call

MINUTE = timedelta(minutes=1)


def make_rule(**fields: Any) -> AlertRule:
    """Too many failed calls in ten minutes; it fires at once and closes after five minutes."""
    return AlertRule.objects.create(
        **{
            "name": "Failed calls",
            "measure": "failed",
            "window_minutes": 10,
            "keep_minutes": 5,
            "severity": "bad",
            **fields,
        }
    )


def end_calls(
    version: PromptVersion, *, good: int = 0, bad: int = 0, at: datetime | None = None
) -> list[InferenceCall]:
    """Calls that ended a moment before `at`, now if left out; returns the failed ones."""
    moment = (at or timezone.now()) - timedelta(seconds=1)
    for _ in range(good):
        end_call(version, 10.0, at=moment)
    return [fail_call(version, at=moment) for _ in range(bad)]


def look(now: datetime) -> Alert | None:
    """Evaluate once; the newest alert as it is now."""
    evaluate_rules(now)
    return Alert.objects.order_by("-pk").first()
