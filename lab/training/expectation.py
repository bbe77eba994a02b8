"""Fit where garments are expected in a photo: the teachers are our own masks.

First the masks that colours alone give teach what is cloth. Then photos are looked at with it, and
those teach anew in which both agree; their garments are also cut out and laid on other grounds. Of
drawn photos the true masks are known: they teach what no photo shows, from belts to gloves.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from lab.synthetic.grounds import GROUNDS
from lab.synthetic.photos import render_photo
from lab.synthetic.sampling import sample_shot, sample_spec
from lab.training.composing import Taken, compose
from lab.training.heads.looks import read_upright
from wardrobe.vision.clusters import Floats
from wardrobe.vision.expectation import (
    CELLS,
    Expectation,
    describe_cells,
    locate_photo,
    show_photo,
    spread_odds,
)
from wardrobe.vision.families import TYPE_NAMES
from wardrobe.vision.garments import join_parts, shrink_image
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.pieces import Mask
from wardrobe.vision.segmentation import Region, find_regions, fit_to
from wardrobe.vision.trunk.sessions import Trunk

Report = Callable[[str], object]
Lesson = tuple[Floats, Floats]
"""Cells (n, numbers), and how much of each is garment (n,)."""

CELLS_A_PHOTO = 160
PLAIN, PLAINEST = 0.4, 0.8
"""Photos whose masks stand out less teach nothing, at first and in the end."""
SAME_MASK, SAME_CELLS = 0.9, 0.8
"""Least overlap of the masks with and without what is expected, and of the mask with the cells."""
COMPOSED_SIDE = 512
DRAWN_SIZES = ((300, 400), (400, 300))
PIXELS = 8

HIDDEN = 64
EPOCHS, BATCH, SPEED = 12, 512, 2e-3
DECAY = 1e-3
MOMENTUM, SMOOTHING = 0.9, 0.99


def choose_files(photos: Path, apart: set[str], seed: int) -> list[Path]:
    """Of `photos`/train, shuffled; those `apart` (relative to `photos`) are what masks are measured by."""
    files = sorted((photos / "train").glob("*/*.jpg"))
    files = [file for file in files if str(file.relative_to(photos)) not in apart]
    random.Random(seed).shuffle(files)  # noqa: S311 (nothing is kept secret by it)
    return files


def train(
    files: Sequence[Path], trunk: Trunk, *, first: int, composed: int, drawn: int, report: Report
) -> Expectation:
    """From the first few photos by colours alone, then from the others. Raises OSError, ValueError."""
    rng = np.random.default_rng(0)
    plain = (read_photo(file) for file in files[:first])
    lessons = [one.teach(trunk, rng) for one in plain if one.certainty >= PLAIN]
    if not lessons:
        raise ValueError("No photo has a plain mask to learn from.")
    report(f"{len(lessons)} photos by their colours alone")
    known = fit_expectation(lessons)
    agreed = list(find_agreed(files[first:], trunk, known, report=report))
    if not agreed:
        raise ValueError("In no photo do colours and what is expected agree.")
    report(f"{len(agreed)} photos in which both agree")
    taken = [one.take() for one in agreed]
    scenes = [compose(taken, seed) for seed in range(composed)]
    lessons = [one.teach(trunk, rng) for one in agreed]
    lessons += [Seen(one.image, one.mask).teach(trunk, rng) for one in scenes]
    lessons += [draw_scene(number).teach(trunk, rng) for number in range(drawn)]
    return fit_expectation(lessons)


@dataclass(frozen=True)
class Seen:
    """A photo with the mask of its garments."""

    image: Image.Image
    mask: Mask
    regions: list[Region] = field(default_factory=list)

    @property
    def certainty(self) -> float:
        return max(region.certainty for region in self.regions)

    def teach(self, trunk: Trunk, rng: np.random.Generator) -> Lesson:
        """Some of its cells."""
        chosen = rng.choice(
            np.flatnonzero(show_photo(self.image.size)), CELLS_A_PHOTO, replace=False
        )
        return describe_cells(self.image, trunk)[chosen], share_cells(self.mask)[chosen]

    def take(self) -> Taken:
        small = self.image.copy()
        small.thumbnail((COMPOSED_SIDE, COMPOSED_SIDE))
        return Taken(small, self.mask)


def draw_scene(number: int) -> Seen:
    """One to three garments of any types; the same number gives the same photo."""
    rng = np.random.default_rng([number, 14])
    specs = [sample_spec(rng, str(rng.choice(TYPE_NAMES))) for _ in range(int(rng.integers(1, 4)))]
    photo = render_photo(
        specs,
        seed=int(rng.integers(2**32)),
        background=str(rng.choice(list(GROUNDS))),
        size=DRAWN_SIZES[number % len(DRAWN_SIZES)],
        shot=sample_shot(rng),
    )
    return Seen(photo.image, np.asarray(np.logical_or.reduce(photo.masks)))


def read_photo(file: Path, expected: Floats | None = None) -> Seen:
    """Raises OSError."""
    with Image.open(file) as opened:
        return see(read_upright(opened), expected)


def see(image: Image.Image, expected: Floats | None = None) -> Seen:
    parameters = VisionParameters()
    lab = to_oklab(shrink_image(image, parameters))
    regions = find_regions(lab, parameters=parameters, expected=expected)
    return Seen(image, np.logical_or.reduce([region.mask for region in regions]), regions)


def find_agreed(
    files: Sequence[Path], trunk: Trunk, known: Expectation, *, report: Report
) -> Iterator[Seen]:
    """Photos of one plain garment whose mask is the same with and without what is expected."""
    for number, file in enumerate(files, start=1):
        alone = read_photo(file)
        if alone.certainty >= PLAINEST and len(join_parts(alone.regions)) == 1:
            odds = spread_odds(known.weigh(describe_cells(alone.image, trunk)), alone.image.size)
            again = see(alone.image, odds)
            cells = fit_to(odds, *again.mask.shape) > 0
            same = overlap(alone.mask, again.mask) > SAME_MASK
            if same and overlap(again.mask, cells) > SAME_CELLS:
                yield again
        if number % 100 == 0:
            report(f"{number} of {len(files)} photos")


def overlap(one: Mask, other: Mask) -> float:
    """Intersection over union."""
    return float((one & other).sum() / max(int((one | other).sum()), 1))


def share_cells(mask: Mask) -> Floats:
    """(CELLS²,): how much of each cell is garment, of a mask of the whole photo."""
    left, top, right, bottom = (PIXELS * side for side in locate_photo(mask.shape[::-1]))
    size = (max(1, round(right - left)), max(1, round(bottom - top)))
    picture = Image.fromarray(mask.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)
    square = Image.new("F", (PIXELS * CELLS, PIXELS * CELLS))
    square.paste(picture, (int(left), int(top)))
    return np.asarray(square.resize((CELLS, CELLS), Image.Resampling.BOX)).ravel()


def fit_expectation(lessons: Sequence[Lesson]) -> Expectation:
    """By Adam (Kingma and Ba 2015), ever slower; the same lessons give the same weights."""
    cells = np.concatenate([one for one, _ in lessons]).astype(np.float32)
    shares = np.concatenate([share for _, share in lessons]).astype(np.float32)
    rng = np.random.default_rng(0)
    weights = [
        rng.normal(0, cells.shape[1] ** -0.5, (cells.shape[1], HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        rng.normal(0, HIDDEN**-0.5, HIDDEN).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    blank = Expectation(cells.mean(axis=0), cells.std(axis=0) + 1e-2, *weights)
    standard = blank.standardise(cells)
    pulls, squares = [[np.zeros_like(one) for one in weights] for _ in range(2)]
    batches = max(1, len(standard) // BATCH)
    for step in range(EPOCHS * batches):
        if step % batches == 0:
            order = rng.permutation(len(standard))
        rows = order[step % batches * BATCH :][:BATCH]
        slopes = find_slopes(weights, standard[rows], shares[rows])
        speed = SPEED * (1 - step / (EPOCHS * batches))
        for one, pull, square, slope in zip(weights, pulls, squares, slopes, strict=True):
            pull += (1 - MOMENTUM) * (slope - pull)
            square += (1 - SMOOTHING) * (slope**2 - square)
            steady = np.sqrt(square / (1 - SMOOTHING ** (step + 1))) + 1e-8
            one -= speed * pull / (1 - MOMENTUM ** (step + 1)) / steady
    return Expectation(blank.means, blank.deviations, *weights)


def find_slopes(weights: Sequence[Floats], cells: Floats, shares: Floats) -> list[Floats]:
    """Of the mean loss of a batch by each of the weights."""
    inward, offsets, outward, offset = weights
    hidden = np.maximum(cells @ inward + offsets, 0)
    off = (1 / (1 + np.exp(-(hidden @ outward + offset))) - shares) / len(cells)
    back = np.outer(off, outward) * (hidden > 0)
    return [
        cells.T @ back + DECAY * inward,
        back.sum(axis=0),
        hidden.T @ off + DECAY * outward,
        off.sum(keepdims=True),
    ]
