"""What monitoring keeps: calls counted into rollups, reports of drift, the rules of alerts, and all that became of them."""

from monitoring.models.alerts import (
    Alert,
    AlertRule,
    AlertTransition,
    Notification,
    WebhookEndpoint,
)
from monitoring.models.drift import DriftComparison, DriftReport, GoldenPicture
from monitoring.models.opinions import OpinionProgress, OpinionRollup
from monitoring.models.rollups import Rollup, RollupProgress

__all__ = [
    "Alert",
    "AlertRule",
    "AlertTransition",
    "DriftComparison",
    "DriftReport",
    "GoldenPicture",
    "Notification",
    "OpinionProgress",
    "OpinionRollup",
    "Rollup",
    "RollupProgress",
    "WebhookEndpoint",
]
