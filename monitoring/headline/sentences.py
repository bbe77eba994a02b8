"""The first sentence of the overview, with its reason, from all inputs."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.headline.levels import Input, Level, Link

ALL_RIGHT = "It is all right: what is live has passed, and nothing is outside its usual range."
QUIET = "Quiet. Nobody has asked in the last hour, and nothing is known to be wrong."


@dataclass(frozen=True)
class Headline:
    level: Level
    word: str
    sentence: str
    why: str
    link: Link | None = None


def say(inputs: Sequence[Input], *, calls: int) -> Headline:
    """The worst input speaks; of equal ones the first. `calls` ended in the last hour: without one there is no green."""
    worst = max(inputs, key=lambda one: one.level)
    count = say_count(inputs)
    if worst.level > Level.OK:
        why = f"{worst.reason} {count}".strip()
        return Headline(worst.level, worst.level.word, worst.title, why, worst.link)
    if not calls:
        return Headline(Level.NONE, "Quiet", QUIET, count)
    return Headline(Level.OK, Level.OK.word, ALL_RIGHT, count)


def say_count(inputs: Sequence[Input]) -> str:
    """ "Worst of 11 inputs: 1 is bad, 2 are to watch." """
    counts = {level: sum(one.level is level for one in inputs) for level in Level}
    told = [
        (counts[Level.BAD], "bad"),
        (counts[Level.UNKNOWN], "unknown"),
        (counts[Level.WATCH], "to watch"),
        (counts[Level.WAIT], "being evaluated"),
    ]
    parts = [f"{count} {'is' if count == 1 else 'are'} {what}" for count, what in told if count]
    if not parts:
        return f"Of {len(inputs)} inputs none is to watch."
    return f"Worst of {len(inputs)} inputs: {', '.join(parts)}."
