"""A readable difference of two versions: lines with the words that changed, and fields beside it."""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.prompts.bundles import Bundle

# By hand around difflib: its HtmlDiff writes whole tables with classes of its own, and marks letters where readers
# want words.

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MIN_LIKENESS = 0.4
"""Lines less alike than this are shown as removed and added, without marks on words."""


@dataclass(frozen=True)
class Fragment:
    """Part of a line; `changed` parts are marked."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a text: `kind` is same, add or del; `number` counts from 1 in its own text."""

    kind: str
    number: int
    fragments: tuple[Fragment, ...]

    @property
    def sign(self) -> str:
        return {"same": " ", "add": "+", "del": "-"}[self.kind]


@dataclass(frozen=True)
class Change:
    """A value outside the texts that differs, as JSON."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What turns one bundle into another: `texts` by template name, then everything else."""

    texts: dict[str, list[Line]]
    changes: list[Change]

    @property
    def is_empty(self) -> bool:
        return not self.texts and not self.changes


def compare_bundles(before: Bundle, after: Bundle) -> Difference:
    """The templates that differ, line by line, and the other values that differ, by path."""
    names = ("system", "user")
    texts = {
        name: compare_texts(before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    }
    old, new = (dict(flatten(without(bundle, names))) for bundle in (before, after))
    changes = [
        Change(name, old.get(name, "–"), new.get(name, "–"))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
    return Difference(texts, changes)


def without(bundle: Bundle, names: tuple[str, ...]) -> Bundle:
    return {name: value for name, value in bundle.items() if name not in names}


def flatten(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Leaves by dotted path; a list is a leaf."""
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from flatten(child, f"{path}.{name}" if path else name)
    else:
        yield path, json.dumps(value, ensure_ascii=False)


def compare_texts(before: str, after: str) -> list[Line]:
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line("same", k + n + 1, (Fragment(old[i + n]),)) for n in range(j - i)]
        else:
            lines += compare_blocks(old[i:j], new[k:m], i, k)
    return lines


def compare_blocks(old: list[str], new: list[str], i: int, k: int) -> list[Line]:
    """Replaced lines: paired in order, words marked where a pair is alike; removed lines first."""
    marked = [mark_words(a, b) for a, b in zip(old, new, strict=False)]
    removed = [pair[0] for pair in marked] + [(Fragment(line),) for line in old[len(marked) :]]
    added = [pair[1] for pair in marked] + [(Fragment(line),) for line in new[len(marked) :]]
    return [
        *(Line("del", i + n + 1, fragments) for n, fragments in enumerate(removed)),
        *(Line("add", k + n + 1, fragments) for n, fragments in enumerate(added)),
    ]


def mark_words(before: str, after: str) -> tuple[tuple[Fragment, ...], tuple[Fragment, ...]]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < MIN_LIKENESS:
        return (Fragment(before),), (Fragment(after),)
    left, right = [], []
    for tag, i, j, k, m in matcher.get_opcodes():
        left.append(Fragment("".join(old[i:j]), changed=tag != "equal"))
        right.append(Fragment("".join(new[k:m]), changed=tag != "equal"))
    return tuple(f for f in left if f.text), tuple(f for f in right if f.text)
