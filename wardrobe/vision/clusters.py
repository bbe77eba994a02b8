"""k-means on colours: small, deterministic, in numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# By hand: scipy.cluster.vq takes 40 MB more of a process, and these seeds would stay ours.

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Clusters:
    centres: Floats
    """(k, channels)"""
    labels: NDArray[np.intp]
    """(points,) index of the nearest centre"""
    shares: Floats
    """(k,) share of the points, summing to 1"""


def cluster_colours(
    points: Floats, count: int, *, rounds: int = 8, start: Floats | None = None
) -> Clusters:
    """Up to `count` clusters of `points` (n, channels); the same points give the same clusters.

    `start` is centres found before, of nearly the same points: then fewer rounds will do.
    """
    centres = spread_centres(points, count) if start is None else start
    for _ in range(rounds):
        labels = nearest(points, centres)
        sizes = np.bincount(labels, minlength=len(centres))
        sums = np.stack(
            [np.bincount(labels, weights=channel, minlength=len(centres)) for channel in points.T],
            axis=1,
        )
        alive = sizes > 0
        centres = (sums[alive] / sizes[alive, None]).astype(np.float32)
    labels = nearest(points, centres)
    sizes = np.bincount(labels, minlength=len(centres))
    return Clusters(centres, labels, (sizes / len(points)).astype(np.float32))


def spread_centres(points: Floats, count: int) -> Floats:
    """Farthest-point seeding (Gonzalez 1985) on a thinned set, starting from the mean."""
    sample = points[:: max(1, len(points) // 1000)]
    centres = [sample.mean(axis=0)]
    distances = np.square(sample - centres[0]).sum(axis=1)
    for _ in range(count - 1):
        centres.append(sample[int(distances.argmax())])
        distances = np.minimum(distances, np.square(sample - centres[-1]).sum(axis=1))
    return np.stack(centres).astype(np.float32)


def nearest(points: Floats, centres: Floats) -> NDArray[np.intp]:
    """Index of the nearest centre for each point, by |c|² − 2p·c."""
    return np.asarray((np.square(centres).sum(axis=1) - 2 * points @ centres.T).argmin(axis=1))
