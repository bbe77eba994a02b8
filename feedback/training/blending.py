"""How far to go from a former head to the one that fits the corrections best: as far as no class is told worse.

Coefficients between the two are heads as well, and keep most of what is gained with nearly all of what was known
(Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022). How far is chosen by what is kept apart.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback.training.fitting import (
    Floats,
    Lesson,
    Seen,
    find_right,
    fold_words,
    join_seen,
    refit,
)
from wardrobe.vision.heads import Head

STEPS = (0.4, 0.3, 0.2, 0.1)
"""Ways tried, the farthest first. Of what a head gains a third to a half lies on the first four tenths of the way, and of
what other types lose next to nothing: chosen for skirts on seeds 13 to 24 of what closes."""
MARGIN = 0.005
"""By so much the mean probability of what is right may fall in a class. It tells a fall long before garments are told
otherwise: a class has some thirty of them here, of which a single one is three points."""
BY_CHANCE = 1
"""So many more garments of a class may be told worse than better."""
ENOUGH, UNJUDGED = 100, 0.2
"""Where fewer garments are kept apart, the way is no longer than this: they could not tell."""
FEWEST = 5
"""Of a class of which fewer are kept apart the mean says nothing."""


@dataclass(frozen=True)
class Blend:
    """A head between two, and how far it is from the first, 0 to 1. `tried` is as far from it and has learned nothing of
    what is kept apart, which can tell of that one alone."""

    head: Head
    step: float
    tried: Head


def relearn(
    former: Head, lesson: Lesson, rehearsed: Seen, judges: Lesson, let_be: NDArray[np.bool_]
) -> Blend:
    """`former` on its way to the lesson. How far is chosen by a head that does not know what is kept apart; what goes
    there rehearses those of `judges` (n,) that nobody corrected, too: without them their neighbours lose."""
    trial = refit(former, lesson, rehearsed)
    step = choose_step(former, trial, judges)
    if not step:
        return Blend(former, 0.0, former)
    fitted = refit(former, lesson, join_seen(rehearsed, judges.seen.take(let_be)))
    return Blend(mix(former, fitted, step), step, mix(former, trial, step))


def choose_step(former: Head, fitted: Head, judges: Lesson) -> float:
    """The farthest of STEPS at which no family or word is told worse than before; 0 where there is none."""
    farthest = 1.0 if len(judges) >= ENOUGH else UNJUDGED
    for step in (one for one in STEPS if one <= farthest):
        if not is_worse_somewhere(former, mix(former, fitted, step), judges):
            return step
    return 0.0


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
