"""The stylist's prose as a page shows it: paragraphs, with the pieces it names as links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import override

from styling.stylist.voices.choice import VOICES
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.services.garments import call


@dataclass(frozen=True)
class Segment:
    """A run of text, and the garment it names if it names one."""

    text: str
    garment: Garment | None = None


def split_prose(prose: str, garments: Sequence[Garment]) -> list[list[Segment]]:
    """Paragraphs of segments. A garment is found by its name, in any case and with the endings that a voice
    gives it; longer names first."""
    by_name = {
        name.casefold(): garment
        for garment, names in zip(garments, spell_names(garments), strict=True)
        for name in names
        if name
    }
    paragraphs = [text.strip() for text in re.split(r"\n\s*\n", prose)]
    if not by_name:
        return [[Segment(text)] for text in paragraphs if text]
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)({names})(?!\w)", re.IGNORECASE)
    return [split_paragraph(text, pattern, by_name) for text in paragraphs if text]


@dataclass(frozen=True)
class Called:
    """A garment by what it is called in one language."""

    name: str
    type: str
    slot: str


def spell_names(garments: Sequence[Garment]) -> list[list[str]]:
    """The name of each, and what prose in each language calls it."""
    words, names = vocabulary.current(), [[garment.name] for garment in garments]
    for language, voice in VOICES.items():
        with override(language):
            for garment, own in zip(garments, names, strict=True):
                own += voice.spell(Called(call(garment, words), garment.type, garment.slot))
    return names


def split_paragraph(
    text: str, pattern: re.Pattern[str], by_name: dict[str, Garment]
) -> list[Segment]:
    segments = [Segment(part, by_name.get(part.casefold())) for part in pattern.split(text)]
    return [segment for segment in segments if segment.text]
