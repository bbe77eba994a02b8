"""Finding garments by what people type: "linen", "t shirts", "dark blue", "shoes for rain", "blck jeans"."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, CharField, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils.translation import get_language

from wardrobe import vocabulary
from wardrobe.models import GarmentQuerySet
from wardrobe.vocabulary import foreign
from wardrobe.vocabulary.foreign import Dictionary, Entry, fold, read_dictionary
from wardrobe.vocabulary.lexicon import (
    MOST_TOGETHER,
    Lexicon,
    Meaning,
    Term,
    read_lexicon,
    split_words,
    stem,
)
from wardrobe.vocabulary.synonyms import FOR_RAIN

TAGS = {"season": "seasons", "style": "style_tags", "event": "occasions"}
NOISE = frozenset({
    "a", "all", "an", "and", "any", "are", "for", "from", "have", "i", "in", "is", "it", "its", "me", "my", "of",
    "on", "one", "ones", "or", "own", "some", "something", "that", "the", "these", "thing", "things", "this",
    "those", "to", "very", "which", "with",
})  # fmt: skip
NEGATIONS = frozenset(("no", "non", "not", "without"))
NOUNS = frozenset(("type", "slot"))
MOST_WORDS = 8
NAMED, CALLED, NEARLY = 4, 2, 1
"""How much a garment counts for a word: that is its own or the vocabulary's, that is another word for it or nearly its
own, or that is nearly another word for it."""
ENGLISH = "english"
OWN_WORDS = SearchVector("name", "brand", "notes", config=ENGLISH)
ACCENTED = "áàâäãåéèêëíìîïóòôöõúùûüñç"
PLAIN = "aaaaaaeeeeiiiiooooouuuunc"


@dataclass(frozen=True)
class Wish:
    """Words of a search that mean one thing; `is_unwanted` after a "not". `language` is that of the full text in which
    their own words are looked for, too; empty for English."""

    words: tuple[str, ...]
    meaning: Meaning
    is_unwanted: bool
    language: str = ""

    @property
    def said(self) -> str:
        return " ".join(self.words)


def search_garments(
    garments: GarmentQuerySet, text: str, *, but_for: Collection[str] = ()
) -> GarmentQuerySet:
    """Those that match every word of `text`, each with its `relevance`: the more, the better it matches.

    A garment's own words are found by PostgreSQL's full text in English and in the language that is spoken; what it
    is, by the vocabulary in both. A word that nothing is called stands for those that are spelt nearly so. Wishes
    `but_for` are not looked for.
    """
    ranks: list[Combinable] = [Value(0)]
    found = with_own_words(garments)
    for wish, matches in list_matches(garments, text):
        if wish.said in but_for:
            continue
        condition = any_of(matches.values())
        if wish.is_unwanted:
            found = found.exclude(condition)
        else:
            found = found.filter(condition)
            ranks.append(rank(matches))
    return found.annotate(relevance=reduce(add, ranks))


def find_unknown(garments: GarmentQuerySet, text: str) -> list[str]:
    """The wishes that none of these garments matches by itself, where another is matched; each costs a query."""
    known = with_own_words(garments)
    wanted = [(wish, found) for wish, found in list_matches(garments, text) if not wish.is_unwanted]
    vain = [
        wish.said for wish, found in wanted if not known.filter(any_of(found.values())).exists()
    ]
    return vain if len(vain) < len(wanted) else []


def list_matches(garments: GarmentQuerySet, text: str) -> Iterator[tuple[Wish, dict[int, Q]]]:
    """Each wish with what a garment must have for it."""
    lexicon = read_lexicon(vocabulary.current())
    spoken = read_spoken()
    own: set[str] = set()
    wishes = list_spoken_wishes(text, lexicon, spoken) if spoken else list_wishes(text, lexicon)
    for wish in wishes:
        matches = match(wish, lexicon)
        if not wish.meaning and len(wish.words) == 1:
            own = own or read_own_words(garments)
            begun = fold(stem(wish.words[0]))
            if not any(fold(stem(word)).startswith(begun) for word in own):
                matches = match_nearly(wish, own, lexicon, spoken)
        yield wish, matches


def read_spoken() -> Dictionary | None:
    """The words of the language that is spoken; None of English."""
    language = (get_language() or "")[:2]
    return read_dictionary(language, vocabulary.current()) if language in foreign.TABLES else None


def list_spoken_wishes(text: str, lexicon: Lexicon, spoken: Dictionary) -> Iterator[Wish]:
    """As `list_wishes`, of words of the language that is spoken and of English ones."""
    words = [word.lower() for word in foreign.split_words(text)]
    words = [word for word in words if not is_noise(word, spoken)][:MOST_WORDS]
    is_unwanted = False
    while words:
        if (words[0] in NEGATIONS or fold(words[0]) in spoken.negations) and len(words) > 1:
            is_unwanted = True
            words = words[1:]
            continue
        size, entry = spoken.read(words)
        if entry:
            meanings = list_meanings([entry], lexicon)
        else:
            size, meaning = understand(words, lexicon)
            begun = spoken.find_begun(words[0]) if size == 1 else set()
            meanings = [join_meanings([meaning, *list_meanings(begun, lexicon)])]
        for meaning in meanings:
            yield Wish((*words[:size],), meaning, is_unwanted, spoken.language)
        words, is_unwanted = words[size:], False


def is_noise(word: str, spoken: Dictionary) -> bool:
    return fold(word) in spoken.noise or (word in NOISE and not spoken.find([word]))


def list_meanings(entries: Iterable[Entry], lexicon: Lexicon) -> list[Meaning]:
    """Of "wool sweater" two, each of which a garment must have."""
    found = []
    for entry in entries:
        words = split_words(entry.english)
        while words:
            size, meaning = understand(words, lexicon)
            found.append(meaning)
            words = words[size:]
    return found


def join_meanings(meanings: Iterable[Meaning]) -> Meaning:
    joined = Meaning()
    for meaning in meanings:
        joined.add(meaning)
    return joined


def list_wishes(text: str, lexicon: Lexicon) -> Iterator[Wish]:
    """The longest phrases that mean something, word by word; at most MOST_WORDS words count."""
    words = split_words(text)
    words = [word for word in words if word not in NOISE][:MOST_WORDS]
    is_unwanted = False
    while words:
        if words[0] in NEGATIONS and len(words) > 1:
            is_unwanted = True
            words = words[1:]
            continue
        size, meaning = understand(words, lexicon)
        yield Wish((*words[:size],), meaning, is_unwanted)
        words, is_unwanted = words[size:], False


def understand(words: Sequence[str], lexicon: Lexicon) -> tuple[int, Meaning]:
    """How many of the first words mean something together, and what."""
    for size in range(min(MOST_TOGETHER, len(words)), 1, -1):
        if meaning := lexicon.find_shade(words[:size]) or lexicon.find(words[:size]):
            return size, meaning
    word = words[0]
    meaning = lexicon.find([word]) or lexicon.find_hue(word)
    return 1, meaning or (Meaning() if word in FOR_RAIN else lexicon.find_begun(word))


def match(wish: Wish, lexicon: Lexicon) -> dict[int, Q]:
    """By how much it counts, what a garment must have."""
    own = find_own(wish, lexicon)
    rain = Q(water_resistant=True) if {*wish.words} & FOR_RAIN else NOTHING
    return {
        NAMED: own | has_any(wish.meaning.named),
        CALLED: rain | has_any(wish.meaning.called),
    }


def match_nearly(
    wish: Wish, own: set[str], lexicon: Lexicon, spoken: Dictionary | None
) -> dict[int, Q]:
    word = wish.words[0]
    nearly = [
        match(Wish((other,), lexicon.find([other]), False, wish.language), lexicon)
        for other in lexicon.find_close(word, own)
    ]
    for meaning in list_meanings(spoken.find_close(word) if spoken else (), lexicon):
        nearly.append({NAMED: has_any(meaning.named), CALLED: has_any(meaning.called)})
    return {
        CALLED: any_of(matches[NAMED] for matches in nearly),
        NEARLY: any_of(matches[CALLED] for matches in nearly),
    }


def find_own(wish: Wish, lexicon: Lexicon) -> Q:
    """The words, in any form or begun, stand in a garment's name, brand or notes; a kind not in the name of another."""
    found = has_phrase(wish.words)
    if wish.language:
        return found | has_spoken_phrase(wish.words, wish.language)
    kinds = {kind for kind, _ in wish.meaning.named | wish.meaning.called}
    if len(wish.words) == 1 and NOUNS & kinds:
        others = lexicon.list_other_phrases(wish.words[0], wish.meaning)
        found &= ~any_of(has_phrase(phrase) for phrase in others)
    return found


