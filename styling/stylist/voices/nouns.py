"""Nouns of garments in languages whose adjectives follow them, and articles for what wearers call their pieces."""

from collections.abc import Mapping
from typing import NamedTuple

from styling.stylist.voices.voice import Named, small


class Noun(NamedTuple):
    """`gender` is m or f, with a p where it is a plural."""

    word: str
    gender: str

    @property
    def is_plural(self) -> bool:
        return self.gender.endswith("p")

    @property
    def is_feminine(self) -> bool:
        return self.gender.startswith("f")


def read_nouns(table: str) -> dict[str, Noun]:
    """Of lines with a type of the vocabulary, a gender and the noun."""
    rows = [line.split(" ", 2) for line in table.strip().splitlines()]
    return {type_: Noun(word, gender) for type_, gender, word in rows}


def begins_with_noun(piece: Named, noun: Noun) -> bool:
    """Whether its name is one of the language: "Camisa azul", of a shirt."""
    name, word = piece.name.casefold(), noun.word.casefold()
    return name == word or name.startswith(f"{word} ")


def name_piece(piece: Named, noun: Noun, quotes: tuple[str, str]) -> str:
    """Its name behind an article; behind its noun, where the name says nothing of gender or number."""
    if begins_with_noun(piece, noun):
        return small(piece.name)
    return f"{noun.word} {piece.name.join(quotes)}"


def find_noun(nouns: Mapping[str, Noun], piece: Named) -> Noun:
    """With the first word of a longer noun where the name begins with that: "Camiseta negra" of a tank top."""
    noun = nouns.get(piece.type, nouns["other"])
    head = Noun(noun.word.split()[0], noun.gender)
    return head if not begins_with_noun(piece, noun) and begins_with_noun(piece, head) else noun
