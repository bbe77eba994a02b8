"""Local averages of a picture, in numpy."""

import numpy as np

from wardrobe.vision.clusters import Floats


def smooth_along_edges(score: Floats, guide: Floats, radius: int = 4) -> Floats:
    """The guided filter: a local average that stops at edges of `guide`."""
    mean_guide, mean_score = box_mean(guide, radius), box_mean(score, radius)
    covariance = box_mean(guide * score, radius) - mean_guide * mean_score
    variance = box_mean(guide * guide, radius) - mean_guide**2
    slope = covariance / (variance + 1e-3)
    offset = mean_score - slope * mean_guide
    return box_mean(slope, radius) * guide + box_mean(offset, radius)


def box_mean(values: Floats, radius: int) -> Floats:
    """Mean over a square window, by cumulative sums; edges are repeated."""
    size = 2 * radius + 1
    padded = np.pad(values.astype(np.float64), radius, mode="edge")
    sums = np.pad(padded.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    window = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    return np.asarray(window / size**2, dtype=np.float32)
