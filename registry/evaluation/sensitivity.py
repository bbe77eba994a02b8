"""What a golden dataset can see: the smallest drop that the gate's comparison refuses most of the time.

A simulation of candidates that are worse than a run's version. Each example is made worse with the same chance, by
what an example lost in that run (or by all of it, as one more case: a run without faults says nothing about how
faults look); besides, a share of the examples differs by as much in either direction, as between equally
good versions. Each candidate is judged by sign flips, as the gate judges.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np

from registry.evaluation.statistics import SEED, SIGNIFICANCE, Array

POWER = 0.8
POINT = 0.01
DISCORDANCE = 0.05
"""The share of examples on which equally good versions differ, where no comparison tells."""
TRIALS, FLIPS, STEPS = 300, 499, 10
TIE = 1e-4


@dataclass(frozen=True)
class Sensitivity:
    """`drop` is the smallest one seen, as a share of the mean score of an example; None when even a drop of every
    example is not. `examples_for_one_point`: how many it would take to see a drop of 0.01."""

    drop: float | None
    examples_for_one_point: int
    power: float = POWER

    def __str__(self) -> str:
        count = f"one point would take {self.examples_for_one_point:,} examples"
        if self.drop is None:
            return f"too few examples to see any drop; {count}"
        return f"a drop of {100 * self.drop:.1f} points or more, {10 * self.power:.0f} times in 10; {count}"


def measure_sensitivity(
    scores: Sequence[float], discordance: float = DISCORDANCE, power: float = POWER
) -> Sensitivity:
    """`scores` are a run's, 0..1, one an example. The same ones always give the same answer."""
    return Sensitivity(
        smallest_visible_drop(tuple(scores), discordance, power),
        examples_for_one_point(tuple(scores), discordance, power),
        power,
    )


@lru_cache(256)
def smallest_visible_drop(
    scores: tuple[float, ...], discordance: float = DISCORDANCE, power: float = POWER
) -> float | None:
    """The drop of the mean score that is refused with this power at the gate's level; None if there is none."""
    losses = list_losses(scores)
    low, high = 0.0, 1.0
    if not scores or find_power(len(scores), losses, high, discordance) < power:
        return None
    for _ in range(STEPS):
        middle = (low + high) / 2
        if find_power(len(scores), losses, middle, discordance) < power:
            low = middle
        else:
            high = middle
    return high * float(losses.mean())


def examples_for_one_point(
    scores: Sequence[float], discordance: float = DISCORDANCE, power: float = POWER
) -> int:
    """How many examples like these show a drop of one point, to two digits; by the normal approximation, which
    is close where it takes hundreds."""
    losses = list_losses(scores)
    share = min(1.0, POINT / float(losses.mean()))
    square = (share + discordance) * float((losses**2).mean())
    level, beta = NormalDist().inv_cdf(1 - SIGNIFICANCE), NormalDist().inv_cdf(power)
    spread = level * math.sqrt(square) + beta * math.sqrt(square - POINT**2)
    return round_up((spread / POINT) ** 2)


def round_up(value: float) -> int:
    """To two significant digits."""
    unit: int = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit) * unit


def list_losses(scores: Sequence[float]) -> Array:
    """What examples lost, and a whole one."""
    lost = 1.0 - np.asarray(scores, dtype=float)
    return np.append(lost[lost > 0], 1.0)


def find_power(count: int, losses: Array, share: float, discordance: float) -> float:
    """How often a version is refused that makes this share of `count` examples worse.

    Only examples that differ matter: each trial draws how many do, then by how much. The flips are
    the same for all trials (`FLIPS` columns of signs), so that a step is one product of matrices.
    """
    rng = np.random.default_rng(SEED)
    worse = rng.binomial(count, share, TRIALS)[:, None]
    differing = worse + rng.binomial(count, discordance, TRIALS)[:, None]
    width = int(differing.max(initial=0))
    place = np.arange(width)[None, :]
    signs = draw_signs(width)
    sizes = rng.choice(losses, (TRIALS, width)).astype(np.float32) * (place < differing)
    differences = np.where(place < worse, -sizes, sizes * signs[:, :TRIALS].T)
    seen = differences.sum(axis=1, keepdims=True) + TIE
    as_low = np.count_nonzero(differences @ signs[:, TRIALS:] <= seen, axis=1)
    return float(np.mean((1 + as_low) / (1 + FLIPS) <= SIGNIFICANCE))


@cache
def draw_signs(width: int) -> Array:
    """`width` rows of -1 and 1, single precision."""
    rng = np.random.default_rng(SEED + 1)
    return (2 * rng.integers(0, 2, (width, TRIALS + FLIPS)) - 1).astype(np.float32)
