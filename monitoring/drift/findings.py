"""One property compared with one reference: what a report keeps of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from monitoring.drift.statistics import EFFECT, SIGNIFICANCE, NewCategory, holm

PREVIOUS, GOLDEN = "previous", "golden"
NEW, DRIFTED, SMALL, USUAL, TOO_FEW = "new", "drifted", "small", "usual", "too few"
"""States: a new value; p and effect of an alarm; p of one without the effect; neither; too few to test."""


@dataclass(frozen=True)
class Bar:
    """Votes for one value, or one bin of `low` to `high` (None: no bound)."""

    value: str
    now: int
    reference: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Finding:
    """`wearers` and `reference_wearers` have a vote each, or are golden examples; `rows` are all of now. `photos` are a few
    that give a drift away: their keys, and how sure the classifier is, or 1 where a value tells."""

    name: str
    reference: str
    wearers: int
    reference_wearers: int
    rows: int
    p: float | None = None
    distance: float | None = None
    auc: float | None = None
    adjusted_p: float | None = None
    bars: tuple[Bar, ...] = ()
    new: tuple[NewCategory, ...] = ()
    photos: tuple[tuple[str, float], ...] = field(default=())
    one_of: int = 1
    """One of so many wearers was read."""

    @property
    def state(self) -> str:
        return NEW if self.new else self.tested

    @property
    def tested(self) -> str:
        """The state by the test alone, whatever value is new."""
        if self.adjusted_p is None or self.distance is None:
            return TOO_FEW
        if self.adjusted_p > SIGNIFICANCE:
            return USUAL
        return DRIFTED if self.distance >= EFFECT else SMALL

    @property
    def is_drift(self) -> bool:
        """Whether p and effect are those of an alarm, with a new value or without."""
        return self.tested == DRIFTED

    @property
    def is_alarm(self) -> bool:
        """A new value, or a drift."""
        return bool(self.new) or self.is_drift

    @property
    def risen(self) -> Bar | None:
        """A new value, or the one whose share rose most."""
        if self.new:
            return Bar(self.new[0].value, self.new[0].uploads, 0)
        return max(self.bars, key=self.measure_rise, default=None)

    def measure_rise(self, bar: Bar) -> float:
        return bar.now / max(1, self.wearers) - bar.reference / max(1, self.reference_wearers)

    @property
    def evidence(self) -> tuple[bool, float, float]:
        """To sort by: a new value first, then the smallest p, then the largest effect."""
        p = 2.0 if self.adjusted_p is None else self.adjusted_p
        return not self.new, p, -(self.distance or 0.0)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"new": [one._asdict() for one in self.new]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Finding":
        return cls(
            **{
                **stored,
                "bars": tuple(Bar(**bar) for bar in stored["bars"]),
                "new": tuple(NewCategory(**one) for one in stored["new"]),
                "photos": tuple((key, score) for key, score in stored["photos"]),
            }
        )


def control(findings: list[Finding]) -> list[Finding]:
    """Each p adjusted for the number of tests; the strongest evidence first."""
    tested = [one for one in findings if one.p is not None]
    adjusted = holm([one.p for one in tested if one.p is not None])
    controlled = [replace(one, adjusted_p=p) for one, p in zip(tested, adjusted, strict=True)]
    untested = [one for one in findings if one.p is None]
    return sorted([*controlled, *untested], key=lambda one: one.evidence)
