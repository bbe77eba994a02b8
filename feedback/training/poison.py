"""Whose corrections hurt: each wearer's batch is left out in turn, and label errors are ranked.

Leaving out is RONI (B. Nelson et al., Exploiting machine learning to subvert your spam filter, LEET 2008): without a batch
that hurts, what is kept to judge by is told better. Label errors are found by confident learning (C. Northcutt et al.,
JAIR 70, 2021): a head that did not learn from a wearer is surer of another word than of theirs, and surer than it
usually is of that word. Both go by what the head adds on the main directions of the trunk's answers, which takes
a hundredth of a second where a fit takes two.

Wearers who are in it together speak for each other: what few of them say of the same thing is left out together as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.training.fitting import (
    LEAST,
    Doubles,
    Floats,
    Lesson,
    Seen,
    fold_words,
    minimize,
    sharpen,
)
from wardrobe.vision.heads import Head, soften

Flags = NDArray[np.bool_]

DIRECTIONS = 64
PULL = 20.0
FOLDS = 5
HARMFUL, DOUBTED = 3.0, 1.5
"""Standard errors by which what is judged by must gain without a batch that is doubted so much, to be refused for it:
hard cases hurt a little, too."""
SUSPECT = 4.0
"""Standard errors by which a wearer's word must be less likely than others' words, to be refused for that alone."""
FEWEST = 3
"""Rows of a wearer below which their batch is not left out in turn."""
FEW, MOST_TOGETHER = 3, 0.2
"""Wearers who may be in it together: three, or a fifth of all. What more of them say is no plot, but what is seen."""
SURELY_WRONG = 0.02
"""Less likely than this a single label of a wearer who is doubted is left out: of others it may be a hard case."""


@dataclass(frozen=True)
class Suspect:
    """A wearer by key: rows, label errors among them, and how far their rows stand out, in standard errors: alone, or
    with the `allies` who mix up the same, whichever is more."""

    owner: int
    rows: int
    errors: int
    harm: float
    doubt: float
    allies: int = 0

    @property
    def score(self) -> float:
        return max(self.harm, 0.0) + max(self.doubt, 0.0)

    @property
    def is_refused(self) -> bool:
        hurts = self.harm > HARMFUL and self.doubt > DOUBTED
        return hurts or self.doubt > SUSPECT


@dataclass(frozen=True)
class Findings:
    """`hurting` and `errors` flag the rows of the lesson; `suspects` come the worst first."""

    suspects: list[Suspect]
    hurting: Flags
    errors: Flags


def find_poison(
    head: Head, lesson: Lesson, owners: Sequence[int], rehearsed: Seen, judges: Lesson
) -> Findings:
    """Judge the batches of a lesson. `judges` are what is known otherwise: nothing of it is learned."""
    sketch = Sketch(head, lesson, rehearsed, judges)
    wearers, who = np.unique(np.array(owners), return_inverse=True)
    likely, errors = find_errors(sketch, lesson, who)
    scale = Scale.of(-np.log(likely + LEAST), who)
    together = sketch.judge(sketch.fit(np.ones(len(lesson), dtype=bool)))
    harms, allies = np.zeros(len(wearers)), np.zeros(len(wearers), dtype=int)
    doubts = np.array([scale.rate(likely[who == number]) for number in range(len(wearers))])
    batches = [(who == number, np.array([number])) for number in range(len(wearers))]
    for rows, members in [*batches, *find_plots(sketch, who, len(wearers))]:
        if rows.sum() < FEWEST:
            continue
        added = sketch.fit(~rows)
        if len(judges):
            gain = measure_gain(together, sketch.judge(added))
            harms[members] = np.maximum(harms[members], gain)
        if len(members) > 1:
            allies[members] = np.maximum(allies[members], len(members) - 1)
            doubts[members] = np.maximum(doubts[members], scale.rate(sketch.rate_said(added, rows)))
    suspects = [
        Suspect(owner, int((who == number).sum()), int(errors[who == number].sum()),
                float(harms[number]), float(doubts[number]), int(allies[number]))
        for number, owner in enumerate(wearers.tolist())
    ]  # fmt: skip
    refused = {one.owner for one in suspects if one.is_refused}
    hurting = np.array([owner in refused for owner in owners])
    suspects.sort(key=lambda one: -one.score)
    doubted = doubts[who] > DOUBTED
    return Findings(suspects, hurting, errors & doubted & (likely < SURELY_WRONG) & ~hurting)


class Sketch:
    """A head that learns on a few directions only; (words) are folded to families."""

    def __init__(self, head: Head, lesson: Lesson, rehearsed: Seen, judges: Lesson) -> None:
        _, self.folds = fold_words(head.words)
        width = len(head.coefficients) - 1
        everything = np.concatenate([lesson.seen.answers, rehearsed.answers])[:, :width]
        _, _, ways = np.linalg.svd(everything - everything.mean(axis=0), full_matrices=False)
        self.ways = ways[:DIRECTIONS].T
        self.known, self.base = self.project(head, lesson.seen)
        self.kept, self.kept_base = self.project(head, rehearsed)
        self.judged, self.judged_base = self.project(head, judges.seen)
        self.former = sharpen(soften(self.kept_base))
        self.accepted = np.minimum(lesson.accepted @ self.folds, 1.0)
        self.right = np.minimum(judges.accepted @ self.folds, 1.0)
        self.weights = lesson.weights

    def project(self, head: Head, seen: Seen) -> tuple[Floats, Floats]:
        """The answers on the directions, and the logits of families that the head has already."""
        width, rates = len(head.coefficients) - 1, seen.rate(head) @ self.folds
        ones = np.ones((len(seen), 1), dtype=np.float32)
        flat = np.hstack([seen.answers[:, :width] @ self.ways, ones])
        return flat.astype(np.float32), np.log(rates + LEAST).astype(np.float32)

    def fit(self, chosen: Flags) -> Floats:
        """What is added to the logits by direction, learned from the chosen rows."""
        known, base = self.known[chosen], self.base[chosen]
        accepted, weights = self.accepted[chosen], self.weights[chosen, None]
        shape = (self.known.shape[1], self.folds.shape[1])

        def look(flat: Doubles) -> tuple[float, Doubles]:
            added = flat.reshape(shape).astype(np.float32)
            rates, again = (
                soften(base + known @ added),
                soften(self.kept_base + self.kept @ added),
            )
            right = rates * accepted
            likely = right.sum(axis=1, keepdims=True) + LEAST
            slopes = known.T @ ((rates - right / likely) * weights)
            slopes += self.kept.T @ (again - self.former) + PULL * added
            loss = -(weights * np.log(likely)).sum()
            loss -= (self.former * np.log(again + LEAST)).sum()
            loss += PULL / 2 * np.square(added).sum()
            return float(loss), slopes.ravel().astype(np.float64)

        found = minimize(look, np.zeros(shape[0] * shape[1]), rounds=15)
        return found.reshape(shape).astype(np.float32)

    def rate(self, added: Floats, chosen: Flags) -> Floats:
        return soften(self.base[chosen] + self.known[chosen] @ added)

    def rate_said(self, added: Floats, chosen: Flags) -> Floats:
        """How likely what the chosen rows say is."""
        return np.asarray((self.rate(added, chosen) * self.accepted[chosen]).sum(axis=1))

    def judge(self, added: Floats) -> Floats:
        """The log-likelihood of what is right, by row of what is judged by."""
        rates = soften(self.judged_base + self.judged @ added)
        return np.asarray(np.log((rates * self.right).sum(axis=1) + 1e-3), dtype=np.float32)


def find_plots(
    sketch: Sketch, who: NDArray[np.intp], wearers: int
) -> list[tuple[Flags, NDArray[np.intp]]]:
    """Rows that call the same thing by the same other name, of the few wearers who do so FEWEST times and more."""
    thought, said = sketch.base.argmax(axis=1), sketch.accepted.argmax(axis=1)
    confusions = thought * sketch.folds.shape[1] + said
    found = []
    for confusion in np.unique(confusions[thought != said]):
        same = confusions == confusion
        members = np.flatnonzero(np.bincount(who[same], minlength=wearers) >= FEWEST)
        if 2 <= len(members) <= max(FEW, MOST_TOGETHER * wearers):
            found.append((same & np.isin(who, members), members))
    return found


def find_errors(sketch: Sketch, lesson: Lesson, who: NDArray[np.intp]) -> tuple[Floats, Flags]:
    """How likely each label is to a sketch that has not heard its wearer, and whether it is an error: another family is
    as likely as it is on average where it is said."""
    rates = np.zeros_like(sketch.accepted)
    for fold in range(FOLDS):
        apart = who % FOLDS == fold
        if apart.any():
            rates[apart] = sketch.rate(sketch.fit(~apart), apart)
    said = sketch.accepted / np.maximum(sketch.accepted.sum(axis=1, keepdims=True), LEAST)
    usual = (said * rates).sum(axis=0) / np.maximum(said.sum(axis=0), LEAST)
    usual = np.where(said.sum(axis=0) > 0, usual, 1.0)
    confident = np.where(rates >= usual, rates, 0.0)
    likely = (rates * sketch.accepted).sum(axis=1)
    best = confident.argmax(axis=1)
    rows = np.arange(len(lesson))
    return likely, (confident[rows, best] > 0) & (sketch.accepted[rows, best] == 0)


@dataclass(frozen=True)
class Scale:
    """What losses are usual: the median of the wearers' means, and the spread of rows."""

    median: float
    spread: float

    @classmethod
    def of(cls, losses: Floats, who: NDArray[np.intp]) -> "Scale":
        means = np.bincount(who, weights=losses) / np.bincount(who)
        return cls(float(np.median(means)), float(losses.std()) + LEAST)

    def rate(self, likely: Floats) -> float:
        """How far the mean loss of a batch is above the usual, in standard errors."""
        losses = -np.log(likely + LEAST)
        return float((losses.mean() - self.median) * np.sqrt(len(losses)) / self.spread)


def measure_gain(together: Floats, without: Floats) -> float:
    """What is judged by gains so many standard errors without a batch."""
    gains = without - together
    error = float(gains.std()) / np.sqrt(len(gains)) + LEAST
    return float(gains.mean() / error)
