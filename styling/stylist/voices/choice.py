"""Which voice speaks a language."""

from styling.stylist.voices.de import German
from styling.stylist.voices.en import English
from styling.stylist.voices.es import Spanish
from styling.stylist.voices.fr import French
from styling.stylist.voices.voice import Voice

VOICES: dict[str, Voice] = {
    voice.language: voice for voice in (English(), German(), Spanish(), French())
}


def voice_of(language: str) -> Voice:
    """That of the language, or English where there is none: "de-at" is German."""
    return VOICES.get(language.split("-")[0], VOICES["en"])
