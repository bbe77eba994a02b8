"""The values of a garment's attributes, as people read them."""

from typing import Any

from django.utils.translation import gettext as _

from wardrobe import vocabulary

KINDS = {
    "colours": "colour",
    "seasons": "season",
    "style_tags": "style",
    "occasions": "occasion",
}
"""The kind of words that an attribute holds, where it is called otherwise."""


def read_word(value: Any) -> str:
    """The one word of an attribute: of colours that of the main one; empty where it has none."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return value if isinstance(value, str) else ""


def show_value(value: Any) -> str:
    """A vocabulary value, a list of them, or colours, in words."""
    if isinstance(value, list):
        return ", ".join(show_value(item) for item in value) or _("none")
    if isinstance(value, dict):
        return str(value.get("name", value))
    return _("none") if value in (None, "") else str(value)


def show_word(value: Any, kind: str) -> str:
    """A value of one kind of the vocabulary, or a list of them, as people call it; others as they are."""
    if isinstance(value, list):
        return ", ".join(show_word(item, kind) for item in value) or _("none")
    name = value.get("name") if isinstance(value, dict) else value
    term = vocabulary.terms(kind).get(str(name))
    return term.said if term else show_value(value)
