"""How the days that templates write by a format of their own are written in Spanish."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y H:i"
YEAR_MONTH_FORMAT = r"F \d\e Y"
MONTH_DAY_FORMAT = "j M"

DAYS = {
    "j F": r"j \d\e F",
    "j F Y": r"j \d\e F \d\e Y",
    "D j F": r"D j \d\e F",
    "D j F Y": r"D j \d\e F \d\e Y",
    "l j F": r"l, j \d\e F",
    "l j F Y": r"l, j \d\e F \d\e Y",
    "j F, H:i": r"j \d\e F, H:i",
    "F Y": r"F \d\e Y",
}
"""By the format of the template: Django looks a format up by its name, whatever that is."""
globals().update(DAYS)
