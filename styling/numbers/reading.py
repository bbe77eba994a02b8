"""What the figures are made of: the pieces of a wardrobe and the days on which they were worn, in a few queries."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from accounts.models import User
from styling.services.profiles import get_profile
from styling.stylist.context import Candidate
from wardrobe import vocabulary
from wardrobe.models import Garment, Wear

SPANS = {
    "season": gettext_lazy("Season"),
    "year": gettext_lazy("Year"),
    "all": gettext_lazy("All"),
}
YEAR = timedelta(days=365)
COLUMNS = (
    "pk", "name", "slot", "type", "layering", "colours", "seasons", "formality", "price", "currency", "quantity",
    "wear_count", "last_worn_on",
)  # fmt: skip
DIGESTED = (
    "pk", "type", "slot", "warmth", "formality", "layering", "clo", "water_resistant", "sleeve", "length",
)  # fmt: skip
"""What the rules that are counted by look at."""
REVISION = 1
"""Another one whenever the same wardrobe would be counted otherwise."""


@dataclass(frozen=True)
class Piece:
    """A garment that hangs in the wardrobe, and on how many days of the span it was worn."""

    pk: UUID
    name: str
    slot: str
    type: str
    layering: str
    colours: list[dict[str, Any]]
    seasons: list[str]
    formality: str
    price: Decimal | None
    currency: str
    quantity: int
    wear_count: int
    last_worn_on: date | None
    worn: int

    @property
    def cost(self) -> Decimal | None:
        """What all of them cost."""
        return None if self.price is None else self.price * self.quantity

    @property
    def per_wear(self) -> Decimal | None:
        """The price over all wears until today; None without a price, or before it was worn."""
        if self.cost is None or not self.wear_count:
            return None
        return self.cost / self.wear_count


def find_start(span: str, today: date) -> date | None:
    """The first day of a span: of the meteorological season, a year ago, or None for all."""
    if span == "season":
        month = today.month // 3 * 3 or 12
        return date(today.year - (today.month < 3), month, 1)
    return today - YEAR if span == "year" else None


@dataclass(frozen=True)
class Log:
    """Days by garment, each once, of a span and of the last twelve months."""

    by_garment: Counter[UUID]
    days: frozenset[date]
    by_month: dict[date, int]


def read_log(owner: User, start: date | None) -> Log:
    """One query: three years are some thousand rows. Wears of before there was a log have no days and are left out."""
    today = owner.today
    rows = Wear.objects.for_owner(owner).exclude(source=Wear.Source.EARLIER)
    rows = rows.filter(day__lte=today).order_by()
    by_garment: Counter[UUID] = Counter()
    days: set[date] = set()
    months: dict[date, set[date]] = defaultdict(set)
    for garment, day in {*rows.values_list("garment", "day")}:
        if day is None:
            continue
        days.add(day)
        months[day.replace(day=1)].add(day)
        if start is None or day >= start:
            by_garment[garment] += 1
    return Log(by_garment, frozenset(days), {month: len(some) for month, some in months.items()})


def read_pieces(owner: User, log: Log, start: date | None) -> list[Piece]:
    """Everything that hangs in the wardrobe. For all time a piece's own count holds, which knows more than the log."""
    rows = Garment.objects.for_owner(owner).current().order_by("name", "pk").values(*COLUMNS)
    found = []
    for row in rows:
        worn = row["wear_count"] if start is None else log.by_garment[row["pk"]]
        found.append(Piece(**row, worn=worn))
    return found


def find_pictures(owner: User, keys: Iterable[UUID]) -> dict[UUID, Garment]:
    """The garments of which a page shows a picture, by key."""
    rows = Garment.objects.for_owner(owner).filter(pk__in=[*keys]).select_related("photo")
    return {garment.pk: garment for garment in rows}


def list_countable(owner: User) -> list[Garment]:
    """What outfits are counted of: known well enough, whether it is in the wash or not."""
    return list(Garment.objects.for_owner(owner).filter(status=Garment.Status.READY).order_by("pk"))


def digest_wardrobe(owner: User) -> str:
    """Changes exactly when what is counted does: pieces, words, how warm its wearer dresses."""
    ready = Garment.objects.for_owner(owner).filter(status=Garment.Status.READY).order_by("pk")
    rows = [[str(value) for value in row] for row in ready.values_list(*DIGESTED)]
    known = [REVISION, vocabulary.current().revision, get_profile(owner).sensitivity, rows]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]


def read_candidates(owner: User) -> list[Candidate]:
    words = vocabulary.current()
    return [Candidate.from_garment(garment, words) for garment in list_countable(owner)]
