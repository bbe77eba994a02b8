"""Fit a head again: to what people said, near to what it was, and with what it knew rehearsed.

The loss is that of `lab/training/heads/regression.py` on the lessons, plus the divergence from the former answers on
rehearsed garments (learning without forgetting: Li and Hoiem, ECCV 2016), plus a pull of the coefficients to the former
ones, which is the Gaussian prior of maximum a posteriori. `blending` says how far to go there. NumPy alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.heads import Head, soften

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Loss = Callable[[Doubles], tuple[float, Doubles]]

PULL = 200.0
"""Of the coefficients to the former ones; the heads were fitted with 100 to 300."""
INTERCEPT_PULL = 1.0
CORRECTED = 0.6
"""What a correction counts against a rehearsed garment: corrections are all of what was hard."""
UNCORRECTED = 0.85
"""How far a garment that nobody corrected is taken for right. With less of it the types beside one that was corrected a lot
lose more: chosen on other seeds than those that are reported, as is how far a head goes (`blending`)."""
ROUNDS = 60
HISTORY = 8
FLATTEST = 1e-4
"""Slope, as a share of the first one, at which fitting ends."""
ENOUGH = 1e-4
"""Of the decrease that the slope promises (Armijo)."""
LEAST = 1e-12


@dataclass(frozen=True)
class Seen:
    """Garments as a head sees them: standardised answers (n, answers), and the logits (n, words) that are known without
    the head, as measured colours are; without these it speaks alone."""

    answers: Floats
    measured: Floats | None = None

    def take(self, chosen: NDArray[Any]) -> "Seen":
        return Seen(self.answers[chosen], None if self.measured is None else self.measured[chosen])

    def rate(self, head: Head) -> Floats:
        """Probabilities (n, words)."""
        return self.add(head.weigh(self.answers))

    def add(self, logits: Floats) -> Floats:
        """Probabilities (n, words) of a head's logits with what is known without it."""
        return soften(logits if self.measured is None else logits + self.measured)

    def __len__(self) -> int:
        return len(self.answers)


def join_seen(*parts: Seen) -> Seen:
    measured = [one.measured for one in parts if one.measured is not None]
    return Seen(
        np.concatenate([one.answers for one in parts]),
        np.concatenate(measured) if measured else None,
    )


@dataclass(frozen=True)
class Lesson:
    """What is seen of garments, what is accepted of each (n, words), and what each counts (n,)."""

    seen: Seen
    accepted: Floats
    weights: Floats

    def take(self, chosen: NDArray[Any]) -> "Lesson":
        return Lesson(self.seen.take(chosen), self.accepted[chosen], self.weights[chosen])

    def __len__(self) -> int:
        return len(self.seen)


def join_lessons(*parts: Lesson) -> Lesson:
    return Lesson(
        join_seen(*(one.seen for one in parts)),
        np.concatenate([one.accepted for one in parts]),
        np.concatenate([one.weights for one in parts]),
    )


def fold_words(words: Sequence[str]) -> tuple[list[str], Floats]:
    """What words are judged as, types as their families, and which word (words, names) belongs to which."""
    names = list(dict.fromkeys(FAMILY_OF.get(word, word) for word in words))
    folds = [[FAMILY_OF.get(word, word) == name for name in names] for word in words]
    return names, np.array(folds, dtype=np.float32)


def find_right(head: Head, judges: Lesson) -> NDArray[np.bool_]:
    """(n,): whether the likeliest family or word is that of an accepted word."""
    _, folds = fold_words(head.words)
    best = (judges.seen.rate(head) @ folds).argmax(axis=1)
    return np.asarray((judges.accepted @ folds)[np.arange(len(best)), best] > 0)


def refit(head: Head, lesson: Lesson, rehearsed: Seen) -> Head:
    """`head` as it fits a lesson best. `rehearsed` (m) are garments of which nobody corrected what `head` said: they keep
    it, surer, and each counts 1.

    The calibration stays: it is of how the head is fitted, not of what it says.
    """
    width = len(head.coefficients) - 1
    known, kept = lesson.seen.answers[:, :width], rehearsed.answers[:, :width]
    former, start = sharpen(rehearsed.rate(head)), head.coefficients
    weights = lesson.weights[:, None]
    pulls = np.full((width + 1, 1), PULL, dtype=np.float32)
    pulls[-1] = INTERCEPT_PULL

    def look(flat: Doubles) -> tuple[float, Doubles]:
        coefficients = flat.reshape(start.shape).astype(np.float32)
        ways, added = coefficients[:-1], coefficients[-1]
        rates, again = lesson.seen.add(known @ ways + added), rehearsed.add(kept @ ways + added)
        right = rates * lesson.accepted
        likely = right.sum(axis=1, keepdims=True) + LEAST
        away = coefficients - start
        pull = (rates - right / likely) * weights
        back = again - former
        slopes = np.vstack([known.T @ pull + kept.T @ back, pull.sum(axis=0) + back.sum(axis=0)])
        loss = -(weights * np.log(likely)).sum() - (former * np.log(again + LEAST)).sum()
        loss += (pulls * np.square(away)).sum() / 2
        return float(loss), (slopes + pulls * away).ravel().astype(np.float64)

    found = minimize(look, start.ravel().astype(np.float64), rounds=ROUNDS).reshape(start.shape)
    return replace(head, coefficients=found.astype(np.float32))


def sharpen(rates: Floats) -> Floats:
    """Nearer to the likeliest word, for nobody corrected it."""
    likeliest = np.eye(rates.shape[1], dtype=np.float32)[rates.argmax(axis=1)]
    return np.asarray((1 - UNCORRECTED) * rates + UNCORRECTED * likeliest)


def minimize(look: Loss, start: Doubles, *, rounds: int = ROUNDS) -> Doubles:
    """L-BFGS with backtracking (Liu and Nocedal 1989). `look` answers with the loss and its slopes."""
    place, (loss, slope) = start, look(start)
    first = float(np.linalg.norm(slope))
    steps: list[tuple[Doubles, Doubles]] = []
    for _ in range(rounds):
        if np.linalg.norm(slope) <= FLATTEST * first:
            break
        way = -precondition(slope, steps)
        length = 1.0 if steps else 1.0 / max(1.0, float(np.abs(slope).sum()))
        promise = float(slope @ way)
        while length > LEAST:
            there = place + length * way
            lower, other = look(there)
            if lower <= loss + ENOUGH * length * promise:
                break
            length /= 2
        else:
            break
        step, turn = there - place, other - slope
        if step @ turn > 0:
            steps = [*steps, (step, turn)][-HISTORY:]
        place, loss, slope = there, lower, other
    return place


def precondition(slope: Doubles, steps: list[tuple[Doubles, Doubles]]) -> Doubles:
    """The slope times what the last steps tell of the inverse curvature."""
    way = slope.copy()
    shares = []
    for step, turn in reversed(steps):
        share = float(step @ way) / float(turn @ step)
        way -= share * turn
        shares.append(share)
    if steps:
        step, turn = steps[-1]
        way *= float(step @ turn) / float(turn @ turn)
    for (step, turn), share in zip(steps, reversed(shares), strict=True):
        way += (share - float(turn @ way) / float(turn @ step)) * step
    return way
