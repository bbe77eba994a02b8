"""What the page of a trip shows, read in a bounded number of queries."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styling.models import Trip, TripOccasion, TripPiece
from styling.packing.washing import count_pairs
from styling.services.profiles import get_profile
from styling.weather.kinds import name_kind, say_temperatures
from styling.weather.model import WeatherSnapshot
from wardrobe.models import Garment
from wardrobe.templatetags.wardrobe_words import in_words, number_word

SURE_DAYS = 5
"""Beyond these a forecast may turn: the errors of temperature double from the fifth day to the tenth."""
SKIES = {"snowy": "snow", "rainy": "rain", "drizzly": "rain", "dry": "sun"}
FAULTS = {
    "too_cold": gettext_lazy("colder than you like"),
    "too_warm": gettext_lazy("warmer than you like"),
    "rain_unprotected": gettext_lazy("without cover from the rain"),
    "formality_mismatch": gettext_lazy("not dressed up, or down, enough"),
    "incomplete_outfit": gettext_lazy("not a whole outfit"),
    "bare_legs": gettext_lazy("bare legs in frost"),
    "coat_when_hot": gettext_lazy("a coat in the heat"),
}


@dataclass(frozen=True)
class Day:
    """A day with its occasions; the sky is that of the first. `garments` are those of the first, as its picture."""

    date: date
    occasions: list[TripOccasion]
    sky: str = ""
    temperatures: str = ""
    garments: list[Garment] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.occasions]

    @property
    def has_turned(self) -> bool:
        return any(one.has_turned for one in self.occasions)

    @property
    def faults(self) -> list[str]:
        codes = {code for one in self.occasions for code in one.faults}
        return [str(words) for code, words in FAULTS.items() if code in codes]


@dataclass(frozen=True)
class Row:
    """A piece of the list, and on which days it is worn."""

    piece: TripPiece
    worn: list[bool]

    @property
    def days(self) -> int:
        return sum(self.worn)


@dataclass(frozen=True)
class Pairs:
    """Socks or underwear, counted by days."""

    kind: str
    wanted: int
    owned: int
    is_packed: bool

    @property
    def missing(self) -> int:
        return max(self.wanted - self.owned, 0)


@dataclass(frozen=True)
class TripPage:
    trip: Trip
    days: list[Day]
    rows: list[Row]
    pairs: list[Pairs]
    left_out: list[TripPiece]
    no_forecast: list[date]
    expected: list[date]
    far: list[date]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def packed(self) -> int:
        return sum(row.piece.is_packed for row in self.rows)

    @property
    def carried(self) -> list[Row]:
        return [row for row in self.rows if not row.piece.is_worn_there]

    @property
    def on_the_way(self) -> list[Row]:
        """What is worn on the first day: the bulkiest that its rules allow."""
        return [row for row in self.rows if row.piece.is_worn_there]

    @property
    def outfits(self) -> int:
        """How many different outfits the list makes on these days."""
        worn = {
            frozenset(wear.garment_id for wear in one.wears.all())
            for day in self.days
            for one in day.occasions
        }
        return len(worn - {frozenset()})

    @property
    def size_words(self) -> str:
        """Such as "Nine pieces, six outfits." """
        said = {"pieces": in_words(self.total), "outfits": number_word(self.outfits)}
        pieces = ngettext("%(pieces)s piece", "%(pieces)s pieces", self.total)
        outfits = ngettext("%(outfits)s outfit", "%(outfits)s outfits", self.outfits)
        return _("%(pieces)s, %(outfits)s.") % {"pieces": pieces % said, "outfits": outfits % said}

    @property
    def hard_worked(self) -> list[Row]:
        most = max((row.days for row in self.rows), default=0)
        return [row for row in self.rows if row.days == most > 1][:3]

    @property
    def a_day(self) -> list[int]:
        return [sum(row.worn[at] for row in self.rows) for at in range(len(self.days))]

    @property
    def wet_days(self) -> list[date]:
        return [day.date for day in self.days if day.sky in {"rain", "snow"}]

    @property
    def faulty(self) -> list[Day]:
        return [day for day in self.days if day.faults]

    @property
    def turned(self) -> list[Day]:
        return [day for day in self.days if day.has_turned]


def read_page(trip: Trip) -> TripPage:
    occasions = list(trip.occasions.prefetch_related("wears__garment__photo"))
    pieces = list(trip.pieces.select_related("garment__photo").order_by("garment__slot", "pk"))
    units = get_profile(trip.owner).units
    by_day: dict[date, list[TripOccasion]] = {day: [] for day in trip.days}
    for occasion in occasions:
        by_day.setdefault(occasion.day, []).append(occasion)
    days = [describe_day(day, by_day[day], units) for day in trip.days]
    worn = Counter(
        (wear.garment_id, day.date)
        for day in days
        for one in day.occasions
        for wear in one.wears.all()
    )
    listed = [one for one in pieces if one.role != TripPiece.Role.LEFT_OUT]
    rows = [
        Row(one, [(one.garment_id, day.date) in worn for day in days])
        for one in sorted(listed, key=rank)
        if not one.is_spare
    ]
    far = trip.owner.today + timedelta(days=SURE_DAYS)
    unknown = [day.date for day in days if any(one.no_forecast for one in day.occasions)]
    return TripPage(
        trip=trip,
        days=days,
        rows=rows,
        pairs=count_spare(trip, [one for one in listed if one.is_spare]),
        left_out=[one for one in pieces if one.role == TripPiece.Role.LEFT_OUT],
        no_forecast=[
            day.date
            for day in days
            if any(one.no_forecast and not one.weather for one in day.occasions)
        ],
        expected=[
            day.date
            for day in days
            if any(one.no_forecast and one.weather for one in day.occasions)
        ],
        far=[day.date for day in days if day.date > far and day.date not in unknown],
    )


SHOWN_SLOTS = ("outerwear", "top", "dress", "bottom", "shoes", "hat", "accessory", "bag")


def rank(piece: TripPiece) -> int:
    slot = piece.garment.slot
    return SHOWN_SLOTS.index(slot) if slot in SHOWN_SLOTS else len(SHOWN_SLOTS)


def describe_day(day: date, occasions: list[TripOccasion], units: str) -> Day:
    first = next((one for one in occasions if one.weather), None)
    garments = [wear.garment for one in occasions[:1] for wear in one.wears.all()][:4]
    if first is None:
        return Day(day, occasions, garments=garments)
    snapshots = [WeatherSnapshot.from_json(one.weather) for one in occasions if one.weather]
    wettest = max(snapshots, key=lambda one: list(reversed(SKIES)).index(one.categories["rain"]))
    said = snapshots[0]
    words = say_temperatures(said, units) or name_kind(said.categories["temperature"])
    return Day(day, occasions, SKIES[wettest.categories["rain"]], words, garments)


def count_spare(trip: Trip, pieces: list[TripPiece]) -> list[Pairs]:
    wash_days = frozenset((day - trip.starts_on).days for day in trip.wash_days)
    wanted = count_pairs(len(trip.days), wash_days)
    found = []
    for kind in ("socks", "underwear"):
        own = [one for one in pieces if one.garment.type == kind]
        if own:
            owned = sum(one.copies for one in own)
            found.append(Pairs(kind, wanted, owned, all(one.is_packed for one in own)))
    return found


MOST_A_KIND = 12
"""Pieces of one kind that are listed at a time."""


@dataclass(frozen=True)
class Addable:
    """What could be added by hand: the first of each kind by their names, and which kinds have more; or with `page` one
    kind, a page at a time."""

    groups: list[tuple[str, list[Garment]]]
    more: list[str] = field(default_factory=list)
    page: Page[Garment] | None = None


def list_addable(trip: Trip, kind: str = "", number: str = "") -> Addable:
    """All that hangs there and is not on the list. `kind` is a slot, `number` the page of it; of another word the first of
    each kind."""
    listed = trip.pieces.exclude(role=TripPiece.Role.LEFT_OUT).values("garment")
    garments = Garment.objects.for_owner(trip.owner).current().exclude(pk__in=listed)
    if kind and kind in garments.order_by().values_list("slot", flat=True).distinct():
        of_kind = garments.filter(slot=kind).order_by("name", "pk")
        page = Paginator(of_kind, MOST_A_KIND).get_page(number)
        return Addable([(kind, list(page))], page=page)
    place = Window(RowNumber(), partition_by=[F("slot")], order_by=["name", "pk"])
    first = garments.annotate(place=place).filter(place__lte=MOST_A_KIND + 1)
    groups: dict[str, list[Garment]] = {}
    for garment in first.order_by("slot", "name", "pk"):
        groups.setdefault(garment.slot, []).append(garment)
    return Addable(
        [(slot, some[:MOST_A_KIND]) for slot, some in groups.items()],
        more=[slot for slot, some in groups.items() if len(some) > MOST_A_KIND],
    )
