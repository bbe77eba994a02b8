"""A note as wishes: what is to be worn, what not, what only, and which way it leans.

A sentence is read in parts, parted by commas, "and", "or" and "but". A part says what it wants by a word such as
"only", "no", "without", "with"; one that has none goes on like the part before. What a part says beyond that is
compared with words about clothes; a part without any is not understood.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import Enum

from styling.notes.words import fold, split_words, stem, stem_all

CLOSE, SHORTEST_TYPO = 0.85, 4
"""Of two stems the least ratio of `difflib`, and the letters from which on one may be misspelt."""


class Kind(Enum):
    AVOID = "avoid"
    ONLY = "only"
    WANT = "want"


class Leaning(Enum):
    WARMER = "warmer"
    LIGHTER = "lighter"
    DRESSIER = "dressier"
    PLAINER = "plainer"
    COMFORTABLE = "comfortable"


@dataclass(frozen=True)
class Wish:
    """Words that a garment must all have to be meant. `noun`: the last one, if it names a kind of garment;
    `is_named`: "the" or "my" one."""

    kind: Kind
    words: tuple[str, ...]
    noun: str = ""
    is_named: bool = False
    said: str = ""


@dataclass(frozen=True)
class Note:
    """What was understood, and the parts that were not, nearly as they were written: "anything but" reads "not"."""

    wishes: tuple[Wish, ...] = ()
    leanings: frozenset[Leaning] = frozenset()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Stems that mean something about clothes: all of them, and those that name kinds of garments. `names` are
    garments' own."""

    known: frozenset[str]
    nouns: frozenset[str]
    names: tuple[str, ...] = ()

    def understand(self, word: str) -> str:
        """The stem that a word stands for; empty for one that means nothing. A word that is nearly one about
        clothes, and nothing else, is taken for it."""
        own = stem(word)
        if own in self.known:
            return own
        if len(own) < SHORTEST_TYPO or own in FILLERS:
            return ""
        nearly = get_close_matches(own, self.known, n=1, cutoff=CLOSE)
        return nearly[0] if nearly and nearly[0][0] == own[0] else ""


@dataclass
class Part:
    """A stretch of a sentence between two separators, and the separator before it."""

    text: str
    joint: str = ""
    kind: Kind | None = None
    leanings: set[Leaning] = field(default_factory=set)
    phrase: list[str] = field(default_factory=list)
    is_named: bool = False
    is_list: bool = True
    is_state: bool = False


