"""Times as pages say them."""

from datetime import datetime

from django.utils import timezone


def say_ms(ms: float | None) -> str:
    """Seconds from one on, milliseconds below; the space does not break."""
    if ms is None:
        return "–"
    return f"{ms:.0f}\u00a0ms" if ms < 1000 else f"{ms / 1000:.1f}\u00a0s"


def say_count(count: int) -> str:
    return f"{count:,}"


def say_stamp(moment: datetime) -> str:
    """The day and the minute, in the time zone of pages."""
    return f"{timezone.localtime(moment):%d %b %H:%M}"


def say_change(ms: float) -> str:
    """The same with its sign; none where it is less than half a millisecond."""
    sign = "" if abs(ms) < 0.5 else "−" if ms < 0 else "+"
    return f"{sign}{say_ms(abs(ms))}"


def say_moment(moment: datetime, now: datetime) -> str:
    """A clock time, with its date when it is not today."""
    moment, now = timezone.localtime(moment), timezone.localtime(now)
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%d %b %H:%M}"
