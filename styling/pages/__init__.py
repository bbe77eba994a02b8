"""Pages of the calendar and of other calendars, of what a wearer wants to be told, of the pieces of an outfit, and of looks."""
