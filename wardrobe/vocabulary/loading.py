"""Loading the vocabulary from its files."""

from pathlib import Path

from django.db import transaction

from wardrobe.models import VocabularyTerm
from wardrobe.vocabulary.publishing import publish_draft
from wardrobe.vocabulary.revisions import find_published
from wardrobe.vocabulary.terms import Term, read_terms


@transaction.atomic
def load_vocabulary(*, directory: Path) -> int:
    """Bring the rows up to the files; how many rows were written.

    A row is written only when its file entry is new or has changed since it was last loaded, so
    an edit made in the admin stays until the file itself says something new. Terms that left the
    files stay too: garments may still be described with them.
    """
    loaded = {
        (row.kind, row.value): row.fixture_sha256
        for row in VocabularyTerm.objects.select_for_update()
    }
    changed = [
        term
        for term in read_terms(directory)
        if loaded.get((term.kind, term.value)) != term.sha256()
    ]
    VocabularyTerm.objects.bulk_create(
        [_as_row(term) for term in changed],
        update_conflicts=True,
        unique_fields=["kind", "value"],
        update_fields=["label", "slot", "order", "details", "source", "fixture_sha256"],
    )
    if changed or find_published() is None:
        publish_draft(notes="Loaded from its files.")
    return len(changed)


def _as_row(term: Term) -> VocabularyTerm:
    return VocabularyTerm(
        kind=term.kind,
        value=term.value,
        label=term.label,
        slot=term.slot,
        order=term.order,
        details=dict(term.details),
        source=term.source,
        fixture_sha256=term.sha256(),
    )
