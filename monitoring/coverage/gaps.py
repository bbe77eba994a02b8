"""Which values are common among people and rare among golden examples; no Django.

One vote a wearer, whatever they ask in a month, and one an example.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from monitoring.drift.statistics import holm
from registry.evaluation.statistics import Proportion, fisher

SIGNIFICANCE = 0.01
RATIO = 4
"""What is a gap is so many times as common among wearers as among golden examples."""
MIN_WEARERS, MIN_VOTES = 20, 5
"""Under so many wearers nothing is said; a gap has so many of them."""
MOST_ROWS = 5

Values = Mapping[str, str]
"""What one wearer or one example shows: by the name of a trait a word of ours."""


@dataclass(frozen=True)
class Vote:
    """`row` is the key of what the wearer asked or uploaded."""

    values: Values
    row: str = ""


@dataclass(frozen=True)
class Gap:
    """`votes` of `wearers` show the `words`, and `golden` of `examples`; `rows` are a few to look at."""

    kind: str
    words: tuple[str, ...]
    votes: int
    wearers: int
    golden: int
    examples: int
    p: float
    rows: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Gap":
        words, rows = tuple(stored["words"]), tuple(stored["rows"])
        return cls(**{**stored, "words": words, "rows": rows})


@dataclass(frozen=True)
class Mix:
    """What the votes of so many wearers and so many golden examples show: by value how many of each, and the gaps."""

    kind: str
    wearers: int
    examples: int
    rows: tuple[tuple[str, int, int], ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def can_tell(self) -> bool:
        return self.wearers >= MIN_WEARERS

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Mix":
        rows = tuple((word, votes, golden) for word, votes, golden in stored["rows"])
        gaps = tuple(Gap.from_json(gap) for gap in stored["gaps"])
        return cls(**{**stored, "rows": rows, "gaps": gaps})


def compare(kind: str, votes: Sequence[Vote], golden: Sequence[Values]) -> Mix:
    """The values of the most wearers first."""
    seen, known = count(vote.values for vote in votes), count(golden)
    words = sorted({*seen, *known}, key=lambda words: (-seen[words], -known[words], words))
    return Mix(
        kind,
        wearers=len(votes),
        examples=len(golden),
        rows=tuple((one[0], seen[one], known[one]) for one in words if len(one) == 1),
        gaps=tuple(find_gaps(kind, votes, golden)),
    )


def find_gaps(kind: str, votes: Sequence[Vote], golden: Sequence[Values]) -> list[Gap]:
    """The most common first. A pair of values is told only where neither of the two is a gap by itself."""
    if len(votes) < MIN_WEARERS or not golden:
        return []
    seen, known = count(vote.values for vote in votes), count(golden)
    candidates = [words for words, times in seen.items() if times >= MIN_VOTES]
    live = [Proportion(seen[words], len(votes)) for words in candidates]
    held = [Proportion(known[words], len(golden)) for words in candidates]
    adjusted = holm([fisher(*pair) for pair in zip(live, held, strict=True)])
    gaps = [
        Gap(
            kind=kind,
            words=words,
            votes=now.hits,
            wearers=now.total,
            golden=then.hits,
            examples=then.total,
            p=p,
            rows=find_rows(words, votes),
        )
        for words, now, then, p in zip(candidates, live, held, adjusted, strict=True)
        if p <= SIGNIFICANCE and now.share >= RATIO * then.share
    ]
    alone = {gap.words for gap in gaps if len(gap.words) == 1}
    told = [gap for gap in gaps if len(gap.words) == 1 or not {(w,) for w in gap.words} & alone]
    return sorted(told, key=lambda gap: (-gap.votes, gap.words))


def count(shown: Any) -> Counter[tuple[str, ...]]:
    """How many show each value, and each pair of values of different traits."""
    counts: Counter[tuple[str, ...]] = Counter()
    for values in shown:
        words = [values[name] for name in sorted(values) if values[name]]
        counts.update({(word,) for word in words})
        counts.update(set(combinations(words, 2)))
    return counts


def find_rows(words: tuple[str, ...], votes: Sequence[Vote]) -> tuple[str, ...]:
    showing = [vote.row for vote in votes if set(words) <= set(vote.values.values())]
    return tuple(row for row in showing if row)[:MOST_ROWS]
