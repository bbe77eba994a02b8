"""How often windows that did not drift raise an alarm, and how often those that did are found.

    python -m benchmarks.drift [--trials N] [--json]

Windows of n wearers against a reference of four times as many, drawn from the same six formats (62, 22, 8, 5, 2.5 and
0.5 %). `one upload`: each wearer sends one. `clustered`: each sends 1 to 40, nine in ten of them of a format of their
own. Ours (p <= 0.01 by the permutation test on one vote a wearer, and JS >= 0.1) as the only test, and as one of eighteen
under Holm's control, beside the peers: the population stability index of all uploads, alarming at 0.1 and at 0.25, with
empty categories filled with 0.0001 (Evidently's way). `HEIC 40 %` and `JPEG gone` are what is to be found.
"""

import argparse

import numpy as np

from benchmarks.report import Figure, report
from monitoring.drift.statistics import (
    EFFECT,
    SIGNIFICANCE,
    Counts,
    Floats,
    permutation_test,
)

SEED = 20240229
SHARES = np.array([0.62, 0.22, 0.08, 0.05, 0.025, 0.005])
CHANGES = {
    "no drift": SHARES,
    "HEIC 40 %": np.array([0.44, 0.40, 0.08, 0.05, 0.025, 0.005]),
    "JPEG gone": np.array([0.10, 0.60, 0.15, 0.10, 0.04, 0.01]),
}
SIZES = (20, 50, 100, 200)
TESTS = 18
REDRAWS = 1_999
"""A fifth of the product's: enough for the smallest p to pass as one of eighteen."""
OWN_FORMAT = 0.9
RULES = ["ours, alone", f"ours, of {TESTS} tests", "PSI >= 0.1", "PSI >= 0.25"]


def draw_window(
    rng: np.random.Generator, wearers: int, shares: Floats, clustered: bool
) -> tuple[Counts, Counts]:
    """Votes, one a wearer, and all uploads, as counts by format."""
    if not clustered:
        votes = rng.multinomial(wearers, shares)
        return votes, votes
    own = rng.choice(len(shares), size=wearers, p=shares)
    sent = rng.integers(1, 41, size=wearers)
    habits = np.eye(len(shares))[own] * OWN_FORMAT + shares * (1 - OWN_FORMAT)
    uploads = np.array([rng.multinomial(n, habit) for n, habit in zip(sent, habits, strict=True)])
    votes = np.array([rng.choice(len(shares), p=row / row.sum()) for row in uploads])
    return np.bincount(votes, minlength=len(shares)), uploads.sum(axis=0)


def population_stability(now: Counts, before: Counts) -> float:
    p, q = (np.where(c > 0, c / c.sum(), 0.0001) for c in (now, before))
    return float(((p - q) * np.log(p / q)).sum())


def judge(seed: int, wearers: int, shares: Floats, clustered: bool) -> list[bool]:
    """Whether each of RULES alarms about one window."""
    rng = np.random.default_rng(seed)
    votes, uploads = draw_window(rng, wearers, shares, clustered)
    votes_before, uploads_before = draw_window(rng, 4 * wearers, SHARES, clustered)
    p, distance = permutation_test(votes, votes_before, redraws=REDRAWS, seed=seed)
    stability = population_stability(uploads, uploads_before)
    return [
        p <= SIGNIFICANCE and distance >= EFFECT,
        p * TESTS <= SIGNIFICANCE and distance >= EFFECT,
        stability >= 0.1,
        stability >= 0.25,
    ]


def measure(change: str, wearers: int, clustered: bool, trials: int) -> list[Figure]:
    """The share of windows about which each rule alarms, in per cent."""
    alarms = [judge(SEED + i, wearers, CHANGES[change], clustered) for i in range(trials)]
    kind = "clustered" if clustered else "one upload"
    return [
        Figure(f"{change}, {kind}, {wearers} wearers: {rule}", 100 * float(share), "% alarms")
        for rule, share in zip(RULES, np.mean(alarms, axis=0), strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--json", action="store_true")
    trials = parser.parse_args().trials
    figures = [
        figure
        for clustered in (False, True)
        for change in CHANGES
        for wearers in SIZES
        for figure in measure(change, wearers, clustered, trials)
    ]
    report("drift", figures=figures, ratios={}, environment={"trials": trials})


if __name__ == "__main__":
    main()