SENTENCES = re.compile(r"[.!?;:\n…]+(?=\s|$)|\n")
JOINTS = re.compile(
    r"\s*,\s*(?:and\s|or\s|but\s)?\s*|\s+(?:and|or|but|nor|&|yet|plus|–|—|-|with(?= (?:the|my)\b))\s+",
    re.IGNORECASE,
)
BUT = (
    (
        re.compile(r"\b(?:anything|everything|all) (?:but|except(?: for)?|other than)\b", re.I),
        "not",
    ),
    (re.compile(r"\bnothing (?:but|except|other than)\b", re.I), "only"),
)
"""A "but" that parts nothing."""
TAIL = re.compile(
    r"\b(?:because|since|as (?:it|i|we|my)|so that|so i|when|while|if|for (?=the|a|my|work|dinner|lunch|it)|"
    r"(?<!allergic )to (?!wear|start|begin|put|have|be|dress|go with)|at|on (?!top)|until|after|before|from (?!the|my))\b.*",
    re.IGNORECASE,
)
"""Where a part stops speaking of what to wear."""
AVOID = re.compile(
    r"\b(?:except(?: for)?|instead of|other than|rather not|no(?: more)?|not|never|without|nothing|none|neither|nor|avoid(?:ing)?|hates?|hated|dislikes?|"
    r"(?:can|could|do|does|did|is|would|wo|should|ca)(?:n['’]?t| not)(?: stand| bear)?|cannot(?: stand| bear)?|skip|leave out|keep away|allergic to|"
    r"(?:sick|tired|bored) of|too (?:much|many))\b",
    re.IGNORECASE,
)
ONLY = re.compile(r"\b(?:only|just|exclusively|solely)\b", re.IGNORECASE)
WANT = re.compile(
    r"\b(?:wants?|wear(?:ing)?|likes?|loves?|prefer(?:s|ably)?|with|in|please|something|needs?|use|take|give|choose|put|pick|"
    r"start|begin|try|wish|would|['’]d|rather|must|have to|fancy|feel like|favou?rites?|more|keep|make|"
    r"dress me)\b",
    re.IGNORECASE,
)
WARDROBE_STATE = re.compile(
    r"\b(?:wash|laundry|cleaner'?s?|cobbler|cleaned|dirty|stained?|torn|ripped|broken|broke|lost|missing|hurts?|rubs?|pinch(?:es)?|"
    r"itch(?:es|y)?|scratch(?:es|y)?|too (?:small|big|tight|large|short|long|wide)|gone|lent|wet|soaked|uncomfortable|holes?)\b",
    re.IGNORECASE,
)
WEATHER_TALK = re.compile(
    r"\b(?:it|there|weather|forecast)(?:['’]s| is| will| was|['’]ll| might| may)\b", re.I
)
SUBJECT = re.compile(
    r"^\s*(?:i|i['’]m|we|it|he|she|they|my [\w'’-]+ (?:is|are|was|were|has|have))\b", re.IGNORECASE
)
DRESSED = re.compile(r"\bdress(?:ed)?[- ](?:up|down)\b", re.IGNORECASE)
ONE = re.compile(r"\bones?\b", re.IGNORECASE)
NAMED = re.compile(r"\b(?:the|my|this|that|these|those)\b", re.IGNORECASE)
FEELS_COLD = re.compile(
    r"\b(?:cold|freez\w*|froze\w*|shiver\w*|chilly|draught\w*|air[- ]?con\w*)\b", re.IGNORECASE
)
TOO = re.compile(r"\btoo\b", re.IGNORECASE)
FEELS_HOT = re.compile(
    r"\b(?:hot|sweat(?:y|ing|ed)?|boiling|overheat\w*|too warm|stuffy)\b", re.IGNORECASE
)
LEANINGS = {
    Leaning.WARMER: re.compile(r"\b(?:warm|warmer|warmly|cosy|cozy|warmth)\b", re.IGNORECASE),
    Leaning.LIGHTER: re.compile(r"\b(?:lighter|cooler|airy|airier)\b", re.IGNORECASE),
    Leaning.DRESSIER: re.compile(
        r"\b(?:smart|smarter|dress(?:ed)?[- ]up|dressy|dressier|elegant|formal|posh|fancy|chic)\b",
        re.IGNORECASE,
    ),
    Leaning.PLAINER: re.compile(
        r"\b(?:more casual|casual(?:ly)?|relaxed|dress(?:ed)?[- ]down|laid[- ]back|less formal|simple|informal)\b",
        re.IGNORECASE,
    ),
    Leaning.COMFORTABLE: re.compile(
        r"\b(?:comfort(?:able|ably|y)?|comfy|cycl(?:e|ing)|bike|biking|on foot|long walk|walking|lots of walking)\b",
        re.IGNORECASE,
    ),
}
OPPOSITE = {
    Leaning.WARMER: Leaning.LIGHTER,
    Leaning.LIGHTER: Leaning.WARMER,
    Leaning.DRESSIER: Leaning.PLAINER,
    Leaning.PLAINER: Leaning.DRESSIER,
}
FILLERS = stem_all(
    "a an the my your this that these those some any all very too really so quite i me we you it is are was were be am "
    "been to of for on at and or but today tonight tomorrow now again pair pairs piece pieces clothes clothing outfit "
    "thing things garment garments stuff one ones anything something everything do does did have has had get got go "
    "going will would could should can may might must let us if possible thanks thank want wants wear wears wearing "
    "worn like likes liked love loves loved prefer preferably prefers with in please need needs use take give choose "
    "put pick start begin try wish rather fancy feel feeling favourite favorite more keep make dress only just not no "
    "up down there here also as well bit little much lot lots kind sort other than "
    "allergic sick tired bored d m ve ll s t re i'm i'd i'll i've it's we're that's colour color coloured colours colors every ever always never made dark "
    "but except maybe out"
) - {stem("dress")}  # fmt: skip
CONTENTLESS = FILLERS | stem_all("dressed")


