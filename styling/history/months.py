"""A month of outfits: what each day shows, what was worn, planned and called off."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min, prefetch_related_objects
from django.utils.dates import MONTHS

from accounts.models import User
from styling.models import Event, Suggestion
from wardrobe.household.seeing import show_borrowed


@dataclass(frozen=True)
class Day:
    """One day of the calendar: the outfit that counts, and those asked for besides."""

    date: date
    is_out: bool
    suggestion: Suggestion | None = None
    others: list[Suggestion] = field(default_factory=list)
    mark: str = ""
    """As of `mark_outfit`."""
    wants_another: bool = False
    """Whether the sky turned on its plan."""

    @property
    def is_chosen(self) -> bool:
        """Whether it is worn, planned or called off, and not only shown."""
        return bool(self.mark)

    @property
    def wore_something_else(self) -> bool:
        """Whether its wearer said what they wore in the place of one of its outfits."""
        return any(was_replaced(one) for one in [self.suggestion, *self.others] if one)


def list_days(owner: User, month: date, *, today: date) -> list[Day]:
    """The weeks of `month`, each day with the outfit that was worn or else the last one shown."""
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    outfits = group_outfits(owner, month.replace(day=1), last)
    days = [
        describe_day(day, outfits.get(day, []), month=month, today=today)
        for week in weeks
        for day in week
    ]
    return lay_unpictured(owner, days)


def describe_day(day: date, outfits: list[Suggestion], *, month: date, today: date) -> Day:
    if day.month != month.month:
        return Day(day, is_out=True)
    if not outfits:
        return Day(day, is_out=False)
    first = outfits[0]
    mark = mark_outfit(first, today=today)
    return Day(
        day,
        is_out=False,
        suggestion=first,
        others=outfits[1:],
        mark=mark,
        wants_another=mark == PLANNED and any(wants_another(one) for one in outfits),
    )


PLANNED, WORN, OFF = "planned", "worn", "off"


def mark_outfit(suggestion: Suggestion, *, today: date) -> str:
    """How an outfit stands in the calendar: planned, worn, off (called off), or empty for one that was only shown."""
    if suggestion.verdict == Suggestion.Verdict.ACCEPTED:
        return PLANNED if suggestion.event.date > today else WORN
    return OFF if is_called_off(suggestion) else ""


def is_called_off(suggestion: Suggestion) -> bool:
    plan = getattr(suggestion, "plan", None)
    return plan is not None and plan.called_off_at is not None


def was_replaced(suggestion: Suggestion) -> bool:
    """Whether its wearer said what they wore in its place."""
    return getattr(suggestion, "worn_instead", None) is not None


def wants_another(suggestion: Suggestion) -> bool:
    plan = getattr(suggestion, "plan", None)
    return plan is not None and plan.wants_another


def group_outfits(owner: User, first: date, last: date) -> dict[date, list[Suggestion]]:
    """The outfits of each day, the one that counts first; without their pieces, which `lay_out` reads. One query."""
    found = (
        Suggestion.objects.by_day_of(owner)
        .laid()
        .briefly()
        .filter(event__date__range=(first, last))
        .exclude(status=Suggestion.Status.FAILED)
        .select_related("event", "plan", "worn_instead")
    )
    grouped: dict[date, list[Suggestion]] = {}
    for suggestion in sorted(found, key=weigh, reverse=True):
        suggestion.owner = owner
        grouped.setdefault(suggestion.event.date, []).append(suggestion)
    return grouped


def lay_out(owner: User, suggestions: Sequence[Suggestion]) -> None:
    """Read their pieces, as their wearer may see them. Three queries."""
    prefetch_related_objects(suggestions, "pieces__garment__photo")
    show_borrowed(owner, [piece.garment for one in suggestions for piece in one.pieces.all()])


def lay_unpictured(owner: User, days: list[Day]) -> list[Day]:
    """Read the pieces of outfits that have no picture yet."""
    shown = [day.suggestion for day in days if day.suggestion and not day.suggestion.picture]
    lay_out(owner, shown)
    return days


def weigh(suggestion: Suggestion) -> tuple[int, Any]:
    """Worn counts before called off before undecided before turned down; the later before the earlier."""
    rank = {Suggestion.Verdict.ACCEPTED: 3, Suggestion.Verdict.REJECTED: 0}
    undecided = 2 if is_called_off(suggestion) else 1
    return rank.get(Suggestion.Verdict(suggestion.verdict), undecided), suggestion.created_at


def list_weeks(days: list[Day]) -> list[list[Day]]:
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def find_week(owner: User, day: date, *, today: date) -> list[Day]:
    """The week from Monday on that a day is in."""
    monday = day - timedelta(days=day.weekday())
    outfits = group_outfits(owner, monday, monday + timedelta(days=6))
    days = [
        describe_day(one, outfits.get(one, []), month=one, today=today)
        for one in (monday + timedelta(days=ahead) for ahead in range(7))
    ]
    return lay_unpictured(owner, days)


@dataclass(frozen=True)
class MonthCounts:
    """Days of a month with an outfit, and how many of these were worn, or are planned."""

    shown: int
    worn: int
    planned: int


def count_verdicts(days: Iterable[Day]) -> MonthCounts:
    shown = [day for day in days if day.suggestion]
    marks = [day.mark for day in shown]
    return MonthCounts(len(shown), marks.count(WORN), marks.count(PLANNED))


@dataclass(frozen=True)
class Months:
    """What one may go to: `months` are pairs of number and name."""

    months: list[tuple[int, str]]
    years: list[int]


def list_months(owner: User, month: date, *, today: date) -> Months:
    """The years from the wearer's first outfit to the last, next year's, and the one that is shown."""
    ends = Event.objects.filter(owner=owner).aggregate(first=Min("date"), last=Max("date"))
    first = min(today, month, ends["first"] or today).year
    last = max(today.year + 1, month.year, (ends["last"] or today).year)
    return Months(
        [(number, str(name)) for number, name in MONTHS.items()], list(range(first, last + 1))
    )
