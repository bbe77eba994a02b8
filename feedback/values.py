"""The values of a garment's attributes, as people read them."""

from typing import Any


def show_value(value: Any) -> str:
    """A vocabulary value, a list of them, or colours, in words."""
    if isinstance(value, list):
        return ", ".join(show_value(item) for item in value) or "none"
    if isinstance(value, dict):
        return str(value.get("name", value))
    return "none" if value in (None, "") else str(value)
