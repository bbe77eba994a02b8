"""The periods that are compared."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NOW, REFERENCE = timedelta(days=7), timedelta(days=28)
MINIMUM_WEARERS = 20
"""Fewer in either window, and nothing is tested."""


@dataclass(frozen=True)
class Window:
    """From `since` up to, and without, `until`."""

    since: datetime
    until: datetime


def current_window(at: datetime) -> Window:
    """The last seven days."""
    return Window(at - NOW, at)


def previous_window(at: datetime) -> Window:
    """The 28 days before those."""
    return Window(at - NOW - REFERENCE, at - NOW)
