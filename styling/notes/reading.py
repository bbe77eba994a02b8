"""A note as wishes: what is to be worn, what not, what only, and which way it leans.

A sentence is read in parts, parted by commas, "and", "or", "but", "without", "instead of". A part first says how a
garment is ("is in the wash", "don't fit"), then what it rules out, then what it wants; one that does neither goes on
like the part before. What a part says beyond that is compared with words about clothes; a part without any is not
understood.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from styling.notes import grammar
from styling.notes.foreign import Gloss, Reader
from styling.notes.leanings import Leaning, find_leanings, is_leaning, settle_leanings
from styling.notes.spelling import find_nearest
from styling.notes.words import fold, split_words, stem, stem_all


class Kind(Enum):
    AVOID = "avoid"
    ONLY = "only"
    WANT = "want"


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
    garments' own. `reader` puts notes of another language in English words."""

    known: frozenset[str]
    nouns: frozenset[str]
    names: tuple[str, ...] = ()
    reader: Reader | None = None

    def gloss(self, text: str) -> Gloss | None:
        return self.reader.gloss(text, self.known) if self.reader else None

    def understand(self, word: str) -> str:
        """The stem that a word stands for; empty for one that means nothing. A word that is nearly one about
        clothes, and no English word itself, is taken for it."""
        own = stem(word)
        if own in self.known:
            return own
        return "" if own in FILLERS else find_nearest(word, own, self.known)


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
    is_answer: bool = False
    is_after_comma: bool = False
    is_spread: bool = False

    @property
    def is_about_another(self) -> bool:
        """Whether it says something of what the part before names."""
        return self.is_answer or (self.is_state and not self.phrase)


FILLERS = stem_all(
    "a an the my your this that these those some any all very too really so quite i me we you it is are was were be am "
    "been to of for on at and or but today tonight tomorrow now again pair pairs piece pieces clothes clothing outfit "
    "thing things garment garments stuff one ones anything something everything do does did have has had get got go "
    "going will would could should can may might must let us if possible thanks thank want wants wanted wear wears wearing "
    "worn wore like likes liked love loves loved prefer preferred preferably prefers with in please need needs needed use take "
    "give choose put pick start begin try wish rather fancy feel feeling favourite favorite more less fewer keep make just "
    "only not no up down there here also as well bit little much lot lots kind sort other than instead place better sooner miss missing "
    "lack lacks lacking where why what how about enough home leave of code length over so then both either own they're they've they'd who next time otherwise alternatively failing favour favor none fit fits "
    "allergic sick tired bored fed done finished d m ve ll s t re i'm i'd i'll i've it's we're that's colour color coloured colours colors every ever "
    "always never made dark but except maybe out would've should've i'd yes yet they which them"
) - {stem("dress")}  # fmt: skip
CONTENTLESS = (FILLERS | stem_all("dressed")) - stem_all("colour color colours coloured dark")
EMPHASIS = stem_all(
    "stand bear thing hate stupid ugly old new horrid bloody damn same boring itchy scratchy that wrong awful today "
    "fan care fond keen crazy mood anymore any whole at all ever absolutely definitely kind type sort"
)


COMFORT = stem_all("comfort comfortable comfy")


def read_note(text: str, lexicon: Lexicon, default: Kind | None = None) -> Note:
    """`default` is what a part without a word for it says: of likes that they are wanted. None: such a part is a
    wish only where all of its words are about clothes."""
    wishes: list[Wish] = []
    leanings: set[Leaning] = set()
    unread: list[str] = []
    text = text.replace("’", "'")
    gloss = lexicon.gloss(text)
    text = protect_names(gloss.text if gloss else text, lexicon.names)
    for sentence in grammar.SENTENCES.split(text):
        for pattern, meant in grammar.REWRITES:
            sentence = pattern.sub(meant, sentence)
        sentence = grammar.OVER.sub(say_over, sentence)
        split = (one for part in split_parts(sentence) for one in part_at_with(part, lexicon))
        parts = [read_part(part, lexicon, default) for part in split]
        settle_kinds(parts, default)
        borrow_nouns(parts, lexicon)
        for part in parts:
            said = gloss.find_source(part.text) if gloss else part.text.strip()
            found = list(make_wishes(part, lexicon, is_strict=default is None))
            wishes += [replace(wish, said=said) for wish in found]
            leanings |= part.leanings
            is_said = found or part.leanings or part.is_about_another
            if not is_said and has_content(part.text):
                unread.append(said)
    return Note(tuple(dict.fromkeys(wishes)), settle_leanings(leanings), tuple(unread))


def protect_names(text: str, names: Iterable[str]) -> str:
    """The text with garments' names in one part each: "Black and white tee" is one piece."""
    for name in sorted(names, key=len, reverse=True):
        if len(split_words(name)) > 1 and grammar.JOINTS.search(f" {name} "):
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            text = pattern.sub(lambda match: grammar.JOINTS.sub(" ", match[0]), text)
    return text


