"""What every voice says. The facts are chosen elsewhere (`prose`, `reasons`, `verdict`); a voice makes the sentences.

Where a method answers with several sentences, they say the same in other words, and one of them is drawn. Names of
garments are their wearers': a voice sets them into its grammar and leaves them as they are spelled, but for endings that
`spell` lists.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from styling.stylist.context import Candidate
from styling.weather.model import WeatherSnapshot


class Named(Protocol):
    """A piece as far as a voice has to know it to name it: a candidate, or a garment of the database."""

    @property
    def name(self) -> str: ...

    @property
    def type(self) -> str: ...


Pieces = Sequence[Candidate]
Ways = tuple[str, ...]
"""The same in other words."""


@dataclass(frozen=True)
class Warmth:
    """What an outfit is worth, in clo to a tenth; `asked` is empty where there is no forecast, else right, less or more
    than what feeling `felt` (such as "4°") asks for, and `is_mild` whether it would be right on a mild day."""

    worth: str
    needed: str
    against_rain: str = ""
    asked: str = ""
    felt: str = ""
    is_mild: bool = False


@dataclass(frozen=True)
class Rest:
    """What else is owned for a place: nothing, or pieces that are away. `why` is that of the named ones, as
    `AbsentPiece` has it; without names they are several, or away for several reasons."""

    slot: str
    is_owned: bool = True
    names: tuple[str, ...] = ()
    why: str = ""


class Voice(ABC):
    """`lines` are those above an outfit, by what they say; `reasons` the sentences on what decided, by theirs, with
    {names} and what else is asked of them; `needs` of a place that stays empty, without a period."""

    language: ClassVar[str]
    lines: ClassVar[Mapping[str, str]]
    reasons: ClassVar[Mapping[str, str]]
    needs: ClassVar[Mapping[str, str]]
    left_out: ClassVar[str]
    """How a reason against a piece begins."""
    seasons: ClassVar[Mapping[str, str]] = {}
    groups: ClassVar[Mapping[str, str]] = {}
    """Names of seasons, and of the groups of a shortlist; without one, as they are spelled in the code."""
    quotes: ClassVar[tuple[str, str]] = ("“", "”")

    def say_line(self, code: str, hour: str = "") -> str:
        return self.lines[code].format(hour=hour)

    def say_reason(self, code: str, pieces: Pieces = (), **said: str) -> str:
        named = self.join([piece.name for piece in pieces])
        return self.reasons[code].format(names=named, left_out=self.left_out, **said)

    def quote(self, text: str) -> str:
        return text.join(self.quotes)

    def say_need(self, slot: str) -> str:
        return f"{self.needs[slot]}."

    @abstractmethod
    def spell(self, piece: Named) -> frozenset[str]:
        """Every way in which it writes the name of a piece, the name itself among them."""

    @abstractmethod
    def name_hour(self, hour: int) -> str:
        """An hour of the day for a line."""

    @abstractmethod
    def join(self, names: Sequence[str]) -> str: ...

    @abstractmethod
    def say_sky(self, weather: WeatherSnapshot) -> str:
        """The weather in one sentence, such as "Chilly, then rain from two." """

    @abstractmethod
    def say_exhausted(self, *, was_shown: bool) -> str:
        """Two paragraphs where no outfit is left, or none was to be had at all."""

    @abstractmethod
    def say_tersely(self, pieces: Pieces, missing: Sequence[str], sky: str) -> str: ...

    @abstractmethod
    def say_untold(self, code: str) -> str:
        """Why there is no forecast, as a sentence."""

    @abstractmethod
    def say_core(self, kind: str, pieces: Pieces, *, is_dressed_for_it: bool) -> Ways: ...

    @abstractmethod
    def say_off(self, less: Pieces, more: Pieces) -> str:
        """Of pieces that are less, and that are more dressed than the occasion; empty for none."""

    @abstractmethod
    def say_mids(self, pieces: Pieces, *, comes_off: bool) -> Ways: ...

    @abstractmethod
    def say_colours(self, bright: Candidate | None) -> Ways: ...

    @abstractmethod
    def say_rested(self, piece: Candidate, days: int) -> str: ...

    @abstractmethod
    def say_empty(self, slot: str) -> str:
        """Of a place that stays empty."""

    @abstractmethod
    def say_unchanged(self, unsuited: Sequence[str], rests: Sequence[Rest]) -> str:
        """Why so little changed: slots for which nothing else suits, and those for which there is nothing else."""

    @abstractmethod
    def say_no_forecast(self, code: str, *, is_mild: bool) -> str: ...

    @abstractmethod
    def say_forecast(self, weather: WeatherSnapshot, units: str) -> Ways: ...

    @abstractmethod
    def say_rain_kept(self, outer: Candidate) -> Ways: ...

    @abstractmethod
    def say_under_umbrella(self, outer: Candidate, umbrella: Candidate) -> str: ...

    @abstractmethod
    def say_umbrella(self, umbrella: Candidate) -> str: ...

    @abstractmethod
    def say_near_a_roof(self, outer: Candidate | None) -> str:
        """Of an outer layer that lets the wet in, or of none."""

    @abstractmethod
    def say_best_cover(self, outer: Candidate, *, by_wishes: bool) -> str: ...

    @abstractmethod
    def say_outer(self, outer: Candidate) -> Ways: ...

    @abstractmethod
    def say_shoes(self, shoes: Candidate) -> Ways: ...

    @abstractmethod
    def say_wet_shoes(self, shoes: Candidate, *, is_closed: bool) -> str: ...

    @abstractmethod
    def say_extras(self, pieces: Pieces) -> Ways: ...

    @abstractmethod
    def say_light(self, warmer: Pieces, *, is_utmost: bool, by_wishes: bool) -> str:
        """Lighter than the day asks; `warmer` pieces would be off the occasion."""

    @abstractmethod
    def say_warm(self, *, is_utmost: bool, by_wishes: bool) -> str: ...

    @abstractmethod
    def explain_warmth(self, warmth: Warmth) -> str: ...


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    return text[:1].lower() + text[1:]


def with_comma(figure: str) -> str:
    """Such as "0,7" of "0.7", as German, Spanish and French write it."""
    return figure.replace(".", ",")
