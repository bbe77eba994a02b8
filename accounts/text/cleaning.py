"""What people type, less what nobody sees: control and zero-width characters, signs that turn the direction of what
follows, towers of marks. Joiners stay where a script or an emoji needs them.

Categories and joiners after Unicode 15 (https://www.unicode.org/reports/tr36/, tr39, and tr31 on joiners).
"""

import re
import unicodedata

MOST_MARKS = 4
"""On one letter. Hebrew with its points and accents has three, Vietnamese and Thai two."""

LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\u0085\v\f]")
UNSEEN = re.compile(
    "["
    "\u0000-\u0008\u000e-\u001f\u007f-\u009f"  # Controls but the tab and line breaks.
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\uffa0"  # Soft hyphen, fillers, separators.
    "\u200b\u2060-\u206f\ufeff\ufff9-\ufffb"  # Zero-width space, word joiner, isolates and what is deprecated.
    "\u202a-\u202e"  # Embeddings and overrides of direction.
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # Halves of characters, and what is none.
    "]"
)
NO_CHARACTERS = re.compile(
    "["
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)

JOINED = (
    "\u0600-\u06ff\u0700-\u074f\u0750-\u07ff\u0840-\u085f\u08a0-\u08ff"  # Arabic, Syriac, N'Ko, Mandaic.
    "\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af"  # India, Myanmar, Khmer, Mongolia.
    "\ufb50-\ufdff\ufe70-\ufefc"  # Arabic as it is drawn.
)
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
MARKS_OF_DIRECTION = re.compile("[\u200e\u200f]")
EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2100-\u214f\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
JOINERS = re.compile(
    f"(?<=[{JOINED}])[\u200c\u200d](?=[{JOINED}]|$|\\s)"  # In a word, or after its last letter.
    f"|(?<=[{EMOJI}\ufe0f])\u200d(?=[{EMOJI}])"  # A family, a flag, a profession.
    "|([\u200c\u200d])"
)
SELECTORS = re.compile(
    f"(?<=[{EMOJI}0-9#*])[\ufe0e\ufe0f]|(?<=[\u3400-\u9fff])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
    "|([\ufe00-\ufe0f\U000e0100-\U000e01ef])"
)
TAGS = re.compile(
    "(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f|([\U000e0000-\U000e007f])"
)
"""Flags of England, Scotland and Wales are made of them; anywhere else they say what nobody sees."""


def clean_text(typed: str, *, one_line: bool = True) -> str:
    """What was typed, in NFC, without what is not seen. In one line breaks and tabs are spaces; else breaks stay."""
    text = LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", typed))
    text = re.sub(r"[\n\t]+", " ", text) if one_line else text.replace("\t", " ")
    text = NO_CHARACTERS.sub("", UNSEEN.sub("", text))
    if not RIGHT_TO_LEFT.search(text):
        text = MARKS_OF_DIRECTION.sub("", text)
    for kept in (TAGS, SELECTORS, JOINERS):
        text = kept.sub(lambda found: "" if found[found.re.groups] else found[0], text)
    return lower_towers(text).strip()


def lower_towers(text: str) -> str:
    """At most so many marks on one letter, and none without a letter."""
    kept: list[str] = []
    marks = MOST_MARKS
    for sign in text:
        if unicodedata.category(sign) not in {"Mn", "Me"} or sign in "\ufe0e\ufe0f\u20e3":
            marks = MOST_MARKS if sign.isspace() else 0
            kept.append(sign)
        elif marks < MOST_MARKS:
            marks += 1
            kept.append(sign)
    return "".join(kept)
