"""What stands in the wearer's other calendars, as events to dress for."""

from accounts.models import User
from styling.models import CalendarOccasion, Event
from styling.services.hours import find_hours, is_weekend, read_own_hours
from styling.services.profiles import get_profile


def find_occasion(owner: User, number: str) -> Event | None:
    """An event that is not saved, of an occasion of this wearer: at home, at its hours, of all day at the usual ones."""
    if not number.isascii() or not number.isdigit():
        return None
    found = CalendarOccasion.objects.for_owner(owner).filter(pk=int(number[:18])).first()
    if found is None or not found.kind:
        return None
    profile = get_profile(owner)
    event = Event(
        owner=owner,
        kind=found.kind,
        date=found.date,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=profile.place,
        latitude=profile.latitude,
        longitude=profile.longitude,
    )
    if found.is_all_day:
        own = read_own_hours(owner)
        hours = find_hours(found.kind, weekend=is_weekend(found.date), own=own)
        event.starts_at, event.ends_at = hours.starts_at, hours.ends_at
    return event
