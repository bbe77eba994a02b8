"""Pages of the calendar: the month, a day, the wearer's other calendars."""
