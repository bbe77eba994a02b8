"""Alerts: what is measured, when it is too much, who is told and what is done about it."""
