"""What a wearer's own signals have taught, as a question carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Preferences:
    """A weight for each feature that counts (`features.NAMES`), and at most three sentences for a prompt.

    Empty for a wearer who has given no signal: then nothing in an answer depends on it.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.weights)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Preferences":
        return cls(dict(stored.get("weights", {})), tuple(stored.get("sentences", ())))

    def to_json(self) -> dict[str, Any]:
        return {"weights": dict(self.weights), "sentences": list(self.sentences)}
