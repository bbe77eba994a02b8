"""The page of numbers: each figure with the words and the table that stand beside it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from styling.numbers.reading import Log, Piece, find_pictures, find_start, read_log, read_pieces
from styling.services.profiles import get_profile
from styling.stylist.seasons import find_season
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.prices.currencies import say_money, sum_by_currency
from wardrobe.services.garments import call
from wardrobe.services.logs import MonthBar, draw_months
from wardrobe.templatetags.wardrobe_words import in_words

ENOUGH_DAYS = 10
SHOWN, WAITING = 5, 8
GROUPS = ("tops", "bottoms", "layers", "shoes", "extras")
LAYERED = {"mid", "outer"}
EXTRA_SLOTS = {"hat", "accessory", "bag", "socks"}


@dataclass(frozen=True)
class Rank:
    """A row of a list with bars; `percent` is its share of the longest."""

    piece: Piece
    words: str
    percent: int
    garment: Garment | None = None

    @property
    def name(self) -> str:
        return call(self.garment) if self.garment else self.piece.name


@dataclass(frozen=True)
class Tone:
    name: str
    value: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Cell:
    count: int

    @property
    def level(self) -> str:
        return "none" if not self.count else "thin" if self.count == 1 else "enough"


@dataclass(frozen=True)
class Cover:
    """A table: how many pieces of each group there are for each column."""

    columns: list[str]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class NumbersPage:
    span: str
    span_words: str
    pieces: list[Piece]
    log: Log
    days: int
    half: int
    most: list[Rank]
    least: list[Rank]
    waiting: list[Rank]
    months: list[MonthBar]
    costs: list[Rank]
    priced: int
    totals: list[str]
    averages: list[str]
    tones: list[Tone]
    seasons: Cover
    formality: Cover

    @property
    def is_empty(self) -> bool:
        return len(self.log.days) < ENOUGH_DAYS

    @property
    def total(self) -> int:
        return len(self.pieces)

    @property
    def used(self) -> int:
        return sum(piece.worn > 0 for piece in self.pieces)

    @property
    def unused(self) -> int:
        return self.total - self.used

    @property
    def never(self) -> int:
        return sum(not piece.wear_count for piece in self.pieces)

    @property
    def used_words(self) -> str:
        said = {"used": self.used, "total": self.total, "span": self.span_words}
        return _("You wore %(used)d of your %(total)d pieces %(span)s.") % said

    @property
    def unused_words(self) -> str:
        """Such as "Three have not left the rail this autumn, two were never worn." """
        said = {"unused": in_words(self.unused), "span": self.span_words}
        unused = ngettext(
            "%(unused)s has not left the rail %(span)s.",
            "%(unused)s have not left the rail %(span)s.",
            self.unused,
        )
        never = ngettext("%(never)s was never worn.", "%(never)s were never worn.", self.never)
        return " ".join(
            [unused % said, *([never % {"never": in_words(self.never)}] if self.never else [])]
        )

    @property
    def use_percent(self) -> int:
        return round(100 * self.used / self.total) if self.total else 0


def read_numbers(owner: User, span: str) -> NumbersPage:
    today = owner.today
    start = find_start(span, today)
    log = read_log(owner, start)
    pieces = read_pieces(owner, log, start)
    worn = sorted((one for one in pieces if one.worn), key=lambda one: (-one.worn, one.name))
    unworn = sorted(
        (one for one in pieces if not one.worn),
        key=lambda one: (one.last_worn_on or date.min, one.name),
    )
    dear = sorted(
        (one for one in pieces if one.per_wear is not None),
        key=lambda one: (one.currency, -(one.per_wear or 0)),
    )
    most, least = worn[:SHOWN], worn[SHOWN:][::-1][:SHOWN]
    pictures = find_pictures(
        owner, {one.pk for one in (*most, *least, *unworn[:WAITING], *dear[: 2 * SHOWN])}
    )
    return NumbersPage(
        span=span,
        span_words=say_span(span, owner, today),
        pieces=pieces,
        log=log,
        days=sum(start is None or day >= start for day in log.days),
        half=count_half(worn),
        most=rank(most, pictures, lambda one: say_times(one.worn), lambda one: one.worn),
        least=rank(least, pictures, lambda one: say_times(one.worn), lambda one: one.worn),
        waiting=rank(unworn[:WAITING], pictures, say_since, lambda one: 0),
        months=draw_months(log.by_month, today),
        costs=rank_costs(dear[: 2 * SHOWN], pictures),
        priced=sum(one.price is not None for one in pieces),
        totals=say_totals((one.cost, one.currency) for one in pieces),
        averages=say_averages(dear),
        tones=list_tones(pieces),
        seasons=cover_seasons(pieces),
        formality=cover_formality(pieces),
    )


def say_span(span: str, owner: User, today: date) -> str:
    """Such as "this autumn"."""
    if span == "year":
        return _("in the last year")
    if span == "all":
        return _("so far")
    season = find_season(today, get_profile(owner).latitude, owner.zone.key)
    seasons = {
        "spring": _("this spring"),
        "summer": _("this summer"),
        "autumn": _("this autumn"),
        "winter": _("this winter"),
    }
    return seasons.get(season) or _("these three months")


def say_times(count: int) -> str:
    return ngettext("once", "%(count)d times", count) % {"count": count}


def say_since(piece: Piece) -> str:
    if piece.last_worn_on is None:
        return _("worn before we counted") if piece.wear_count else _("never worn")
    return _("since %(month)s") % {"month": date_format(piece.last_worn_on, "F Y")}


def count_half(worn: Sequence[Piece]) -> int:
    """How many of the most worn pieces together have half of all wears."""
    half, sum_ = sum(one.worn for one in worn) / 2, 0
    for at, one in enumerate(worn, 1):
        sum_ += one.worn
        if sum_ >= half:
            return at
    return 0


def rank(
    pieces: Sequence[Piece],
    pictures: dict[UUID, Garment],
    say: Callable[[Piece], str],
    measure: Callable[[Piece], int],
) -> list[Rank]:
    most = max((measure(one) for one in pieces), default=0) or 1
    return [
        Rank(one, say(one), round(100 * measure(one) / most), pictures.get(one.pk))
        for one in pieces
    ]


def rank_costs(pieces: Sequence[Piece], pictures: dict[UUID, Garment]) -> list[Rank]:
    """Bars of one currency are of one length; two are never compared."""
    most: dict[str, Decimal] = {}
    for one in pieces:
        most[one.currency] = max(most.get(one.currency, Decimal()), one.per_wear or Decimal())
    return [
        Rank(
            one,
            say_money(one.per_wear or Decimal(), one.currency),
            round(100 * (one.per_wear or Decimal()) / (most[one.currency] or 1)),
            pictures.get(one.pk),
        )
        for one in pieces
    ]


def say_totals(costs: Iterable[tuple[Decimal | None, str]]) -> list[str]:
    """What the priced pieces cost, by currency: nothing is converted."""
    known = ((cost, code) for cost, code in costs if cost is not None)
    return [say_money(total, code) for code, total in sorted(sum_by_currency(known).items())]


def say_averages(pieces: Sequence[Piece]) -> list[str]:
    """Of each currency what its pieces cost over all their wears."""
    costs = sum_by_currency((one.cost or Decimal(), one.currency) for one in pieces)
    wears = Counter[str]()
    for one in pieces:
        wears[one.currency] += one.wear_count
    return [say_money(cost / wears[code], code) for code, cost in sorted(costs.items())]


def list_tones(pieces: Sequence[Piece]) -> list[Tone]:
    """The largest colour of each piece, as shares of a bar of 100, in the order of the vocabulary."""
    names = Counter(str(one.colours[0]["name"]) for one in pieces if one.colours)
    terms, total, start, tones = vocabulary.terms("colour"), sum(names.values()), 0.0, []
    order = {name: at for at, name in enumerate(terms)}
    for name in sorted(names, key=lambda one: order.get(one, len(order))):
        width = 100 * names[name] / total
        term = terms.get(name)
        tones.append(
            Tone(
                term.said if term else name,
                name,
                names[name],
                round(start, 2),
                round(width, 2),
            )
        )
        start += width
    return tones


def group(piece: Piece) -> str:
    if piece.slot == "outerwear" or (piece.slot == "top" and piece.layering in LAYERED):
        return "layers"
    if piece.slot in {"top", "dress"}:
        return "tops"
    names = {"bottom": "bottoms", "shoes": "shoes", **dict.fromkeys(EXTRA_SLOTS, "extras")}
    return names.get(piece.slot, "")


def cover_seasons(pieces: Sequence[Piece]) -> Cover:
    """What is tagged for no season suits all."""
    columns = vocabulary.choices("season")
    return make_cover(pieces, columns, lambda one, season: not one.seasons or season in one.seasons)


def cover_formality(pieces: Sequence[Piece]) -> Cover:
    terms = vocabulary.terms("type")

    def suits(one: Piece, word: str) -> bool:
        usual = terms[one.type].details.get("formality", "") if one.type in terms else ""
        return (one.formality or usual) == word

    return make_cover(pieces, vocabulary.choices("formality"), suits)


def make_cover(
    pieces: Sequence[Piece],
    columns: Sequence[tuple[str, str]],
    suits: Callable[[Piece, str], bool],
) -> Cover:
    grouped: dict[str, list[Piece]] = {name: [] for name in GROUPS}
    for one in pieces:
        grouped.setdefault(group(one), []).append(one)
    names = {
        "tops": _("Tops"),
        "bottoms": _("Bottoms"),
        "layers": _("Layers"),
        "shoes": _("Shoes"),
        "extras": _("Extras"),
    }
    rows = [
        (
            names[name],
            [Cell(sum(suits(one, value) for one in grouped[name])) for value, _label in columns],
        )
        for name in GROUPS
    ]
    return Cover([label for _value, label in columns], rows)
