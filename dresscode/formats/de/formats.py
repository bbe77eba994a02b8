"""How the days that templates write by a format of their own are written in German."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j. M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j. M Y H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j. M"

DAYS = {
    "j F": "j. F",
    "j F Y": "j. F Y",
    "j M": "j. M",
    "j M Y": "j. M Y",
    "D j M": "D, j. M",
    "D j F": "D, j. F",
    "D j F Y": "D, j. F Y",
    "l j F": "l, j. F",
    "l j F Y": "l, j. F Y",
    "j F, H:i": "j. F, H:i",
    "j M, H:i": "j. M, H:i",
    "j M H:i": "j. M H:i",
}
"""By the format of the template: Django looks a format up by its name, whatever that is."""
globals().update(DAYS)
