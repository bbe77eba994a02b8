"""Which languages' prose is checked."""

from styling.checks.languages.de import GERMAN
from styling.checks.languages.es import SPANISH
from styling.checks.languages.fr import FRENCH
from styling.checks.languages.words import Words

WORDS: dict[str, Words] = {"de": GERMAN, "es": SPANISH, "fr": FRENCH}
ENGLISH = "en"
"""Has lists of its own in `styling.checks`: its prose is the best known."""


def is_checked(language: str) -> bool:
    """Whether there are word lists of a language: without any nothing that prose names is found."""
    return language == ENGLISH or language in WORDS
