"""German grammar of garments: articles and endings by gender, number and case."""

from collections.abc import Sequence

from styling.stylist.voices.de_words import NOUNS, STEMS, Noun
from styling.stylist.voices.voice import Named, capital

ARTICLES = {
    "nominative": {"m": "der", "f": "die", "n": "das", "p": "die"},
    "accusative": {"m": "den", "f": "die", "n": "das", "p": "die"},
    "dative": {"m": "dem", "f": "der", "n": "dem", "p": "den"},
}
STRONG = {"m": "er", "f": "e", "n": "es", "p": "e"}
"""The ending of an adjective in a name that stands without an article: "blaues Hemd"."""


def find_noun(piece: Named) -> Noun:
    return NOUNS.get(piece.type, NOUNS["other"])


def is_plural(piece: Named) -> bool:
    return find_noun(piece).gender == "p"


def decline(piece: Named) -> tuple[list[str], str] | None:
    """The stems of a name that is adjectives and a noun, such as "Blaues Hemd", and its noun; None for any other."""
    *first, last = piece.name.split() or [""]
    ending = STRONG[find_noun(piece).gender]
    stems = [word.lower().removesuffix(ending) for word in first]
    is_known = all(
        word.lower().endswith(ending) and stem in STEMS
        for word, stem in zip(first, stems, strict=True)
    )
    is_noun = last.casefold().endswith(find_noun(piece).word.casefold())
    return (stems, last) if is_noun and is_known else None


def named(piece: Named, case: str = "nominative") -> str:
    """A name of adjectives and a noun with the endings that it has behind an article."""
    declined = decline(piece)
    if declined is None:
        return piece.name
    stems, word = declined
    noun = find_noun(piece)
    if case == "dative" and noun.dative and word.casefold().endswith(noun.word.casefold()):
        word = f"{word}n"
    is_weak = (
        case == "dative" or noun.gender == "p" or (case == "accusative" and noun.gender == "m")
    )
    ending = "en" if is_weak else "e"
    return " ".join(
        [
            *(f"{stem.removesuffix('e') if stem == 'beige' else stem}{ending}" for stem in stems),
            capital(word),
        ]
    )


def the(piece: Named, case: str = "nominative") -> str:
    """ "das blaue Hemd", "das Hemd von Oma", and of a name that says no such thing "das Hemd „Navy linen“"."""
    noun = find_noun(piece)
    article = ARTICLES[case][noun.gender]
    if decline(piece):
        return f"{article} {named(piece, case)}"
    word = noun.in_dative if case == "dative" else noun.word
    if piece.name.startswith(f"{noun.word} ") and word == noun.word:
        return f"{article} {piece.name}"
    return f"{article} {word} „{piece.name}“"


def join_pieces(pieces: Sequence[Named], case: str = "nominative") -> str:
    names = [the(piece, case) for piece in pieces]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} und {names[-1]}"


def agree(pieces: Sequence[Named], singular: str, plural: str) -> str:
    return singular if len(pieces) == 1 and not is_plural(pieces[0]) else plural
