"""What prose claims: garments that are not in the outfit, weather that is not in the snapshot.

Word lists, not understanding: what they find on 500 labelled sentences is in `docs/checks.md`. A sentence is
judged clause by clause; denials, conditions, wishes, comparisons and quotes of the wearer's note claim nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.tasks import Violation
from styling.checks.excuses import SUBORDINATE, blank_quotes, is_excused
from styling.checks.foreign_garments import ForeignGarmentCheck
from styling.checks.garment_claims import GarmentCheck, Mention, mask_names
from styling.checks.languages.choice import ENGLISH, WORDS, is_checked
from styling.checks.weather_claims import WeatherCheck
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.voices.choice import voice_of

__all__ = ["Claims", "Clause", "find_false_claims", "mask_names"]

SENTENCE_END = re.compile(r"[.!?;]+[”\"’)]*(?=\s|$)|\n+")
BREAK = re.compile(r"[,:](?=\s)|\s[—–-](?=\s)|—|(?<=\s)\(|\)(?=\s)")
"""Where a clause ends inside a sentence; the mark begins the next one."""


@dataclass(frozen=True)
class Clause:
    """A stretch of the prose and what is false in it. `is_suspicious`: it names what is not there, and
    perhaps only to deny it."""

    text: str
    faults: tuple[Violation, ...] = ()
    is_suspicious: bool = False


class Claims:
    """Judges prose about one outfit by the words of its language; what is in a language without any it lets pass, and
    whoever shows it says that it was not checked (`languages.choice.is_checked`)."""

    def __init__(self, context: OutfitContext, worn: Iterable[Candidate]) -> None:
        self._note = context.event.note
        self._judged: dict[str, list[Clause]] = {}
        self._words = WORDS.get(context.language)
        self.is_english = context.language == ENGLISH
        self._is_checked = is_checked(context.language)
        self._weather = WeatherCheck(context, self._words.weather if self._words else None)
        self._garments: GarmentCheck | ForeignGarmentCheck = (
            ForeignGarmentCheck(self._words, voice_of(context.language), worn, context.wardrobe)
            if self._words
            else GarmentCheck(worn, context.wardrobe)
        )

    @classmethod
    def of(cls, context: OutfitContext, worn: Iterable[Candidate]) -> "Claims":
        """The same for the words on their way, for the whole and for what is stored of them: a sentence is judged once."""
        worn = tuple(worn)
        # The pieces are kept beside it, so the numbers stay theirs.
        key = (cls, tuple(map(id, worn)))
        if key not in context.memory:
            context.memory[key] = worn, cls(context, worn)
        claims: Claims = context.memory[key][1]
        return claims

    @property
    def subordinate(self) -> re.Pattern[str]:
        """How a part begins that says nothing by itself."""
        return self._words.excuses.subordinate if self._words else SUBORDINATE

    def judge(self, prose: str) -> list[Clause]:
        """All clauses; their texts together are the prose."""
        return [
            clause
            for sentence in split_sentences(prose)
            for clause in self.judge_sentence(sentence)
        ]

    def judge_sentence(self, sentence: str) -> list[Clause]:
        """Each sentence once: it is asked about on its way, at its end, and once more with the whole text."""
        if sentence not in self._judged:
            self._judged[sentence] = self._judge_anew(sentence)
        return self._judged[sentence]

    def _judge_anew(self, sentence: str) -> list[Clause]:
        masked = self.mask(sentence)
        mentions = self._find(masked)
        clauses = []
        for start, end in split_clauses(masked):
            inside = [mention for mention in mentions if start <= mention.start < end]
            false = [mention for mention in inside if not self._is_excused(mention, masked)]
            faults = tuple(Violation(mention.code, mention.message) for mention in false)
            clauses.append(Clause(sentence[start:end], faults, bool(inside)))
        return clauses

    def mask(self, text: str) -> str:
        """The text without names of what is worn and quotes of the note, of the same length."""
        return self._garments.mask_own(blank_quotes(text, self._note))

    def _find(self, masked: str) -> list[Mention]:
        if not self._is_checked:
            return []
        bare = self._garments.mask_all(masked)
        return [*self._garments.find(masked), *self._weather.find(bare)]

    def _is_excused(self, mention: Mention, masked: str) -> bool:
        if mention.is_denial:
            return False
        before, after = masked[: mention.start], masked[mention.end :]
        if self._words:
            return self._words.excuses.hold(before, after)
        return is_excused(before, masked[mention.start : mention.end], after, self._note)


def split_sentences(prose: str) -> Iterator[str]:
    """The sentences with the marks and blanks that end them."""
    start = 0
    for match in SENTENCE_END.finditer(prose):
        if match.end() > start:
            yield prose[start : match.end()]
            start = match.end()
    if start < len(prose):
        yield prose[start:]


def split_clauses(sentence: str) -> Iterator[tuple[int, int]]:
    """Where the clauses of a sentence begin and end."""
    start = 0
    for match in BREAK.finditer(sentence):
        if match.start() > start and sentence[start : match.start()].strip():
            yield start, match.start()
            start = match.start()
    if start < len(sentence):
        yield start, len(sentence)


def find_false_claims(
    context: OutfitContext, worn: Iterable[Candidate], prose: str
) -> list[Violation]:
    """Prose against the outfit and the snapshot; each fault once."""
    clauses = Claims.of(context, worn).judge(prose)
    found = {fault: None for clause in clauses for fault in clause.faults}
    return sorted(found, key=lambda fault: (fault.code, fault.message))
