"""How often what is said with some likelihood is right."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from wardrobe.vision.heads import DOUBTED, Calibration

Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]

PRIOR = 0.01
"""Pull of the slope towards 1 and of the offset towards 0, in photos."""
BINS = 10


def fit_calibration(likely: Doubles, right: Flags) -> Calibration:
    """Platt's two numbers: the likeliest, by L-BFGS."""
    inside = np.clip(likely, DOUBTED, 1 - DOUBTED)
    facts = np.stack([np.log(inside / (1 - inside)), np.ones_like(inside)], axis=1)
    start = np.array([1.0, 0.0])

    def look(numbers: Doubles) -> tuple[float, Doubles]:
        logits = facts @ numbers
        loss = np.logaddexp(0, logits).sum() - logits[right].sum()
        slopes = facts.T @ (1 / (1 + np.exp(-logits)) - right)
        away = numbers - start
        return float(loss + PRIOR / 2 * away @ away), slopes + PRIOR * away

    slope, offset = minimize(look, start, jac=True, method="L-BFGS-B").x
    return Calibration(float(slope), float(offset))


def correct_all(calibration: Calibration, likely: Doubles) -> Doubles:
    return np.array([calibration.correct(float(one)) for one in likely])


def calibration_error(likely: Doubles, right: Flags) -> float:
    """Expected calibration error over BINS bins of equal width (Naeini 2015, Guo 2017)."""
    bins = np.minimum((likely * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(likely[chosen].mean()) - float(right[chosen].mean())) * int(chosen.sum())
        for number in range(BINS)
        if (chosen := bins == number).any()
    ]
    return sum(gaps) / len(likely)
