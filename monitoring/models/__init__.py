"""What monitoring keeps: calls counted into rollups, the rules of alerts, and all that became of them."""

from monitoring.models.alerts import (
    Alert,
    AlertRule,
    AlertTransition,
    Notification,
    WebhookEndpoint,
)
from monitoring.models.rollups import Rollup, RollupProgress

__all__ = [
    "Alert",
    "AlertRule",
    "AlertTransition",
    "Notification",
    "Rollup",
    "RollupProgress",
    "WebhookEndpoint",
]
