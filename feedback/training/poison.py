"""Whose corrections hurt: each wearer's batch is left out in turn, and label errors are ranked.

Leaving out is RONI (B. Nelson et al., Exploiting machine learning to subvert your spam filter, LEET 2008): without a batch
that hurts, what is kept to judge by is told better. Label errors are found by confident learning (C. Northcutt et al.,
JAIR 70, 2021): a head that did not learn from a wearer is surer of another word than of theirs, and surer than it
usually is of that word. Both go by what the head adds on the main directions of the trunk's answers, which takes
a hundredth of a second where a fit takes two.
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
SURELY_WRONG = 0.02
"""Less likely than this a single label of a wearer who is doubted is left out: of others it may be a hard case."""


@dataclass(frozen=True)
class Suspect:
    """A wearer by key: rows, label errors among them, and how far their rows stand out, in standard errors."""

    owner: int
    rows: int
    errors: int
    harm: float
    doubt: float

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
    doubts = standardise(-np.log(likely + LEAST), who, len(wearers))
    every = np.ones(len(lesson), dtype=bool)
    together = sketch.judge(sketch.fit(every))
    suspects = []
    for number, owner in enumerate(wearers.tolist()):
        own = who == number
        harm = 0.0
        if own.sum() >= FEWEST and len(judges):
            harm = measure_gain(together, sketch.judge(sketch.fit(~own)))
        count = int(errors[own].sum())
        suspects.append(Suspect(owner, int(own.sum()), count, harm, float(doubts[number])))
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

    def judge(self, added: Floats) -> Floats:
        """The log-likelihood of what is right, by row of what is judged by."""
        rates = soften(self.judged_base + self.judged @ added)
        return np.asarray(np.log((rates * self.right).sum(axis=1) + 1e-3), dtype=np.float32)


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


def standardise(losses: Floats, who: NDArray[np.intp], wearers: int) -> Floats:
    """How far each wearer's mean loss is above the other wearers' median, in standard errors."""
    means = np.array([losses[who == number].mean() for number in range(wearers)])
    counts = np.array([(who == number).sum() for number in range(wearers)])
    spread = float(losses.std()) + LEAST
    return np.asarray((means - np.median(means)) * np.sqrt(counts) / spread, dtype=np.float32)


def measure_gain(together: Floats, without: Floats) -> float:
    """What is judged by gains so many standard errors without a batch."""
    gains = without - together
    error = float(gains.std()) / np.sqrt(len(gains)) + LEAST
    return float(gains.mean() / error)
