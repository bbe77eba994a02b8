"""Nouns of garments in languages whose adjectives follow them, and articles for what wearers call their pieces."""

from collections.abc import Mapping

from styling.stylist.voices.voice import Named, small
from wardrobe.vocabulary.nouns import Noun


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
