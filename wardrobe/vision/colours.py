"""Colours of a garment, measured in OKLab and named."""

from typing import NamedTuple


class MeasuredColour(NamedTuple):
    name: str
    hex: str
    """Like `#1f2a44`, as measured."""
    share: float
