"""How often the gate refuses a version that is as good as the live one, and how often one that is worse.

    python -m benchmarks.gate [--trials N] [--json]

Three tests at 1 %, each on the same simulated pairs of versions: fields (McNemar's exact test over all fields, as if they
were independent: the peer), whole examples (McNemar's, one-sided) and sign flips of examples' scores, which is the gate's.

`whole`: photos of 8 fields, 5 in 100 of which one version gets wrong as a whole (a garment missed), either one alike; a
worse version gets some more of them wrong. `golden`: photos drawn from the golden ones with replacement; where two
versions differ, one of them loses what a photo lost in the real results of the shipped version
(`benchmarks/data/gate_scores.json`, made by `python -m benchmarks.gate_scores --write`).
"""

import argparse
import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.gate_scores import SCORES
from benchmarks.report import Figure, report
from registry.evaluation.sensitivity import DISCORDANCE, measure_sensitivity
from registry.evaluation.statistics import SIGNIFICANCE, Array, IntArray, flip_signs, mcnemar

SEED = 20240229
TESTS = ["fields", "whole examples", "sign flips"]
two_sided = functools.cache(mcnemar)


@dataclass(frozen=True)
class Photos:
    """What each photo is asked (fields), and the losses, as shares of these, that one may have."""

    name: str
    fields: IntArray
    losses: Array

    def draw_pairs(self, count: int, drop: float, trials: int) -> Iterator[IntArray]:
        """How many fields more each of `count` photos has right in the candidate, which is worse by `drop` (0..1)."""
        rng = np.random.default_rng(SEED)
        share = drop / float(self.losses.mean())
        for _ in range(trials):
            fields = rng.choice(self.fields, count)
            lost = np.maximum(1, np.rint(fields * rng.choice(self.losses, count))).astype(int)
            signs = rng.choice([-1, 1], count) * (rng.random(count) < DISCORDANCE)
            signs[rng.random(count) < share] = -1
            yield np.stack([signs * lost, fields])


def read_real() -> tuple[dict[str, dict[str, str]], Photos, list[float]]:
    """The stored results, the photos they are of, and the shipped version's score on each photo."""
    results = json.loads(SCORES.read_text(encoding="utf-8"))
    digits = list(results["shipped"].values())
    scores = [answered.count("1") / len(answered) for answered in digits]
    losses = np.array([1 - score for score in scores if score < 1])
    return results, Photos("golden", np.array([len(a) for a in digits]), losses), scores


def judge(pair: IntArray) -> list[bool]:
    """Whether each of TESTS calls the candidate worse."""
    more, fields = pair
    better, worse = int(more[more > 0].sum()), int(-more[more < 0].sum())
    up, down = int((more > 0).sum()), int((more < 0).sum())
    return [
        worse > better and two_sided(better, worse) < SIGNIFICANCE,
        down > up and two_sided(up, down) / 2 <= SIGNIFICANCE,
        flip_signs(more / fields) <= SIGNIFICANCE,
    ]


def measure(photos: Photos, count: int, drop: float, trials: int) -> list[Figure]:
    """The share of candidates that each test refuses, in per cent."""
    refused = np.mean([judge(pair) for pair in photos.draw_pairs(count, drop, trials)], axis=0)
    what = f"{photos.name}, {count} photos, {100 * drop:.1f} points worse"
    return [
        Figure(f"{what}: {test}", 100 * float(share), "% refused")
        for test, share in zip(TESTS, refused, strict=True)
    ]


def compare_real(results: dict[str, dict[str, str]]) -> Iterator[Figure]:
    """The shipped version against each that differs from it in one number."""
    live = results["shipped"]
    for name, answers in results.items():
        if name == "shipped":
            continue
        pairs = [(live[key], answers[key]) for key in live]
        lost = sum(a > b for one, other in pairs for a, b in zip(one, other, strict=True))
        won = sum(a < b for one, other in pairs for a, b in zip(one, other, strict=True))
        scores = [(b.count("1") - a.count("1")) / len(a) for a, b in pairs]
        yield Figure(f"{name}: photos that differ", sum(map(bool, scores)), "of 100")
        yield Figure(f"{name}: fields lost", lost, "")
        yield Figure(f"{name}: fields won", won, "")
        yield Figure(f"{name}: p by fields, two-sided", mcnemar(won, lost), "")
        yield Figure(f"{name}: p by sign flips, one-sided", flip_signs(scores), "")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    trials = parser.parse_args().trials
    results, golden, scores = read_real()
    whole = Photos("whole", np.array([8]), np.array([1.0]))
    seen = measure_sensitivity(scores)
    assert seen.drop is not None
    figures = list(compare_real(results))
    equal: dict[str, list[Figure]] = {}
    for photos in (whole, golden):
        for count in (100, 372, 1000):
            for drop in (0.0, 0.035, 0.055):
                found = measure(photos, count, drop, trials)
                figures += found
                if not drop:
                    equal[f"{photos.name}, {count}"] = found
    figures.append(Figure("golden: smallest visible drop", 100 * seen.drop, "points"))
    figures += measure(golden, len(scores), seen.drop, trials)[2:]
    figures.append(Figure("golden: photos for one point", seen.examples_for_one_point, "photos"))
    figures += measure(golden, seen.examples_for_one_point, 0.01, trials)[2:]
    ratios = {
        f"fields, equally good, {name}": flips.value / max(fields.value, 1e-9)
        for name, (fields, _, flips) in equal.items()
    }
    report("gate", figures=figures, ratios=ratios)


if __name__ == "__main__":
    main()
