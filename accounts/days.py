"""Days as people call them, and the zones in which they begin."""

from datetime import date, timedelta
from functools import cache
from zoneinfo import available_timezones

from django.utils.formats import date_format

NEAR = timedelta(days=180)
OF_NOWHERE = {"Factory", "localtime", "posixrules"}


def say_day(day: date, *, today: date, format: str = "l j F") -> str:
    """A day in Django's date format; with its year where that could be taken for another one."""
    is_clear = day.year == today.year and abs(day - today) < NEAR
    return date_format(day, format if is_clear else f"{format} Y")


@cache
def list_zones() -> frozenset[str]:
    return frozenset(available_timezones() - OF_NOWHERE)


def read_zone(name: str) -> str:
    """The zone of that name in IANA's database; empty where there is none."""
    return name if name in list_zones() else ""
