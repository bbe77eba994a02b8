"""The colours of a piece, as the rules and the prose need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from wardrobe.vocabulary import Term


@dataclass(frozen=True)
class Colour:
    """`neutral` colours go with everything: by name in the vocabulary, whatever their chroma."""

    name: str
    hex: str
    share: float = 1.0
    neutral: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, object], terms: Mapping[str, Term]) -> Self:
        """As a garment's row holds it: `name`, and maybe `hex` and `share`."""
        term = terms.get(str(stored.get("name", "")))
        return cls(
            name=term.label.lower() if term else str(stored.get("name", "")),
            hex=str(stored.get("hex") or (term.details.get("hex") if term else "") or ""),
            share=float(str(stored.get("share", 1.0))),
            neutral=bool(term and term.details.get("neutral", False)),
        )
