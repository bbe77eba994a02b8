"""Publishing the vocabulary's draft: a new revision, and versions of the prompts that use it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from registry.models import Prompt, PromptVersion
from registry.services.versions import create_version
from registry.tasks import all_tasks
from telemetry.lines import log_move
from wardrobe.models import VocabularyRevision, VocabularyTerm
from wardrobe.vocabulary.revisions import as_vocabulary, find_published, forget, read_draft
from wardrobe.vocabulary.terms import EMPTY, Term, Vocabulary

MAX_NOTES = 200
NEEDED = {"event": "other", "formality": "casual"}
"""What the stylist falls back on, by kind."""


class UnusableVocabularyError(ValueError):
    """A draft that tasks could not work with; the message says what is missing."""


@dataclass(frozen=True)
class Published:
    """A revision, and the versions that pin it: those that were `made` for it, and those that held its words before."""

    revision: VocabularyRevision
    versions: list[PromptVersion]
    made: list[PromptVersion]


@dataclass(frozen=True)
class Difference:
    """What publishing would change of one term; `change` is for people."""

    kind: str
    value: str
    change: str


@transaction.atomic
def publish_vocabulary(*, author: User | None, notes: str = "") -> Published:
    """Make the draft a revision and, of each live version that uses the vocabulary, a version with it, if there is none.

    They answer nobody until they have passed the gate and are promoted. Raises UnusableVocabularyError.
    """
    faults = list(find_faults(read_draft()))
    if faults:
        raise UnusableVocabularyError(" ".join(faults))
    revision = publish_draft(author=author, notes=notes)
    said = f"{revision}. {notes}".strip()
    known = set(PromptVersion.objects.values_list("pk", flat=True))
    versions = [
        create_version(
            prompt=live.prompt,
            bundle={
                **live.bundle,
                "vocabulary_revision": revision.sha256,
                "schema_revision": all_tasks()[live.prompt.name].schema_revision,
            },
            notes=said,
            source=PromptVersion.Source.ADMIN,
            author=author,
        )
        for live in list_live_users()
    ]
    return Published(revision, versions, [one for one in versions if one.pk not in known])


@transaction.atomic
def publish_draft(*, author: User | None = None, notes: str = "") -> VocabularyRevision:
    """The draft as the newest revision: the newest one itself when nothing differs."""
    list(VocabularyTerm.objects.select_for_update().values_list("pk"))  # One at a time.
    draft, newest = read_draft(), find_published()
    if newest and newest.sha256 == draft.revision:
        return newest
    revision = VocabularyRevision.objects.create(
        number=newest.number + 1 if newest else 1,
        sha256=draft.revision,
        terms=draft.as_rows(),
        notes=notes,
        author=author,
    )
    transaction.on_commit(forget)
    log_move("publish_vocabulary", actor=author, revision=revision.number)
    return revision


def list_live_users() -> list[PromptVersion]:
    """The live versions of the tasks that use the vocabulary."""
    names = [name for name, task in all_tasks().items() if task.uses_vocabulary]
    prompts = Prompt.objects.filter(name__in=names)
    return [live.version for prompt in prompts if (live := prompt.production())]


def list_differences() -> list[Difference]:
    """What the draft changes of the newest revision, by kind and value."""
    newest = find_published()
    before, after = as_vocabulary(newest) if newest else EMPTY, read_draft()
    return list(compare(before, after)) if before != after else []


def compare(before: Vocabulary, after: Vocabulary) -> Iterator[Difference]:
    old, new = (index_terms(vocabulary) for vocabulary in (before, after))
    for kind, value in sorted(old.keys() | new.keys()):
        one, other = old.get((kind, value)), new.get((kind, value))
        if one is None and other is not None:
            yield Difference(kind, value, f"new: {other.label}")
        elif other is None:
            yield Difference(kind, value, "no longer offered")
        elif one is not None and one.as_row() != other.as_row():
            yield Difference(kind, value, describe_change(one, other))


def index_terms(vocabulary: Vocabulary) -> dict[tuple[str, str], Term]:
    return {(t.kind, t.value): t for terms in vocabulary.kinds.values() for t in terms.values()}


def describe_change(before: Term, after: Term) -> str:
    old, new = before.as_row(), after.as_row()
    return "; ".join(
        f"{name}: {old[name] or '–'} → {new[name] or '–'}" for name in old if old[name] != new[name]
    )


def find_faults(draft: Vocabulary) -> Iterator[str]:
    """What the stylist or a form would stumble over."""
    for kind, value in NEEDED.items():
        if value not in draft.terms(kind):
            yield f"The {kind} “{value}” is needed."
    ranks, slots = draft.terms("formality"), draft.terms("slot")
    for term in draft.terms("type").values():
        if term.slot not in slots:
            yield f"The type “{term.value}” is worn in no slot that there is."
    for term in [*draft.terms("sleeve").values(), *draft.terms("length").values()]:
        if unknown := set(term.details.get("slots", ())) - set(slots):
            yield f"The {term.kind} “{term.value}” names a slot that there is not: {min(unknown)}."
    for term in [*draft.terms("type").values(), *draft.terms("event").values()]:
        if term.details.get("formality") not in ranks:
            yield f"The {term.kind} “{term.value}” has a formality that there is not."
    for term in draft.terms("event").values():
        if not isinstance(term.details.get("met_w_m2"), int | float):
            yield f"The event “{term.value}” wants met_w_m2, a number."
