"""Prose on its way to the wearer: what is false in it stays behind, clause by clause."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from registry.tasks import Violation
from styling.checks.claims import SENTENCE_END, Claims, Clause, split_clauses, split_sentences
from styling.checks.excuses import SUBORDINATE, fold
from styling.checks.words import ADJECTIVE, ARTICLE, NOUNS
from styling.stylist.context import OutfitContext

WITHHELD_AT_MOST = 1
"""With one more the built-in voice writes the prose."""
ARTICLE_REACH = 3
"""Words behind an article after which it introduces no garment."""
WHOLE_END = re.compile(SENTENCE_END.pattern.replace("(?=\\s|$)", "(?=\\s)"))
TAIL = re.compile(r"[.!?;]*[”\"’)]*\s*$")
WORD = re.compile(r"[“\"‘'«]|[^\s.,:;!?()“”\"«»]+")
FEWEST_WORDS = 3
CUT = "…"
BREAK_MARKS = re.compile(r"[,:()—–-]")
_WEATHER = (
    "it|outside|outdoors|out|forecast|weather|sky|skies|sun|sunny|sunshine|clear|blue|bright|cloud\\w*|rain\\w*|shower\\w*|drizzl\\w*|"
    "downpours?|puddles?|wet|damp|soak\\w*|pouring|snow\\w*|sleet|blizzards?|slush\\w*|dry|no|not|without|wind\\w*|breez\\w*|storm\\w*|"
    "gales?|gust\\w*|very|blustery|howling|strong|calm|freezing|icy|frost\\w*|bitter\\w*|arctic|cold|cool|chilly|mild|warm|hot|heat\\w*|"
    "sweltering|scorching|boiling|balmy|minus|below|sub-?zero|degrees|hurricane|stays?|remains?|cloudless"
)
_FIRST_WORDS = (
    "tank|polo|button|oxford|long|roll|track|mini|midi|maxi|pencil|slip|sports?|suit|jean|biker|rain|down|padded|quilted|winter|"
    "over|top|pea|duffel|running|tennis|ballet|high|flip|dress|straw|baseball|bobble|neck|bow|swimming|wrist"
)
HINT = re.compile(
    rf"(?:{ADJECTIVE}|{'|'.join(NOUNS)}|{_WEATHER}|{_FIRST_WORDS}|.*\d.*|[-−–“\"‘'«].*)"
)
IS_ARTICLE = re.compile(ARTICLE)


@dataclass(frozen=True)
class Edited:
    """A text without what is false in it, the faults, and in how many clauses they were."""

    text: str
    faults: tuple[Violation, ...]
    withheld: int


def edit_prose(claims: Claims, prose: str) -> Edited:
    """The whole text at once, as the gate lets it through."""
    gate = ProseGate(claims, ())
    gate.feed(prose)
    gate.finish()
    return Edited(gate.kept, tuple(gate.faults), gate.withheld)


class ProseGate:
    """Words run freely up to one that may name a garment or the weather; from there on a clause waits for
    its end, and one that names what is not there for the end of its sentence, which may deny it.

    `kept` is what the text is in the end: a clause that is withheld takes its first words with it, also
    where they were out already.
    """

    def __init__(self, claims: Claims, names: Iterable[str]) -> None:
        self.kept = ""
        self.faults: list[Violation] = []
        self.withheld = 0
        self._claims = claims
        self._names = {word for name in names for word in fold(name).split()}
        self._sentence = self._recent = ""
        self._out = 0
        self._waits = self._waits_long = self._is_hinted = False
        self._judged = 0

    @classmethod
    def of(cls, claims: Claims, context: OutfitContext) -> "ProseGate":
        return cls(claims, (piece.name for piece in context.wardrobe))

    @property
    def is_exhausted(self) -> bool:
        return self.withheld > WITHHELD_AT_MOST

    def feed(self, text: str) -> str:
        """What may be shown now."""
        self._sentence += text
        self._recent = self._recent[-1:] + text
        shown = ""
        while match := WHOLE_END.search(self._sentence):
            if match.end() == len(self._sentence) and match[0].isspace():
                break
            rest = self._sentence[match.end() :]
            self._sentence = self._sentence[: match.end()]
            shown += self._end_sentence()
            self._sentence = rest
        return shown + self._run_on()

    def finish(self) -> str:
        """What may be shown of the rest: the text is whole."""
        shown = ""
        for sentence in list(split_sentences(self._sentence)):
            self._sentence = sentence
            shown += self._end_sentence()
        return shown

    def _end_sentence(self) -> str:
        clauses = self._claims.judge_sentence(self._sentence)
        false = [clause for clause in clauses if clause.faults]
        self.withheld += len(false)
        self.faults += [fault for clause in false for fault in clause.faults]
        self.kept += compose(clauses, self._claims.subordinate)
        shown = (
            compose(clauses, self._claims.subordinate) if not self._out else self._close(clauses)
        )
        self._sentence, self._out = "", 0
        self._waits = self._waits_long = False
        self._judged = 0
        return shown

    def _close(self, clauses: Sequence[Clause]) -> str:
        """The rest of a sentence that is out in part."""
        rest, position = "", 0
        for clause in clauses:
            end = position + len(clause.text)
            if not clause.faults:
                rest += clause.text[max(0, self._out - position) :]
            position = end
        if not clauses[-1].faults:
            return rest
        tail = find_tail(clauses[-1].text)
        return rest + (
            tail if compose(clauses, self._claims.subordinate) else CUT + tail.lstrip(".!?;")
        )

    def _run_on(self) -> str:
        """Of a sentence that goes on: the clauses that name nothing false, and the words before a hint."""
        is_same_clause = self._waits and not BREAK_MARKS.search(self._recent)
        if not self._sentence.strip() or self._waits_long or is_same_clause:
            return ""
        spans = list(split_clauses(self._claims.mask(self._sentence)))
        start, end = spans[-1]
        if len(spans) - 1 > self._judged and self._is_suspicious(len(spans) - 1, start):
            self._waits_long = True
            return ""
        self._judged = len(spans) - 1
        free = start + self._count_free(self._sentence[start:end])
        self._waits = self._is_hinted
        shown = self._sentence[self._out : free]
        self._out = max(self._out, free)
        return shown

    def _is_suspicious(self, count: int, end: int) -> bool:
        """Whether one of the first `count` clauses of the sentence, which end there, may be false. Without a hint none is,
        and judging takes fifty times as long as looking for one."""
        if not any(self._is_hint(word[0]) for word in WORD.finditer(fold(self._sentence[:end]))):
            return False
        clauses = self._claims.judge_sentence(self._sentence)[:count]
        return any(clause.is_suspicious for clause in clauses)

    def _count_free(self, text: str) -> int:
        """The length of the part that names nothing, whatever follows."""
        words = list(WORD.finditer(fold(text)))
        self._is_hinted = False
        for index, word in enumerate(words):
            if word.end() == len(text):
                return word.start()
            if self._is_hint(word[0]):
                self._is_hinted = True
                return word.start()
            if IS_ARTICLE.fullmatch(word[0]):
                after = words[index + 1 : index + 1 + ARTICLE_REACH]
                is_short = len(after) < ARTICLE_REACH or after[-1].end() == len(text)
                if is_short or any(self._is_hint(one[0]) for one in after):
                    return word.start()
        return len(text.rstrip()) if text[-1:].isspace() else len(text)

    def _is_hint(self, word: str) -> bool:
        """In another language than English every word may name something: a clause waits for its end."""
        is_english = self._claims.is_english
        return not is_english or word in self._names or is_hint(word)


@lru_cache(maxsize=4096)
def is_hint(word: str) -> bool:
    """Whether a word, in small letters, may belong to the name of a garment, or speak of the weather."""
    return HINT.fullmatch(word) is not None


def compose(clauses: Sequence[Clause], subordinate: re.Pattern[str] = SUBORDINATE) -> str:
    """The sentence without its false clauses; nothing where what remains says nothing by itself."""
    kept = "".join(clause.text for clause in clauses if not clause.faults)
    if not any(clause.faults for clause in clauses):
        return kept
    if len(re.findall(r"\w+", kept)) < FEWEST_WORDS or subordinate.match(kept):
        return ""
    if clauses[0].faults:
        blank = re.match(r"\s*", clauses[0].text)
        kept = (blank[0] if blank else "") + _capital(kept.lstrip(" ,:—–-()"))
    if clauses[-1].faults:
        kept = kept.rstrip(" ,:—–-(") + find_tail(clauses[-1].text)
    return kept


def find_tail(text: str) -> str:
    """The marks and blanks that end a sentence."""
    match = TAIL.search(text)
    return match[0] if match else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
