"""Alerts in the admin: what is open, what raises it, and where it is told."""

from monitoring.admin import alerts, rules

__all__ = ["alerts", "rules"]
