"""Which garments the words of a wish mean."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from styling.notes.foreign import read_reader
from styling.notes.reading import FILLERS, Kind, Lexicon, Wish
from styling.notes.words import (
    Piece,
    read_kind_synonyms,
    read_kind_words,
    read_known,
    read_look_synonyms,
    read_looks,
    read_nouns,
    read_wider_kinds,
    stem_all,
)
from wardrobe.vocabulary import Vocabulary

P = TypeVar("P", bound=Any)

NO_NOUNS = stem_all("longarmed shortarmed long sport down up on roll neck slip flip lace")
"""Of a type's name, and no kind of garment by themselves: other tops have long sleeves too."""


def make_lexicon(pieces: Sequence[Piece], words: Vocabulary, language: str = "en") -> Lexicon:
    """What notes in a language may say about these garments, in the words of the vocabulary and of their names. The
    names of `pieces` are those of `call_pieces`."""
    looks = [read_looks(piece) | read_look_synonyms(piece) for piece in pieces]
    kinds = [read_kind_words(piece) | read_kind_synonyms(piece) for piece in pieces]
    nouns = read_nouns(words).union(*kinds) - FILLERS - NO_NOUNS
    known = read_known(words).union(nouns, *looks) - FILLERS
    names = tuple(piece.name for piece in pieces)
    return Lexicon(known, nouns, names, read_reader(language, words))


def call_pieces(pieces: Sequence[P], words: Vocabulary, language: str) -> tuple[P, ...]:
    """The garments, dataclasses, with names in which English words stand for those of the language."""
    reader = read_reader(language, words)
    if reader is None:
        return tuple(pieces)
    known = read_known(words)
    return tuple(replace(piece, name=reader.call(piece.name, known)) for piece in pieces)


def find_meant(wish: Wish, pieces: Iterable[Piece]) -> frozenset[str]:
    """The ids of all garments that have every word of the wish. What is not to be worn is meant by wider words too:
    "no red" leaves the burgundy out; what is wanted, only where nothing has the word itself."""
    pieces = list(pieces)
    called = frozenset(piece.id for piece in pieces if is_name_of(wish, piece))
    if wish.is_named and called:
        return called
    nearest = frozenset(piece.id for piece in pieces if fits(wish, piece, is_wide=False))
    if wish.kind is not Kind.AVOID and nearest:
        return nearest
    wide = frozenset(piece.id for piece in pieces if fits(wish, piece, is_wide=True, keep=nearest))
    return nearest | wide


def find_denied(wish: Wish, pieces: Iterable[Piece], wanted: frozenset[str]) -> frozenset[str]:
    """What a wish rules out; of what only wider words mean, not what is wanted: "jeans rather than trousers"."""
    pieces = list(pieces)
    own = frozenset(piece.id for piece in pieces if fits(wish, piece, is_wide=False))
    return own | (find_meant(wish, pieces) - wanted)


def fits(wish: Wish, piece: Piece, *, is_wide: bool, keep: frozenset[str] = frozenset()) -> bool:
    """`keep`: where garments are called so themselves, other names do not count, but what garments are, too, does."""
    kinds = read_kind_words(piece)
    looks = read_looks(piece) | kinds
    if is_wide:
        looks = looks | read_look_synonyms(piece) | read_kind_synonyms(piece)
        kinds = kinds | (read_wider_kinds(piece) if keep else read_kind_synonyms(piece))
    if wish.noun and wish.noun not in kinds:
        return False
    return all(word in looks for word in wish.words)


def is_name_of(wish: Wish, piece: Piece) -> bool:
    """Whether the wish has the words of the garment's name, and no others."""
    return stem_all(piece.name) - FILLERS == set(wish.words)
