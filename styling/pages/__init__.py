"""Pages of the calendar: the month, a day, the wearer's other calendars; and what a wearer wants to be told."""
