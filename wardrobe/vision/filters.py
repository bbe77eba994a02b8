"""Local averages of a picture, in numpy."""

import numpy as np
from PIL import Image

from wardrobe.vision.clusters import Floats

# By hand: with scipy.ndimage instead, a process that has seen 20 photos peaks at 237 MB, not 219, for
# the same answers (`docs/benchmarks.md`). Pillow's BoxBlur takes no floats.

EVENNESS = 1e-3
"""Variance of lightness below which the filter takes a place for even, and averages over it."""


class EdgeGuide:
    """The guided filter (He et al. 2010): a local average that stops at edges of lightness.

    `smooth` answers at the guide's size; `enlarge` at that of a finer guide, from coefficients found
    at the small size (He and Sun 2015), which costs a fraction and keeps the fine edges.
    """

    def __init__(self, guide: Floats, radius: int) -> None:
        self.guide, self.radius = guide, radius
        self.mean = box_mean(guide, radius)
        self.variance = box_mean(guide * guide, radius) - self.mean**2

    def smooth(self, score: Floats) -> Floats:
        slope, offset = self.fit(score)
        return slope * self.guide + offset

    def enlarge(self, score: Floats, fine: Floats) -> Floats:
        slope, offset = (stretch(plane, fine.shape) for plane in self.fit(score))
        return slope * fine + offset

    def fit(self, score: Floats) -> tuple[Floats, Floats]:
        """Of the line from guide to score around each pixel: slope and offset."""
        mean = box_mean(score, self.radius)
        covariance = box_mean(self.guide * score, self.radius) - self.mean * mean
        slope = covariance / (self.variance + EVENNESS)
        return box_mean(slope, self.radius), box_mean(mean - slope * self.mean, self.radius)


def box_mean(values: Floats, radius: int) -> Floats:
    """Mean over a square window, by cumulative sums; edges are repeated."""
    size = 2 * radius + 1
    height, width = values.shape
    padded = np.zeros((height + size, width + size), dtype=np.float64)
    inner = padded[1:, 1:]
    inner[radius : radius + height, radius : radius + width] = values
    inner[:radius] = inner[radius]
    inner[radius + height :] = inner[radius + height - 1]
    inner[:, :radius] = inner[:, radius, None]
    inner[:, radius + width :] = inner[:, radius + width - 1, None]
    sums = np.cumsum(np.cumsum(padded, 0, out=padded), 1, out=padded)
    window = sums[size:, size:] - sums[:-size, size:]
    window -= sums[size:, :-size]
    window += sums[:-size, :-size]
    window /= size**2
    return window.astype(np.float32)


def halve(picture: Floats) -> Floats:
    """Means of two by two pixels of (h, w, channels); an odd last row or column stands twice."""
    height, width, _ = picture.shape
    even = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    rows = even[::2] + even[1::2]
    return np.asarray((rows[:, ::2] + rows[:, 1::2]) / 4, dtype=np.float32)


def stretch(plane: Floats, shape: tuple[int, ...]) -> Floats:
    """A plane at twice its size, less a pixel where `shape` (h, w) is odd, between its values."""
    height, width = shape
    box = (0.0, 0.0, width / 2, height / 2)
    return np.asarray(
        Image.fromarray(plane).resize((width, height), Image.Resampling.BILINEAR, box=box)
    )
