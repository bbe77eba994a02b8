"""Everything the stylist may know when it answers, as plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from styling.weather.model import WeatherSnapshot
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.vocabulary import Term, Vocabulary

FALLBACK_EVENT = "other"


@dataclass(frozen=True)
class Colour:
    """`neutral` colours go with everything: by name in the vocabulary, whatever their chroma."""

    name: str
    hex: str
    share: float = 1.0
    neutral: bool = False


@dataclass(frozen=True)
class EventContext:
    """What the wearer dresses for. `formality` is a rank on the ordered scale, 0 the lowest."""

    kind: str
    label: str
    formality: int
    met_w_m2: float
    starts: datetime
    ends: datetime
    note: str = ""
    indoors: bool = True

    @classmethod
    def of(
        cls,
        kind: str,
        *,
        starts: datetime,
        ends: datetime,
        note: str = "",
        words: Vocabulary | None = None,
    ) -> "EventContext":
        """The event with what the vocabulary (the live one, or `words`) knows of its kind; an
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
        )


@dataclass(frozen=True)
class Candidate:
    """A garment that may be offered, with every gap filled from its type.

    `clo` is its insulation, `formality` a rank, `layer` base, mid or outer. `closed` shoes keep
    rain out, `short` leaves legs bare, `active` is made to move in, `alone` can be the
    only top; `use` names the weather an accessory is for (cold, sun, rain).
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
    water_resistant: bool = False
    closed: bool = False
    short: bool = False
    active: bool = False
    alone: bool = True
    use: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    favourite: bool = False
    last_worn_on: date | None = None

    @classmethod
    def from_garment(cls, garment: Garment, words: Vocabulary | None = None) -> "Candidate":
        """By the live vocabulary, or by `words`. Call it before inference, not inside: the live one
        is read from the database."""
        kinds = (words or vocabulary.current()).kinds
        term = kinds.get("type", {}).get(garment.type) or _unknown_type(garment)
        details = term.details
        warmth = garment.warmth or "medium"
        ranks = kinds["formality"]
        formality = ranks.get(garment.formality) or ranks[details.get("formality", "casual")]
        pattern = kinds.get("pattern", {}).get(garment.pattern)
        return cls(
            id=str(garment.id),
            name=garment.name,
            slot=garment.slot,
            type=garment.type,
            type_label=term.label,
            layer=garment.layering or details.get("layering", "base"),
            clo=_clo(term, warmth) if garment.clo is None else garment.clo,
            formality=formality.order,
            colours=tuple(_colour(colour, kinds.get("colour", {})) for colour in garment.colours),
            pattern=garment.pattern or "solid",
            loud=bool(pattern and pattern.details.get("loud", False)),
            material=garment.material,
            warmth=warmth,
            water_resistant=garment.water_resistant or details.get("water_resistant", False),
            closed=details.get("closed", False),
            short=details.get("short", False),
            active=details.get("active", False),
            alone=details.get("alone", True),
            use=tuple(details.get("use", ())),
            tags=tuple(garment.style_tags),
            occasions=tuple(garment.occasions),
            favourite=garment.is_favourite,
            last_worn_on=garment.last_worn_on,
        )

    @property
    def place(self) -> str:
        """Where it sits: an outfit has one piece for each place, but any number of accessories."""
        return self.id if self.slot == "accessory" else f"{self.slot} {self.layer}"


@dataclass(frozen=True)
class OutfitContext:
    """One question to the stylist.

    `wardrobe` holds only what may be offered. `avoid` are combinations (sets of garment ids) that
    this session has seen. `weather` is None when nobody knows it, and `no_forecast` says why
    (too_far, past, unavailable, no_place). `unavailable` are ids that are owned but not offered
    (in the wash, put away). `worn_together` counts pairs the wearer has worn.
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
    avoid: frozenset[frozenset[str]] = frozenset()
    seed: int = 0
    units: str = "metric"
    no_forecast: str = ""
    unavailable: frozenset[str] = frozenset()
    worn_together: Mapping[frozenset[str], int] = field(default_factory=dict)

    def find(self, garment_id: str) -> Candidate | None:
        """The offered garment with this id."""
        return next((piece for piece in self.wardrobe if piece.id == garment_id), None)


def _unknown_type(garment: Garment) -> Term:
    return Term("type", garment.type, garment.type.replace("-", " ").capitalize(), garment.slot)


def _clo(term: Term, warmth: str) -> float:
    values: Mapping[str, float] = term.details.get("clo", {})
    return float(values.get(warmth, values.get("medium", 0.2)))


def _colour(stored: Mapping[str, object], terms: Mapping[str, Term]) -> Colour:
    term = terms.get(str(stored.get("name", "")))
    return Colour(
        name=term.label.lower() if term else str(stored.get("name", "")),
        hex=str(stored.get("hex") or ""),
        share=float(str(stored.get("share", 1.0))),
        neutral=bool(term and term.details.get("neutral", False)),
    )
