"""Fit where garments are expected in a photo: the teachers are our own masks, found by colour alone."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.optimize import minimize

from lab.training.heads.looks import read_upright
from wardrobe.vision.clusters import Floats
from wardrobe.vision.expectation import (
    CELLS,
    Expectation,
    describe_cells,
    locate_photo,
    show_photo,
)
from wardrobe.vision.garments import shrink_image
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.pieces import Mask
from wardrobe.vision.segmentation import find_regions
from wardrobe.vision.trunk.sessions import Trunk

Doubles = NDArray[np.float64]
Lesson = tuple[Floats, Floats]
"""Cells (n, numbers), and how much of each is garment (n,)."""

CELLS_A_PHOTO = 160
PLAIN = 0.4
"""Photos whose masks stand out less teach nothing."""
DECAY = 300.0
ROUNDS = 80
PIXELS = 8


def choose_files(photos: Path, apart: set[str], count: int, seed: int) -> list[Path]:
    """Of `photos`/train; those `apart` (relative to `photos`) are what masks are measured by."""
    files = sorted((photos / "train").glob("*/*.jpg"))
    files = [file for file in files if str(file.relative_to(photos)) not in apart]
    random.Random(seed).shuffle(files)  # noqa: S311 (nothing is kept secret by it)
    return files[:count]


def read_lessons(
    files: Sequence[Path], trunk: Trunk, *, report: Callable[[str], object]
) -> Iterator[Lesson]:
    """Some cells of each photo whose mask is plain. Raises OSError."""
    rng = np.random.default_rng(0)
    parameters = VisionParameters()
    for number, file in enumerate(files, start=1):
        with Image.open(file) as opened:
            image = read_upright(opened)
        lab = to_oklab(shrink_image(image, parameters))
        regions = find_regions(lab, parameters=parameters)
        if max(region.certainty for region in regions) >= PLAIN:
            mask = np.logical_or.reduce([region.mask for region in regions])
            chosen = rng.choice(
                np.flatnonzero(show_photo(image.size)), CELLS_A_PHOTO, replace=False
            )
            yield describe_cells(image, trunk)[chosen], share_cells(mask)[chosen]
        if number % 50 == 0:
            report(f"{number} of {len(files)} photos")


def share_cells(mask: Mask) -> Floats:
    """(CELLS²,): how much of each cell is garment, of a mask of the whole photo."""
    left, top, right, bottom = (PIXELS * side for side in locate_photo(mask.shape[::-1]))
    size = (max(1, round(right - left)), max(1, round(bottom - top)))
    picture = Image.fromarray(mask.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)
    square = Image.new("F", (PIXELS * CELLS, PIXELS * CELLS))
    square.paste(picture, (int(left), int(top)))
    return np.asarray(square.resize((CELLS, CELLS), Image.Resampling.BOX)).ravel()


def fit_expectation(lessons: Sequence[Lesson]) -> Expectation:
    """By L-BFGS; the last number of a cell is one, and its coefficient does not decay."""
    cells = np.concatenate([one for one, _ in lessons])
    shares = np.concatenate([share for _, share in lessons]).astype(np.float64)
    means, deviations = cells.mean(axis=0), cells.std(axis=0) + 1e-2
    means[-1], deviations[-1] = 0.0, 1.0
    blank = Expectation(means, deviations, np.zeros_like(means))
    standard = blank.standardise(cells)
    decay = np.full(len(means), DECAY)
    decay[-1] = 0.0

    def look(coefficients: Doubles) -> tuple[float, Doubles]:
        odds = (standard @ coefficients.astype(np.float32)).astype(np.float64)
        loss = np.logaddexp(0, odds).sum() - odds @ shares
        off = (1 / (1 + np.exp(-odds)) - shares).astype(np.float32)
        slopes = (standard.T @ off).astype(np.float64) + decay * coefficients
        return float(loss + decay @ np.square(coefficients) / 2), slopes

    start = np.zeros(len(means))
    found = minimize(look, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return Expectation(means, deviations, found.astype(np.float32))
