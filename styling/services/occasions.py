"""What stands in the wearer's other calendars, as events to dress for."""

from collections.abc import Mapping

from accounts.models import User
from styling.models import CalendarOccasion, Event
from styling.services.hours import Hours, Kind, find_hours, is_weekend, read_own_hours
from styling.services.profiles import get_profile


def find_occasion(owner: User, number: str) -> Event | None:
    """An event that is not saved, of an occasion of this wearer: at home, at its hours, of all day at the usual ones."""
    if not number.isascii() or not number.isdigit():
        return None
    found = CalendarOccasion.objects.for_owner(owner).filter(pk=int(number[:18])).first()
    if found is None or not found.kind:
        return None
    profile, hours = get_profile(owner), find_own_hours(found, read_own_hours(owner))
    return Event(
        owner=owner,
        kind=found.kind,
        date=found.date,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
        place=profile.place,
        latitude=profile.latitude,
        longitude=profile.longitude,
    )


def find_own_hours(occasion: CalendarOccasion, own: Mapping[Kind, Hours]) -> Hours:
    """Its own; of one that lasts all day the wearer's `own` for such, else the usual ones."""
    if not occasion.is_all_day:
        return Hours(occasion.starts_at, occasion.ends_at)
    return find_hours(occasion.kind, weekend=is_weekend(occasion.date), own=own)
