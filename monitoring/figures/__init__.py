"""Counts of calls in a period."""
