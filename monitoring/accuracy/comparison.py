"""Whether two shares differ by more than chance, and shares in words."""

import math
from dataclasses import dataclass

from monitoring.times.words import say_percent
from registry.evaluation.statistics import Proportion, fisher

SIGNIFICANCE = 0.01
"""Of two versions that are equally good one pair in a hundred is called different, at most."""


def can_tell(one: Proportion, other: Proportion) -> bool:
    """Whether any split of so many hits would have been called a difference."""
    hits = one.hits + other.hits
    ends = (max(0, hits - other.total), min(hits, one.total))
    return any(
        fisher(Proportion(end, one.total), Proportion(hits - end, other.total)) <= SIGNIFICANCE
        for end in ends
    )


@dataclass(frozen=True)
class Change:
    """A share beside the same of the version before. `word` is more, fewer, "no difference seen" or "too few"."""

    word: str
    p: float | None = None

    @property
    def is_more(self) -> bool:
        return self.word == MORE

    @property
    def is_fewer(self) -> bool:
        return self.word == FEWER


MORE, FEWER = "more", "fewer"


def compare(one: Proportion, before: Proportion) -> Change:
    if not can_tell(one, before):
        return Change("too few")
    p = fisher(one, before)
    if p > SIGNIFICANCE:
        return Change("no difference seen", p)
    return Change(MORE if one.share > before.share else FEWER, p)


def say_share(part: Proportion) -> str:
    """ "8 of 421, 1.9 %"; of none "0 of 1,296, so below 0.3 %": the upper end of Wilson's 95 % interval."""
    if not part.total:
        return "–"
    counts = f"{part.hits:,} of {part.total:,}"
    if part.hits == 0:
        return f"{counts}, so below {say_bound(part.interval[1])}"
    return f"{counts}, {say_percent(part.share)}"


def say_bound(share: float) -> str:
    """Rounded up to one digit that matters, so that it still is a bound."""
    percent = 100 * share
    step: float = 10.0 ** math.floor(math.log10(percent))
    bound = math.ceil(percent / step - 1e-9) * step
    return f"{bound:.{max(0, -math.floor(math.log10(step)))}f}\u00a0%"
