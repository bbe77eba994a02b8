"""Everything the stylist may know when it answers, as plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from styling.notes.leanings import Leaning
from styling.notes.matching import call_pieces, make_lexicon
from styling.notes.reading import Kind, Lexicon, Note, read_note
from styling.notes.wishes import Complaint, Wishes, settle_wishes
from styling.stylist.colours import Colour
from styling.stylist.preferences import Preferences
from styling.weather.model import WeatherSnapshot
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.vocabulary import EMPTY, Term, Vocabulary

FALLBACK_EVENT = "other"
REASONS = {
    "too_cold": Leaning.WARMER,
    "too_warm": Leaning.LIGHTER,
    "too_dressed_up": Leaning.PLAINER,
    "not_dressed_up": Leaning.DRESSIER,
}
"""The way in which an outfit that was turned down should have been."""
LEAST_FORMAL, MOST_FORMAL = 0, 5
"""Ranks of the scale."""
SKIRTS = frozenset({"skirt", "dress"})


@dataclass(frozen=True)
class EventContext:
    """What the wearer dresses for. `formality` is a rank on the ordered scale, 0 the lowest; `season` that of the
    day and hemisphere, empty where nobody knows or there is none."""

    kind: str
    label: str
    formality: int
    met_w_m2: float
    starts: datetime
    ends: datetime
    note: str = ""
    indoors: bool = True
    season: str = ""

    @classmethod
    def of(
        cls,
        kind: str,
        *,
        starts: datetime,
        ends: datetime,
        note: str = "",
        season: str = "",
        words: Vocabulary | None = None,
    ) -> "EventContext":
        """The event with what the vocabulary (that of the pages, or `words`) knows of its kind; an
        unknown kind is an "other"."""
        kinds = (words or vocabulary.current()).kinds
        term = kinds["event"].get(kind) or kinds["event"][FALLBACK_EVENT]
        return cls(
            kind=kind,
            label=term.label,
            formality=kinds["formality"][term.details["formality"]].order,
            met_w_m2=float(term.details["met_w_m2"]),
            starts=starts,
            ends=ends,
            note=note,
            indoors=bool(term.details.get("indoors", True)),
            season=season,
        )

    def read_with(self, words: Vocabulary) -> "EventContext":
        """The same event, by other words."""
        return self.of(
            self.kind,
            starts=self.starts,
            ends=self.ends,
            note=self.note,
            season=self.season,
            words=words,
        )


@dataclass(frozen=True)
class GarmentFacts:
    """A garment as its wearer has it, or may borrow it, in values of a vocabulary that may change: an empty one was not
    told. `colours` have name, hex and share; `clo` is theirs, or None."""

    id: str
    name: str
    type: str
    slot: str = ""
    colours: tuple[Mapping[str, Any], ...] = ()
    pattern: str = ""
    material: str = ""
    warmth: str = ""
    sleeve: str = ""
    length: str = ""
    fit: str = ""
    layering: str = ""
    formality: str = ""
    clo: float | None = None
    water_resistant: bool = False
    style_tags: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    is_favourite: bool = False
    last_worn_on: date | None = None
    whose: str = ""

    @classmethod
    def of(cls, garment: Garment) -> "GarmentFacts":
        return cls(
            id=str(garment.id),
            name=garment.name,
            type=garment.type,
            slot=garment.slot,
            colours=tuple(garment.colours),
            pattern=garment.pattern,
            material=garment.material,
            warmth=garment.warmth,
            sleeve=garment.sleeve,
            length=garment.length,
            fit=garment.fit,
            layering=garment.layering,
            formality=garment.formality,
            clo=garment.clo,
            water_resistant=garment.water_resistant,
            style_tags=tuple(garment.style_tags),
            occasions=tuple(garment.occasions),
            seasons=tuple(garment.seasons),
            is_favourite=garment.is_favourite,
            last_worn_on=garment.last_worn_on,
            whose=garment.whose,
        )


@dataclass(frozen=True)
class Candidate:
    """A garment that may be offered, with every gap filled from its type.

    `clo` is its insulation, `formality` a rank, `layer` base, mid or outer; `sleeve` and `length` are
    words of the vocabulary that suit its slot, empty where nobody told. `closed` shoes keep
    rain out, `short` leaves legs bare, `active` is made to move in, `alone` can be the
    only top; `use` names the weather an accessory is for (cold, sun, rain). `seasons` are those that the wearer
    tagged it for, `fit` is how it sits. `whose` is empty for their own, else who lends it: its name says so, too.
    """

    id: str
    name: str
    slot: str
    type: str
    type_label: str
    layer: str
    clo: float
    formality: int
    colours: tuple[Colour, ...] = ()
    pattern: str = "solid"
    loud: bool = False
    material: str = ""
    warmth: str = "medium"
    sleeve: str = ""
    length: str = ""
    fit: str = ""
    water_resistant: bool = False
    closed: bool = False
    short: bool = False
    active: bool = False
    alone: bool = True
    use: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    favourite: bool = False
    last_worn_on: date | None = None
    whose: str = ""
    facts: GarmentFacts | None = field(default=None, compare=False, repr=False)

    @classmethod
    def from_garment(cls, garment: Garment, words: Vocabulary | None = None) -> "Candidate":
        """By the vocabulary of the pages, or by `words`."""
        return cls.of(GarmentFacts.of(garment), words or vocabulary.current())

    @classmethod
    def of(cls, facts: GarmentFacts, words: Vocabulary) -> "Candidate":
        term = words.terms("type").get(facts.type) or _unknown_type(facts)
        details = term.details
        warmth = facts.warmth or "medium"
        ranks = words.terms("formality")
        formality = ranks.get(facts.formality) or ranks[details.get("formality", "casual")]
        pattern = words.terms("pattern").get(facts.pattern)
        slot = facts.slot or term.slot
        sleeve = facts.sleeve if words.suits("sleeve", facts.sleeve, slot) else ""
        length = facts.length if words.suits("length", facts.length, slot) else ""
        return cls(
            id=facts.id,
            name=facts.name,
            slot=slot,
            type=facts.type,
            type_label=term.label,
            layer=facts.layering or details.get("layering", "base"),
            clo=_clo(term, warmth, sleeve, length) if facts.clo is None else facts.clo,
            formality=formality.order,
            colours=tuple(Colour.of(colour, words.terms("colour")) for colour in facts.colours),
            pattern=facts.pattern or "solid",
            loud=bool(pattern and pattern.details.get("loud", False)),
            material=facts.material,
            warmth=warmth,
            sleeve=sleeve,
            length=length,
            fit=facts.fit,
            water_resistant=facts.water_resistant or details.get("water_resistant", False),
            closed=details.get("closed", False),
            short=details.get("short", False) or _is_cut_short(facts.type, slot, length),
            active=details.get("active", False),
            alone=details.get("alone", True),
            use=tuple(details.get("use", ())),
            tags=facts.style_tags,
            occasions=facts.occasions,
            seasons=facts.seasons,
            favourite=facts.is_favourite,
            last_worn_on=facts.last_worn_on,
            whose=facts.whose,
            facts=facts,
        )

    def read_with(self, words: Vocabulary) -> "Candidate":
        """The same garment, by other words; one that was made of no facts stays as it is."""
        return self.of(self.facts, words) if self.facts else self

    @property
    def bares_legs(self) -> bool:
        """Shorts, and skirts and dresses unless they are long."""
        return self.short or (self.type in SKIRTS and self.length != "long")

    @property
    def place(self) -> str:
        """Where it sits: an outfit has one piece for each place, but any number of accessories."""
        return self.id if self.slot == "accessory" else f"{self.slot} {self.layer}"


@dataclass(frozen=True)
class AbsentPiece:
    """A garment that is owned and not offered; `why` is "in the wash", "put away" or "not looked at yet"."""

    id: str
    name: str
    slot: str
    why: str


@dataclass(frozen=True)
class OutfitContext:
    """One question to the stylist.

    `wardrobe` holds only what may be offered. `keep` are ids of pieces
    that the wearer wants in it. `avoid` are combinations (sets of garment ids) that
    this session has seen, `earlier` those that answered the same question before. `weather` is None when nobody knows it, and `no_forecast` says why
    (too_far, past, unavailable, no_place). `unavailable` are ids that are owned but not offered, and `absent` says more of them. `worn_together` counts pairs the wearer has worn, `preferences` are what
    their signals have taught. `words` are those by which the event and the wardrobe were read: the
    ones that the version pins, once it is known. `language` is the code of the one that the wearer is answered in.
    """

    event: EventContext
    weather: WeatherSnapshot | None
    wardrobe: tuple[Candidate, ...]
    today: date
    sensitivity: int = 0
    likes: str = ""
    dislikes: str = ""
    repeat_days: int = 7
    start_from: str | None = None
    keep: frozenset[str] = frozenset()
    avoid: frozenset[frozenset[str]] = frozenset()
    seed: int = 0
    units: str = "metric"
    no_forecast: str = ""
    unavailable: frozenset[str] = frozenset()
    absent: tuple[AbsentPiece, ...] = ()
    earlier: frozenset[frozenset[str]] = frozenset()
    worn_together: Mapping[frozenset[str], int] = field(default_factory=dict)
    preferences: Preferences = Preferences()
    words: Vocabulary = EMPTY
    language: str = "en"

    def read_with(self, words: Vocabulary) -> "OutfitContext":
        """The same question, by other words."""
        if self.words is words:
            return self
        wardrobe = tuple(piece.read_with(words) for piece in self.wardrobe)
        return replace(self, words=words, event=self.event.read_with(words), wardrobe=wardrobe)

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was worked out of it by whoever judges answers, kept for as long as it is."""
        return {}

    @cached_property
    def wishes(self) -> Wishes:
        """What the note asks of this wardrobe, and what was said of outfits that were turned down lately: their
        reasons lean one way, and pieces that a comment is against are rested."""
        complaints = [
            Complaint(
                self._read(one.comment, Kind.AVOID),
                one.pieces,
                tuple(REASONS[reason] for reason in one.reasons if reason in REASONS),
            )
            for one in self.preferences.rejections
        ]
        return settle_wishes(self._read(self.event.note), self.called, complaints, keep=self.keep)

    @property
    def chosen(self) -> frozenset[str]:
        """The ids of pieces that the wearer chose themselves: to start from, or to keep."""
        return self.keep | ({self.start_from} if self.start_from else frozenset())

    @property
    def rejected(self) -> frozenset[frozenset[str]]:
        """The outfits that were turned down lately, as sets of garment ids."""
        return frozenset(one.pieces for one in self.preferences.rejections)

    def list_rejected(self, reason: str) -> frozenset[str]:
        """The ids of all pieces of outfits that were turned down for a reason."""
        pieces = (one.pieces for one in self.preferences.rejections if reason in one.reasons)
        return frozenset[str]().union(*pieces)

    @cached_property
    def tastes(self) -> tuple[Note, Note]:
        """Likes and dislikes as they were understood."""
        return (
            self._read(self.likes, Kind.WANT),
            self._read(self.dislikes, Kind.AVOID),
        )

    @cached_property
    def called(self) -> tuple[Candidate, ...]:
        """The wardrobe by names that notes in the language of the question can be compared with."""
        return call_pieces(self.wardrobe, self.words, self.language)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return make_lexicon(self.called, self.words, self.language)

    def _read(self, text: str, default: Kind | None = None) -> Note:
        return read_note(text, self._lexicon, default) if text.strip() else Note()

    @cached_property
    def narrowed(self) -> "OutfitContext":
        """The question with what may be worn under its wishes: what an answer is made of and judged by.

        Its wishes stay those of the whole wardrobe: read of a part of it, the same note may mean another piece.
        """
        banned = self.wishes.banned - self.chosen
        if not banned:
            return self
        rest = tuple(piece for piece in self.wardrobe if piece.id not in banned)
        found = replace(self, wardrobe=rest)
        vars(found).update(wishes=self.wishes, tastes=self.tastes)
        return found

    @property
    def aim(self) -> int:
        """The formality to aim at, as a rank: the occasion's, and a step up or down where that is asked."""
        leanings = self.wishes.leanings
        steps = (Leaning.DRESSIER in leanings) - (Leaning.PLAINER in leanings)
        return min(max(self.event.formality + steps, LEAST_FORMAL), MOST_FORMAL)

    def find(self, garment_id: str) -> Candidate | None:
        """The offered garment with this id."""
        return next((piece for piece in self.wardrobe if piece.id == garment_id), None)


def _unknown_type(facts: GarmentFacts) -> Term:
    return Term("type", facts.type, facts.type.replace("-", " ").capitalize(), facts.slot)


def _is_cut_short(type_: str, slot: str, length: str) -> bool:
    """Trousers that end above the knee are shorts, whatever they are called."""
    return slot == "bottom" and type_ not in SKIRTS and length == "short"


def _clo(term: Term, warmth: str, sleeve: str, length: str) -> float:
    """Of the type and warmth, times what its sleeves and its length make of it."""
    values: Mapping[str, float] = term.details.get("clo", {})
    usual = float(values.get(warmth, values.get("medium", 0.2)))
    sleeves: Mapping[str, float] = term.details.get("sleeves", {})
    lengths: Mapping[str, float] = term.details.get("lengths", {})
    return round(usual * sleeves.get(sleeve, 1.0) * lengths.get(length, 1.0), 3)
