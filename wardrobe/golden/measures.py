"""How good answers are, field by field: what a table of an engine's answers says.

The same for every engine: of photos with golden labels, and of photos with finer labels, of which
each line names all words that a careful person would accept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from registry.evaluation.statistics import Proportion
from wardrobe.golden.labels import GarmentLabel, pair_garments
from wardrobe.vision.families import FAMILY_OF

BINS = 10
DRAWS = 300
"""Of an engine that states just how often it is right, to tell what chance shows."""
UNLUCKY = 0.95
SLEEVED = frozenset({"top", "dress", "outerwear"})


class FinerLabel(BaseModel):
    """One line of a file of finer labels; `sleeve` is how far bottoms reach, too."""

    model_config = ConfigDict(extra="ignore")

    file: str
    type: str
    also: list[str] = []
    colors: list[str]
    pattern: str
    sleeve: str = ""
    material: str = ""
    several: bool = False


@dataclass(frozen=True)
class Truth:
    """All acceptable words of one garment, by field; a field that is not known is left out."""

    types: Sequence[str]
    words: Mapping[str, Sequence[str]]

    @property
    def families(self) -> set[str]:
        return {FAMILY_OF.get(type_, type_) for type_ in self.types}

    @property
    def has_finer(self) -> bool:
        """Its best word is finer than its family's."""
        return FAMILY_OF.get(self.types[0], self.types[0]) != self.types[0]


@dataclass(frozen=True)
class Answered:
    """One labelled garment and what was said of it: an answer's garment, or None."""

    truth: Truth
    seen: Any | None
    is_asked: bool = False
    """Whether it waits for a look."""


@dataclass
class Figure:
    """Right of so many; `likely` are the stated confidences of all that count, in order."""

    name: str
    right: list[bool] = field(default_factory=list)
    likely: list[float] = field(default_factory=list)

    def count(self, right: bool, likely: float | None = None) -> None:
        self.right.append(right)
        if likely is not None:
            self.likely.append(likely)


def of_finer(label: FinerLabel, slot_of: Callable[[str], str]) -> Truth:
    reach = "sleeve" if slot_of(label.type) in SLEEVED else "length"
    words = {"colour": label.colors, "pattern": [label.pattern]}
    if label.sleeve:
        words[reach] = [label.sleeve]
    if label.material:
        words["material"] = [label.material]
    return Truth([label.type, *label.also], words)


def of_golden(label: GarmentLabel) -> Truth:
    words = {
        "colour": label.colours,
        "pattern": label.patterns,
        "material": label.materials,
        "sleeve": [label.sleeve] if label.sleeve else [],
        "length": [label.length] if label.length else [],
    }
    return Truth([label.type], {name: known for name, known in words.items() if known})


def read_finer(path: Path) -> list[FinerLabel]:
    """Raises OSError, ValueError with the line that is no label."""
    labels = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            labels.append(FinerLabel.model_validate_json(line))
        except ValidationError as error:
            raise ValueError(f"{path.name}, line {number}: {error.errors()[0]['msg']}") from error
    return labels


def pair_golden(
    wanted: Sequence[GarmentLabel], found: Sequence[Any], is_asked: Callable[[Any], bool]
) -> list[Answered]:
    return [
        Answered(of_golden(label), seen, seen is not None and is_asked(seen))
        for label, seen in pair_garments(wanted, found)
    ]


def measure(answers: Iterable[Answered]) -> list[Figure]:
    """The figures of a table, in its order."""
    names = (
        *("type, any acceptable word", "family", "finer name told", "finer name right, where told"),
        *("one of the top two right", "colour", "pattern", "material", "sleeve", "length"),
        *("needs a look", "wrong kinds that need a look"),
    )
    figures = {name: Figure(name) for name in names}
    for answer in answers:
        count_type(figures, answer)
        for name, known in answer.truth.words.items():
            told = find_word(answer.seen, name)
            figures[name].count(told in known, find_confidence(answer.seen, name))
    return list(figures.values())


