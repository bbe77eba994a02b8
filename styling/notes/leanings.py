"""Which way words lean: warmer or lighter, dressier or plainer, and what turns that round."""

import re
from enum import Enum

from styling.notes.words import stem_all


class Leaning(Enum):
    WARMER = "warmer"
    LIGHTER = "lighter"
    DRESSIER = "dressier"
    PLAINER = "plainer"
    COMFORTABLE = "comfortable"


OPPOSITE = {
    Leaning.WARMER: Leaning.LIGHTER,
    Leaning.LIGHTER: Leaning.WARMER,
    Leaning.DRESSIER: Leaning.PLAINER,
    Leaning.PLAINER: Leaning.DRESSIER,
}
QUALITIES = {
    Leaning.WARMER: re.compile(
        r"\b(?:warm(?:er|ly|th)?|cosy|cozy|cosier|cozier|wrap(?:ped)? up|bundled? up)\b"
    ),
    Leaning.LIGHTER: re.compile(
        r"\b(?:lighter|lightly|cooler|airy|airier|(?:keep|stay)(?:ing)?(?: me)? cool)\b"
    ),
    Leaning.DRESSIER: re.compile(
        r"\b(?:smart(?:er|ly)?|dress(?:ed|ing)?(?: me| us)?[- ]up|dressy|dressier|elegant(?:ly)?|formal(?:ly)?|posh|chic|classy|"
        r"(?<!\bi )(?<!i don't )(?<!\bwe )fanc(?:y|ier)|black[- ]tie|white[- ]tie)\b"
    ),
    Leaning.PLAINER: re.compile(
        r"\b(?:casual(?:ly)?|relaxed|dress(?:ed|ing)?(?: me| us)?[- ]down|laid[- ]back|simple|simpler|informal(?:ly)?|low[- ]key)\b"
    ),
    Leaning.COMFORTABLE: re.compile(
        r"\b(?:comfort(?:able|ably|y)?|comfier|comfy|cycl(?:e|ing)|bike|biking|on foot|on my feet|long walk|walking|standing|(?:stand|walk) (?:a lot|all day|for|around))\b"
    ),
}
IF_MEASURED = {
    Leaning.WARMER: re.compile(r"\b(?:heavy|thick)\b"),
    Leaning.LIGHTER: re.compile(r"\b(?:light|thin|cool|summery|bare)\b"),
    Leaning.DRESSIER: re.compile(r"\b(?:stiff|festive|showy|business-?like|official)\b"),
    Leaning.PLAINER: re.compile(r"\b(?:plain|sporty|sloppy|scruffy|everyday|boring)\b"),
}
"""These lean only as "too thin", "less stiff", "not thick enough"."""
FEELINGS = {
    Leaning.LIGHTER: re.compile(
        r"\b(?:hot(?! date| pink| chocolate)|sweat(?:y|ing|ed)?|boil(?:ed|ing)|overheat\w*|stuffy|roast(?:ed|ing)|melt(?:ed|ing))\b"
    ),
    Leaning.WARMER: re.compile(
        r"\b(?:cold(?! drinks?| feet)|freez\w*|froze\w*|shiver\w*|chilly|draught\w*|air[- ]?con\w*)\b"
    ),
    Leaning.PLAINER: re.compile(r"\bover-?dressed\b"),
    Leaning.DRESSIER: re.compile(r"\bunder-?dressed\b"),
}
"""What is felt asks for its opposite, and so does the wish not to feel it."""
TIMES = r"(?:(?:a bit|a little|much|far|way|quite|really|very|so|that|all that|any|be|look|feel|being|looking|a|the) )*"
TOO = re.compile(rf"\b(?:too|overly|excessively|over-)\s*{TIMES}$")
LESS = re.compile(rf"\b(?:less|(?:not|n't) (?:so|as|that|all that|very|really))\s+{TIMES}$")
UNLIMITED = re.compile(rf"\b(?:can't|cannot|can not|can never|never) be too\s+{TIMES}$")
MORE = re.compile(rf"\b(?:more|very|really|extra)\s+{TIMES}$")
ENOUGH = re.compile(r"^\s+enough\b")
WISHFUL = re.compile(
    r"\b(?:want|wanna|like|love|let|avoid|without|so (?:that )?i|keep|hate|need|must|sure|should|shall)\b"
)
NAMES_OF_STEPS = re.compile(r"\b(?:smart|business)[- ]casual\b")
"""A place on the scale, no way along it."""
LEANING_STEMS = stem_all(
    "warm cosy thick heavy comfortable comfy soft cool airy thin smart elegant casual formal light "
    "relaxed posh chic plain sporty underdressed overdressed freezing cold hot sweaty chilly black-tie white-tie"
) - stem_all("black white tie")  # fmt: skip


def find_leanings(text: str, *, is_denied: bool) -> set[Leaning]:
    """The ways in which a part of a note leans, in lower case. A denial turns them round, "too" and "less" do; what
    is not enough is wanted."""
    text = NAMES_OF_STEPS.sub(" ", text)
    feels = {leaning for leaning, pattern in FEELINGS.items() if pattern.search(text)}
    if feels:
        # "I am never cold" says nothing; "not too cold" and "I don't want to freeze" say what is wanted.
        is_neutral = is_denied and not re.search(r"\btoo\b", text) and not WISHFUL.search(text)
        return set() if is_neutral and not re.search(r"dressed", text) else feels
    found = set()
    for leaning, pattern in QUALITIES.items():
        found |= {
            turn(leaning, text, match, is_denied=is_denied) for match in pattern.finditer(text)
        }
    for leaning, pattern in IF_MEASURED.items():
        matches = [match for match in pattern.finditer(text) if is_measured(text, match)]
        found |= {turn(leaning, text, match, is_denied=is_denied) for match in matches}
    return {leaning for leaning in found if leaning}


def turn(leaning: Leaning, text: str, match: re.Match[str], *, is_denied: bool) -> Leaning | None:
    """The leaning of one word, as what stands around it has it; None where a denial leaves nothing."""
    before = text[: match.start()]
    if ENOUGH.search(text[match.end() :]) or UNLIMITED.search(before):
        return leaning
    is_turned = is_denied or TOO.search(before) or LESS.search(before)
    return OPPOSITE.get(leaning) if is_turned else leaning


def is_measured(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    return bool(
        TOO.search(before)
        or LESS.search(before)
        or MORE.search(before)
        or ENOUGH.search(text[match.end() :])
    )


def is_leaning(word: str) -> bool:
    """Whether a stem only says which way."""
    return word in LEANING_STEMS or any(pattern.fullmatch(word) for pattern in QUALITIES.values())


def settle_leanings(found: set[Leaning]) -> frozenset[Leaning]:
    """Opposites take each other away."""
    return frozenset(one for one in found if OPPOSITE.get(one) not in found)
