"""Published revisions of the vocabulary, read from the database and kept in memory: they never change.

A prompt's version pins one by its SHA-256. Forms, search and pages use the one that the live version
of `FOLLOWED` pins, so that a roll-back brings their words back too.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.prompts import live_versions
from registry.prompts.live_versions import NoLiveVersionError
from registry.statements import Statement
from wardrobe.models import VocabularyRevision, VocabularyTerm
from wardrobe.vocabulary.terms import EMPTY, Term, Vocabulary

FOLLOWED = "digitize_photo"
"""The task whose live version says which words the pages use."""
REMEMBER_SECONDS = 1.0
MID_GREY = "#8b8d91"


class UnknownVocabularyError(LookupError):
    """A revision that was not published here."""


@dataclass(frozen=True)
class _Memory:
    vocabulary: Vocabulary
    read_at: float
    news: object


_revisions: dict[str, Vocabulary] = {}
_remembered: _Memory | None = None


def read_revision(sha256: str) -> Vocabulary:
    """A published revision by its digest. Raises UnknownVocabularyError."""
    known = _revisions.get(sha256)
    if known is None:
        row = VocabularyRevision.objects.filter(sha256=sha256).first()
        if row is None:
            raise UnknownVocabularyError(explain_unknown(sha256))
        known = _revisions[sha256] = as_vocabulary(row)
    return known


def explain_unknown(sha256: str) -> str:
    if not sha256:
        return "It pins no vocabulary: run manage.py load_vocabulary, then load_prompts."
    return f"No vocabulary {sha256[:12]} was published here."


def as_vocabulary(row: VocabularyRevision) -> Vocabulary:
    return Vocabulary.of(Term(**term) for term in row.terms)


def read_pinned(bundle: Mapping[str, Any]) -> Vocabulary:
    """What a version's bundle pins. Raises UnknownVocabularyError."""
    return read_revision(bundle.get("vocabulary_revision", ""))


def find_published() -> VocabularyRevision | None:
    """The newest revision."""
    return VocabularyRevision.objects.order_by("number").last()


def published_revision() -> str:
    """The digest of the newest revision; empty before the first."""
    return next(iter(read_newest()), "")


read_newest = Statement(
    lambda: VocabularyRevision.objects.order_by("-number").values_list("sha256", flat=True)[:1]
)


def read_draft() -> Vocabulary:
    """What the next revision would hold: all active rows, as the admin has them."""
    return Vocabulary.of(as_term(row) for row in VocabularyTerm.objects.filter(is_active=True))


def as_term(row: VocabularyTerm) -> Term:
    return Term(row.kind, row.value, row.label, row.slot, row.order, row.details or {}, row.source)


def current() -> Vocabulary:
    """The words of pages and forms, at most a second old; a move that this process hears of is known
    at once."""
    global _remembered
    now, news = time.monotonic(), live_versions.last_news()
    memory = _remembered
    if memory is None or memory.news is not news or now - memory.read_at > REMEMBER_SECONDS:
        memory = _remembered = _Memory(read_current(), now, news)
    return memory.vocabulary


def read_current() -> Vocabulary:
    """What the live version of `FOLLOWED` pins; before there is one, the newest revision."""
    try:
        pinned = live_versions.resolve_live(FOLLOWED).bundle.get("vocabulary_revision", "")
    except NoLiveVersionError:
        pinned = ""
    sha256 = pinned or published_revision()
    return read_revision(sha256) if sha256 else EMPTY


def forget() -> None:
    """Ask again at the next question which words the pages use."""
    global _remembered
    _remembered = None


def terms(kind: str) -> Mapping[str, Term]:
    """The terms of `kind` by value, in their order, as pages use them."""
    return current().terms(kind)


def values(kind: str) -> list[str]:
    return current().values(kind)


def choices(kind: str) -> list[tuple[str, str]]:
    """Pairs for a form field, in the language that is spoken."""
    return [(term.value, term.said) for term in terms(kind).values()]


def hex_of(colour: str) -> str:
    """How a named colour looks: "#1f2a44"; MID_GREY for a name that there is not."""
    term = terms("colour").get(colour)
    return str(term.details.get("hex", MID_GREY)) if term else MID_GREY


def list_unsuited(slot: str) -> list[str]:
    """The attributes that nothing worn in a slot has."""
    return current().list_unsuited(slot)


def slot_of(type_: str) -> str:
    """The slot a type is worn in. Raises UnknownTermError."""
    return current().slot_of(type_)
