"""The wearer's other calendars: outfits written as iCalendar, and calendars elsewhere read as occasions."""
