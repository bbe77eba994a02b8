"""Pages of the calendar and of other calendars, and what wearers do with the pieces of an outfit."""
