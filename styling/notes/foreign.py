"""Notes in other languages than English, word by word in those of the English grammar that reads them.

Nothing is translated for anyone to read: what is said of a part is said in the wearer's own words, to which each
English one leads back. A sentence that is rather English than the wearer's language stays as it is.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import ModuleType

from styling.notes import said_de, said_es, said_fr
from styling.notes.words import stem
from wardrobe.vocabulary import Vocabulary
from wardrobe.vocabulary.foreign import (
    TABLES,
    TOKEN,
    Dictionary,
    Entry,
    fold,
    read_dictionary,
    split_words,
)

SAID: Mapping[str, ModuleType] = {"de": said_de, "es": said_es, "fr": said_fr}
MOST_TOGETHER = 6
SENTENCE = re.compile(r"[.!;?\n…]+(?=\s|$)|\n")
BETWEEN = re.compile(r"[\s'’-]*")
"""What may stand between the words of a phrase."""
FAR = 12
"""Words within which a part's next word is looked for."""
SMALL_ENGLISH = frozenset({
    "no", "not", "without", "nothing", "anything", "something", "but", "the", "a", "and", "or", "with", "in", "is", "are",
    "i", "it", "my", "please", "wear", "want", "hate", "like", "love", "than", "instead", "of", "only", "too", "for",
    "wash", "dirty", "warm", "warmer", "cold", "don't",
})  # fmt: skip


@dataclass(frozen=True)
class Word:
    """English for a stretch of the note, from `start` to `end`; `before` is what parts it from the one before."""

    english: str
    start: int
    end: int
    before: str = ""
    is_noun: bool = False
    is_look: bool = False
    is_known: bool = True


@dataclass
class Gloss:
    """A note in English words, and where each stood."""

    source: str
    words: Sequence[Word] = ()
    after: tuple[tuple[str, str], ...] = ()
    place: int = field(default=0)

    @property
    def text(self) -> str:
        said = "".join(f"{word.before}{word.english}" for word in self.words)
        for pattern, meant in self.after:
            said = re.sub(pattern, meant, said)
        return re.sub(r"[^\S\n]+", " ", said).strip()

    def find_source(self, part: str) -> str:
        """What a part of the text was in the wearer's words. Parts are asked for in their order."""
        tokens = [
            (index, token)
            for index, word in enumerate(self.words)
            for token in split_words(word.english.lower())
        ]
        found, place = [], self.place
        for token in split_words(part.lower()):
            ahead = range(place, min(place + FAR, len(tokens)))
            hit = next((at for at in ahead if tokens[at][1] == token), None)
            if hit is not None:
                found.append(tokens[hit][0])
                place = hit + 1
        self.place = place
        if not found:
            return part
        spans = [self.words[index] for index in range(min(found), max(found) + 1)]
        start, end = min(word.start for word in spans), max(word.end for word in spans)
        return self.source[start:end]


