"""Words of clothing in any of their forms: stems, the words of a garment, and those that mean nothing by themselves."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from wardrobe.vocabulary import Vocabulary
from wardrobe.vocabulary.synonyms import FOR_RAIN, SYNONYMS, WIDER

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
COMPOUNDS = (
    (re.compile(r"\bt[- ]?shirt|\btee[- ]?shirt|\btee(?=s?\b)"), "tshirt"),
    (re.compile(r"\b(?:short|half)[- ]sleeve[sd]?\b"), "shortarmed"),
    (re.compile(r"\b(?:long|full)[- ]sleeve[sd]?\b"), "longarmed"),
    (re.compile(r"\bshort\b|\bmini(?:[- ]?skirts?)?\b"), "kneebaring"),
    (re.compile(r"\btight(?:er)?(?:[- ]fitting)?\b|\bskin-?tight\b"), "closefitting"),
)
"""One word for what is said in two, and another for those that look like a garment's: a T-shirt is no shirt, nothing
short no shorts, a tight skirt no tights."""
VOWELS = "aeiou"
COMFORTABLE_TYPES = frozenset({
    "sneakers", "flats", "loafers", "slippers", "sweater", "cardigan", "sweatshirt", "hoodie",
    "fleece", "sweatpants", "leggings", "t-shirt", "longsleeve",
})  # fmt: skip
COMFORTABLE_FITS = frozenset({"loose", "oversized"})
HIGH_TYPES = frozenset({"heels"})
SHORT_SLEEVED = frozenset({"t-shirt", "polo"})
SLEEVELESS = frozenset({"tank-top", "waistcoat", "vest"})
"""Types whose sleeves are short, or are none, where nobody told; those of other tops are long."""
SLEEVES = {"none": "sleeveless", "short": "shortarmed", "long": "longarmed"}
LENGTHS = {"short": "kneebaring", "knee": "knee midi", "long": "long maxi"}
FITS = {
    "slim": "closefitting skinny narrow",
    "loose": "baggy wide roomy",
    "oversized": "baggy wide big loose",
}
""" "Narrow", "baggy": other words for how it sits."""


class Hue(Protocol):
    @property
    def name(self) -> str: ...


class Piece(Protocol):
    """A garment as far as words can mean it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def slot(self) -> str: ...
    @property
    def layer(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def type_label(self) -> str: ...
    @property
    def pattern(self) -> str: ...
    @property
    def material(self) -> str: ...
    @property
    def warmth(self) -> str: ...
    @property
    def fit(self) -> str: ...
    @property
    def sleeve(self) -> str: ...
    @property
    def length(self) -> str: ...
    @property
    def short(self) -> bool: ...
    @property
    def closed(self) -> bool: ...
    @property
    def water_resistant(self) -> bool: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def colours(self) -> Iterable[Hue]: ...


def fold(text: str) -> str:
    """Lower case, without accents and underscores; T-shirts are one word."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("_", " "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for pattern, word in COMPOUNDS:
        letters = pattern.sub(word, letters)
    return letters


def split_words(text: str) -> list[str]:
    return TOKEN.findall(fold(text))


@lru_cache(4096)
def stem(word: str) -> str:
    """One form for a word's singular, plural and adjective: "dress", "dresses"; "stripes", "striped"."""
    word = word.replace("’", "'").removesuffix("'s")
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word.removesuffix(ending)
    if len(word) > 3 and word[-1] in "ey":
        word = word[:-1]
    if len(word) > 4 and word[-1] == "i":
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in f"{VOWELS}sl":
        word = word[:-1]
    return f"{word[:-1]}f" if len(word) > 3 and word[-1] == "v" else word


@lru_cache(4096)
def stem_all(*texts: str) -> frozenset[str]:
    return frozenset(stem(word) for text in texts for word in split_words(text))


def read_kind_words(piece: Piece) -> frozenset[str]:
    """Nouns for what it is: of its type and slot, and the last word of its name."""
    named = split_words(piece.name)
    slot = "" if piece.slot == "other" else piece.slot
    return stem_all(piece.type_label, piece.type.replace("-", " "), slot) | stem_all(*named[-1:])


def read_kind_synonyms(piece: Piece) -> frozenset[str]:
    """Other nouns for what it is."""
    return stem_all(
        SYNONYMS.get(("type", piece.type), "").replace("-", " "),
        SYNONYMS.get(("slot", piece.slot), ""),
    )


def read_wider_kinds(piece: Piece) -> frozenset[str]:
    """Nouns for what it is, too."""
    return stem_all(WIDER.get(piece.type, ""))


def read_looks(piece: Piece) -> frozenset[str]:
    """Words for how it looks and what it is made of, as its wearer or the vocabulary has it."""
    colours = [colour.name for colour in piece.colours]
    qualities = list(list_qualities(piece))
    told = (piece.name, piece.pattern, piece.material, piece.fit, *colours, *piece.tags)
    return stem_all(*told, *qualities)


def read_look_synonyms(piece: Piece) -> frozenset[str]:
    """Wider and other words for how it looks: an olive jacket is green."""
    terms = [("pattern", piece.pattern), ("material", piece.material), ("warmth", piece.warmth)]
    terms += [("colour", colour.name.replace(" ", "_")) for colour in piece.colours]
    return stem_all(*(SYNONYMS.get(term, "").replace("-", " ") for term in terms))


def list_qualities(piece: Piece) -> Iterable[str]:
    """What follows from its type and its cut: sleeves, length and fit, flat and open shoes, comfortable pieces, what
    keeps the rain off."""
    yield SLEEVES.get(find_sleeve(piece), "")
    yield FITS.get("slim" if piece.type == "leggings" else piece.fit, "")
    if piece.slot in {"bottom", "dress"}:
        yield LENGTHS.get(find_length(piece), "")
    if piece.slot == "shoes":
        yield "closed" if piece.closed else "open"
        yield "toe toed high heeled" if piece.type in HIGH_TYPES else "toe toed flat"
    if is_comfortable(piece):
        yield "comfortable comfy soft"
    if piece.water_resistant:
        yield " ".join(FOR_RAIN)


def find_sleeve(piece: Piece) -> str:
    """How far its sleeves reach; of a top that was not told what is usual for its type."""
    if piece.sleeve or piece.slot != "top":
        return piece.sleeve
    if piece.type in SLEEVELESS:
        return "none"
    return "short" if piece.type in SHORT_SLEEVED else "long"


def find_length(piece: Piece) -> str:
    if piece.length or piece.type in {"skirt", "dress", "jumpsuit"}:
        return piece.length
    return "short" if piece.short else "long"


def is_comfortable(piece: Piece) -> bool:
    return piece.type in COMFORTABLE_TYPES or piece.fit in COMFORTABLE_FITS


NOUN_KINDS, LOOK_KINDS = ("type", "slot"), ("colour", "pattern", "material", "warmth", "fit")
USUAL_LOOKS = " ".join([
    "flat high heeled open closed toe toed comfortable comfy soft warm light rainproof waterproof",
    *SLEEVES.values(), *LENGTHS.values(), *FITS.values(),
])  # fmt: skip


@lru_cache(16)
def read_nouns(words: Vocabulary) -> frozenset[str]:
    """Stems of the last words of what the vocabulary calls types and slots, and of their synonyms."""
    labels = [term.label for kind in NOUN_KINDS for term in words.terms(kind).values()]
    ends = [split_words(label)[-1] for label in labels if split_words(label)]
    others = [text.replace("-", " ") for (kind, _), text in SYNONYMS.items() if kind in NOUN_KINDS]
    return stem_all(*ends, *others) - stem_all("other")


@lru_cache(16)
def read_known(words: Vocabulary) -> frozenset[str]:
    """Stems of all words that mean something about clothes."""
    labels = [
        term.label for kind in (*NOUN_KINDS, *LOOK_KINDS) for term in words.terms(kind).values()
    ]
    others = [
        text.replace("-", " ")
        for (kind, _), text in SYNONYMS.items()
        if kind in (*NOUN_KINDS, *LOOK_KINDS)
    ]
    return stem_all(*labels, *others, USUAL_LOOKS) - stem_all("other")
