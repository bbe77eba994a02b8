"""The hours that a question proposes: the wearer's own last ones for the occasion and kind of day, else usual ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from styling.models import Event

Kind = tuple[str, bool]
"""An occasion, and whether it is at a weekend."""
SATURDAY = 5
MOST_EVENTS = 200
"""The newest so many are looked at."""
LEAST_LEFT = timedelta(hours=1)
"""What has less than this left today is over, and begins anew with the next half hour."""
LAST_BEGIN = time(23, 30)
"""Of a day: with the next half hour it would be another one."""
LONGEST_ANEW = timedelta(hours=4)
OTHER = "other"


@dataclass(frozen=True)
class Hours:
    """On the clock of the place; an end before the start is on the next day."""

    starts_at: time
    ends_at: time

    def on(self, day: date) -> tuple[datetime, datetime]:
        starts, ends = datetime.combine(day, self.starts_at), datetime.combine(day, self.ends_at)
        return starts, ends if ends > starts else ends + timedelta(days=1)

    def say(self) -> list[str]:
        return [f"{self.starts_at:%H:%M}", f"{self.ends_at:%H:%M}"]


def between(starts: int, ends: int) -> Hours:
    return Hours(time(starts), time(ends))


USUAL: Mapping[str, tuple[Hours, Hours]] = {
    "business": (between(9, 17), between(10, 16)),
    "smart_casual": (between(12, 18), between(12, 18)),
    "casual": (between(10, 18), between(10, 18)),
    "date_night": (between(19, 23), between(19, 23)),
    "formal": (between(18, 23), between(17, 23)),
    "party": (between(20, 1), between(20, 1)),
    "outdoor": (between(10, 16), between(10, 16)),
    "sports": (between(18, 20), between(10, 12)),
    OTHER: (between(10, 18), between(10, 18)),
}
"""By occasion: on a weekday, and at the weekend."""


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def read_own_hours(owner: User) -> dict[Kind, Hours]:
    """The wearer's last hours for each occasion, on weekdays and at weekends. From that moment on is no habit."""
    own: dict[Kind, Hours] = {}
    for event in Event.objects.filter(owner=owner).order_by("-pk")[:MOST_EVENTS]:
        if not began_at_once(event):
            hours = Hours(event.starts_at, event.ends_at)
            own.setdefault((event.kind, is_weekend(event.date)), hours)
    return own


def began_at_once(event: Event) -> bool:
    """Whether it began with the next half hour when it was asked for."""
    asked = event.created_at.astimezone(ZoneInfo(event.time_zone))
    begin = next_half_hour(asked)
    return (event.date, event.starts_at) == (begin.date(), begin.time())


def find_hours(kind: str, *, weekend: bool, own: Mapping[Kind, Hours]) -> Hours:
    return own.get((kind, weekend)) or USUAL.get(kind, USUAL[OTHER])[weekend]


def propose_hours(kind: str, day: date, *, now: datetime, own: Mapping[Kind, Hours]) -> Hours:
    """Today's begin with the next half hour at the earliest, and with the day's last at the latest. `now` is the
    wearer's."""
    hours = find_hours(kind, weekend=is_weekend(day), own=own)
    now = now.replace(tzinfo=None)
    starts, ends = hours.on(day)
    if day != now.date() or starts >= now:
        return hours
    begin = min(next_half_hour(now), datetime.combine(day, LAST_BEGIN))
    if ends - begin < LEAST_LEFT:
        ends = begin + min(ends - starts, LONGEST_ANEW)
    return Hours(begin.time(), ends.time())


def next_half_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(
        minutes=30 if 0 < now.minute <= 30 else 60 if now.minute > 30 else 0
    )
