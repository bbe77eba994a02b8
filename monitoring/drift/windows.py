"""The periods that are compared."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

NOW, REFERENCE = timedelta(days=7), timedelta(days=28)
MINIMUM_WEARERS = 20
"""Fewer in either window, and nothing is tested."""
MOST_WEARERS = 10_000
"""In both windows together; of more, so many at most are drawn. The smallest effect that counts is a Jensen-Shannon distance
of 0.1, which some hundreds of wearers show (`benchmarks.drift`)."""


@dataclass(frozen=True)
class Window:
    """From `since` up to, and without, `until`, of one of so many wearers: `monitoring.drift.properties.within` draws them.
    `held` are rows of it that several properties read, by their name.
    """

    since: datetime
    until: datetime
    one_of: int = 1
    held: dict[str, list[Any]] = field(default_factory=dict, compare=False, repr=False)


def current_window(at: datetime, *, one_of: int = 1) -> Window:
    """The last seven days."""
    return Window(at - NOW, at, one_of)


def previous_window(at: datetime, *, one_of: int = 1) -> Window:
    """The 28 days before those."""
    return Window(at - NOW - REFERENCE, at - NOW, one_of)
