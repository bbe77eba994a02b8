"""What the pages of an answer and of a wearer read from several tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.http import read_key
from accounts.models import User
from registry.statements import Statement
from styling.flatlay.placing import place_garments
from styling.models import LeftOut, OutfitPiece, Suggestion
from styling.stylist.context import Candidate
from styling.stylist.prose_links import Segment, split_prose
from styling.stylist.saying import say_sky, spoken
from styling.stylist.verdict import say_verdict
from styling.weather.kinds import name_kind, say_feels, say_temperatures
from styling.weather.model import WeatherHour, WeatherSnapshot, format_temperature
from wardrobe import vocabulary
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Care, Garment
from wardrobe.services.garments import call

STARTERS = 4
OVERDUE_SHOWN = 3
BAR_HEIGHT = 24


@dataclass(frozen=True)
class Bar:
    """One hour of the forecast, ready to draw: `top` and `height` in units of the picture."""

    time: str
    temperature: str
    percent: str
    top: int
    height: int
    in_event: bool
    icon: str = "cloud"


def draw_bar(hour: WeatherHour, units: str) -> Bar:
    percent = hour.precipitation_probability
    height = max(3, round(BAR_HEIGHT * (percent or 0) / 100))
    return Bar(
        time=f"{hour.time:%H:%M}" if hour.time.minute else f"{hour.time:%H}",
        temperature=format_temperature(hour.temperature_c, units),
        percent=as_percent(percent),
        top=BAR_HEIGHT - height,
        height=height,
        in_event=hour.in_event,
        icon=hour.icon,
    )


@dataclass(frozen=True)
class WeatherView:
    """The weather in the wearer's units, for a page."""

    snapshot: WeatherSnapshot
    units: str

    @property
    def sentence(self) -> str:
        return say_sky(self.snapshot)

    @property
    def tags(self) -> list[tuple[str, str]]:
        """Pairs of icon and words."""
        snapshot, categories = self.snapshot, self.snapshot.categories
        temperatures = say_temperatures(snapshot, self.units)
        percent = snapshot.precipitation_probability
        rain = "snow" if categories["rain"] == "snowy" else "rain"
        said = (
            [name_kind(categories["temperature"]), temperatures],
            [name_kind(categories["rain"]), as_percent(percent)],
        )
        wind = (
            []
            if snapshot.is_stated
            else [name_kind(categories["wind"]), snapshot.format_wind(self.units)]
        )
        pairs = [("temp", said[0]), (rain, said[1]), ("wind", wind)]
        return [(icon, ", ".join(filter(None, words))) for icon, words in pairs if words]

    @property
    def bars(self) -> list[Bar]:
        return [draw_bar(hour, self.units) for hour in self.snapshot.shown]

    @property
    def words(self) -> str:
        """The figures in a sentence, such as "8 to 12°, feels like 6 to 10°. Rain up to 80%." """
        snapshot = self.snapshot
        if snapshot.is_stated:
            return say_sky(snapshot)
        said = {
            "warmth": say_temperatures(snapshot, self.units),
            "feels": say_feels(snapshot, self.units),
            "percent": as_percent(snapshot.precipitation_probability),
            "wind": snapshot.format_wind(self.units),
        }
        warmth = _("%(warmth)s, feels like %(feels)s.") if said["feels"] else "%(warmth)s."
        rest = (
            _("Rain up to %(percent)s, wind up to %(wind)s.")
            if said["percent"]
            else _("Wind up to %(wind)s.")
        )
        return f"{warmth} {rest}" % said


def as_percent(value: int | None) -> str:
    return "" if value is None else pgettext("percentage", "%(value)d%%") % {"value": value}


def view_weather(stored: dict[str, Any], units: str) -> WeatherView | None:
    return WeatherView(WeatherSnapshot.from_json(stored), units) if stored else None


@dataclass(frozen=True)
class LaidPiece:
    """A piece, and its place on the ground; empty for one that is only in the list."""

    piece: OutfitPiece
    place: str

    @property
    def garment(self) -> Garment:
        return self.piece.garment

    @property
    def slot(self) -> str:
        return self.piece.slot


@dataclass(frozen=True)
class OutfitPage:
    """A finished suggestion as its page shows it."""

    pieces: list["LaidPiece"]
    line: str
    """What kind of day it is, in one line."""
    paragraphs: list[list[Segment]]
    missing: list[str]
    notices: set[str]
    """The codes of what the page has to say of it."""


