"""Finding garments by what people type: "linen", "navy stripes", "grandmother's coat"."""

from django.db.models import Q

from wardrobe import vocabulary
from wardrobe.models import GarmentQuerySet

COLUMNS = {"slot": "slot", "type": "type", "pattern": "pattern", "material": "material"}
TAGS = {"season": "seasons", "style": "style_tags", "event": "occasions"}
NOISE = {"a", "an", "and", "for", "in", "my", "or", "something", "the", "with"}


def search_garments(garments: GarmentQuerySet, text: str) -> GarmentQuerySet:
    """Those that match every word of `text`, in their own words or in the vocabulary's."""
    for word in text.lower().split()[:8]:
        if word not in NOISE:
            garments = garments.filter(matches(word))
    return garments


def matches(word: str) -> Q:
    found = Q(name__icontains=word) | Q(brand__icontains=word) | Q(notes__icontains=word)
    for kind, column in COLUMNS.items():
        found |= Q(**{f"{column}__in": named(kind, word)})
    for kind, column in TAGS.items():
        found |= Q(**{f"{column}__overlap": named(kind, word)})
    for colour in named("colour", word):
        found |= Q(colours__contains=[{"name": colour}])
    return found


def named(kind: str, word: str) -> list[str]:
    """The vocabulary's values whose label has a word that begins with `word`, or its singular."""
    starts = tuple({word, word.removesuffix("s") or word})
    return [
        term.value
        for term in vocabulary.terms(kind).values()
        if any(part.startswith(starts) for part in term.label.lower().replace("-", " ").split())
    ]