def read_note(text: str, lexicon: Lexicon, default: Kind | None = None) -> Note:
    """`default` is what a part without a word for it says: of likes that they are wanted. None: such a part is a
    wish only where all of its words are about clothes."""
    wishes: list[Wish] = []
    leanings: set[Leaning] = set()
    unread: list[str] = []
    for pattern, meant in BUT:
        text = pattern.sub(meant, text)
    for sentence in SENTENCES.split(protect_names(text, lexicon.names)):
        parts = [read_part(part, lexicon, default) for part in split_parts(sentence)]
        settle_kinds(parts, default)
        borrow_nouns(parts, lexicon)
        for part in parts:
            found = list(make_wishes(part, lexicon, is_strict=default is None))
            wishes += found
            leanings |= part.leanings
            if not found and not part.leanings and has_content(part.text):
                unread.append(part.text.strip())
    return Note(tuple(dict.fromkeys(wishes)), settle_leanings(leanings), tuple(unread))


def protect_names(text: str, names: Iterable[str]) -> str:
    """The text with garments' names in one part each: "Black and white tee" is one piece."""
    for name in sorted(names, key=len, reverse=True):
        if len(split_words(name)) > 1 and JOINTS.search(f" {name} "):
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            text = pattern.sub(lambda match: JOINTS.sub(" ", match[0]), text)
    return text


def split_parts(sentence: str) -> Iterator[Part]:
    start, joint = 0, ""
    for match in JOINTS.finditer(sentence):
        if sentence[start : match.start()].strip():
            yield Part(sentence[start : match.start()], joint)
        joint = match[0].strip(" ,").lower() or ","
        start = match.end()
    if sentence[start:].strip():
        yield Part(sentence[start:], joint)


def read_part(part: Part, lexicon: Lexicon, default: Kind | None) -> Part:
    """Fill in what the part says by itself."""
    text = fold(part.text)
    spoken = TAIL.sub("", text) or text
    if WEATHER_TALK.search(text):
        part.is_list = False
        return part
    is_denied = bool(AVOID.search(spoken))
    if is_denied:
        part.kind = Kind.AVOID
    elif ONLY.search(spoken):
        part.kind = Kind.ONLY
    elif WANT.search(spoken):
        part.kind = Kind.WANT
    part.is_named = bool(NAMED.search(spoken))
    content = [word for word in split_words(strip_verbs(spoken)) if stem(word) not in FILLERS]
    understood = [(word, lexicon.understand(word)) for word in content]
    part.phrase = [meant for _, meant in understood if meant]
    unknown = [word for word, meant in understood if not meant]
    has_noun = any(word in lexicon.nouns for word in part.phrase)
    if not has_noun:
        part.leanings = find_leanings(spoken, is_denied=is_denied)
    is_subject = bool(SUBJECT.search(text)) or part.kind is None
    if part.phrase and is_subject and WARDROBE_STATE.search(text):
        part.kind, part.is_state = Kind.AVOID, True
        unknown = []
    if part.leanings:
        part.phrase = [word for word in part.phrase if not is_leaning(word)]
        unknown = []
    part.is_list = bool(part.phrase) and not unknown and not SUBJECT.search(text)
    if unknown and part.kind in {None, Kind.AVOID} and default is not Kind.WANT:
        part.phrase = part.phrase if is_reason(unknown) else []
    return part


