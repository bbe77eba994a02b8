"""Finding garments by what people type: "linen", "green", "quilted", "shoes for rain", "blck jeans"."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import reduce
from operator import add, or_

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from wardrobe import vocabulary
from wardrobe.models import GarmentQuerySet
from wardrobe.vocabulary.synonyms import FOR_RAIN, SYNONYMS

COLUMNS = [
    "slot", "type", "pattern", "material", "warmth", "formality", "fit", "sleeve", "length",
]  # fmt: skip
TAGS = {"season": "seasons", "style": "style_tags", "event": "occasions"}
NOISE = {"a", "an", "and", "for", "in", "my", "or", "something", "the", "with"}
MOST_WORDS = 8
NAMED, CALLED, NEARLY = 4, 2, 1
"""How much a garment counts for a word: that is its own or the vocabulary's, that is another word for it or nearly its
own, or that is nearly another word for it."""
CLOSE = 0.75
"""Of two words the least ratio of `difflib`: one letter wrong in four."""


def search_garments(garments: GarmentQuerySet, text: str) -> GarmentQuerySet:
    """Those that match every word of `text`, each with its `relevance`: the more, the better it matches.

    A word that nothing is called stands for those that are spelt nearly so.
    """
    words = [word for word in re.findall(r"\w[\w'’-]*", text.lower()) if word not in NOISE]
    ranks: list[Combinable] = [Value(0)]
    own: set[str] = set()
    for word in words[:MOST_WORDS]:
        matches = {NAMED: named(word), CALLED: called(word)}
        if not is_known(word):
            own = own or read_own_words(garments)
            if not any(word in known for known in own):
                nearly = get_close_matches(word, own | list_words(), cutoff=CLOSE)
                matches = {
                    CALLED: any_of(named(other) for other in nearly),
                    NEARLY: any_of(called(other) for other in nearly),
                }
        garments = garments.filter(any_of(matches.values()))
        ranks.append(rank(matches))
    return garments.annotate(relevance=reduce(add, ranks))


def named(word: str) -> Q:
    """The word is in the garment's own words, or names what the garment is."""
    found = Q(name__icontains=word) | Q(brand__icontains=word) | Q(notes__icontains=word)
    return found | any_of(has_term(*term) for term in find_terms(word))


def called(word: str) -> Q:
    """The word is another one for what the garment is, or asks for what keeps water out."""
    rain = Q(water_resistant=True) if word in FOR_RAIN else NOTHING
    return rain | any_of(has_term(*term) for term in find_synonyms(word))


def has_term(kind: str, value: str) -> Q:
    if kind == "colour":
        return Q(colours__contains=[{"name": value}])
    if kind in TAGS:
        return Q(**{f"{TAGS[kind]}__contains": [value]})
    return Q(**{kind: value})


def rank(matches: dict[int, Q]) -> Case:
    """The weight of the first that matches; the weights fall."""
    whens = [When(match, then=Value(weight)) for weight, match in matches.items()]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def any_of(conditions: Iterable[Q]) -> Q:
    """Nothing, of none."""
    return reduce(or_, conditions, NOTHING)


def find_terms(word: str) -> list[tuple[str, str]]:
    """Kind and value of the terms whose label has a word that begins with `word`, or its singular."""
    starts = begin(word)
    return [
        (kind, term.value)
        for kind in KINDS
        for term in vocabulary.terms(kind).values()
        if any(part.startswith(starts) for part in split(term.label))
    ]


def find_synonyms(word: str) -> list[tuple[str, str]]:
    """Kind and value of the terms for which `word`, or its singular, is another one."""
    starts = begin(word)
    return [
        term
        for term, others in SYNONYMS.items()
        if any(other.startswith(starts) for other in others.split())
    ]


def begin(word: str) -> tuple[str, ...]:
    return tuple({word, word.removesuffix("s") or word})


def split(label: str) -> list[str]:
    return label.lower().replace("-", " ").split()


def is_known(word: str) -> bool:
    """The vocabulary or its synonyms mean something by it."""
    return bool(word in FOR_RAIN or find_synonyms(word) or find_terms(word))


def list_words() -> set[str]:
    """All words of the vocabulary and of its synonyms."""
    labels = [term.label for kind in KINDS for term in vocabulary.terms(kind).values()]
    return {word for text in [*labels, *SYNONYMS.values()] for word in split(text)}


def read_own_words(garments: GarmentQuerySet) -> set[str]:
    """All words of these garments' names, brands and notes."""
    rows = garments.order_by().values_list("name", "brand", "notes")
    return {word for row in rows for text in row for word in text.lower().split()}


KINDS = ["colour", *COLUMNS, *TAGS]
NOTHING = Q(pk__in=[])
