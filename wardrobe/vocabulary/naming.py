"""Garments that nobody named, in other languages than English: "Blaues Hemd", "Camisa azul", "Chemise bleue"."""

from collections.abc import Mapping
from types import ModuleType

from django.utils.translation import get_language

from wardrobe.vocabulary import names_de, names_es, names_fr

LANGUAGES: Mapping[str, ModuleType] = {"de": names_de, "es": names_es, "fr": names_fr}


def begin_with_adjective(name: str) -> str:
    """A German name of ours that begins with an adjective, as it stands in mid sentence: "blaues Hemd". Empty of any
    other: in other languages a name begins small there, whatever it begins with."""
    if (get_language() or "")[:2] != "de":
        return ""
    small = f"{name[:1].lower()}{name[1:]}"
    stems = {*names_de.COLOURS.values(), *names_de.PATTERNS.values()}
    begins = any(small.split(" ")[0].startswith(stem.split()[0]) for stem in stems)
    return small if begins and " " in small else ""


def name_naturally(language: str, type_: str, colour: str, pattern: str, called: str) -> str:
    """Its kind with what agrees with it. `colour` and `pattern` are values of the vocabulary, or empty; `called` is
    what the catalogue calls the type. Empty where a word of it has no forms here, such as one of an operator's own."""
    table = LANGUAGES.get(language)
    noun = table.NOUNS.get(type_) if table else None
    if not table or not noun or noun.word.casefold() != called.casefold():
        return ""
    if (colour and colour not in table.COLOURS) or (pattern and pattern not in table.PATTERNS):
        return ""
    name = table.put_together(noun, table.COLOURS.get(colour, ""), table.PATTERNS.get(pattern, ""))
    return f"{name[:1].upper()}{name[1:]}"
