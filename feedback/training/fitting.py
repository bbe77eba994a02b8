"""Fit a head again: to what people said, near to what it was, and with what it knew rehearsed.

The loss is that of `lab/training/heads/regression.py` on the lessons, plus the divergence from the former answers on
rehearsed garments (learning without forgetting: Li and Hoiem, ECCV 2016), plus a pull of the coefficients to the former
ones, which is the Gaussian prior of maximum a posteriori. The answer is half way to what is found: that keeps most of what
is gained, and nearly all of what was known (Wortsman et al., Robust fine-tuning, CVPR 2022). NumPy alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.heads import Head

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Loss = Callable[[Doubles], tuple[float, Doubles]]

PULL = 200.0
"""Of the coefficients to the former ones; the heads were fitted with 100 to 300."""
INTERCEPT_PULL = 1.0
CORRECTED = 0.6
"""What a correction counts against a rehearsed garment: corrections are all of what was hard."""
UNCORRECTED = 0.3
"""How far a garment that nobody corrected is taken for right."""
STEP = 0.5
"""How far the coefficients go from the former ones to those that fit best."""
ROUNDS = 60
HISTORY = 8
FLATTEST = 1e-4
"""Slope, as a share of the first one, at which fitting ends."""
ENOUGH = 1e-4
"""Of the decrease that the slope promises (Armijo)."""
LEAST = 1e-12


@dataclass(frozen=True)
class Lesson:
    """Standardised answers (n, answers), what is accepted of each (n, words), and what each counts (n,)."""

    answers: Floats
    accepted: Floats
    weights: Floats

    def take(self, chosen: NDArray[np.bool_]) -> "Lesson":
        return Lesson(self.answers[chosen], self.accepted[chosen], self.weights[chosen])

    def __len__(self) -> int:
        return len(self.answers)


def refit(head: Head, lesson: Lesson, rehearsed: Floats, *, step: float = STEP) -> Head:
    """`head` after a lesson. `rehearsed` (m, answers) are of garments of which nobody corrected what `head` said: they keep
    it, a little surer, and each counts 1.

    The calibration stays: it is of how the head is fitted, not of what it says.
    """
    width = len(head.coefficients) - 1
    known, kept = lesson.answers[:, :width], rehearsed[:, :width]
    former, start = sharpen(head.rate(kept)), head.coefficients
    weights = lesson.weights[:, None]
    pulls = np.full((width + 1, 1), PULL, dtype=np.float32)
    pulls[-1] = INTERCEPT_PULL

    def look(flat: Doubles) -> tuple[float, Doubles]:
        coefficients = flat.reshape(start.shape).astype(np.float32)
        rates, again = rate(known, coefficients), rate(kept, coefficients)
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
    return replace(head, coefficients=(start + step * (found - start)).astype(np.float32))


def sharpen(rates: Floats) -> Floats:
    """Nearer to the likeliest word, for nobody corrected it."""
    likeliest = np.eye(rates.shape[1], dtype=np.float32)[rates.argmax(axis=1)]
    return np.asarray((1 - UNCORRECTED) * rates + UNCORRECTED * likeliest)


def rate(answers: Floats, coefficients: Floats) -> Floats:
    """Probabilities (n, words)."""
    return softmax(answers @ coefficients[:-1] + coefficients[-1])


def softmax(logits: Floats) -> Floats:
    """Probabilities (n, words)."""
    scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), dtype=np.float32)


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
