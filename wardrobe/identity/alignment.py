"""Whether two pictures show the same scene, whatever happened to the file in between.

First a short vector finds the few pictures that could be meant, then those are laid over each other,
edge by edge, so that a crop does no harm. No network takes part: training another one changes nothing.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.identity.policy import IDENTITY

EXTRACTOR = "dct-1"
"""Names the vectors of `describe_appearance`. Vectors of another name are not comparable with them."""

DIMENSIONS = 128
SAMPLES = 32
Floats = NDArray[np.float32]
# A screenshot's bars are flat but for the clock and the icons on them.
FLAT_SHARE = 0.75
FLAT_LEVELS = 3
SMALLEST_REST = 0.2


def trim_bars(picture: Image.Image) -> Image.Image:
    """Cut off flat bars, as a screenshot or a letterbox has them, from a small grey copy.

    A bar is a run of rows from the edge of one grey, give or take FLAT_LEVELS, in FLAT_SHARE of its
    pixels. Photographed backgrounds are not that even. What would leave too little cuts nothing.
    """
    picture = as_grey(picture)
    pixels = np.asarray(picture).astype(np.int16)
    top, bottom = count_flat(pixels), count_flat(pixels[::-1])
    rows = pixels[top : len(pixels) - bottom]
    if len(rows) < SMALLEST_REST * len(pixels):
        return picture
    left, right = count_flat(rows.T), count_flat(rows.T[::-1])
    if picture.width - left - right < SMALLEST_REST * picture.width:
        left = right = 0
    return picture.crop((left, top, picture.width - right, picture.height - bottom))


def as_grey(picture: Image.Image) -> Image.Image:
    """In grey, 320 px long, but never under 160 px across: of a tall screenshot little is the photo."""
    scale = max(320 / max(picture.size), 160 / min(picture.size))
    grey = picture.convert("L")
    if scale >= 1:
        return grey
    size = (round(scale * grey.width), round(scale * grey.height))
    return grey.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def count_flat(rows: NDArray[np.int16]) -> int:
    """How many rows from the first one on are as flat as, and of the grey of, the first."""
    grey = np.median(rows[0])
    flat = (np.abs(rows - grey) <= FLAT_LEVELS).mean(axis=1) >= FLAT_SHARE
    return len(rows) if flat.all() else int(np.argmin(flat))


def describe_appearance(picture: Image.Image) -> Floats:
    """A unit vector of 128 float32: where it is light and dark, without the bars at the edges.

    The lowest frequencies but the mean of the discrete cosine transform (after Zauner 2010, whose
    hash keeps the signs alone), weighted up with their frequency as photographs have less of them.
    Brightness and contrast are divided out.
    """
    small = trim_bars(picture).resize((SAMPLES, SAMPLES), Image.Resampling.HAMMING)
    basis, chosen, weights = cosine_transform()
    frequencies = basis @ np.asarray(small, dtype=np.float64) @ basis.T
    vector = frequencies.ravel()[chosen] * weights
    length = float(np.linalg.norm(vector))
    if length < 1e-6:  # One grey all over: it is as near to nothing as can be.
        vector, length = np.eye(1, DIMENSIONS)[0], 1.0
    return np.asarray(vector / length, dtype=np.float32)


@cache
def cosine_transform() -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """The orthonormal DCT-II of SAMPLES, the places of the DIMENSIONS lowest and their weights."""
    k, n = np.mgrid[0:SAMPLES, 0:SAMPLES]
    basis = np.cos(np.pi * k * (2 * n + 1) / (2 * SAMPLES)) * np.sqrt(2 / SAMPLES)
    basis[0] /= np.sqrt(2)
    height = np.hypot(k, n).ravel()
    chosen = np.argsort(height, kind="stable")[1 : DIMENSIONS + 1]
    return basis, chosen, (height[chosen] + 0.5) ** 0.75


# Sides of the squares that are compared, and the step, as a share of a side, that edges move by.
LEVELS = ((24, 0.03), (32, 0.012), (48, 0.006), (64, 0.003))
LARGEST_CUT = 0.08
HOPELESS = 0.8
"""No copy correlates less when its edges fit as well as one level can tell."""

PIXELS_PER_SAMPLE = 4
"""Of the copy that a level works on: scaling a small picture costs little."""

MOST_MOVES = 8
AXES = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
PAIRS = [[1, 0, -1, 0], [0, 1, 0, -1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1]]
MOVES = np.array([*AXES, *PAIRS, *(-np.array(AXES)), *(-np.array(PAIRS))], dtype=np.float64)


def measure_overlap(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures show the same scene: 1 for the same pixels, about 0 for strangers.

    Either may lack up to 8 % at each edge. The edges are moved from coarse to fine for as long as
    the correlation grows; what counts in the end is the correlation of the detail alone, because
    two shirts in the middle of two beds are alike as long as one looks at them from afar. Without
    their bars and with them the pictures are compared: a bright sky may be as flat as a bar.
    """
    one, other = as_grey(one), as_grey(other)
    trimmed = trim_bars(one), trim_bars(other)
    overlap = overlay(*trimmed)
    if (one.size, other.size) != (trimmed[0].size, trimmed[1].size):
        overlap = max(overlap, overlay(one, other))
    return overlap


