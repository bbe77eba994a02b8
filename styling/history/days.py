"""One day of the calendar: its outfits, what else was worn then, what the wearer's other calendars say, and an outfit
of before that suits such a day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q

from accounts.models import User
from styling.history.months import group_outfits, lay_out, mark_outfit, was_replaced
from styling.models import CalendarOccasion, Suggestion
from wardrobe.models import Garment, Wear

NEAR = timedelta(days=3)
YEARS_BACK = 10
CHOSEN_PER_PAGE, SHOWN_PER_PAGE = 12, 24
LOOKED_AT = 60
"""So many of the last worn outfits are compared by their weather."""


@dataclass(frozen=True)
class Entry:
    """An outfit of a day, and how it stands: planned, worn, off, or only shown."""

    suggestion: Suggestion
    mark: str


@dataclass(frozen=True)
class DayPage:
    """What a day's page shows. `besides` are pieces whose wearer said that they wore them then, without an outfit or in
    the place of one, and `replaced` the outfits of these."""

    date: date
    entries: Page[Entry]
    shown: Page[Entry]
    besides: list[Garment] = field(default_factory=list)
    replaced: list[Suggestion] = field(default_factory=list)
    occasions: list[CalendarOccasion] = field(default_factory=list)
    before: Suggestion | None = None
    is_same_day: bool = False
    """Whether `before` was worn on this day of an earlier year, and not only in such weather."""


def read_day(
    owner: User, day: date, *, today: date, number: str | None = None, left: str | None = None
) -> DayPage:
    """`number` is the page of what was chosen, `left` that of what was only shown."""
    outfits = group_outfits(owner, day, day).get(day, [])
    entries = [Entry(one, mark_outfit(one, today=today)) for one in outfits]
    chosen = [entry for entry in entries if entry.mark]
    chosen.sort(key=lambda entry: entry.suggestion.event.starts_at)
    replaced = [one for one in outfits if was_replaced(one)]
    shown = [entry for entry in entries if not entry.mark and entry.suggestion not in replaced]
    before, is_same_day = find_before(owner, day, [entry.suggestion for entry in chosen])
    listed = Paginator(chosen, CHOSEN_PER_PAGE).get_page(number)
    lay_out(owner, [entry.suggestion for entry in listed] + ([before] if before else []))
    return DayPage(
        date=day,
        entries=listed,
        shown=Paginator(shown, SHOWN_PER_PAGE).get_page(left),
        besides=list_besides(owner, day),
        replaced=replaced,
        occasions=list(CalendarOccasion.objects.for_owner(owner).filter(date=day).exclude(kind="")),
        before=before,
        is_same_day=is_same_day,
    )


def list_besides(owner: User, day: date) -> list[Garment]:
    told = [Wear.Source.SAID, Wear.Source.INSTEAD]
    said = Wear.objects.for_owner(owner).filter(day=day, source__in=told)
    garments = Garment.objects.for_owner(owner).filter(wears__in=said).select_related("photo")
    return list(garments.distinct().order_by("name", "pk"))


def find_before(owner: User, day: date, chosen: list[Suggestion]) -> tuple[Suggestion | None, bool]:
    """An outfit that was worn about this day of an earlier year; else the last in weather as that of the day."""
    worn = (
        Suggestion.objects.by_day_of(owner)
        .worn(min(owner.today, day - timedelta(days=1)))
        .laid()
        .briefly()
        .select_related("event")
    )
    anniversaries = [go_back(day, years) for years in range(1, YEARS_BACK + 1)]
    near = Q()
    for then in anniversaries:
        near |= Q(event__date__range=(then - NEAR, then + NEAR))
    found = min(worn.filter(near), key=lambda one: rank(one, anniversaries), default=None)
    if found:
        return found, True
    weather = next((one.weather for one in chosen if one.weather), None)
    if weather is None:
        return None, False
    kinds = pick_kinds(weather)
    for one in worn.order_by("-event__date")[:LOOKED_AT]:
        if one.weather and pick_kinds(one.weather) == kinds:
            return one, False
    return None, False


def rank(suggestion: Suggestion, anniversaries: list[date]) -> tuple[int, timedelta]:
    """The latest year first, in it the nearest day."""
    far = [abs(suggestion.event.date - then) for then in anniversaries]
    years = min(range(len(far)), key=far.__getitem__)
    return years, far[years]


def go_back(day: date, years: int) -> date:
    """The same day of an earlier year; the 28th where there is no 29th of February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def pick_kinds(weather: dict[str, dict[str, str]]) -> tuple[str | None, str | None]:
    categories = weather.get("categories", {})
    return categories.get("temperature"), categories.get("rain")
