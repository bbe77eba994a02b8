"""What was learned of a wearer, line by line: a weight, a sentence, and the signals that bear it out.

Only what can be said counts: a weight whose sentence its own evidence does not bear out moves nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext
from pydantic import BaseModel, ConfigDict

from styling.learning.model import fit
from styling.learning.signals import REASONS, REJECTED, Signal, leave_out, observe
from styling.stylist.features import NAMES
from styling.stylist.preferences import Preferences

Strength = Literal["off", "less", "usual", "more"]
FACTORS: Mapping[Strength, float] = {"off": 0.0, "less": 0.5, "usual": 1.0, "more": 2.0}
LEAST_WEIGHT = 0.05
"""Below this a weight changes no order that anybody sees."""
FEWEST_OUTFITS = 2
"""One outfit with something in it says nothing of that yet, nor do many beside one without; a reason does."""
MOST_SENTENCES = 3
"""What a prompt is told."""

HEADLINES: Mapping[str, tuple[Promise, Promise]] = {
    "warmth": (gettext_lazy("You run cold"), gettext_lazy("You run warm")),
    "dressed_up": (gettext_lazy("You dress up"), gettext_lazy("You dress down")),
    "contrast": (gettext_lazy("You like light with dark"), gettext_lazy("You like tone on tone")),
    "repeats": (
        gettext_lazy("You gladly wear the same again"),
        gettext_lazy("You want a change from day to day"),
    ),
    "layers": (gettext_lazy("You like layers"), gettext_lazy("You would rather not layer")),
    "dress": (
        gettext_lazy("You like to wear one piece"),
        gettext_lazy("You would rather not wear one piece"),
    ),
}
"""What a positive and what a negative weight mean, where it is more than liking."""
THINGS: Mapping[str, Promise] = {
    "dark": gettext_lazy("black and charcoal"),
    "light": gettext_lazy("white and cream"),
    "grey": gettext_lazy("grey"),
    "red": gettext_lazy("red and pink"),
    "earth": gettext_lazy("brown, beige and yellow"),
    "green": gettext_lazy("green"),
    "blue": gettext_lazy("blue"),
    "purple": gettext_lazy("purple"),
    "patterned": gettext_lazy("patterns"),
    "skirt": gettext_lazy("skirts"),
    "jeans": gettext_lazy("jeans"),
    "sneakers": gettext_lazy("sneakers"),
    "boots": gettext_lazy("boots"),
    "knit": gettext_lazy("knitwear"),
    "tailored": gettext_lazy("blazers and waistcoats"),
    "sneakers_tailored": gettext_lazy("sneakers with a blazer or waistcoat"),
    "jeans_tailored": gettext_lazy("jeans with a blazer or waistcoat"),
}
OUTFITS: Mapping[str, Promise] = {
    "warmth": gettext_lazy("warmer than the weather asked for"),
    "dressed_up": gettext_lazy("more dressed up than the occasion"),
    "contrast": gettext_lazy("with top and bottom far apart in lightness"),
    "repeats": gettext_lazy("with something worn lately"),
    "layers": gettext_lazy("with a layer over the first"),
    "dress": gettext_lazy("of one piece"),
}
"""The outfits that have a feature, as the evidence names them; of a thing, those "with" it."""
HAS: Mapping[str, float] = {"contrast": 0.5}
"""Above this an outfit has the feature; above 0 for all others."""


class LineChoice(BaseModel):
    """What the wearer decided about one line. Signals up to the number `since` say nothing of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    strength: Strength = "usual"
    since: int = 0


