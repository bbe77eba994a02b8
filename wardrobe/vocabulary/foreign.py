"""What words of clothing in other languages than English mean, as the words for it of the English search.

A language's words are those that its catalogue has for the vocabulary, and those of its module here (`words_de.py`),
in any form that its stemmer of Snowball knows, with accents or without.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from types import ModuleType
from typing import NamedTuple

from django.utils import translation
from snowballstemmer import stemmer

from wardrobe.vocabulary import words_de, words_es, words_fr
from wardrobe.vocabulary.terms import Vocabulary

TOKEN = re.compile(r"[^\W_]+")
TABLES: Mapping[str, ModuleType] = {"de": words_de, "es": words_es, "fr": words_fr}
STEMMERS = {"de": stemmer("german"), "es": stemmer("spanish"), "fr": stemmer("french")}
CONFIGS = {"de": "german", "es": "spanish", "fr": "french"}
"""PostgreSQL's for the full text of each language."""
FROM_CATALOGUE = ("type", "colour", "pattern", "material", "style", "season", "event", "sleeve")
NOUN_KINDS = frozenset({"type"})
MEANT_BY_NONE = "other"
MOST_TOGETHER = 4
FEWEST_LETTERS = 3
SPELT_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))
"""German umlauts where the keyboard has none: "gruen"."""
CLOSE = 0.75
"""Of two words the least ratio of `difflib`, as for English ones."""
LINKS = ("", "s", "n", "en", "e")
"""What stands between the parts of a German compound."""


class Entry(NamedTuple):
    """English words for it; `is_noun` where they name a kind of garment, `is_look` where they say what it is like."""

    english: str
    is_noun: bool = False
    is_look: bool = False


def fold(text: str) -> str:
    """Lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(8192)
def stem(word: str, language: str) -> str:
    return str(STEMMERS[language].stemWord(word))


def split_words(text: str) -> list[str]:
    return TOKEN.findall(text)


def read_table(table: str, *, is_noun: bool = False) -> Iterator[tuple[str, Entry]]:
    """Of lines with an English word and those that mean it."""
    for line in table.strip().splitlines():
        english, _, foreign = line.partition(": ")
        for phrase in foreign.split(", "):
            yield phrase, Entry(english, is_noun, not is_noun)


class Dictionary:
    """A language's words for one revision of the vocabulary."""

    def __init__(self, language: str, words: Vocabulary) -> None:
        self.language = language
        self.exact: dict[tuple[str, ...], Entry] = {}
        self.stemmed: dict[tuple[str, ...], Entry] = {}
        table = TABLES[language]
        self.noise = frozenset(fold(word) for word in table.NOISE.split())
        self.negations = frozenset(fold(word) for word in table.NEGATIONS.split())
        self.add(read_table(table.NOUNS, is_noun=True))
        self.add(read_table(table.LOOKS))
        self.add(list_shades(table))
        self.add(list_labels(language, words))

    def add(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """The first that gives a phrase its meaning counts."""
        for phrase, entry in entries:
            parts = split_words(phrase)
            self.exact.setdefault(tuple(map(fold, parts)), entry)
            for key in self.list_stems(parts):
                self.stemmed.setdefault(key, entry)

    def list_stems(self, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
        yield tuple(fold(stem(word.lower(), self.language)) for word in words)
        yield tuple(stem(fold(word), self.language) for word in words)

    def read(self, words: Sequence[str]) -> tuple[int, Entry | None]:
        """How many of the first words mean something together, and what; one word and None where nothing does."""
        for size in range(min(MOST_TOGETHER, len(words)), 0, -1):
            if entry := self.find(words[:size]):
                return size, entry
        return 1, self.take_apart(words[0]) if words else None

    def find(self, words: Sequence[str]) -> Entry | None:
        """What they mean in any form of theirs."""
        for parts in self.spell(words):
            folded = tuple(map(fold, parts))
            if entry := self.exact.get(folded):
                return entry
            for key in self.list_stems(parts):
                if entry := self.stemmed.get(key):
                    return entry
        return None

    def spell(self, words: Sequence[str]) -> Iterator[Sequence[str]]:
        yield words
        if self.language == "de":
            plain = [put_umlauts(fold(word)) for word in words]
            yield plain
            if words[-1].endswith("n"):
                yield [*words[:-1], words[-1][:-1]]

    def find_begun(self, word: str) -> set[Entry]:
        """What all words mean that begin so."""
        begun = fold(word)
        if len(begun) < FEWEST_LETTERS:
            return set()
        return {entry for key, entry in self.exact.items() if "".join(key).startswith(begun)}

    def find_close(self, word: str) -> set[Entry]:
        """What words mean that are spelt nearly so."""
        single = {key[0]: entry for key, entry in self.exact.items() if len(key) == 1}
        return {single[near] for near in get_close_matches(fold(word), single, cutoff=CLOSE)}

    def take_apart(self, word: str) -> Entry | None:
        """Of "Wollpullover" a woollen sweater: German writes in one what a garment is and what it is like."""
        if self.language != "de":
            return None
        for start in range(FEWEST_LETTERS, len(word) - FEWEST_LETTERS + 1):
            head = self.find([word[start:]])
            if not head or not (head.is_noun or head.is_look):
                continue
            for link in LINKS:
                before = word[:start].removesuffix(link) if word[:start].endswith(link) else ""
                first = self.find([before]) if len(before) >= FEWEST_LETTERS else None
                if first and first.is_look:
                    return Entry(f"{first.english} {head.english}", head.is_noun, head.is_look)
        return None


def put_umlauts(word: str) -> str:
    for spelt, letter in SPELT_OUT:
        word = word.replace(spelt, letter)
    return word


def list_shades(table: ModuleType) -> Iterator[tuple[str, Entry]]:
    """ "Azul oscuro", "dunkelblau" for each colour of one word."""
    colours = {"grey", "brown", "blue", "green", "red", "yellow", "pink", "purple", "orange"}
    for phrase, entry in read_table(table.LOOKS):
        if entry.english in colours and " " not in phrase:
            for english, shade in table.SHADES.items():
                shaded = f"{shade}{phrase}" if table is words_de else f"{phrase} {shade}"
                yield shaded, Entry(f"{english} {entry.english}", is_look=True)


def list_labels(language: str, words: Vocabulary) -> Iterator[tuple[str, Entry]]:
    """What the catalogue calls the vocabulary's words."""
    with translation.override(language):
        for kind in FROM_CATALOGUE:
            for term in words.terms(kind).values():
                if term.value != MEANT_BY_NONE:
                    is_noun = kind in NOUN_KINDS
                    yield term.said, Entry(term.label.lower(), is_noun, not is_noun)


@lru_cache(8)
def read_dictionary(language: str, words: Vocabulary) -> Dictionary | None:
    """Built once a process for each language and revision; None for English and for what has no words here."""
    return Dictionary(language, words) if language in TABLES else None