def overlay(one: Image.Image, other: Image.Image) -> float:
    """The correlation of the detail of two grey pictures with their edges moved for the best fit."""
    cuts = np.zeros(4)
    if (overlap := correlate_detail(one, other, cuts)) >= IDENTITY.same_overlap:
        return overlap  # Nothing was cut off, as mostly.
    for side, step in LEVELS:
        small, other_small = (shrink(picture, PIXELS_PER_SAMPLE * side) for picture in (one, other))
        cuts, fit = climb(small, other_small, cuts, side, step)
        if fit < HOPELESS:
            break
    return correlate_detail(one, other, cuts)


def correlate_detail(one: Image.Image, other: Image.Image, cuts: NDArray[np.float64]) -> float:
    side = LEVELS[-1][0]
    return correlate(keep_detail(cut(one, cuts, side)), keep_detail(cut(other, -cuts, side)))


def climb(
    one: Image.Image, other: Image.Image, cuts: NDArray[np.float64], side: int, step: float
) -> tuple[NDArray[np.float64], float]:
    """The cuts to which no neighbour is better, or those after MOST_MOVES, and their correlation.

    `cuts` are left, top, right, bottom in shares of a side: a positive one is taken off `one`, a
    negative one off `other`.
    """
    best = correlate(cut(one, cuts, side), cut(other, -cuts, side))
    for _ in range(MOST_MOVES):
        tries = np.clip(cuts + step * MOVES, -LARGEST_CUT, LARGEST_CUT)
        scores = [correlate(cut(one, t, side), cut(other, -t, side)) for t in tries]
        if max(scores) <= best + 1e-4:
            break
        best, cuts = max(scores), tries[int(np.argmax(scores))]
    return cuts, best


def shrink(picture: Image.Image, side: int) -> Image.Image:
    """Both sides at most `side` long, the proportions given up: positions are told in shares."""
    size = (min(picture.width, side), min(picture.height, side))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BOX)


def cut(picture: Image.Image, cuts: NDArray[np.float64], side: int) -> Floats:
    left, top, right, bottom = np.maximum(cuts, 0)
    width, height = picture.size
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    square = picture.resize((side, side), Image.Resampling.BILINEAR, box=box)
    return np.asarray(square, dtype=np.float32)


def keep_detail(square: Floats) -> Floats:
    """Without what an eighth of the side already shows."""
    side = len(square)
    coarse = Image.fromarray(square).resize((side // 8, side // 8), Image.Resampling.BOX)
    smooth = coarse.resize((side, side), Image.Resampling.BILINEAR)
    return np.asarray(square - np.asarray(smooth), dtype=np.float32)


def correlate(one: Floats, other: Floats) -> float:
    """Pearson's correlation of two pictures' pixels; 0 where one of them is flat."""
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float((one * other).sum()) / norm if norm > 1.0 else 0.0
