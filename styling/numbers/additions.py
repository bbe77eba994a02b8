"""What one piece more would make possible: counted for every kind of piece, over every situation."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from math import log
from typing import Any

from styling.numbers.counting import OutfitCounter, count_outfits
from styling.numbers.situations import Situation, make_contexts
from styling.packing.fit import may_be_worn, read_fit
from styling.stylist.context import Candidate, GarmentFacts
from styling.stylist.shortlist import groups_of
from wardrobe.vocabulary import Vocabulary

NEW = "new"
FOR_THE_WEATHER = ("umbrella", "tights", "thermals")
"""Accessories without which a rule cannot be kept."""
WARMTHS = ("light", "medium", "heavy")
MOST_SHOWN = 6


@dataclass(frozen=True)
class Addition:
    """A piece that is not owned. `best` is how many outfits it makes right in the situation `at` that it widens most,
    `total` over all, `helps` how many situations gain any. `width` is the sum of the logarithms of how many times as many
    outfits each situation has: the first outfit for a day counts for more than the hundredth."""

    type: str
    warmth: str
    best: int
    at: Situation
    total: int
    helps: int
    width: float


@dataclass(frozen=True)
class Counted:
    """`total` outfits over all situations; `without` are those for which there is none; `additions`, the best first."""

    situations: int
    total: int
    without: tuple[Situation, ...]
    additions: tuple[Addition, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Counted":
        return cls(
            situations=stored["situations"],
            total=stored["total"],
            without=tuple(Situation(**one) for one in stored["without"]),
            additions=tuple(
                Addition(**{**one, "at": Situation(**one["at"])}) for one in stored["additions"]
            ),
        )


def count_all(wardrobe: Sequence[Candidate], words: Vocabulary, *, sensitivity: int = 0) -> Counted:
    """What a wardrobe can do, and what each kind of piece would add."""
    counters = make_counters(wardrobe, words, sensitivity=sensitivity)
    now = {one: counter.count() for one, counter in counters.items()}
    found = [count_addition(piece, counters, now) for piece in list_candidates(words)]
    best: dict[str, Addition] = {}
    for one in sorted(filter(None, found), key=lambda one: -one.width):
        best.setdefault(one.type, one)
    return Counted(
        situations=len(counters),
        total=sum(now.values()),
        without=tuple(one for one, count in now.items() if not count),
        additions=tuple(best.values())[:MOST_SHOWN],
    )


def make_counters(
    wardrobe: Sequence[Candidate], words: Vocabulary, *, sensitivity: int = 0
) -> dict[Situation, OutfitCounter]:
    return {
        situation: OutfitCounter(read_fit(context, lacks_nothing=True))
        for situation, context in make_contexts(wardrobe, words, sensitivity=sensitivity)
    }


def count_addition(
    piece: Candidate, counters: dict[Situation, OutfitCounter], now: dict[Situation, int]
) -> Addition | None:
    """None where it makes no outfit right that was not."""
    after = {one: count_with(piece, counter) for one, counter in counters.items()}
    gains = {one: count - now[one] for one, count in after.items() if count > now[one]}
    if not gains:
        return None
    wider = {one: log((1 + after[one]) / (1 + now[one])) for one in gains}
    at = max(gains, key=lambda one: (wider[one], gains[one]))
    return Addition(
        type=piece.type,
        warmth=piece.warmth,
        best=gains[at],
        at=at,
        total=sum(gains.values()),
        helps=len(gains),
        width=round(sum(wider.values()), 6),
    )


def count_with(piece: Candidate, counter: OutfitCounter) -> int:
    fit = counter.fit
    if not groups_of(piece):
        context = replace(fit.context, wardrobe=(*fit.context.wardrobe, piece))
        return count_outfits(read_fit(context, lacks_nothing=True))
    if fit.comfort.bans(piece):
        return counter.count()
    is_allowed = may_be_worn(piece, fit.context, fit.comfort, lacks_nothing=True)
    return counter.count_with(piece) if is_allowed else counter.count()


def list_candidates(words: Vocabulary) -> Iterable[Candidate]:
    """Every type that outfits are made of, in each warmth that differs, as dressed up as it usually is."""
    for value, term in words.terms("type").items():
        clo = term.details.get("clo", {})
        seen = set()
        for warmth in WARMTHS:
            facts = GarmentFacts(id=NEW, name=NEW, type=value, warmth=warmth)
            piece = Candidate.of(facts, words)
            is_wanted = groups_of(piece) or value in FOR_THE_WEATHER
            if is_wanted and clo.get(warmth) not in seen:
                seen.add(clo.get(warmth))
                yield piece
