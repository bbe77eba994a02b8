"""What a calendar elsewhere says, read with suspicion: the days on which its events are, at the wearer's clock."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from accounts.text.cleaning import clean_text

MOST_EVENTS = 5_000
"""Of a file; a calendar of ten years with two a day has more, and then the rest is passed by."""
MOST_OCCURRENCES = 500
LONGEST_DAYS = 14
"""Of one event that lasts for days, so many are told."""
MOST_A_DAY = 4
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
TITLE_LETTERS = 200
A_DAY = timedelta(days=1)
MOMENT = timedelta(hours=1)
"""What has no end, or ends as it begins, is dressed for so long."""
ALL_DAY = time(9), time(18)


class NotACalendarError(ValueError):
    """The file is no iCalendar."""


@dataclass(frozen=True)
class Occurrence:
    """One event on one day; `ends_at` before `starts_at` is on the next day."""

    key: str
    title: str
    date: date
    starts_at: time
    ends_at: time
    is_all_day: bool = False


@dataclass(frozen=True)
class Reading:
    """In the order of their days. `skipped` events could not be read, or are more than we read."""

    name: str
    occurrences: tuple[Occurrence, ...]
    skipped: int = 0


def read_calendar(body: bytes, *, first: date, days: int, zone: ZoneInfo) -> Reading:
    """The events of `days` days from `first` on, recurring ones unfolded, those that were cancelled left out.

    A time without a zone is the wearer's. Raises NotACalendarError.
    """
    try:
        calendar = Calendar.from_ical(body)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise NotACalendarError(type(error).__name__) from error
    if not isinstance(calendar, Calendar):
        raise NotACalendarError("no calendar")
    skipped = drop_excess(calendar)
    last = first + timedelta(days=days)
    found = list(islice(unfold(calendar, first, last, zone), MOST_OCCURRENCES + 1))
    if len(found) > MOST_OCCURRENCES:
        skipped += 1
    ordered = sorted(found[:MOST_OCCURRENCES], key=lambda one: (one.date, one.starts_at))
    unique = {one.key: one for one in ordered}
    name = clean_text(str(calendar.get("X-WR-CALNAME", "")))[:120]
    return Reading(name, tuple(unique.values()), skipped)


def drop_excess(calendar: Calendar) -> int:
    """Take out the events beyond the limit, those that recur more often than anybody dresses, and what has no start."""
    kept: list[Any] = []
    events = skipped = 0
    for part in calendar.subcomponents:
        if not isinstance(part, Event):
            kept.append(part)
        elif events < MOST_EVENTS and is_readable(part):
            events += 1
            kept.append(part)
        else:
            skipped += 1
    calendar.subcomponents = [part for part in kept if part.name in {"VEVENT", "VTIMEZONE"}]
    return skipped


def is_readable(event: Event) -> bool:
    """Whether it has a start, and a recurrence of at most four times a day that ends somewhere near."""
    if getattr(event.get("DTSTART"), "dt", None) is None:
        return False
    rules = event.get("RRULE", [])
    return all(is_sane(rule) for rule in (rules if isinstance(rules, list) else [rules]))


def is_sane(rule: Any) -> bool:
    """Whether a recurrence unfolds in no time: not by the hour, not many times a day, and not never, which dateutil
    would look for until the year 9999."""
    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    times = len(rule.get("BYHOUR", [1])) * len(rule.get("BYMINUTE", [1]))
    if frequency in TOO_OFTEN or times > MOST_A_DAY or "BYSECOND" in rule:
        return False
    bare = {name: rule[name] for name in rule if name not in {"UNTIL", "COUNT"}}
    if "BYMONTHDAY" not in bare or "BYMONTH" not in bare:
        return True
    try:
        days = {int(day) for day in bare["BYMONTHDAY"]}
        return any(abs(day) <= 28 for day in days) or any_day_exists(days, bare["BYMONTH"])
    except (TypeError, ValueError):
        return False


def any_day_exists(days: set[int], months: Any) -> bool:
    """Whether one of the days from the 29th on is in one of the months, once in four years at least."""
    lengths = {int(month): 29 if int(month) == 2 else 30 + (int(month) + int(month) // 8) % 2 for month in months}  # fmt: skip
    return any(abs(day) <= length for day in days for length in lengths.values())


def unfold(calendar: Calendar, first: date, last: date, zone: ZoneInfo) -> Iterator[Occurrence]:
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    day_before = datetime.combine(first - timedelta(days=1), time.min, zone)
    for event in query.between(day_before, datetime.combine(last, time.min, zone)):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        for one in spread(event, zone):
            if first <= one.date < last:
                yield one


def spread(event: Event, zone: ZoneInfo) -> Iterator[Occurrence]:
    """One occurrence, or one for each day of what lasts for a day or longer."""
    starts: Any = event.start
    ends: Any = event.end
    title = clean_text(str(event.get("SUMMARY", "")))[:TITLE_LETTERS]
    is_all_day = not isinstance(starts, datetime)
    if is_all_day:
        count, begin = max(1, (ends - starts).days), starts
    else:
        starts, ends = to_wearer(starts, zone), to_wearer(ends, zone)
        ends = ends if ends > starts else starts + MOMENT
        begin = starts.date()
        is_all_day = ends - starts >= A_DAY
        # What ends at midnight has nothing of the day that begins then.
        count = ((ends - timedelta.resolution).date() - begin).days + 1 if is_all_day else 1
    for number in range(min(count, LONGEST_DAYS)):
        day = begin + timedelta(days=number)
        yield Occurrence(
            key=make_key(event, day),
            title=title,
            date=day,
            starts_at=ALL_DAY[0] if is_all_day else starts.time(),
            ends_at=ALL_DAY[1] if is_all_day else ends.time(),
            is_all_day=is_all_day,
        )


def to_wearer(moment: Any, zone: ZoneInfo) -> datetime:
    """At the wearer's clock, to the minute; a floating time is that clock's already, and a day begins at midnight."""
    told: datetime = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
    told = told.replace(second=0, microsecond=0)
    return told.replace(tzinfo=zone) if told.tzinfo is None else told.astimezone(zone)


def make_key(event: Event, day: date) -> str:
    """The same at each look for the same instance of a series, wherever it was moved, and for each day of a long one."""
    instance = event.get("RECURRENCE-ID")
    stamp = instance.dt.isoformat() if instance is not None else ""
    number = (day - event.start.date() if isinstance(event.start, datetime) else day - event.start).days  # fmt: skip
    told = f"{event.get('UID', '')}\n{stamp}\n{number}"
    return hashlib.sha256(told.encode()).hexdigest()
