"""The periods that are compared."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

NOW, REFERENCE = timedelta(days=7), timedelta(days=28)
MINIMUM_WEARERS = 20
"""Fewer in either window, and nothing is tested."""


@dataclass(frozen=True)
class Window:
    """From `since` up to, and without, `until`. `held` are rows of it that several properties read, by their name."""

    since: datetime
    until: datetime
    held: dict[str, list[Any]] = field(default_factory=dict, compare=False, repr=False)


def current_window(at: datetime) -> Window:
    """The last seven days."""
    return Window(at - NOW, at)


def previous_window(at: datetime) -> Window:
    """The 28 days before those."""
    return Window(at - NOW - REFERENCE, at - NOW)