def count_type(figures: Mapping[str, Figure], answer: Answered) -> None:
    """A family's own word is right wherever the family is, as the answer that cannot tell more."""
    truth, told = answer.truth, answer.seen.type if answer.seen else ""
    family = FAMILY_OF.get(told, told)
    is_finer = bool(told) and family != told
    right = told in truth.types or (not is_finer and family in truth.families)
    sure = find_confidence(answer.seen, "type")
    figures["type, any acceptable word"].count(right, sure)
    figures["family"].count(family in truth.families)
    if truth.has_finer:
        figures["finer name told"].count(is_finer)
    if is_finer:
        figures["finer name right, where told"].count(told in truth.types, sure)
    rivals = [one.type for one in answer.seen.alternatives[:1]] if answer.seen else []
    figures["one of the top two right"].count(right or bool({*rivals} & {*truth.types}))
    figures["needs a look"].count(answer.is_asked)
    if not right:
        figures["wrong kinds that need a look"].count(answer.is_asked)


def find_word(seen: Any | None, name: str) -> str:
    if seen is None:
        return ""
    if name == "colour":
        return max(seen.colours, key=lambda colour: colour.share).name if seen.colours else ""
    return str(getattr(seen, name))


def find_confidence(seen: Any | None, name: str) -> float | None:
    key = "colours" if name == "colour" else name
    return seen.confidence.get(key) if seen is not None else None


@dataclass(frozen=True)
class Gap:
    """How far stated confidences are from how often they are right."""

    error: float
    """Expected calibration error over BINS bins of equal width (Naeini 2015, Guo 2017)."""
    swept: float
    """The same over as many bins of equal counts as stay in order (Roelofs 2022): chance adds less."""
    by_chance: float
    unlucky: float
    """What `swept` is on average, and in one of twenty draws at least, if every confidence were true."""


def judge_confidence(figure: Figure) -> Gap | None:
    """None where no confidence was stated. The same figure gives the same gap."""
    if not figure.likely or len(figure.likely) != len(figure.right):
        return None
    likely, right = np.array(figure.likely), np.array(figure.right, dtype=float)
    rng = np.random.default_rng(len(right))
    drawn = [
        sweep_bins(likely, (rng.random(len(likely)) < likely).astype(float)) for _ in range(DRAWS)
    ]
    return Gap(
        count_even_bins(likely, right),
        sweep_bins(likely, right),
        float(np.mean(drawn)),
        float(np.quantile(drawn, UNLUCKY)),
    )


def count_even_bins(likely: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    bins = np.minimum((likely * BINS).astype(int), BINS - 1)
    return float(np.abs(np.bincount(bins, weights=likely - right)).sum()) / len(likely)


def sweep_bins(likely: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """More and more bins, until one of surer answers is right less often than the one before it."""
    order = np.argsort(likely, kind="stable")
    likely, right = likely[order], right[order]
    error = abs(float((likely - right).mean()))
    for count in range(2, len(likely) + 1):
        starts = np.arange(count) * len(likely) // count
        sizes = np.diff(np.append(starts, len(likely)))
        if (np.diff(np.add.reduceat(right, starts) / sizes) < 0).any():
            break
        error = float(np.abs(np.add.reduceat(likely - right, starts)).sum()) / len(likely)
    return error


def write_table(figures: Iterable[Figure]) -> str:
    """Text: field, share, 95 % interval (Wilson 1927), counts, and of what states confidences their gap."""
    lines = [
        f"{'':<30}  share  95 % interval    of     calibration error; swept (if all were true, up to)"
    ]
    for figure in figures:
        part = Proportion(sum(figure.right), len(figure.right))
        if part.total:
            low, high = part.interval
            told = write_gap(judge_confidence(figure))
            lines.append(
                f"{figure.name:<30} {part.share:>6.1%}  {low:>5.1%} to {high:>5.1%}"
                f"  {part.hits:>4} of {part.total:<4} {told}".rstrip()
            )
    return "\n".join(lines)


def write_gap(gap: Gap | None) -> str:
    if gap is None:
        return ""
    return f"{gap.error:.3f}; {gap.swept:.3f} ({gap.by_chance:.3f}, {gap.unlucky:.3f})"
