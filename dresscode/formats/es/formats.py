"""How the days that templates write by a format of their own are written in Spanish, in which months begin small."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j b Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j b Y H:i"
YEAR_MONTH_FORMAT = r"F \d\e Y"
MONTH_DAY_FORMAT = "j b"

DAYS = {
    "j F": r"j \d\e F",
    "j F Y": r"j \d\e F \d\e Y",
    "D j F": r"D j \d\e F",
    "D j F Y": r"D j \d\e F \d\e Y",
    "l j F": r"l, j \d\e F",
    "l j F Y": r"l, j \d\e F \d\e Y",
    "j F, H:i": r"j \d\e F, H:i",
    "j M": "j b",
    "j M Y": "j b Y",
    "D j M": "D j b",
    "j M, H:i": "j b, H:i",
    "j M H:i": "j b H:i",
    "F Y": r"F \d\e Y",
}
"""By the format of the template: Django looks a format up by its name, whatever that is."""
globals().update(DAYS)