def say_line(suggestion: Suggestion, garments: Sequence[Garment]) -> str:
    """What kind of day it is, in one line."""
    weather = WeatherSnapshot.from_json(suggestion.weather) if suggestion.weather else None
    worn = [Candidate.from_garment(garment) for garment in garments]
    return say_verdict(weather, worn, language=spoken())


def read_outfit(suggestion: Suggestion) -> OutfitPage:
    pieces = list(suggestion.pieces.select_related("garment__photo"))
    slots = vocabulary.terms("slot")
    garments = show_borrowed(suggestion.owner, [piece.garment for piece in pieces])
    laid = zip(pieces, place_garments(garments), strict=True)
    return OutfitPage(
        pieces=[LaidPiece(piece, place) for piece, place in laid],
        line=say_line(suggestion, garments),
        paragraphs=split_prose(suggestion.prose, garments),
        missing=[slots[slot].said if slot in slots else slot for slot in suggestion.missing],
        notices=list_notices(suggestion.events),
    )


def list_notices(events: Sequence[dict[str, Any]]) -> set[str]:
    """The notices that stand: what came before a new beginning is void."""
    begins = max((i for i, event in enumerate(events) if event["type"] == "superseded"), default=-1)
    return {str(event["code"]) for event in events[begins + 1 :] if event["type"] == "notice"}


def list_chosen(owner: User) -> QuerySet[Suggestion]:
    """What the wearer chose for today, the earliest first."""
    chosen = Suggestion.objects.by_day_of(owner).filter(
        verdict=Suggestion.Verdict.ACCEPTED, event__date=owner.today
    )
    return chosen.select_related("event").order_by("event__starts_at")[:3]


def list_waiting_garments(owner: User) -> QuerySet[Garment]:
    """What could be worn and has waited longest; socks and the like start no outfit."""
    starts = ("top", "bottom", "dress", "outerwear", "shoes")
    wearable = Garment.objects.for_owner(owner).wearable().filter(slot__in=starts)
    waited = F("last_worn_on").asc(nulls_first=True)
    return wearable.select_related("photo").order_by(waited, "created_at")[:STARTERS]


PICKED_FROM = ("outerwear", "top", "dress", "bottom", "shoes", "accessory", "hat", "bag")
PICKS_PER_PAGE = 12


@dataclass(frozen=True)
class Picker:
    """Pieces to ask for ("keep") or to leave out ("without"), each with which it is, or neither: those that are
    `chosen` and not shown below, and a page of one kind."""

    chosen: list[tuple[Garment, str]]
    slot: str = ""
    page: Page[Garment] | None = None
    shown: list[tuple[Garment, str]] = field(default_factory=list)
    slots: tuple[str, ...] = PICKED_FROM


def read_picker(
    owner: User, *, keep: Sequence[str], without: Sequence[str], pick: str = ""
) -> Picker:
    """`pick` is a kind, and perhaps the number of a page of it: "top" or "top 2". Keys of nothing that can be worn are
    left out."""
    chosen = {key: "without" for text in without if (key := read_key(text))}
    chosen |= {key: "keep" for text in keep if (key := read_key(text))}
    wearable = Garment.objects.for_owner(owner).wearable().select_related("photo")
    slot, _, number = pick.partition(" ")
    page = None
    if slot in PICKED_FROM:
        page = Paginator(
            wearable.filter(slot=slot).order_by("name", "pk"), PICKS_PER_PAGE
        ).get_page(number)
    shown = [*page] if page else []
    others = Garment.objects.worn_by(owner).ready_for(owner).in_bulk([*chosen])
    for one in shown:
        others.pop(one.pk, None)
    return Picker(
        chosen=[(others[key], choice) for key, choice in chosen.items() if key in others],
        slot=slot if page else "",
        page=page,
        shown=[(garment, chosen.get(garment.pk, "")) for garment in shown],
    )


def find_gaps(owner: User) -> list[str]:
    """The slots without which no outfit is whole: nothing in them can be worn now."""
    slots = set(Garment.objects.for_owner(owner).wearable().values_list("slot", flat=True))
    gaps = [] if "dress" in slots else [slot for slot in ("top", "bottom") if slot not in slots]
    return gaps + ([] if "shoes" in slots else ["shoes"])


