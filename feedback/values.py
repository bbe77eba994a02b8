"""The values of a garment's attributes, as people read them."""

from typing import Any

from wardrobe import vocabulary


def show_value(value: Any) -> str:
    """A vocabulary value, a list of them, or colours, in words."""
    if isinstance(value, list):
        return ", ".join(show_value(item) for item in value) or "none"
    if isinstance(value, dict):
        return str(value.get("name", value))
    return "none" if value in (None, "") else str(value)


def show_word(value: Any, kind: str) -> str:
    """A value of one kind of the vocabulary, or a list of them, as people call it; others as they are."""
    if isinstance(value, list):
        return ", ".join(show_word(item, kind) for item in value) or "none"
    name = value.get("name") if isinstance(value, dict) else value
    term = vocabulary.terms(kind).get(str(name))
    return term.label if term else show_value(value)
