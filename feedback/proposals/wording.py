"""Sentences for confusions, from a grammar that comes with the code, and the guard against copied words."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from feedback.proposals.confusions import Confusion
from wardrobe import vocabulary

GRAMMAR = Path(__file__).with_name("differences.toml")
HEADING = "Often mixed up:"
COPIED_WORDS = 8
WORD = re.compile(r"\w+")


class CopiedWordsError(ValueError):
    """A text repeats eight words in a row of what wearers wrote."""


@cache
def read_grammar() -> Mapping[str, Mapping[str, str]]:
    """What sets a value apart, by field and value."""
    grammar: dict[str, dict[str, str]] = tomllib.loads(GRAMMAR.read_text())
    return grammar


def say_difference(confusion: Confusion) -> str:
    """A sentence that tells two values apart, the right one first; empty where the grammar or the
    vocabulary lacks one."""
    told, terms = read_grammar().get(confusion.field, {}), vocabulary.terms(confusion.field)
    values = (confusion.right, confusion.said)
    if any(value not in told or value not in terms for value in values):
        return ""
    right, said = (f"`{value}` if it {told[value]}" for value in values)
    return f"Call it {right}; {said}."


def write_rules(system: str, confusions: Sequence[Confusion]) -> str:
    """A system text with one line for each confusion that can be told apart, in the place of earlier ones."""
    sentences = [sentence for one in confusions if (sentence := say_difference(one))]
    if not sentences:
        return system
    before = system.split(f"\n\n{HEADING}\n")[0].rstrip()
    rules = "\n".join(f"- {sentence}" for sentence in sentences)
    return f"{before}\n\n{HEADING}\n{rules}\n"


def check_copies(text: str, written: Iterable[str]) -> None:
    """Raises CopiedWordsError if eight words in a row of `text` are in what somebody wrote."""
    ours = list_runs(text)
    for source in written:
        if copied := ours & list_runs(source):
            raise CopiedWordsError(f"{len(copied)} runs of {COPIED_WORDS} words are a wearer's own")


def list_runs(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return {
        tuple(words[start : start + COPIED_WORDS]) for start in range(len(words) - COPIED_WORDS + 1)
    }
