"""Nouns of garments with gender and number, and words that agree with them."""

from typing import NamedTuple

FORMS = {"m": 0, "f": 1, "mp": 2, "fp": 3}


class Noun(NamedTuple):
    """`gender` is m, f or n, with a p where it is a plural; p alone where a plural has no gender."""

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


def agree(forms: str, noun: Noun) -> str:
    """Of "rojo roja rojos rojas" the one that agrees; "azul marino" is all there is of itself."""
    words = forms.split()
    return words[FORMS[noun.gender]] if len(words) == len(FORMS) else forms