def say_over(match: re.Match[str]) -> str:
    """ "Boots over heels" chooses, "a cardigan over a tee" is two layers."""
    upper, under = stem_all(match["upper"]), stem_all(match["under"])
    is_layer = upper <= stem_all(grammar.UPPER) and under <= stem_all(grammar.UNDER)
    return f"{match['upper']}{' and ' if is_layer else ' instead of '}"


def split_parts(sentence: str) -> Iterator[Part]:
    start, joint, is_after_comma = 0, "", False
    for match in grammar.JOINTS.finditer(sentence):
        if sentence[start : match.start()].strip():
            yield Part(sentence[start : match.start()], joint, is_after_comma=is_after_comma)
        is_after_comma = "," in match[0]
        joint = match[0].strip(" ,()+/").lower() or ","
        start = match.end()
    if sentence[start:].strip():
        yield Part(sentence[start:], joint, is_after_comma=is_after_comma)


def part_at_with(part: Part, lexicon: Lexicon) -> Iterator[Part]:
    """ "A dress with flats" is two pieces, "a shirt with stripes" one."""
    left, _, right = part.text.partition(" with ")
    nouns = [
        any(lexicon.understand(word) in lexicon.nouns for word in split_words(side))
        for side in (left, right)
    ]
    if all(nouns) and not grammar.DENIAL.search(fold(left)):
        yield replace(part, text=left)
        yield Part(right, "with")
    else:
        yield part


def read_part(part: Part, lexicon: Lexicon, default: Kind | None) -> Part:
    """Fill in what the part says by itself."""
    text = fold(part.text).strip()
    if grammar.NO.search(text) or grammar.YES.search(text):
        part.kind = Kind.AVOID if grammar.NO.search(text) else Kind.WANT
        part.is_answer = True
        return part
    if read_state(part, text, lexicon):
        return part
    spoken = grammar.TAIL.sub("", text) or text
    if grammar.WEATHER_TALK.search(text) or grammar.SAYS_NOTHING.search(spoken):
        part.is_list = False
        return part
    is_denied = bool(grammar.DENIAL.search(spoken))
    part.kind = find_kind(spoken)
    part.is_named = bool(grammar.NAMED.search(spoken))
    bare = grammar.DRESS_VERB.sub(" ", text)
    bare = strip_verbs(grammar.TAIL.sub("", bare) or bare)
    content = [word for word in split_words(bare) if stem(word) not in FILLERS]
    understood = [(word, lexicon.understand(word)) for word in content]
    part.phrase = [meant for _, meant in understood if meant]
    unknown = [word for word, meant in understood if not meant]
    if not any(word in lexicon.nouns for word in part.phrase):
        part.leanings = find_leanings(spoken, is_denied=is_denied)
    if part.leanings:
        part.phrase = [word for word in part.phrase if not is_leaning(word)]
        unknown = []
    elif is_denied and set(part.phrase) <= COMFORT:
        part.phrase = []
    part.is_list = bool(part.phrase) and not unknown and not grammar.SUBJECT.search(text)
    if unknown and part.kind in {None, Kind.AVOID} and default is not Kind.WANT:
        part.phrase = part.phrase if is_reason(unknown) else []
    return part


def find_kind(text: str) -> Kind | None:
    if grammar.STILL_WANTED.search(text):
        return Kind.WANT
    if grammar.AVOID.search(text):
        return Kind.AVOID
    if grammar.ONLY.search(text):
        return Kind.ONLY
    return Kind.WANT if grammar.WANT.search(text) else None


def read_state(part: Part, text: str, lexicon: Lexicon) -> bool:
    """Whether the part says that a garment cannot be worn now; of one that is "too warm" only which way it leans."""
    found = grammar.NOT_FIT.search(text) or grammar.STATE.search(text)
    misplaced = grammar.MISPLACED.search(text)
    if not found and not misplaced:
        return False
    said = text[: found.start()] if found else text[misplaced.end() :] if misplaced else ""
    words = [word for word in split_words(strip_verbs(said)) if stem(word) not in FILLERS]
    phrase = [meant for word in words if (meant := lexicon.understand(word))]
    is_pronoun = bool(grammar.PRONOUN.search(text)) and not words
    has_noun = any(word in lexicon.nouns for word in phrase)
    if not phrase and not is_pronoun:
        return False
    if found and grammar.TOO_OR_ENOUGH.search(text):
        part.leanings = find_leanings(text[found.start() :], is_denied=False)
        if part.leanings:
            part.is_list = False
            return True
    if is_pronoun and not part.joint or (grammar.AVOID.search(said) and has_noun):
        return False
    if (found and found.groupdict().get("not")) or grammar.WEATHER_TALK.search(text):
        part.is_list = False
        return bool(phrase)
    part.kind, part.is_state, part.is_list = Kind.AVOID, True, False
    part.phrase, part.is_named = phrase, bool(grammar.NAMED.search(said))
    return True


