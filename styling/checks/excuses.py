"""When naming a thing claims nothing: it is denied, left at home, wished for, compared with, or the wearer's word."""

import re
from functools import lru_cache

FALSE_FRIENDS = re.compile(
    r"\b(?:(?:do not|don['’]t|never|not|cannot|can['’]t|won['’]t|will not)\s+(?:forget|skip|miss|regret|underestimate|"
    r"leave (?:home |the house )?without|go (?:out |wrong )?(?:without|with)|do without|be without|go without)|"
    r"not (?:only|just|merely|to mention)|no (?:doubt|question|wonder|matter|problem|harm)|nothing (?:beats|like)|"
    r"why not|if anything|nothing but|no less|none other than|not without|no sooner)\b",
    re.IGNORECASE,
)
"""Denials in form only: what they name is claimed."""
DENIAL = re.compile(
    r"\b(?:no|not|never|without|nor|neither|none|nothing|hardly|cannot|skip|skipping|forget|forgo|avoid|ditch|drop|"
    r"minus|spare yourself|too warm for|too hot for|too mild for|too dry for|lack|lacks|lacking|missing|"
    r"leave|leaves|leaving|left|keep(?=.{0,40}\b(?:at home|in the|for another|away)\b)|save(?=.{0,40}\bfor\b)|"
    r"passed over|set aside|put aside|considered|thought about|free of|instead of|in place of|rather than|"
    r"unlike|beats|replaces?|than|"
    r"as (?:warm|good|smart|useful) as|in lieu of)\b|n['’]t\b",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:if|unless|should (?:it|you|the|there)|in case|whenever|had you|were you|were it|were there|whether)\b",
    re.IGNORECASE,
)
WISH = re.compile(
    r"\b(?:buy|buying|shop|shopping|invest|purchase|wish ?list|worth (?:having|buying|owning|a look)|could (?:do with|use)|"
    r"would (?:be (?:a |an )?(?:good|nice|worth\w*|useful|handy)|help|have)|consider (?:buying|adding|getting)|one day|some day|someday|"
    r"next time|another day|another time|to (?:your|the) wardrobe|you (?:might|may|could) (?:look for|add|own)|"
    r"take a photo|photograph|add (?:one|it) to)\b",
    re.IGNORECASE,
)
TURNED_DOWN = re.compile(
    r"\b(?:(?:is|are|would be|will be|feels?|seems?|was|were)\s+(?:\w+\s+)?(?:not|un(?:needed|necessary)|too (?:warm|much|heavy|"
    r"smart|casual|formal|light|cold|hot)|overkill|more than|in the (?:wash|laundry|basket)|for another|out of the question|"
    r"put away|off the table|missing|not\b)|isn['’]t|aren['’]t|won['’]t|wouldn['’]t|can (?:stay|wait|rest|hang|sit)|"
    r"(?:stays?|remains?|rests?|waits?|hangs?|sits?)\s+(?:\w+\s+)?(?:at home|behind|in the|put|where|on (?:its|the) (?:hook|hanger)|inside|"
    r"today|out|until|for)|(?:at home|in the (?:wardrobe|closet|drawer|cupboard|hall))\b(?: today)?$|"
    r"had to (?:stay|wait)|did not make|didn['’]t make|lost out|must wait|(?:weeks|months|hours|days|far|long) (?:away|off|gone)|is no use|is of no use|(?:is|are) nowhere|"
    r"(?:has|have) the day off|gets? the day off|not needed|unnecessary|no longer|not included)",
    re.IGNORECASE,
)
RETURNED_TO = re.compile(
    r"^[^.;]{0,60}?\b(?:but|so|and|yet) (?:it|they|that|those|these) (?:(?:would|might|will|is|are|was|were|felt|feels?|seems?|looks?)(?: be)? "
    r"(?:\w+ )?(?:too|not|over|more)\b|(?:can|must|may|could|should|have to|has to) (?:stay|wait|rest|hang)|stays?\b|waits?\b|rests?\b|is out\b|"
    r"(?:won['’]t|will not|isn['’]t|aren['’]t|wouldn['’]t)\b)",
    re.IGNORECASE,
)
"""What is named first and turned down in what follows: "jeans would stick to you, so they can wait"."""
ADVERSATIVE = re.compile(
    r"\b(?:but|yet|still|so|just|only|and (?:take|wear|bring|add|put|grab|carry|choose))\b",
    re.IGNORECASE,
)
REPORT = re.compile(
    r"\b(?:you (?:said|say|wrote|asked|mention(?:ed)?|told|wanted|noted|wished|worried)|your (?:note|words|wish|message|own words)|"
    r"as you (?:put it|say|wrote))\b",
    re.IGNORECASE,
)
CARRIED = re.compile(r"^[\s,]*(?:[\w'’-]+\s+){0,6}$", re.IGNORECASE)
VERB = re.compile(
    r"\b(?:take|wear|bring|add|put|grab|carry|choose|pick|is|are|will|goes|go|comes|come|keeps?|do(?:es)?|sits?|lies|makes?|"
    r"leads?|follows?|finish\w*|brings?|with|has|have)\b",
    re.IGNORECASE,
)
SUBORDINATE = re.compile(
    r"^\W*(?:if|when|while|as|because|since|though|although|for|with|after|before|until|unless|and|but|so|or|which|that)\b",
    re.IGNORECASE,
)
"""How a part of a sentence begins that says nothing by itself."""
QUOTED = re.compile("[“\"‘'«]([^”\"’'»]{3,200})[”\"’'»]")


