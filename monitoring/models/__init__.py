"""What monitoring keeps: the rules of alerts, and all that became of them."""

from monitoring.models.alerts import (
    Alert,
    AlertRule,
    AlertTransition,
    Notification,
    WebhookEndpoint,
)

__all__ = ["Alert", "AlertRule", "AlertTransition", "Notification", "WebhookEndpoint"]
