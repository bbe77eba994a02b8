"""The words a garment is described with. The same rows feed forms, prompts, JSON schemas and the gate."""

from wardrobe.vocabulary.revisions import (
    UnknownVocabularyError,
    choices,
    current,
    forget,
    hex_of,
    list_unsuited,
    read_pinned,
    slot_of,
    terms,
    values,
)
from wardrobe.vocabulary.terms import (
    EMPTY,
    MOST_COLOURS,
    OF_SOME_SLOTS,
    Term,
    UnknownTermError,
    Vocabulary,
    read_terms,
)

__all__ = [
    "EMPTY",
    "MOST_COLOURS",
    "OF_SOME_SLOTS",
    "Term",
    "UnknownTermError",
    "UnknownVocabularyError",
    "Vocabulary",
    "choices",
    "current",
    "forget",
    "hex_of",
    "list_unsuited",
    "read_pinned",
    "read_terms",
    "slot_of",
    "terms",
    "values",
]
