"""The situations over which outfits are counted: every occasion in every weather, named one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from styling.stylist.context import Candidate, EventContext, OutfitContext
from styling.weather.model import RAINS, TEMPERATURES, stated_weather
from wardrobe.vocabulary import Vocabulary

DAY = date(2026, 1, 1)
"""Any: no rule that is counted by looks at the date."""
FALLS = {"dry": TEMPERATURES.keys(), "rainy": TEMPERATURES.keys() - {"freezing"}}
"""In frost it snows, and what is dry snow asks for warmth alone."""


@dataclass(frozen=True)
class Situation:
    """An occasion, as values of the vocabulary, and a weather, as categories."""

    kind: str
    temperature: str
    rain: str


def list_situations(words: Vocabulary) -> list[Situation]:
    """Each once: occasions that ask for the same are one, named by the first of them."""
    found: dict[tuple[object, ...], str] = {}
    for kind, term in words.terms("event").items():
        details = term.details
        asks = (details["formality"], details["met_w_m2"], details.get("indoors", True))
        found.setdefault(asks, kind)
    return [
        Situation(kind, temperature, rain)
        for kind in found.values()
        for rain in RAINS
        if rain in FALLS
        for temperature in TEMPERATURES
        if temperature in FALLS[rain]
    ]


def make_contexts(
    wardrobe: Sequence[Candidate], words: Vocabulary, *, sensitivity: int = 0
) -> Iterator[tuple[Situation, OutfitContext]]:
    """What the rules are asked for each situation."""
    noon = datetime.combine(DAY, time(12), UTC)
    for one in list_situations(words):
        event = EventContext.of(one.kind, starts=noon, ends=noon.replace(hour=18), words=words)
        yield (
            one,
            OutfitContext(
                event=event,
                weather=stated_weather(one.temperature, one.rain, now=noon),
                wardrobe=tuple(wardrobe),
                today=DAY,
                sensitivity=sensitivity,
                repeat_days=0,
                words=words,
            ),
        )
