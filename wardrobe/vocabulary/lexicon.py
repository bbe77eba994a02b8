"""What the words of a search mean: the vocabulary's own and others for them, in any form and spelling; no database."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from snowballstemmer import stemmer

from wardrobe.vocabulary.synonyms import SHADES, SYNONYMS
from wardrobe.vocabulary.terms import Vocabulary

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
KINDS = (
    "colour", "slot", "type", "pattern", "material", "warmth", "formality", "fit", "sleeve", "length",
    "season", "style", "event",
)  # fmt: skip
MEANT_BY_NONE = "other"
PLURAL_OF_F = re.compile(r"(?<=ar|al|el|ol|ea)ves$")
"""Scarves, halves, shelves; not gloves and sleeves."""
SHADE_OF = {"dark": "dark", "deep": "dark", "light": "light", "pale": "light", "bright": ""}
MOST_TOGETHER = 3
FEWEST_LETTERS = 2
CLOSE = 0.75
"""Of two words the least ratio of `difflib`: one letter wrong in four."""

Term = tuple[str, str]
"""Kind and value."""

_english = stemmer("english")


@dataclass
class Meaning:
    """The terms that are `named` so, and those for which it is another word."""

    named: set[Term] = field(default_factory=set)
    called: set[Term] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.named or self.called)

    def add(self, other: "Meaning") -> None:
        self.named |= other.named
        self.called |= other.called


def split_words(text: str) -> list[str]:
    """Lower case, parted at hyphens too, without a genitive's s."""
    words = TOKEN.findall(text.lower().replace("’", "'"))
    return [word.removesuffix("'s") for word in words]


@lru_cache(4096)
def stem(word: str) -> str:
    """By the English stemmer of Snowball, as PostgreSQL's `english` has it; "scarves" are scarfs first."""
    return str(_english.stemWord(PLURAL_OF_F.sub("f", word)))


def join(words: Iterable[str]) -> str:
    """ "T-shirt", "t shirt" and "tshirt" are one."""
    return "".join(words)


class Lexicon:
    """The phrases of one revision of the vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        self.spelt: dict[str, Meaning] = {}
        self.stemmed: dict[str, Meaning] = {}
        self.phrases: dict[tuple[str, ...], Meaning] = {}
        self.words: set[str] = set()
        labels = {
            (kind, term.value): term.label
            for kind in KINDS
            for term in words.terms(kind).values()
            if term.value != MEANT_BY_NONE
        }
        whole = {join(split_words(label)) for label in labels.values()}
        for term, label in labels.items():
            named = [label, term[1].replace("_", " "), *SHADES.get(term, "").split()]
            *before, head = label.split()
            if before:
                named += [head, *(word for word in before if join(split_words(word)) not in whole)]
            for phrase in named:
                self._add(phrase, Meaning(named={term}))
            for phrase in SYNONYMS.get(term, "").split():
                self._add(phrase, Meaning(called={term}))

    def _add(self, phrase: str, meaning: Meaning) -> None:
        words = split_words(phrase)
        stems = [stem(word) for word in words]
        self.words.update(words, {join(words)})
        for known, key in ((self.spelt, join(words)), (self.stemmed, join(stems))):
            known.setdefault(key, Meaning()).add(meaning)
        if len(words) > 1:
            self.phrases.setdefault((*stems,), Meaning()).add(meaning)

    def find(self, words: Sequence[str]) -> Meaning:
        """What is spelt so, else what has the same stems; "shorts" are not short sleeves."""
        spelt = self.spelt.get(join(words))
        return spelt or self.stemmed.get(join(map(stem, words))) or Meaning()

    def find_shade(self, words: Sequence[str]) -> Meaning:
        """Of "dark blue" the colours that are called so, then blue itself."""
        if len(words) != 2 or words[0] not in SHADE_OF:
            return Meaning()
        colours = {term for term in self.find(words[1:]).named if term[0] == "colour"}
        plain = {term for term in colours if term[1] == stem(words[1]) or len(colours) == 1}
        if not plain:
            return Meaning()
        shade = SHADE_OF[words[0]]
        return Meaning(self.find([shade, words[1]]).named if shade else set(), plain)

    def find_begun(self, word: str) -> Meaning:
        """All that begins so."""
        found = Meaning()
        if len(word) >= FEWEST_LETTERS:
            for key, meaning in self.spelt.items():
                if key.startswith(word):
                    found.add(meaning)
        return found

    def find_hue(self, word: str) -> Meaning:
        """Of "reddish" what is red, and what may be called so."""
        base = word.removesuffix("ish")
        if base == word or len(base) < FEWEST_LETTERS:
            return Meaning()
        for name in (base, f"{base}e", base[:-1] if base[-1] == base[-2] else base):
            colours = [
                {term for term in terms if term[0] == "colour"}
                for terms in (self.find([name]).named, self.find([name]).called)
            ]
            if any(colours):
                return Meaning(*colours)
        return Meaning()

    def list_other_phrases(self, word: str, meaning: Meaning) -> Iterator[tuple[str, ...]]:
        """Stems of the phrases with a word in them that are something else: dress shoes are no dress."""
        same = {stem(word)}
        for phrase, other in self.phrases.items():
            meant = meaning.named | meaning.called
            if same & {*phrase} and not meant & (other.named | other.called):
                yield phrase

    def find_close(self, word: str, others: set[str]) -> list[str]:
        """Words of it, or of others, that are spelt nearly so."""
        return get_close_matches(word, self.words | others, cutoff=CLOSE)


@lru_cache(4)
def read_lexicon(words: Vocabulary) -> Lexicon:
    return Lexicon(words)
