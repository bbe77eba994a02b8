"""A month of outfits: what each day shows, what was worn and what is planned."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min
from django.utils.dates import MONTHS

from accounts.models import User
from styling.models import Event, OutfitPiece, Suggestion


@dataclass(frozen=True)
class Day:
    """One day of the calendar: the outfit that counts, and those asked for besides."""

    date: date
    is_out: bool
    is_next: bool = False
    suggestion: Suggestion | None = None
    others: list[Suggestion] = field(default_factory=list)

    @property
    def pieces(self) -> list[OutfitPiece]:
        """As many as a mosaic shows."""
        return list(self.suggestion.pieces.all())[:4] if self.suggestion else []

    @property
    def verdict(self) -> str:
        return self.suggestion.verdict if self.suggestion else ""

    @property
    def sky(self) -> str:
        """Such as "chilly, rainy"; empty when nobody knew."""
        weather = self.suggestion.weather if self.suggestion else {}
        categories = weather.get("categories", {})
        return ", ".join(categories[name] for name in ("temperature", "rain") if name in categories)


def list_days(owner: User, month: date, *, today: date) -> list[Day]:
    """The weeks of `month`, each day with the outfit that was worn or else the last one shown."""
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    outfits = group_outfits(owner, weeks[0][0], weeks[-1][-1])
    return [
        describe_day(day, outfits.get(day, []), month=month, today=today)
        for week in weeks
        for day in week
    ]


def describe_day(day: date, outfits: list[Suggestion], *, month: date, today: date) -> Day:
    if day.month != month.month:
        return Day(day, is_out=True)
    if not outfits:
        return Day(day, is_out=False, is_next=day == today + timedelta(days=1))
    return Day(day, is_out=False, suggestion=outfits[0], others=outfits[1:])


def group_outfits(owner: User, first: date, last: date) -> dict[date, list[Suggestion]]:
    """The outfits of each day, the one that counts first."""
    found = (
        Suggestion.objects.for_owner(owner)
        .filter(event__date__range=(first, last), pieces__isnull=False)
        .exclude(status=Suggestion.Status.FAILED)
        .select_related("event", "worn_instead")
        .prefetch_related("pieces__garment__photo")
        .distinct()
    )
    grouped: dict[date, list[Suggestion]] = {}
    for suggestion in sorted(found, key=weigh, reverse=True):
        grouped.setdefault(suggestion.event.date, []).append(suggestion)
    return grouped


def weigh(suggestion: Suggestion) -> tuple[int, Any]:
    """Worn counts before undecided before turned down; the later before the earlier."""
    rank = {Suggestion.Verdict.ACCEPTED: 2, Suggestion.Verdict.REJECTED: 0}
    return rank.get(Suggestion.Verdict(suggestion.verdict), 1), suggestion.created_at


@dataclass(frozen=True)
class MonthCounts:
    """Days of a month with an outfit, and how many of these were worn, or are planned."""

    shown: int
    worn: int
    planned: int


def count_verdicts(days: Iterable[Day], *, today: date) -> MonthCounts:
    shown = [day for day in days if day.suggestion]
    chosen = [day for day in shown if day.verdict == Suggestion.Verdict.ACCEPTED]
    planned = sum(day.date > today for day in chosen)
    return MonthCounts(len(shown), len(chosen) - planned, planned)


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
