"""Is the candidate of a canary worse than the live version? Asked again and again, with few false alarms.

Wearers are dealt to the two sides by chance. If both versions are equally good, then of those who met with
something bad in a batch, the candidate's side has as many as a blind draw would give it: a hypergeometric
number, whatever the rate is, however it changes from batch to batch, and however many there are on each side.
If the odds of something bad are `odds` times higher for the candidate, the number is Fisher's noncentral
hypergeometric. The product of the batches' likelihood ratios is a martingale under equality, and so is a
mixture over several odds; by Ville's inequality it ever reaches 1/alpha with a probability of at most alpha,
wherever one looks and stops (mixture SPRT: H. Robbins, Annals of Mathematical Statistics 41, 1970; for
releases by counts of events: M. Lindon, C. Sanden and V. Shirikian, Rapid Regression Detection in Software
Deployments through Sequential Testing, KDD 2022, which this conditions on the batch).
"""

import math
from functools import lru_cache

from registry.evaluation.statistics import Proportion

ODDS = (1.5, 2.0, 4.0, 16.0)
"""How many times higher the odds of something bad may be: a quarter of the belief in each."""

FALSE_REVERTS = 0.01
"""Of the canaries that are as good as the live version, at most this share is reverted, ever."""


def weigh_batch(candidate: Proportion, live: Proportion) -> list[float]:
    """The natural logarithm of the likelihood ratio of one batch, for each of `ODDS`.

    `hits` are the wearers who met with something bad, `total` all of them.
    """
    bad = candidate.hits + live.hits
    return [
        candidate.hits * math.log(odds) - log_mean_power(odds, bad, candidate.total, live.total)
        for odds in ODDS
    ]


@lru_cache(maxsize=65_536)
def log_mean_power(odds: float, bad: int, candidate_total: int, live_total: int) -> float:
    """log E[odds ** X], where X of `bad` fall to the candidate's side by a blind draw."""
    fewest, most = max(0, bad - live_total), min(bad, candidate_total)
    ways = [
        log_choose(candidate_total, x) + log_choose(live_total, bad - x)
        for x in range(fewest, most + 1)
    ]
    weighted = [way + x * math.log(odds) for x, way in enumerate(ways, start=fewest)]
    return log_sum(weighted) - log_choose(candidate_total + live_total, bad)


def log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def log_sum(logs: list[float]) -> float:
    """log of the sum of the exponentials, without overflow."""
    peak = max(logs)
    return peak + math.log(sum(math.exp(log - peak) for log in logs))


def mix(logs: list[float]) -> float:
    """The evidence, as a logarithm: the mean over `ODDS` of the products so far."""
    return log_sum(logs) - math.log(len(logs))


def limit(guards: int) -> float:
    """From which evidence (a ratio) on one of several guards reverts: their false alarms add up."""
    return guards / FALSE_REVERTS
