"""Thousands of canaries at once, on outcomes drawn from a seed, weighed by the product's own test.

    python -m tests.registry.simulated_canaries

prints the table of docs/canaries.md: a thousand canaries for a tenth of the wearers, watched for 20,000 calls
of different wearers.
"""

import os
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

import numpy as np
from numpy.typing import NDArray

if __name__ == "__main__":
    import django

    django.setup()

from registry.canary import guards, sequential

BATCH = guards.BATCH_WEARERS
LIMIT = np.log(guards.LIMIT)
RATES = (0.04, 0.01, 0.02, 0.10)
"""Violations, broken JSON, failures and corrections of the live version."""


@dataclass(frozen=True)
class World:
    """Rates of something bad per wearer and batch, one a guard: for the live version and the candidate."""

    live: tuple[float, ...]
    candidate: tuple[float, ...]
    share: float = 0.1
    drift: float = 0.0
    """By how much all rates swing from batch to batch, for both versions: 0.5 is up to half more or less."""


@dataclass(frozen=True)
class Endings:
    """`calls` of both versions until each revert, in the order of the canaries that were reverted."""

    reverted: float
    calls: NDArray[np.int64]

    @property
    def median(self) -> float:
        return float(np.median(self.calls))

    @property
    def p95(self) -> float:
        return float(np.quantile(self.calls, 0.95))


def simulate(world: World, *, canaries: int, batches: int, seed: int) -> Endings:
    """Let canaries run for so many batches of 40 wearers, unless they are reverted before."""
    rng = np.random.default_rng(seed)
    shape = (canaries, batches)
    mine = rng.binomial(BATCH, world.share, shape)
    swing = 1 + world.drift * rng.uniform(-1, 1, shape)
    evidence = np.full(shape, -np.inf)
    for live, candidate in zip(world.live, world.candidate, strict=True):
        bad = rng.binomial(mine, np.clip(candidate * swing, 0, 1))
        theirs = rng.binomial(BATCH - mine, np.clip(live * swing, 0, 1))
        evidence = np.maximum(evidence, follow_evidence(mine, bad, theirs))
    is_worse = (evidence >= LIMIT) & (mine.cumsum(axis=1) >= guards.MIN_CALLS)
    is_reverted = is_worse.any(axis=1)
    return Endings(is_reverted.mean(), BATCH * (is_worse.argmax(axis=1)[is_reverted] + 1))


def simulate_guard_of_latency(
    slowdown: float, *, share: float, canaries: int, batches: int, seed: int
) -> Endings:
    """The same for times that are log-normal, the candidate's `slowdown` times longer."""
    rng = np.random.default_rng(seed)
    shape = (canaries, batches)
    mine = rng.binomial(BATCH, share, shape)
    times = rng.lognormal(0, 0.5, (*shape, BATCH))
    is_mine = np.arange(BATCH) < mine[..., None]
    ranked = np.where(is_mine, times * slowdown / guards.LATENCY_TOLERANCE, times)
    slowest = round(guards.SLOW_SHARE * BATCH)
    is_slow = ranked >= np.sort(ranked, axis=2)[..., BATCH - slowest, None]
    bad, theirs = (is_slow & is_mine).sum(axis=2), (is_slow & ~is_mine).sum(axis=2)
    evidence = follow_evidence(mine, bad, theirs)
    is_worse = (evidence >= LIMIT) & (mine.cumsum(axis=1) >= guards.MIN_CALLS)
    is_reverted = is_worse.any(axis=1)
    return Endings(is_reverted.mean(), BATCH * (is_worse.argmax(axis=1)[is_reverted] + 1))


def follow_evidence(
    mine: NDArray[np.int64], bad: NDArray[np.int64], theirs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The logarithm of the mixture after each batch, (canaries, batches). A batch without wearers on both sides
    has a ratio of 1 by itself, as one that is not weighed."""
    logs = [
        np.cumsum(bad * np.log(odds) - normalizers(odds)[mine, bad + theirs], axis=1)
        for odds in sequential.ODDS
    ]
    mixed: NDArray[np.float64] = np.logaddexp.reduce(logs) - np.log(len(logs))
    return mixed


def normalizers(odds: float) -> NDArray[np.float64]:
    """The product's normalizer for each number of the candidate's wearers, and of bad ones."""
    return np.array(
        [
            [sequential.log_mean_power(odds, bad, mine, BATCH - mine) for bad in range(BATCH + 1)]
            for mine in range(BATCH + 1)
        ]
    )


def describe(name: str, endings: Endings) -> str:
    calls = (
        f"{endings.median:>8.0f}{endings.p95:>8.0f}" if endings.calls.size else "       –       –"
    )
    return f"{name:<42}{endings.reverted:>8.1%}{calls}"


def print_table() -> None:
    violating, broken = (0.2, *RATES[1:]), (0.04, 0.5, *RATES[2:])
    worlds = {
        "as good": World(RATES, RATES),
        "as good, for half of the wearers": World(RATES, RATES, share=0.5),
        "as good, rates swing from nothing to twofold": World(RATES, RATES, drift=1.0),
        "a quarter more of everything": World(RATES, tuple(1.25 * rate for rate in RATES)),
        "half more of everything": World(RATES, tuple(1.5 * rate for rate in RATES)),
        "twice everything": World(RATES, tuple(2 * rate for rate in RATES)),
        "five times the violations": World(RATES, violating),
        "every other answer is no JSON": World(RATES, broken),
        "the same, for half of the wearers": World(RATES, broken, share=0.5),
    }
    print(f"{'candidate':<42}{'reverted':>8}{'median':>8}{'p95':>8}")  # noqa: T201
    for name, world in worlds.items():
        print(describe(name, simulate(world, canaries=1000, batches=500, seed=1)))  # noqa: T201
    for slowdown in (1.2, 1.5, 2.0):
        endings = simulate_guard_of_latency(slowdown, share=0.1, canaries=500, batches=200, seed=1)
        print(describe(f"{slowdown:g} times the time", endings))  # noqa: T201


if __name__ == "__main__":
    print_table()