LEFT_OUT_PER_PAGE = 12


def list_left_out(owner: User, number: str | None = None) -> Page[LeftOut]:
    """A page of what they never want for an occasion, of pieces that they may see, the last first."""
    rows = LeftOut.objects.filter(owner=owner, garment__in=Garment.objects.seen_by(owner))
    rows = rows.select_related("garment__photo").order_by("-created_at", "-pk")
    page = Paginator(rows, LEFT_OUT_PER_PAGE).get_page(number)
    page.object_list = list(page.object_list)
    show_borrowed(owner, [one.garment for one in page])
    return page


SENSITIVITIES = {
    -2: gettext_lazy("You are always cold."),
    -1: gettext_lazy("You feel the cold."),
    1: gettext_lazy("You run warm."),
    2: gettext_lazy("You are always warm."),
}


@dataclass(frozen=True)
class Learned:
    """One thing that the stylist goes by, and where it is from."""

    voice: str
    source: str


def say_gladly(names: Sequence[str]) -> str:
    first, second = names
    return _("%(first)s with %(second)s, gladly.") % {"first": first, "second": second}


def say_together(times: int) -> str:
    """At least twice."""
    if times == 2:
        return _("Worn together twice.")
    return ngettext("Worn together %(times)d time.", "Worn together %(times)d times.", times) % {
        "times": times
    }


def list_learned(owner: User) -> list[Learned]:
    """What the stylist goes by for this wearer: what they told it, and what they wore."""
    profile = owner.profile
    told = []
    if profile.sensitivity:
        told.append(Learned(str(SENSITIVITIES[profile.sensitivity]), _("You told it so, below.")))
    for words, said in (
        (profile.likes, _("You like %(words)s.")),
        (profile.dislikes, _("You would rather not wear %(words)s.")),
    ):
        if words:
            told.append(Learned(said % {"words": words.rstrip(".")}, _("You wrote it, below.")))
    return told + list_favourite_pairs(owner)


def count_worn_together(owner: User, today: date) -> dict[frozenset[str], int]:
    """How often each pair of garments was worn in one outfit, of the last hundred worn."""
    return count_pairs(read_worn(owner.pk, today))


def count_pairs(worn: Iterable[tuple[UUID, UUID]]) -> dict[frozenset[str], int]:
    """Of pieces in outfits, by their ids."""
    outfits: dict[UUID, list[str]] = {}
    for suggestion_id, garment_id in worn:
        outfits.setdefault(suggestion_id, []).append(str(garment_id))
    pairs = (frozenset(two) for outfit in outfits.values() for two in combinations(outfit, 2))
    return dict(Counter(pairs))


def ask_worn(owner: int, today: date) -> "QuerySet[OutfitPiece, tuple[UUID, UUID]]":
    worn = Suggestion.objects.filter(owner=owner).worn(today).values("pk")[:100]
    rows = OutfitPiece.objects.filter(suggestion__in=worn).order_by()
    return rows.values_list("suggestion_id", "garment_id")


read_worn = Statement(ask_worn, int, date)


def list_favourite_pairs(owner: User) -> list[Learned]:
    """Pairs worn together at least twice, the most worn first."""
    counts = count_worn_together(owner, owner.today)
    pairs = sorted(
        (pair for pair, times in counts.items() if times > 1), key=lambda pair: -counts[pair]
    )
    owned = Garment.objects.for_owner(owner).filter(pk__in={pk for pair in pairs for pk in pair})
    garments = {str(garment.pk): garment for garment in owned}
    return [
        Learned(
            say_gladly(sorted(call(garments[pk]) for pk in pair)),
            say_together(counts[pair]),
        )
        for pair in pairs[:5]
        if all(pk in garments for pk in pair)
    ]


def find_overdue(owner: User) -> dict[str, object]:
    """The first of the pieces that should be back, how many more there are, and the day that says so."""
    overdue = Care.objects.for_owner(owner).overdue(owner.today)
    rows = list(overdue.select_related("garment__photo", "garment__owner")[: OVERDUE_SHOWN + 1])
    more = overdue.count() - OVERDUE_SHOWN if len(rows) > OVERDUE_SHOWN else 0
    return {"overdue": rows[:OVERDUE_SHOWN], "more_overdue": more, "today": owner.today}