def strip_verbs(text: str) -> str:
    """Without the words that say what is to be done: "hate" is no hat."""
    for pattern in (grammar.DRESS_VERB, grammar.AVOID, grammar.ONLY, grammar.WANT):
        text = pattern.sub(" ", text)
    return text


def is_reason(unknown: list[str]) -> bool:
    """Words that only say how much: what they stand beside is meant all the same."""
    return all(stem(word) in EMPHASIS for word in unknown)


def settle_kinds(parts: list[Part], default: Kind | None) -> None:
    """A part that says only what, goes on like the part before; the first one like `default`. One that only answers,
    or says how "they" are, is about the part before."""
    spread_states(parts)
    first = default or Kind.WANT
    heard: Kind | None = first
    resumed: Kind | None = first
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        if part.is_about_another:
            heard = first if index and parts[index - 1].phrase else part.kind
            continue
        if following and following.is_about_another and part.phrase:
            if default is Kind.AVOID and following.joint == "but":
                part.phrase = []  # A complaint that praises: "I love it, but not today".
            part.kind = following.kind
        if part.kind is None and part.phrase and (part.is_list or default):
            is_swapped = following is not None and begins_swap(following)
            went_on = resumed if part.is_after_comma and follows_contrast(parts[:index]) else heard
            went_on = first if part.joint in {"so", "then"} else went_on
            is_wanted = is_swapped or turns_to_want(part, parts[:index], default)
            part.kind = Kind.WANT if is_wanted else went_on
        if grammar.EXEMPT.search(part.text) and heard in {Kind.WANT, Kind.ONLY}:
            part.phrase = []
        if grammar.CONTRAST.search(part.text):
            is_swap = grammar.SWAP.search(part.text)
            resumed = heard if index else first if is_swap else Kind.AVOID
        if part.kind or not part.leanings:
            heard = None if part.is_state or part.kind is None else part.kind


def begins_swap(part: Part) -> bool:
    """ "..., not boots", "instead of boots": what stands before is wanted."""
    is_not = part.joint == "," and part.text.lower().lstrip().startswith("not ")
    return is_not or bool(grammar.SWAP.search(part.text))


def spread_states(parts: list[Part]) -> None:
    """ "The hoodie and the jeans are in the wash", "..., the tee too": both are."""
    for index in range(len(parts) - 1, 0, -1):
        part, before = parts[index], parts[index - 1]
        is_listed = part.joint in {"and", "or", "nor", "&"} or (
            part.joint == "," and part.is_spread
        )
        if part.is_state and is_listed and before.kind is None and before.phrase:
            before.kind, before.is_state, before.is_list = part.kind, True, False
            before.is_spread = True
    for before, part in zip(parts, parts[1:], strict=False):
        if before.is_state and part.kind is None and grammar.ALSO.search(part.text):
            part.kind, part.is_state, part.is_list = before.kind, True, False


def turns_to_want(part: Part, before: list[Part], default: Kind | None) -> bool:
    """Whether a "but" or "with" begins what is wanted: "not the coat but the jacket"."""
    if part.joint not in {"but", "with"}:
        return False
    return not default or bool(before and grammar.DENIAL.match(before[-1].text.lower()))


def follows_contrast(before: list[Part]) -> bool:
    """Whether the part before is one such as "instead of jeans", or goes on with it."""
    ends = (one for one in reversed(before) if one.joint not in {"and", "or", "nor"})
    chain = next(ends, None)
    return chain is not None and bool(grammar.CONTRAST.search(chain.text))


def borrow_nouns(parts: list[Part], lexicon: Lexicon) -> None:
    """ "black or white shoes": both colours are said of the shoes; "the floral one": of the skirt before."""
    for part, following in zip(parts, parts[1:], strict=False):
        noun = next((word for word in part.phrase if word in lexicon.nouns), "")
        if noun and following.phrase and grammar.ONE.search(following.text):
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
    wish = Wish(part.kind, (), is_named=part.is_named)
    if len(nouns) < 2 or is_strict or is_one_name(part, lexicon):
        yield replace(wish, words=tuple(part.phrase), noun=nouns[-1] if nouns else "")
        return
    yield from (replace(wish, words=(noun,), noun=noun) for noun in nouns)


def is_one_name(part: Part, lexicon: Lexicon) -> bool:
    return any(set(part.phrase) <= stem_all(name) for name in lexicon.names)


def has_content(text: str) -> bool:
    return any(stem(word) not in CONTENTLESS for word in split_words(text))
