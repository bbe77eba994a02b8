"""A Bayesian logistic regression, fitted anew from all observations: whatever is left out was never there.

Weights have independent normal priors around 0, set by hand: `PRIOR_DEVIATION` for a feature. The posterior is
Laplace's: normal around the mode, with the inverse of the curvature there as its covariance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styling.learning.signals import Observation
from styling.stylist.features import NAMES

Array = NDArray[np.float64]

PRIOR_DEVIATION = 0.8
USUALLY_WORN, USUAL_DEVIATION = 0.4, 1.0
"""The prior of the intercept, in log odds: a little more than half of what is suggested is worn."""
MOST_STEPS, CLOSE_ENOUGH = 30, 1e-9
DIGITS = 6
"""Weights are rounded to so many, so that another machine's last bits change nothing."""


@dataclass(frozen=True)
class Posterior:
    """Mean and deviation of the weight of each feature."""

    weights: Mapping[str, float]
    deviations: Mapping[str, float]


def fit(observations: Iterable[Observation]) -> Posterior:
    """The posterior of the weights. Newton's method: the log posterior is concave, so that the mode is one."""
    design, labels, weights = _tabulate(list(observations))
    prior_mean = np.append(np.zeros(len(NAMES)), USUALLY_WORN)
    prior_precision = np.append(np.full(len(NAMES), PRIOR_DEVIATION), USUAL_DEVIATION) ** -2
    mode = prior_mean.copy()
    curvature = np.diag(prior_precision)
    for _ in range(MOST_STEPS):
        chances = 1 / (1 + np.exp(-design @ mode))
        slope = design.T @ (weights * (labels - chances)) - prior_precision * (mode - prior_mean)
        spread = weights * chances * (1 - chances)
        curvature = design.T @ (design * spread[:, None]) + np.diag(prior_precision)
        step = np.linalg.solve(curvature, slope)
        mode = mode + step
        if np.abs(step).max() < CLOSE_ENOUGH:
            break
    deviations = np.sqrt(np.diag(np.linalg.inv(curvature)))
    return Posterior(_by_name(mode), _by_name(deviations))


def _tabulate(observations: list[Observation]) -> tuple[Array, Array, Array]:
    """Features with an intercept, what was liked, and weights. An empty table has one line of weight 0."""
    lines = [
        [*(one.features.get(name, 0.0) for name in NAMES), 0.0 if one.is_comparison else 1.0]
        for one in observations
    ] or [[0.0] * (len(NAMES) + 1)]
    labels = [float(one.liked) for one in observations] or [0.0]
    weights = [one.weight for one in observations] or [0.0]
    return np.array(lines), np.array(labels), np.array(weights)


def _by_name(values: Array) -> dict[str, float]:
    return {
        name: round(float(value), DIGITS) for name, value in zip(NAMES, values[:-1], strict=True)
    }
