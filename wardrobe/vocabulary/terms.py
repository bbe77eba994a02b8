"""The words a garment is described with, as plain frozen data."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import pgettext

from registry.prompts import bundles

JSON = dict[str, Any]

CONTEXT = "vocabulary: {kind}"
"""Of translations: "light" is one word of warmth and another one of colours."""
MOST_COLOURS = 5
"""Of one garment, whoever says them: eyes, wearers or a table. The first is the one that one sees first."""
OF_SOME_SLOTS = ("sleeve", "length")
"""Kinds that a garment may be without. Garments and answers name these attributes alike."""


class UnknownTermError(LookupError):
    """A value that the vocabulary does not hold."""


@dataclass(frozen=True)
class Term:
    """One word. `order` is its position among its kind: for formality and warmth, the scale."""

    kind: str
    value: str
    label: str
    slot: str = ""
    order: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    """For people: it reaches no prompt, schema or check, and is no part of a revision."""

    @property
    def said(self) -> str:
        """The label in the language that is spoken; an operator's own word, which has no translation, as it is."""
        return pgettext(CONTEXT.format(kind=self.kind), self.label)

    def sha256(self) -> str:
        """The digest of everything above: changes exactly when the term does."""
        facts = [self.kind, self.value, self.label, self.slot, self.order]
        text = json.dumps([*facts, dict(self.details), self.source], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def as_row(self) -> JSON:
        """What a revision holds of it."""
        return {
            "kind": self.kind,
            "value": self.value,
            "label": self.label,
            "slot": self.slot,
            "order": self.order,
            "details": dict(self.details),
        }


@dataclass(frozen=True)
class Vocabulary:
    """Terms by kind and value, in their order. Two are equal when their revisions are."""

    kinds: Mapping[str, Mapping[str, Term]] = field(compare=False)
    revision: str
    """The SHA-256 of the canonical JSON of `as_rows()`."""

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Vocabulary":
        kinds: dict[str, dict[str, Term]] = {}
        for term in sorted(terms, key=lambda term: (term.kind, term.order, term.value)):
            kinds.setdefault(term.kind, {})[term.value] = term
        return cls(kinds, bundles.digest(list_rows(kinds)))

    def as_rows(self) -> list[JSON]:
        return list_rows(self.kinds)

    def terms(self, kind: str) -> Mapping[str, Term]:
        """The terms of `kind` by value."""
        return self.kinds.get(kind, {})

    def values(self, kind: str) -> list[str]:
        return list(self.terms(kind))

    def suits(self, kind: str, value: str, slot: str) -> bool:
        """Whether a word can be said of what is worn in a slot: one that names no `slots` can of all."""
        term = self.terms(kind).get(value)
        return term is not None and slot in term.details.get("slots", [slot])

    def list_unsuited(self, slot: str) -> list[str]:
        """The kinds of `OF_SOME_SLOTS` that nothing worn in a slot has; none of no slot at all."""
        return [
            kind
            for kind in OF_SOME_SLOTS
            if slot and not any(self.suits(kind, value, slot) for value in self.terms(kind))
        ]

    def slot_of(self, type_: str) -> str:
        """The slot a type is worn in. Raises UnknownTermError."""
        try:
            return self.terms("type")[type_].slot
        except KeyError:
            raise UnknownTermError(f"No garment type is called {type_!r}.") from None


def list_rows(kinds: Mapping[str, Mapping[str, Term]]) -> list[JSON]:
    return [term.as_row() for terms in kinds.values() for term in terms.values()]


EMPTY = Vocabulary.of([])


def read_terms(directory: Path) -> Iterator[Term]:
    """The terms of the TOML files in `directory`; what is no column of ours becomes `details`."""
    for path in sorted(directory.glob("*.toml")):
        file = tomllib.loads(path.read_text())
        for order, entry in enumerate(file["terms"]):
            value, label = entry.pop("value"), entry.pop("label")
            slot = entry.pop("slot", "")
            source = entry.pop("source", file.get("source", ""))
            yield Term(file["kind"], value, label, slot, order, entry, source)
