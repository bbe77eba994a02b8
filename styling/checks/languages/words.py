"""The shape of a language's word lists."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Types = frozenset[str]
FEW_WORDS = 4
"""So short a part between commas goes on with a list: "keine Jacke, Handschuhe oder Mütze"."""


@dataclass(frozen=True)
class WeatherWords:
    """Patterns of what the sky does. `warmths` are those of each category of temperature; `chance` has the figure in a
    group."""

    rain: re.Pattern[str]
    snow: re.Pattern[str]
    sun: re.Pattern[str]
    dry: re.Pattern[str]
    storm: re.Pattern[str]
    wind: re.Pattern[str]
    calm: re.Pattern[str]
    frost: re.Pattern[str]
    felt: re.Pattern[str]
    degrees: re.Pattern[str]
    chance: re.Pattern[str]
    idioms: re.Pattern[str]
    warmths: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class Excuses:
    """`denial` before a mention in its clause, `denied` behind it, `condition` and `wish` anywhere around it; `turns`
    part a denial from what is claimed again; `subordinate` begins what says nothing by itself."""

    denial: re.Pattern[str]
    denied: re.Pattern[str]
    condition: re.Pattern[str]
    wish: re.Pattern[str]
    turns: re.Pattern[str]
    subordinate: re.Pattern[str]

    def hold(self, before: str, after: str) -> bool:
        """Whether a mention claims nothing."""
        *earlier, clause = re.split(r"[,:;—–()]", before)
        near = self.turns.split(clause)[-1]
        if earlier and len(clause.split()) <= FEW_WORDS:
            near = f"{self.turns.split(earlier[-1])[-1]} {near}"
        rest = re.split(r"[;:]", after)[0]
        if self.denial.search(near) or self.condition.search(clause):
            return True
        return bool(self.denied.search(rest) or self.wish.search(before + after))


@dataclass(frozen=True)
class Words:
    """`nouns` are patterns of garments with the types that each can mean, rarer names first; `colours` the beginnings
    of colour words with their families, as of English ones."""

    nouns: Mapping[str, Types]
    colours: Mapping[str, str]
    idioms: re.Pattern[str]
    weather: WeatherWords
    excuses: Excuses

    def find_types(self, noun: str) -> Types:
        for pattern, types in self.nouns.items():
            if re.fullmatch(pattern, noun, re.IGNORECASE):
                return types
        return frozenset()

    def name_colours(self, words: Iterable[str]) -> set[str]:
        return {
            family
            for word in words
            for stem, families in self.colours.items()
            if word.lower().startswith(stem)
            for family in families.split()
        }


def any_of(*words: str) -> re.Pattern[str]:
    """Whole words, in any case."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def degrees(between: str, degree: str) -> re.Pattern[str]:
    figure = r"(?:minus |(?<![\w\d])[-−–]\s?)?\d{1,3}(?:[.,]\d)?"
    return re.compile(
        rf"(?:(?P<low>{figure})\s?(?:{between}|-|–|−|°\s?(?:{between}|-|–))\s?)?"
        rf"(?P<high>{figure})\s?(?:°|º|{degree}\b)\s?(?P<unit>c(?:elsius)?\b|f(?:ahrenheit)?\b)?",
        re.IGNORECASE,
    )


def types(*names: str) -> Types:
    return frozenset(names)


JACKETS = types(
    "jacket", "denim-jacket", "leather-jacket", "bomber", "rain-jacket", "puffer", "parka", "fleece", "cardigan", "blazer"
)  # fmt: skip
COATS = types("coat", "trench-coat", "parka", "puffer")
TROUSERS = types("pants", "chinos", "jeans", "sweatpants", "leggings", "shorts")
SWEATERS = types(
    "sweater", "turtleneck", "sweatshirt", "hoodie", "fleece", "cardigan", "longsleeve"
)
SHOES = types(
    "shoes", "sneakers", "derbies", "oxfords", "loafers", "flats", "heels", "boots", "rain-boots", "sandals", "slippers"
)  # fmt: skip
BAGS = types("bag", "backpack", "handbag")
HATS = types("hat", "cap", "sun-hat", "beanie")
SHIRTS = types("shirt", "polo", "blouse")
