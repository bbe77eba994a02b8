"""German grammar of garments: articles and endings by gender, number and case."""

from collections.abc import Sequence

from styling.stylist.voices.de_words import ADVERBS, STEMS
from styling.stylist.voices.voice import Named, capital
from wardrobe.vocabulary.names_de import ENDINGS, NOUNS, UNCHANGING
from wardrobe.vocabulary.nouns import Noun

ARTICLES = {
    "nominative": {"m": "der", "f": "die", "n": "das", "p": "die"},
    "accusative": {"m": "den", "f": "die", "n": "das", "p": "die"},
    "dative": {"m": "dem", "f": "der", "n": "dem", "p": "den"},
}
BARE = UNCHANGING | ADVERBS


def find_noun(piece: Named) -> Noun:
    return NOUNS.get(piece.type, NOUNS["other"])


def is_plural(piece: Named) -> bool:
    return find_noun(piece).gender == "p"


def find_dative(noun: Noun) -> str:
    """ "Schuhen", "Shorts"."""
    return noun.word if noun.gender != "p" or noun.word[-1] in "ns" else f"{noun.word}n"


def decline(piece: Named) -> tuple[list[str], str, str] | None:
    """The stems of a name that is adjectives and a noun, such as "Blaues Hemd mit Tarnmuster", its noun, and what is
    said behind that; None for any other."""
    head, joint, rest = piece.name.partition(" mit ")
    *first, last = head.split() or [""]
    stems = [find_stem(word.lower(), find_noun(piece)) for word in first]
    is_noun = last.casefold().endswith(find_noun(piece).word.casefold())
    return (stems, last, f"{joint}{rest}") if is_noun and all(stems) else None


def find_stem(word: str, noun: Noun) -> str:
    """Of an adjective in a name that stands without an article; empty for a word whose endings nobody knows."""
    ending = ENDINGS[noun.gender]
    stem = word.removesuffix(ending)
    if word in BARE:
        return word
    return stem if word.endswith(ending) and stem in STEMS else ""


def named(piece: Named, case: str = "nominative") -> str:
    """A name of adjectives and a noun with the endings that it has behind an article."""
    declined = decline(piece)
    if declined is None:
        return piece.name
    stems, word, rest = declined
    noun = find_noun(piece)
    if case == "dative" and find_dative(noun) != noun.word:
        word = f"{word}n"
    is_weak = (
        case == "dative" or noun.gender == "p" or (case == "accusative" and noun.gender == "m")
    )
    ending = "en" if is_weak else "e"
    before = [stem if stem in BARE else f"{stem}{ending}" for stem in stems]
    return " ".join([*before, f"{capital(word)}{rest}"])


def the(piece: Named, case: str = "nominative") -> str:
    """ "das blaue Hemd", "das Hemd von Oma", and of a name that says no such thing "das Hemd „Navy linen“"."""
    noun = find_noun(piece)
    article = ARTICLES[case][noun.gender]
    if decline(piece):
        return f"{article} {named(piece, case)}"
    word = find_dative(noun) if case == "dative" else noun.word
    if piece.name.startswith(f"{noun.word} ") and word == noun.word:
        return f"{article} {piece.name}"
    return f"{article} {word} „{piece.name}“"


def join_pieces(pieces: Sequence[Named], case: str = "nominative") -> str:
    names = [the(piece, case) for piece in pieces]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} und {names[-1]}"


def agree(pieces: Sequence[Named], singular: str, plural: str) -> str:
    return singular if len(pieces) == 1 and not is_plural(pieces[0]) else plural
