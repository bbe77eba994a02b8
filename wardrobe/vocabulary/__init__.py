"""The words a garment is described with. The same rows feed forms, prompts, JSON schemas and the gate."""

from wardrobe.vocabulary.terms import (
    Term,
    UnknownTermError,
    Vocabulary,
    choices,
    current,
    forget,
    read_terms,
    revision,
    slot_of,
    terms,
    values,
)

__all__ = [
    "Term",
    "UnknownTermError",
    "Vocabulary",
    "choices",
    "current",
    "forget",
    "read_terms",
    "revision",
    "slot_of",
    "terms",
    "values",
]