class Choices(BaseModel):
    """What the wearer decided about all of it. Signals up to `since`, and those `forgotten`, never were."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    is_on: bool = True
    since: int = 0
    forgotten: tuple[int, ...] = ()
    lines: dict[str, LineChoice] = {}

    def keeps(self, number: int) -> bool:
        return number > self.since and number not in self.forgotten

    def of(self, name: str) -> LineChoice:
        return self.lines.get(name, LineChoice())


@dataclass(frozen=True)
class Evidence:
    """The figures of a sentence: `for_it` of `total` with the feature, `others_for_it` of `others` without.

    With `is_said` they are rejections: `for_it` of `total` gave this reason. `signals` are those with the
    feature, or with the reason.
    """

    for_it: int
    total: int
    others_for_it: int = 0
    others: int = 0
    is_said: bool = False
    signals: tuple[Signal, ...] = ()

    def bears_out(self, weight: float) -> bool:
        """Whether these figures say what the sign of a weight says."""
        if self.is_said:
            return self.for_it > 0
        if min(self.total, self.others) < FEWEST_OUTFITS:
            return False
        # Shares compared as whole numbers.
        difference = self.for_it * self.others - self.others_for_it * self.total
        return difference * weight > 0


@dataclass(frozen=True)
class Line:
    """`weight` is that of its feature in the ranking: 0 for one that is switched off."""

    feature: str
    learned: float
    evidence: Evidence
    choice: LineChoice = field(default_factory=LineChoice)

    @property
    def weight(self) -> float:
        return self.learned * FACTORS[self.choice.strength]

    @property
    def headline(self) -> str:
        if self.feature in HEADLINES:
            return str(HEADLINES[self.feature][self.learned < 0])
        likes, dislikes = (
            gettext("You like %(things)s"),
            gettext("You would rather not wear %(things)s"),
        )
        return (likes if self.learned > 0 else dislikes) % {"things": THINGS[self.feature]}

    @property
    def figures(self) -> str:
        """The evidence in words, such as "5 of 6 rejections said so"."""
        found = self.evidence
        if found.is_said:
            return ngettext(
                "%(some)d of %(all)d rejection said so",
                "%(some)d of %(all)d rejections said so",
                found.total,
            ) % {"some": found.for_it, "all": found.total}
        outfits = OUTFITS.get(self.feature) or gettext("with %(things)s") % {
            "things": THINGS[self.feature]
        }
        said = ngettext(
            "you took %(some)d of %(all)d outfit %(such)s",
            "you took %(some)d of %(all)d outfits %(such)s",
            found.total,
        ) % {"some": found.for_it, "all": found.total, "such": outfits}
        others = ngettext(
            "%(some)d of %(all)d other", "%(some)d of %(all)d others", found.others
        ) % {"some": found.others_for_it, "all": found.others}
        return gettext("%(said)s, and %(others)s") % {"said": said, "others": others}

    @property
    def sentence(self) -> str:
        return f"{self.headline}: {self.figures}."


def learn_lines(signals: Iterable[Signal], choices: Choices | None = None) -> list[Line]:
    """What remains of the signals under the wearer's choices, the weightiest first."""
    choices = choices or Choices()
    kept = [signal for signal in signals if choices.keeps(signal.number)]
    heard = [leave_out(signal, _find_silent(signal, choices)) for signal in kept]
    posterior = fit(observation for signal in heard for observation in observe(signal))
    lines = []
    for name in NAMES:
        learned, choice = posterior.weights[name], choices.of(name)
        about = [signal for signal in kept if signal.number > choice.since]
        evidence = find_evidence(name, learned, about)
        if abs(learned) >= LEAST_WEIGHT and evidence.bears_out(learned):
            lines.append(Line(name, learned, evidence, choice))
    return sorted(lines, key=lambda line: (-abs(line.learned), line.feature))


def _find_silent(signal: Signal, choices: Choices) -> frozenset[str]:
    return frozenset(
        name for name, choice in choices.lines.items() if signal.number <= choice.since
    )


def find_evidence(name: str, learned: float, signals: Sequence[Signal]) -> Evidence:
    """What the signals say of a feature: the reasons that wearers gave, else what they wore with and
    without it."""
    rejections = [signal for signal in signals if signal.kind == REJECTED]
    said = {way: [s for s in rejections if (name, way) in _read_reasons(s)] for way in (1, -1)}
    way = 1 if learned > 0 else -1
    if len(said[way]) > len(said[-way]):
        return Evidence(len(said[way]), len(rejections), is_said=True, signals=tuple(said[way]))
    outfits = [(signal, *outfit) for signal in signals for outfit in signal.outfits]
    having = [(s, worn) for s, features, worn in outfits if has_feature(name, features)]
    others = [worn for _, features, worn in outfits if not has_feature(name, features)]
    return Evidence(
        for_it=sum(worn for _, worn in having),
        total=len(having),
        others_for_it=sum(others),
        others=len(others),
        signals=tuple({s.number: s for s, _ in having}.values()),
    )


def has_feature(name: str, features: Mapping[str, float]) -> bool:
    return features.get(name, 0.0) > HAS.get(name, 0.0)


def find_preferences(signals: Iterable[Signal], choices: Choices | None = None) -> Preferences:
    """What the ranking goes by: the weights of all lines that are on, and the first sentences."""
    choices = choices or Choices()
    if not choices.is_on:
        return Preferences()
    lines = [line for line in learn_lines(signals, choices) if line.weight]
    return Preferences(
        weights={line.feature: line.weight for line in lines},
        sentences=tuple(line.sentence for line in lines[:MOST_SENTENCES]),
    )


def _read_reasons(signal: Signal) -> list[tuple[str, int]]:
    return [REASONS[reason] for reason in signal.reasons if reason in REASONS]
