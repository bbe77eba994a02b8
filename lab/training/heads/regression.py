"""Multinomial logistic regression whose truth may be several words (L-BFGS, Liu and Nocedal 1989)."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from wardrobe.vision.heads import soften

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]

ROUNDS = 60
LEAST = 1e-12


def fit_softmax(
    answers: Array,
    accepted: Array,
    weights: Array,
    *,
    decay: float,
    measured: Array | float = 0.0,
) -> Array:
    """Coefficients (d + 1, words) for `answers` (n, d) and `accepted` (n, words).

    What is made likely is any accepted word, each as much as its share says: the model itself
    decides which of them it was. The last row is the intercepts, which do not decay. `measured` are
    logits that are known otherwise, and added.
    """
    shape = (answers.shape[1] + 1, accepted.shape[1])

    def look(flat: Doubles) -> tuple[float, Doubles]:
        coefficients = flat.reshape(shape).astype(np.float32)
        rates = rate(answers, coefficients, measured)
        right = rates * accepted
        likely = right.sum(axis=1, keepdims=True) + LEAST
        pull = (rates - right / likely) * weights[:, None]
        slopes = np.vstack([answers.T @ pull, pull.sum(axis=0)])
        slopes[:-1] += decay * coefficients[:-1]
        loss = -(weights * np.log(likely[:, 0])).sum()
        loss += decay / 2 * np.square(coefficients[:-1]).sum()
        return float(loss), slopes.ravel().astype(np.float64)

    found = minimize(
        look, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}
    )
    return np.asarray(found.x.reshape(shape), dtype=np.float32)


def rate(answers: Array, coefficients: Array, measured: Array | float = 0.0) -> Array:
    return soften(answers @ coefficients[:-1] + coefficients[-1] + measured)