class Reader:
    """One language's notes, with the words of a vocabulary."""

    def __init__(self, language: str, dictionary: Dictionary) -> None:
        said = SAID[language]
        self.dictionary = dictionary
        self.after: tuple[tuple[str, str], ...] = said.AFTER
        self.is_noun_first: bool = said.IS_NOUN_FIRST
        self.phrases: dict[tuple[str, ...], str] = {}
        for line in said.PHRASES.strip().splitlines():
            english, _, foreign = line.partition(": ")
            for phrase in foreign.split(", "):
                key = tuple(fold(word) for word in split_words(phrase))
                self.phrases.setdefault(key, english.removesuffix(":").strip())

    def gloss(self, text: str, known: Collection[str]) -> Gloss:
        """`known` are the stems of the English words about clothes."""
        words: list[Word] = []
        start = 0
        for match in [*SENTENCE.finditer(text), None]:
            end = match.start() if match else len(text)
            words += self.gloss_sentence(text, start, end, known, text[start - 1 : start])
            start = match.end() if match else end
            if match:
                words.append(Word("", match.start(), match.end(), match[0]))
        return Gloss(text, words, self.after)

    def gloss_sentence(
        self, text: str, start: int, end: int, known: Collection[str], before: str
    ) -> list[Word]:
        spans = [
            (start + one.start(), start + one.end()) for one in TOKEN.finditer(text[start:end])
        ]
        words = list(self.read(text, spans, start))
        said = [word for word in words if word.is_known]
        tokens = [text[one:two].lower() for one, two in spans]
        english = [one for one in tokens if one in SMALL_ENGLISH or stem(one) in known]
        if len(english) > sum(len(split_words(text[one.start : one.end])) for one in said):
            return [Word(text[start:end], start, end, " ")]
        tail = text[spans[-1][1] : end] if spans else text[start:end]
        ordered = put_nouns_last(words) if self.is_noun_first else words
        return [*ordered, Word("", end, end, tail)]

    def read(self, text: str, spans: Sequence[tuple[int, int]], start: int) -> Iterator[Word]:
        at, end = 0, start
        while at < len(spans):
            size, entry = self.find(text, spans[at : at + MOST_TOGETHER])
            first, last = spans[at][0], spans[at + size - 1][1]
            gap = text[end:first]
            if entry:
                before = re.sub(r"['’-]", " ", gap) or " "
                yield Word(entry.english, first, last, before, entry.is_noun, entry.is_look)
            else:
                yield Word(text[first:last], first, last, gap, is_known=False)
            at, end = at + size, last

    def find(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, Entry | None]:
        """The longest phrase that begins here."""
        reach = 1
        while reach < len(spans) and BETWEEN.fullmatch(text[spans[reach - 1][1] : spans[reach][0]]):
            reach += 1
        words = [text[one:two] for one, two in spans[:reach]]
        folded = tuple(map(fold, words))
        size, entry = self.dictionary.read(words)
        for length in range(reach, (size if entry else 1) - 1, -1):
            if folded[:length] in self.phrases:
                return length, Entry(self.phrases[folded[:length]])
        return (size, entry) if entry else (1, None)

    def call(self, name: str, known: Collection[str]) -> str:
        """A garment's name by its words of clothing alone: "Omas blaue Bluse" is "Omas blue blouse"."""
        spans = [match.span() for match in TOKEN.finditer(name)]
        at, end, words = 0, 0, list[Word]()
        while at < len(spans):
            size, entry = self.dictionary.read([name[one:two] for one, two in spans[at : at + 4]])
            first, last = spans[at][0], spans[at + size - 1][1]
            said = entry.english if entry else name[first:last]
            is_noun, is_look = bool(entry and entry.is_noun), bool(entry and entry.is_look)
            words.append(Word(said, first, last, name[end:first], is_noun, is_look))
            at, end = at + size, last
        english = [word for word in split_words(name) if stem(word.lower()) in known]
        if len(english) > len([word for word in words if word.is_noun or word.is_look]):
            return name
        ordered = put_nouns_last(words) if self.is_noun_first else words
        return "".join(f"{word.before}{word.english}" for word in ordered).strip()


def put_nouns_last(words: Sequence[Word]) -> list[Word]:
    """ "Zapatos negros o blancos" as "black or white shoes": each place keeps what parts it from the one before."""
    found = list(words)
    for at, word in enumerate(words):
        if not word.is_noun:
            continue
        end = at
        for ahead in range(at + 1, len(words)):
            one = words[ahead]
            is_apart = one.before.strip() or not one.is_known
            if is_apart or not (
                one.is_look or not one.english or one.english in {"and", "or", "in"}
            ):
                break
            end = ahead if one.is_look else end
        moved = [*words[at + 1 : end + 1], word]
        for place, one in zip(range(at, end + 1), moved, strict=True):
            found[place] = replace(one, before=words[place].before)
    return found


@lru_cache(8)
def read_reader(language: str, words: Vocabulary) -> Reader | None:
    """Built once a process for each language and revision; None for English and where nobody wrote its words."""
    dictionary = read_dictionary(language, words) if language in TABLES else None
    return Reader(language, dictionary) if dictionary else None
