"""What a wearer's own signals have taught, as a question carries it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Rejection:
    """An outfit that was turned down lately: the ids of its garments, the reasons, and the wearer's words."""

    pieces: frozenset[str]
    reasons: tuple[str, ...] = ()
    comment: str = ""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Rejection":
        return cls(frozenset(stored["pieces"]), tuple(stored["reasons"]), stored["comment"])

    def describe(self, quote: Callable[[str], str]) -> str:
        """The reasons, and the wearer's words as `quote` writes them; empty where they said nothing."""
        reasons = ", ".join(reason.replace("_", " ") for reason in self.reasons)
        comment = quote(self.comment) if self.comment else ""
        return "; ".join(filter(None, [reasons, comment]))

    def to_json(self) -> dict[str, Any]:
        return {
            "pieces": sorted(self.pieces),
            "reasons": list(self.reasons),
            "comment": self.comment,
        }


@dataclass(frozen=True)
class Preferences:
    """A weight for each feature that counts (`features.NAMES`), at most three sentences for a prompt, and what
    was turned down lately, the newest first.

    Empty for a wearer who has given no signal: then nothing in an answer depends on it. False where nothing was
    learned, whatever was turned down.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.weights)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Preferences":
        return cls(
            dict(stored.get("weights", {})),
            tuple(stored.get("sentences", ())),
            tuple(Rejection.from_json(one) for one in stored.get("rejections", ())),
        )

    def to_json(self) -> dict[str, Any]:
        stored = {"weights": dict(self.weights), "sentences": list(self.sentences)}
        if not self.rejections:
            return stored
        return stored | {"rejections": [one.to_json() for one in self.rejections]}