def strip_verbs(text: str) -> str:
    """Without the words that say what is to be done: "hate" is no hat."""
    for pattern in (DRESSED, AVOID, ONLY, WANT):
        text = pattern.sub(" ", text)
    return text


def is_reason(unknown: list[str]) -> bool:
    """Words that only say how much: what they stand beside is meant all the same."""
    return all(stem(word) in EMPHASIS for word in unknown)


EMPHASIS = stem_all(
    "stand bear thing hate stupid ugly old new horrid bloody damn same boring itchy scratchy that"
)


def find_leanings(text: str, *, is_denied: bool) -> set[Leaning]:
    feels = {
        leaning
        for leaning, pattern in ((Leaning.LIGHTER, FEELS_HOT), (Leaning.WARMER, FEELS_COLD))
        if pattern.search(text)
    }
    if feels:
        # "I am never cold" says nothing; "not too warm" says what is wanted.
        return set() if is_denied and not TOO.search(text) else feels
    found = {leaning for leaning, pattern in LEANINGS.items() if pattern.search(text)}
    return {OPPOSITE[one] for one in found if one in OPPOSITE} if is_denied else found


def is_leaning(word: str) -> bool:
    return any(pattern.search(word) for pattern in LEANINGS.values()) or word in LEANING_STEMS


LEANING_STEMS = stem_all(
    "warm cosy thick comfortable comfy soft cool airy thin smart elegant casual formal light"
)


def settle_leanings(found: set[Leaning]) -> frozenset[Leaning]:
    """Opposites take each other away."""
    return frozenset(one for one in found if OPPOSITE.get(one) not in found)


def settle_kinds(parts: list[Part], default: Kind | None) -> None:
    """A part that says only what, goes on like the part before; the first one like `default`."""
    heard: Kind | None = default or Kind.WANT
    for part in parts:
        if part.kind is None and part.phrase and (part.is_list or default):
            part.kind = Kind.WANT if part.joint in {"but", "with"} and not default else heard
        heard = None if part.is_state or part.kind is None else part.kind


def borrow_nouns(parts: list[Part], lexicon: Lexicon) -> None:
    """ "black or white shoes": both colours are said of the shoes; "the floral one": of the skirt before."""
    for part, following in zip(parts, parts[1:], strict=False):
        noun = next((word for word in part.phrase if word in lexicon.nouns), "")
        if noun and following.phrase and ONE.search(following.text):
            following.phrase.append(noun)
    for part, following in reversed(list(zip(parts, parts[1:], strict=False))):
        is_pair = following.joint in {"and", "or"} and part.kind is following.kind
        has_noun = any(word in lexicon.nouns for word in part.phrase)
        noun = next((word for word in reversed(following.phrase) if word in lexicon.nouns), "")
        if is_pair and part.phrase and not has_noun and noun and len(following.phrase) > 1:
            part.phrase.append(noun)
            part.is_named = part.is_named or following.is_named


def make_wishes(part: Part, lexicon: Lexicon, *, is_strict: bool) -> Iterator[Wish]:
    if part.kind is None or not part.phrase:
        return
    nouns = [word for word in part.phrase if word in lexicon.nouns]
    wish = Wish(part.kind, (), is_named=part.is_named, said=part.text.strip())
    if len(nouns) < 2 or is_strict or is_one_name(part, lexicon):
        yield replace(wish, words=tuple(part.phrase), noun=nouns[-1] if nouns else "")
        return
    yield from (replace(wish, words=(noun,), noun=noun) for noun in nouns)


def is_one_name(part: Part, lexicon: Lexicon) -> bool:
    return any(set(part.phrase) <= stem_all(name) for name in lexicon.names)


def has_content(text: str) -> bool:
    return any(stem(word) not in CONTENTLESS for word in split_words(text))