def has_phrase(words: Sequence[str]) -> Q:
    """The words in turn, the last perhaps only begun. A single letter is none to the full text: "t-shirt"."""
    if len(words) > 1 and min(map(len, words)) == 1:
        return any_of(Q(name__icontains=between.join(words)) for between in ("-", " "))
    asked = " <-> ".join(map(quote, words))
    return Q(own_words=SearchQuery(f"{asked}:*", config=ENGLISH, search_type="raw"))


def has_spoken_phrase(words: Sequence[str], language: str) -> Q:
    asked = " <-> ".join(quote(fold(word)) for word in words)
    config = foreign.CONFIGS[language]
    return Q(spoken_words=SearchQuery(f"{asked}:*", config=config, search_type="raw"))


def with_own_words(garments: GarmentQuerySet) -> GarmentQuerySet:
    """With a garment's own words as full text: in English and, without accents, in the language that is spoken."""
    spoken = read_spoken()
    found = garments.annotate(own_words=OWN_WORDS)
    if spoken is None:
        return found
    texts = [without_accents(name) for name in ("name", "brand", "notes")]
    config = foreign.CONFIGS[spoken.language]
    return found.annotate(spoken_words=SearchVector(*texts, config=config))


def without_accents(name: str) -> Func:
    """As `fold`, by PostgreSQL."""
    plain = Func(
        Lower(name), Value(ACCENTED), Value(PLAIN), function="translate", output_field=CharField()
    )
    return Func(plain, Value("ß"), Value("ss"), function="replace", output_field=CharField())


def quote(word: str) -> str:
    """As `to_tsquery` wants a word."""
    return "'{}'".format(word.replace("'", "''").replace("\\", ""))


def has_any(terms: Iterable[Term]) -> Q:
    return any_of(has_term(*term) for term in sorted(terms))


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


def read_own_words(garments: GarmentQuerySet) -> set[str]:
    """All words of these garments' names, brands and notes."""
    rows = garments.order_by().values_list("name", "brand", "notes")
    return {word for row in rows for text in row for word in split_words(text)}


NOTHING = Q(pk__in=[])
