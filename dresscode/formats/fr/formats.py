"""How the days that templates write by a format of their own are written in French: months begin small, and the short
forms that people use are those of "N", for "M" has "Jui" and "Aoû".
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "j N Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j N Y H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j N"

DAYS = {
    "j M": "j N",
    "j M Y": "j N Y",
    "D j M": "D j N",
    "j M, H:i": "j N, H:i",
    "j M H:i": "j N H:i",
}
"""By the format of the template: Django looks a format up by its name, whatever that is."""
globals().update(DAYS)
