"""The words a garment is described with. The same rows feed forms, prompts, JSON schemas and the gate."""

from wardrobe.vocabulary.revisions import (
    UnknownVocabularyError,
    choices,
    current,
    forget,
    read_pinned,
    slot_of,
    terms,
    values,
)
from wardrobe.vocabulary.terms import EMPTY, Term, UnknownTermError, Vocabulary, read_terms

__all__ = [
    "EMPTY",
    "Term",
    "UnknownTermError",
    "UnknownVocabularyError",
    "Vocabulary",
    "choices",
    "current",
    "forget",
    "read_pinned",
    "read_terms",
    "slot_of",
    "terms",
    "values",
]
