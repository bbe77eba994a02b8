"""Garments that prose names and that are not in the outfit."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from styling.checks.excuses import blank_out, fold
from styling.checks.words import (
    FAMILIES,
    IDIOMS,
    MATERIALS,
    NEEDS_ARTICLE,
    NOUN,
    find_types,
    name_families,
)
from styling.stylist.context import Candidate


@dataclass(frozen=True)
class Mention:
    """A stretch of text that names what the outfit, or the snapshot, does not hold. `is_denial`: it says that
    something is not, which is a claim, too."""

    start: int
    end: int
    code: str
    message: str
    is_denial: bool = False


def match_names(names: Iterable[str]) -> re.Pattern[str] | None:
    """Any of these names as whole words, in any case, the longest that fits."""
    known = sorted({name for name in names if name}, key=len, reverse=True)
    if not known:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE)


def mask_names(text: str, names: Iterable[str]) -> str:
    """The text without these names: a "Rain jacket" says nothing about rain. The length stays."""
    pattern = match_names(names)
    return blank_out(text, pattern) if pattern else text


class GarmentCheck:
    """Judges names of garments against the pieces that are worn."""

    def __init__(self, worn: Iterable[Candidate], wardrobe: Iterable[Candidate]) -> None:
        self.worn, self.wardrobe = list(worn), list(wardrobe)

    # Made when the first sentence is read, which an outfit without prose has not: they take milliseconds.

    @cached_property
    def _own(self) -> re.Pattern[str] | None:
        return match_names(piece.name for piece in self.worn)

    @cached_property
    def _others(self) -> re.Pattern[str] | None:
        ids = {piece.id for piece in self.worn}
        return match_names(piece.name for piece in self.wardrobe if piece.id not in ids)

    @cached_property
    def _spelled(self) -> set[str]:
        return {piece.name for piece in self.wardrobe}

    def mask_own(self, text: str) -> str:
        return blank_out(text, self._own) if self._own else text

    def mask_all(self, text: str) -> str:
        text = self.mask_own(text)
        return blank_out(text, self._others) if self._others else text

    def find(self, text: str) -> Iterator[Mention]:
        """What a sentence, masked by `mask_own`, names beside the outfit."""
        text = blank_out(text, IDIOMS)
        if self._others:
            for match in self._others.finditer(text):
                if self._is_name(match, text):
                    yield say_invented(match.start(), match.end(), match[0])
                    text = text[: match.start()] + "·" * len(match[0]) + text[match.end() :]
        for match in NOUN.finditer(fold(text)):
            if self._is_garment(match) and (fault := self._find_fault(match, text)):
                yield say_invented(match.start("adjectives"), match.end(), fault)

    def _is_name(self, match: re.Match[str], text: str) -> bool:
        """A name of one word is taken for one only as it is spelled, and not where a sentence begins; a
        longer one unless it describes what is worn."""
        noun = NOUN.fullmatch(fold(match[0]))
        if " " not in match[0]:
            is_first = not re.search(r"\w", text[: match.start()])
            return match[0] in self._spelled and not (noun and is_first)
        return match[0] in self._spelled or noun is None or bool(self._find_fault(noun, match[0]))

    def _is_garment(self, match: re.Match[str]) -> bool:
        if NEEDS_ARTICLE.match(match["noun"]) is None:
            return True
        return bool(match["article"] or match["adjectives"])

    def _find_fault(self, match: re.Match[str], text: str) -> str:
        """What is named and not worn, as the text spells it; empty for what is."""
        meant = [piece for piece in self.worn if _can_mean(match["noun"], piece)]
        said = " ".join(text[match.start("adjectives") : match.end()].split())
        if not meant:
            return said
        words = re.findall(r"[\w-]+", match["adjectives"])
        colours, materials = name_families(words, FAMILIES), name_families(words, MATERIALS)
        fits = [
            p for p in meant if _agrees(colours, p, FAMILIES) and _agrees(materials, p, MATERIALS)
        ]
        return "" if fits else said


def say_invented(start: int, end: int, said: str) -> Mention:
    """Of a garment that is named and not worn."""
    return Mention(start, end, "invented_garment", f"“{said}” is not in the outfit.")


def _can_mean(noun: str, piece: Candidate) -> bool:
    """By its type, or by a word of its name."""
    if piece.type in find_types(noun):
        return True
    named = {word.rstrip("s") for word in re.findall(r"[\w-]+", piece.name.lower())}
    return {word.rstrip("s") for word in noun.lower().split()} <= named


def _agrees(said: set[str], piece: Candidate, known: dict[str, str]) -> bool:
    """Whether a colour, or a material, could be that of the piece; what is unknown could be any."""
    own = f"{piece.name} {piece.type.replace('-', ' ')}"
    if known is FAMILIES:
        own = f"{own} {' '.join(colour.name for colour in piece.colours)}"
        is_known = bool(piece.colours) and "multicoloured" not in own.lower()
    else:
        own = f"{own} {piece.material}"
        is_known = bool(piece.material) and piece.material != "other"
    families = name_families(re.findall(r"[\w-]+", own.lower()), known)
    if known is MATERIALS and piece.material == "knit":
        families |= {"knit", "wool", "cotton"}
    return not said or not is_known or bool(said & families)
