"""Corrections by the day without a site: `python -m benchmarks.feedback --part rule`.

What teaches is chosen as a training set chooses it, but for near-duplicates and for what reviewers are asked of the random
tenth; there is no PostgreSQL, and a seed takes seconds. A forerunner chose the rule of `feedback/training/blending.py`.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.feedback_closing import STEPS, WEARERS, Told, draw, summarize, tell
from benchmarks.feedback_drawings import read_drawings
from benchmarks.feedback_world import World, load_world, starve
from benchmarks.report import Figure

CHECKED, APART = 10, 3
"""One correction in so many is asked of two reviewers; one in so many of these, and of what nobody corrected, judges."""


def measure_rule(options: argparse.Namespace, looks: Any) -> list[Figure]:
    import django

    django.setup()
    count = options.drawings
    drawings = read_drawings(options.drawn, count, report=print) if count else None
    told = []
    for seed in range(options.first_seed, options.first_seed + options.closing_seeds):
        world = load_world(options, seed, looks)
        if drawings is not None:
            world.learn_drawings(drawings)
        told.append(learn_by_the_day(world, options.starved, seed))
        tell(seed, told[-1], options.starved)
    if options.plot:
        options.plot.write_text(draw([one.scores for one in told], options.starved))
    return summarize(told, options.starved)


def learn_by_the_day(world: World, starved: str, seed: int) -> Told:
    """What is right of what is held out after each of STEPS."""
    began = time.process_time()
    head = starve(world, starved)
    said = head.rate(world.answers).argmax(axis=1)
    right = world.accepted[np.arange(len(said)), said] > 0
    uploads = np.flatnonzero((world.tenths >= 3) & ~world.held)
    photos = np.random.default_rng(seed).permutation(uploads)
    draws = np.random.default_rng(1000 + seed).random((2, len(said)))
    scores, steps, rows = [(0, world.score(head))], [], 0
    for step in STEPS:
        wrong = np.cumsum(~right[photos])
        seen = photos[: int(np.searchsorted(wrong, step)) + 1]
        learned, way = retrain(world, head, seen[~right[seen]], seen[right[seen]], draws)
        scores.append((step, world.score(learned)))
        steps.append(way)
        rows = len(seen)
    took = time.process_time() - began
    return Told(scores, world.count_held(), took, rows, steps, None, None)


def retrain(
    world: World, head: Any, wrong: np.ndarray, let_be: np.ndarray, draws: np.ndarray
) -> tuple[Any, float]:
    """A head of corrected and of other photos, by their places, and how far it went."""
    from feedback.training import poison
    from feedback.training.blending import relearn
    from feedback.training.fitting import CORRECTED, Seen, join_lessons, join_seen

    kept, apart = cap_places(world, wrong), draws[0] < 1 / APART
    judging = kept[apart[kept] & (draws[1][kept] < 1 / CHECKED)]
    taught, silent = np.setdiff1d(kept, judging), let_be[apart[let_be]]
    lesson = world.teach(taught, world.name_best(taught), CORRECTED)
    rehearsed = join_seen(
        Seen(world.answers[let_be[~apart[let_be]]]), world.standardise(world.rehearsed)
    )
    said = head.rate(world.answers[silent]).argmax(axis=1)
    judges = join_lessons(
        world.teach(judging, world.name_best(judging), CORRECTED),
        world.teach(silent, np.eye(len(world.words), dtype=np.float32)[said]),
    )
    owners: Sequence[int] = (taught % WEARERS).tolist()
    found = poison.find_poison(head, lesson, owners, rehearsed, judges)
    heard = lesson.take(~(found.hurting | found.errors))
    blended = relearn(head, heard, rehearsed, judges, np.arange(len(judges)) >= len(judging))
    return blended.head, blended.step


def cap_places(world: World, places: np.ndarray) -> np.ndarray:
    """At most CAP of one wearer and word, the newest."""
    from feedback.training.building import CAP

    counts: Counter[tuple[int, int]] = Counter()
    kept = []
    for place in places[::-1].tolist():
        key = (place % WEARERS, int(world.accepted[place].argmax()))
        counts[key] += 1
        if counts[key] <= CAP:
            kept.append(place)
    return np.array(kept[::-1])
