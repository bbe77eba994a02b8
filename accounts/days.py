"""Days as people call them."""

from datetime import date, timedelta

from django.utils.formats import date_format

NEAR = timedelta(days=180)


def say_day(day: date, *, today: date, format: str = "l j F") -> str:
    """A day in Django's date format; with its year where that could be taken for another one."""
    is_clear = day.year == today.year and abs(day - today) < NEAR
    return date_format(day, format if is_clear else f"{format} Y")
