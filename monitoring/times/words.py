"""Times, shares and other numbers as pages say them: never as 2.9e-06."""

import math
from datetime import datetime

from django.utils import timezone

from registry.evaluation import statistics

SMALLEST_P = 1e-9
"""No rule asks for less."""


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


def say_percent(share: float) -> str:
    """Two digits that matter: 1.9 %, 0.050 %, 12 %; the space does not break."""
    percent = 100 * share
    if percent == 0 or percent >= 99.5:
        return f"{percent:.0f}\u00a0%"
    digits = max(0, 1 - math.floor(math.log10(percent)))
    return f"{percent:.{digits}f}\u00a0%"


def say_number(value: float, digits: int = 3) -> str:
    """So many digits that matter, in full: 0.00042, 1.05, 1,240."""
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    said = f"{round(value, places):,.{max(0, places)}f}"
    return said.rstrip("0").rstrip(".") if places > 0 else said


def say_exact_p(p: float) -> str:
    """In full, for a threshold of one in a hundred thousand is told apart from one in a million: "p = 0.0000029"."""
    return f"p = {say_number(p, 2)}" if p >= SMALLEST_P else "p below 0.000000001"


def say_p(p: float | None) -> str:
    """ "p = 0.0023", or that it is below what matters."""
    return "" if p is None else statistics.say_p(p)