RARE = {"İ": "i", "ı": "i", "ſ": "s"}
"""Letters that `re.IGNORECASE` takes for those and `lower` does not; the first would be two in small."""
LETTERS = str.maketrans(RARE)


def fold(text: str) -> str:
    """The text in small letters, of the same length. A pattern of many words finds in it what `re.IGNORECASE` would, four
    times as fast: only of letters as they are it sees at once which words cannot begin."""
    is_rare = any(letter in text for letter in RARE)
    return (text.translate(LETTERS) if is_rare else text).lower()


def blank_out(text: str, pattern: re.Pattern[str]) -> str:
    """The text with dots for what matches in any case, of the same length."""
    for match in pattern.finditer(fold(text)):
        start, end = match.span()
        text = f"{text[:start]}{'·' * (end - start)}{text[end:]}"
    return text


def blank_quotes(text: str, note: str) -> str:
    """The text without quotes of the wearer's own note."""
    known = _plain_note(note)
    if not known:
        return text

    def blank(match: re.Match[str]) -> str:
        return "·" * len(match[0]) if _plain(match[1]) in known else match[0]

    return QUOTED.sub(blank, text)


@lru_cache(maxsize=512)
def _plain_note(note: str) -> str:
    """Asked at each word of an answer."""
    return _plain(note)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_excused(before: str, mention: str, after: str, note: str) -> bool:
    """Whether a mention claims nothing. `before` and `after` are the rest of its sentence."""
    before = blank_out(before, FALSE_FRIENDS)
    clause = re.split(r"[,:—–()]", before)[-1]
    near = ADVERSATIVE.split(clause)[-1]
    if DENIAL.search(near) or CONDITION.search(clause) or _is_carried(before):
        return True
    rest = re.split(r"\bbut\b|[:—()]", after)[0]
    is_turned_down = TURNED_DOWN.search(ADVERSATIVE.split(rest)[0]) or RETURNED_TO.search(after)
    if is_turned_down or WISH.search(before + after):
        return True
    return bool(REPORT.search(before)) and _plain(mention) in _plain_note(note)


def _is_carried(before: str) -> bool:
    """Whether a denial goes on in a list: "no scarf, gloves or hat"."""
    *earlier, last = re.split(r"[,:—–()]", before)
    if not earlier or not CARRIED.match(last) or VERB.search(last):
        return False
    near = ADVERSATIVE.split(earlier[-1])[-1]
    return bool(DENIAL.search(near)) or _is_carried(",".join(earlier))
