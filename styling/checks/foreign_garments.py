"""Garments that prose in another language than English names and that are not in the outfit."""

import re
from collections.abc import Iterable, Iterator

from styling.checks.excuses import blank_out
from styling.checks.garment_claims import Mention, match_names, say_invented
from styling.checks.languages.words import Words
from styling.checks.words import FAMILIES, name_families
from styling.stylist.context import Candidate
from styling.stylist.voices.voice import Voice

ADJECTIVES = 2
"""Words before and behind a noun that may say its colour."""


class ForeignGarmentCheck:
    """Judges names of garments against the pieces that are worn."""

    def __init__(
        self, words: Words, voice: Voice, worn: Iterable[Candidate], wardrobe: Iterable[Candidate]
    ) -> None:
        self.words, self.worn = words, list(worn)
        ids = {piece.id for piece in self.worn}
        self._own = match_names(name for piece in self.worn for name in voice.spell(piece))
        others = [piece for piece in wardrobe if piece.id not in ids]
        self._others = match_names(piece.name for piece in others if " " in piece.name)
        alternatives = "|".join(self.words.nouns)
        self._noun = re.compile(rf"(?<![\w-])(?P<noun>{alternatives})(?![\w-])", re.IGNORECASE)

    def mask_own(self, text: str) -> str:
        return blank_out(text, self._own) if self._own else text

    def mask_all(self, text: str) -> str:
        text = self.mask_own(text)
        text = blank_out(text, self._others) if self._others else text
        return blank_out(text, self._noun)

    def find(self, text: str) -> Iterator[Mention]:
        """What a sentence, masked by `mask_own`, names beside the outfit."""
        text = blank_out(text, self.words.idioms)
        if self._others:
            for match in self._others.finditer(text):
                yield say_invented(match.start(), match.end(), match[0])
            text = blank_out(text, self._others)
        for match in self._noun.finditer(text):
            if not self._fits(match, text):
                yield say_invented(match.start(), match.end(), match[0])

    def _fits(self, match: re.Match[str], text: str) -> bool:
        """Whether it can be a piece that is worn, in a colour that is said of it."""
        noun = match["noun"]
        can_be = self.words.find_types(noun)
        meant = [
            piece
            for piece in self.worn
            if piece.type in can_be or noun.casefold() in piece.name.casefold().split()
        ]
        before = re.findall(r"[\w-]+", text[: match.start()])[-ADJECTIVES:]
        after = re.findall(r"[\w-]+", re.split(r"[,.;:]", text[match.end() :])[0])[:ADJECTIVES]
        said = self.words.name_colours([*before, *after])
        return any(not said or agrees(said, piece) for piece in meant)


def agrees(said: set[str], piece: Candidate) -> bool:
    """Whether colours could be those of a piece; one whose colours are not known could have any."""
    if not piece.colours:
        return True
    own = f"{piece.name} {' '.join(colour.name for colour in piece.colours)}".lower()
    known = name_families(re.findall(r"[\w-]+", own), FAMILIES)
    return not known or "multicoloured" in own or bool(said & known)
