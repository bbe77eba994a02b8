"""How far to go from a former head to the one that fits the corrections best: as far as no class is told worse.

Coefficients between the two are heads as well, and keep most of what is gained with nearly all of what was known
(Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022). How far is chosen by what is kept apart.
"""

from dataclasses import dataclass, replace

import numpy as np

from feedback.training.fitting import Floats, Lesson, find_right, fold_words
from wardrobe.vision.heads import Head

STEPS = (0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125)
"""Ways tried, the farthest first."""
MARGIN = 0.005
"""By so much the mean probability of what is right may fall in a class. It tells a fall long before garments are told
otherwise: a class has some thirty of them here, of which a single one is three points."""
BY_CHANCE = 1
"""So many more garments of a class may be told worse than better."""
FEWEST = 5
"""Of a class of which fewer are kept apart the mean says nothing."""


@dataclass(frozen=True)
class Blend:
    """A head between two, and how far it is from the first, 0 to 1."""

    head: Head
    step: float


def blend(former: Head, fitted: Head, judges: Lesson) -> Blend:
    """The farthest of STEPS at which no family or word is told worse than before; the former head where there is none."""
    for step in STEPS:
        between = mix(former, fitted, step)
        if not is_worse_somewhere(former, between, judges):
            return Blend(between, step)
    return Blend(former, 0.0)


def mix(former: Head, fitted: Head, step: float) -> Head:
    away = fitted.coefficients - former.coefficients
    return replace(former, coefficients=(former.coefficients + step * away).astype(np.float32))


def is_worse_somewhere(former: Head, other: Head, judges: Lesson) -> bool:
    """Whether some family or word is told less likely right by more than MARGIN, or of more garments wrong than right."""
    _, folds = fold_words(former.words)
    classes = (judges.accepted @ folds).argmax(axis=1)
    counts = np.bincount(classes, minlength=folds.shape[1])
    gains = find_right(other, judges).astype(int) - find_right(former, judges)
    surer = rate_right(other, judges, folds) - rate_right(former, judges, folds)
    means = np.bincount(classes, weights=surer, minlength=len(counts)) / np.maximum(counts, 1)
    lost = np.bincount(classes, weights=gains, minlength=len(counts)) < -BY_CHANCE
    return bool((lost | ((means < -MARGIN) & (counts >= FEWEST))).any())


def rate_right(head: Head, judges: Lesson, folds: Floats) -> Floats:
    """(n,): how likely a head thinks what is right."""
    accepted = np.minimum(judges.accepted @ folds, 1.0)
    return np.asarray((judges.seen.rate(head) @ folds * accepted).sum(axis=1))
