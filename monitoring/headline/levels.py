"""What one input says, and which of several speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum


class Level(IntEnum):
    """How bad an input is: the highest of all speaks.

    UNKNOWN is above WATCH, so that a page without fresh figures says first that it cannot tell, and below BAD,
    so that it hides nothing that is known to be bad.
    """

    NONE = 0
    OK = 1
    WAIT = 2
    WATCH = 3
    UNKNOWN = 4
    BAD = 5

    @property
    def css(self) -> str:
        """The name of its shape, see `static/operator.css`."""
        return SHAPES[self]

    @property
    def word(self) -> str:
        return WORDS[self]


SHAPES = {
    Level.NONE: "off",
    Level.OK: "ok",
    Level.WAIT: "wait",
    Level.WATCH: "watch",
    Level.UNKNOWN: "off",
    Level.BAD: "bad",
}
WORDS = {
    Level.NONE: "None",
    Level.OK: "All right",
    Level.WAIT: "Being evaluated",
    Level.WATCH: "Watch",
    Level.UNKNOWN: "Cannot tell",
    Level.BAD: "Not all right",
}


@dataclass(frozen=True)
class Link:
    """Where an operator reads on, and the permission that the page there asks for."""

    label: str
    address: str
    permission: str


@dataclass(frozen=True)
class Input:
    """One input of the headline. `title` is the sentence that it would say, `reason` what is known besides."""

    name: str
    level: Level
    title: str
    reason: str = ""
    link: Link | None = None


def pick_worst(found: Sequence[Input], otherwise: Input) -> Input:
    """The first of the worst; its reason names the others. `otherwise` where there is none."""
    if not found:
        return otherwise
    worst = max(found, key=lambda one: one.level)
    also = [one.title for one in found if one is not worst and one.level >= Level.WAIT]
    return replace(worst, reason=" ".join(part for part in [worst.reason, *also] if part))
