"""The log of a garment: when it was worn, washed, repaired and lent, in one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload

from django.db.models import Q

from wardrobe.models import Care, Garment, Wear

Mark = tuple[date, int, int]
"""The day, whether it is a care (1) or a wear (0), and the row's key: what entries are ordered by."""


@dataclass(frozen=True)
class Entry:
    """One of the two."""

    wear: Wear | None = None
    care: Care | None = None


class Log(Sequence[Entry]):
    """Newest first; rows are read for the slice that is asked for. Wears whose days nobody kept come last."""

    def __init__(self, garment: Garment) -> None:
        # What somebody of the household plans to borrow is theirs to know.
        wears = Wear.objects.filter(garment=garment).exclude(
            ~Q(owner=garment.owner_id), is_planned=True
        )
        cares = Care.objects.filter(garment=garment).values_list("day", "pk")
        marks: list[Mark] = [(day or date.min, 0, pk) for day, pk in wears.values_list("day", "pk")]
        marks += [(day, 1, pk) for day, pk in cares]
        self.marks = sorted(marks, reverse=True)

    def __len__(self) -> int:
        return len(self.marks)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, int):
            return read_entries([self.marks[at]])[0]
        return read_entries(self.marks[at])


def read_entries(marks: list[Mark]) -> list[Entry]:
    wears = Wear.objects.select_related("owner__membership").in_bulk(
        [pk for _, is_care, pk in marks if not is_care]
    )
    cares = Care.objects.in_bulk([pk for _, is_care, pk in marks if is_care])
    found = [
        Entry(care=cares.get(pk)) if is_care else Entry(wear=wears.get(pk))
        for _, is_care, pk in marks
    ]
    return [entry for entry in found if entry.wear or entry.care]


MONTHS, BAR_HEIGHT = 12, 50


@dataclass(frozen=True)
class MonthBar:
    """How often in a month; `top` and `height` in units of a picture of BAR_HEIGHT."""

    month: date
    count: int
    height: int

    @property
    def top(self) -> int:
        return BAR_HEIGHT - self.height


def draw_months(counts: Mapping[date, int], today: date) -> list[MonthBar]:
    """The last twelve months, this one last. `counts` by the first of the month."""
    months, month = [], today.replace(day=1)
    for _ in range(MONTHS):
        months.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    most = max((counts.get(one, 0) for one in months), default=0) or 1
    return [
        MonthBar(one, count, max(round(BAR_HEIGHT * count / most), 2))
        for one in reversed(months)
        for count in [counts.get(one, 0)]
    ]


@dataclass(frozen=True)
class Usage:
    """What a garment's wears come to: days a month, and how many outfits it was worn in."""

    months: list[MonthBar]
    outfits: int

    @property
    def has_bars(self) -> bool:
        """Whether any of its wears lies in a month that is drawn: those of before there was a log do not."""
        return any(bar.count for bar in self.months)


def read_usage(garment: Garment, today: date) -> Usage:
    """Of wears whose day has come; those of before there was a log have no month."""
    come = Wear.objects.filter(garment=garment).come(today)
    days = {day for day, source in come.values_list("day", "source") if source != "earlier" and day}
    outfits = come.exclude(origin=None).order_by().values("origin").distinct().count()
    return Usage(draw_months(Counter(day.replace(day=1) for day in days), today), outfits)


def read_log(garment: Garment) -> Log:
    return Log(garment)
