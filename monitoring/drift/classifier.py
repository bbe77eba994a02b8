"""A classifier two-sample test: can new vectors be told from earlier ones? Pure numpy.

After D. Lopez-Paz and M. Oquab, Revisiting Classifier Two-Sample Tests, ICLR 2017. Where a classifier that has not
seen them tells the windows apart better than it does when the labels are shuffled, they differ; the vectors it is
surest of show how.
"""

from typing import NamedTuple

import numpy as np

from monitoring.drift.statistics import Counts, Floats, cut_bins, jensen_shannon

SHUFFLES = 1_999
"""So many that the smallest p, 1 / 2,000, passes when it is multiplied by twenty tests."""
FOLDS = 5
COMPONENTS = 16
RIDGE = 1.0
STEPS = 6
SCORE_BINS = 5


class Telling(NamedTuple):
    """`scores` are the vectors', each by a classifier that has not seen it: higher looks newer."""

    p: float
    auc: float
    distance: float
    scores: Floats


def tell_apart(
    vectors: Floats, is_new: Floats, wearers: Counts, *, shuffles: int = SHUFFLES, seed: int = 0
) -> Telling:
    """`vectors` has shape (n, width), `is_new` n zeros and ones, `wearers` n numbers.

    A wearer has at most one vector in each window, and both of them are in one fold: nobody is learned by heart.
    Labels are shuffled over all vectors; the directions that are looked at do not depend on the labels.
    """
    rng = np.random.default_rng(seed)
    features = reduce(vectors)
    folds = rng.integers(0, FOLDS, int(wearers.max()) + 1)[wearers]
    shuffled = rng.permuted(np.tile(is_new, (shuffles, 1)), axis=1)
    labels = np.vstack([is_new, shuffled]).T
    scores = cross_validate(features, labels, folds)
    areas = areas_under_curve(scores, labels)
    p = (1 + int((areas[1:] >= areas[0] - 1e-12).sum())) / (1 + shuffles)
    return Telling(p, float(areas[0]), measure_distance(scores[:, 0], is_new), scores[:, 0])


def reduce(vectors: Floats) -> Floats:
    """The first principal components, each of variance 1, and a constant; shape (n, components + 1)."""
    centred = vectors - vectors.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    count = min(COMPONENTS, int((sizes > 1e-9 * max(float(sizes[0]), 1e-9)).sum()))
    scaled = left[:, :count] * np.sqrt(len(vectors))
    return np.hstack([scaled, np.ones((len(vectors), 1))])


def cross_validate(features: Floats, labels: Floats, folds: Counts) -> Floats:
    """The score of each vector under each column of labels, by the four fifths that it is not in."""
    scores = np.zeros(labels.shape)
    for fold in range(FOLDS):
        held_out = folds == fold
        if held_out.any() and not held_out.all():
            scores[held_out] = features[held_out] @ fit(features[~held_out], labels[~held_out])
    return scores


def fit(features: Floats, labels: Floats) -> Floats:
    """Ridge logistic regressions, one a column of labels; shape (features, columns).

    A few steps with the upper bound of the Hessian, X'X / 4 (D. Böhning and B. Lindsay, Annals of the Institute of
    Statistical Mathematics 40, 1988): it is the same for all columns, so that thousands are fitted at once.
    """
    bound = features.T @ features / 4 + RIDGE * np.eye(features.shape[1])
    step = np.linalg.inv(bound)
    weights = np.zeros((features.shape[1], labels.shape[1]))
    for _ in range(STEPS):
        errors = labels - 1 / (1 + np.exp(-features @ weights))
        weights += step @ (features.T @ errors - RIDGE * weights)
    return weights


def areas_under_curve(scores: Floats, labels: Floats) -> Floats:
    """Of each column: how often a new vector has a higher score than an earlier one."""
    sorted_labels = np.take_along_axis(labels, scores.argsort(axis=0), axis=0)
    new = labels.sum(axis=0)
    wins = np.arange(1, len(labels) + 1) @ sorted_labels - new * (new + 1) / 2
    areas: Floats = wins / np.maximum(new * (len(labels) - new), 1)
    return areas


def measure_distance(scores: Floats, is_new: Floats) -> float:
    """The Jensen-Shannon distance of the scores of the two windows, in five bins."""
    edges = cut_bins(scores.tolist(), SCORE_BINS)
    bins = np.searchsorted(np.asarray(edges), scores, side="right")
    counts = [np.bincount(bins[is_new == label], minlength=SCORE_BINS) for label in (1, 0)]
    return float(jensen_shannon(*counts))
