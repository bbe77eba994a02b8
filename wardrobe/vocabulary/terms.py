"""The words a garment is described with, read from the database and remembered for a second.

An edit in the admin reaches every process within that second; `forget()` is at once, here.
"""

import hashlib
import json
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wardrobe.models import VocabularyTerm

REMEMBER_SECONDS = 1.0


class UnknownTermError(LookupError):
    """A value that the vocabulary does not hold, or no longer."""


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

    def sha256(self) -> str:
        """The digest of everything above: changes exactly when the term does."""
        facts = [self.kind, self.value, self.label, self.slot, self.order]
        text = json.dumps([*facts, dict(self.details), self.source], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Vocabulary:
    """All active terms, by kind and value, in their order."""

    kinds: Mapping[str, Mapping[str, Term]]
    revision: str

    @classmethod
    def of(cls, terms: list[Term]) -> "Vocabulary":
        kinds: dict[str, dict[str, Term]] = {}
        for term in sorted(terms, key=lambda term: (term.kind, term.order, term.value)):
            kinds.setdefault(term.kind, {})[term.value] = term
        digests = sorted(term.sha256() for term in terms)
        return cls(kinds, hashlib.sha256("".join(digests).encode()).hexdigest())


_remembered: tuple[float, Vocabulary] | None = None


def current() -> Vocabulary:
    """The vocabulary as the database has it, at most a second old."""
    global _remembered
    now = time.monotonic()
    if _remembered is None or now - _remembered[0] > REMEMBER_SECONDS:
        rows = VocabularyTerm.objects.filter(is_active=True)
        _remembered = (now, Vocabulary.of([as_term(row) for row in rows]))
    return _remembered[1]


def forget() -> None:
    """Read the database again at the next question."""
    global _remembered
    _remembered = None


def terms(kind: str) -> Mapping[str, Term]:
    """The active terms of `kind` by value, in their order."""
    return current().kinds.get(kind, {})


def values(kind: str) -> list[str]:
    return list(terms(kind))


def choices(kind: str) -> list[tuple[str, str]]:
    """Pairs for a form field."""
    return [(term.value, term.label) for term in terms(kind).values()]


def revision() -> str:
    """The SHA-256 of all active terms: two equal revisions describe garments alike."""
    return current().revision


def slot_of(type_: str) -> str:
    """The slot a type is worn in. Raises UnknownTermError."""
    try:
        return terms(VocabularyTerm.Kind.TYPE)[type_].slot
    except KeyError:
        raise UnknownTermError(f"No garment type is called {type_!r}.") from None


def as_term(row: VocabularyTerm) -> Term:
    return Term(row.kind, row.value, row.label, row.slot, row.order, row.details or {}, row.source)


def read_terms(directory: Path) -> Iterator[Term]:
    """The terms of the TOML files in `directory`; what is no column of ours becomes `details`."""
    for path in sorted(directory.glob("*.toml")):
        file = tomllib.loads(path.read_text())
        for order, entry in enumerate(file["terms"]):
            value, label = entry.pop("value"), entry.pop("label")
            slot = entry.pop("slot", "")
            source = entry.pop("source", file.get("source", ""))
            yield Term(file["kind"], value, label, slot, order, entry, source)
