"""What a wearer did with an outfit, and what a model may take from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from styling.stylist.features import COLOURS

ACCEPTED, REJECTED, INSTEAD, SWAPPED = "accepted", "rejected", "instead", "swapped"
PAIRS = frozenset({INSTEAD, SWAPPED})
"""These say of two outfits which the wearer prefers, and nothing of either by itself."""

REASONS: Mapping[str, tuple[str, int]] = {
    "too_warm": ("warmth", -1),
    "too_cold": ("warmth", 1),
    "too_dressed_up": ("dressed_up", -1),
    "not_dressed_up": ("dressed_up", 1),
    "worn_lately": ("repeats", -1),
}
"""The feature that a reason is about, and which way the wearer wants it."""
COLOUR_REASON = "colours"
COLOUR_FEATURES = frozenset({*COLOURS, "contrast"})
EXPLAINED_WEIGHT = 0.3
"""What a rejection still says of everything else once its reason is known."""


@dataclass(frozen=True)
class Signal:
    """One judgement, with the features of the outfit at that time. `number` orders and names it.

    With `kind` "instead" the wearer wore something other than what was suggested: `features` are those
    of what they wore, `against` those of what they did not. With "swapped" they changed pieces and said no
    more: `against` is the outfit before; so it is where they wore or turned down what they had changed.
    `about` says to people which outfit it was.
    """

    number: int
    kind: str
    features: Mapping[str, float]
    against: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    day: date | None = None
    about: str = ""

    @property
    def outfits(self) -> list[tuple[Mapping[str, float], bool]]:
        """The outfits that it judges, each with whether it was worn."""
        judged = [(self.features, self.kind == ACCEPTED or self.kind in PAIRS)]
        return [*judged, (self.against, False)] if self.has_pair else judged

    @property
    def has_pair(self) -> bool:
        return self.kind in PAIRS or bool(self.against)


@dataclass(frozen=True)
class Observation:
    """A line of a logistic regression: `liked` of `features`, times `weight`.

    A comparison has differences for features, and says nothing of how often outfits are worn at all
    (`is_comparison`).
    """

    features: Mapping[str, float]
    liked: bool
    weight: float = 1.0
    is_comparison: bool = False


def observe(signal: Signal) -> Iterator[Observation]:
    """What a model learns of one signal. A reason speaks of its feature alone."""
    if signal.has_pair:
        names = signal.features.keys() | signal.against.keys()
        differences = {
            name: signal.features.get(name, 0.0) - signal.against.get(name, 0.0)
            for name in sorted(names)
        }
        yield Observation(differences, True, is_comparison=True)
    if signal.kind in PAIRS:
        return
    explained = [REASONS[reason] for reason in signal.reasons if reason in REASONS]
    is_explained = bool(explained) or COLOUR_REASON in signal.reasons
    weight = EXPLAINED_WEIGHT if is_explained else 1.0
    yield Observation(signal.features, signal.kind == ACCEPTED, weight)
    for name, wanted in explained:
        yield Observation({name: float(wanted)}, True, is_comparison=True)
    if COLOUR_REASON in signal.reasons:
        colours = {
            name: value for name, value in signal.features.items() if name in COLOUR_FEATURES
        }
        yield Observation(colours, False)


def leave_out(signal: Signal, names: frozenset[str]) -> Signal:
    """The signal as if it said nothing of some features."""
    if not names:
        return signal
    return Signal(
        number=signal.number,
        kind=signal.kind,
        features={name: value for name, value in signal.features.items() if name not in names},
        against={name: value for name, value in signal.against.items() if name not in names},
        reasons=tuple(r for r in signal.reasons if REASONS.get(r, ("",))[0] not in names),
        day=signal.day,
        about=signal.about,
    )
