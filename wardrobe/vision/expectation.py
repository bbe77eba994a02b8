"""Where in a photo the trunk expects garments, before any colours are compared.

A small network over what the trunk's maps show around each cell of the photo. Its teachers were our
own masks of some hundred photos and the same garments laid on other grounds, one or several: what
masks get wrong differs from photo to photo, and what they agree in is cloth, not shadow, boards or
skin. `python -m lab train_expectation` fits it.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.classifier import read_weights
from wardrobe.vision.clusters import Floats
from wardrobe.vision.preprocessing import find_ground
from wardrobe.vision.trunk.sessions import Trunk, find_trunk

WEIGHTS = "expectation.npz"
SHA256 = "6ca80190b55ebd063cba4cfedd0af74d99c9b6ce9ccd42b38f22c974b96882fd"
CELLS = 33
"""Along each side of the square that the trunk sees: 8 pixels each."""
FARTHEST = 4.0
"""Standard deviations beyond which an answer tells no more."""
SUREST = 5.0
"""Log odds: colours may overrule what is expected."""
FINER = 4
"""Expected odds are smoothed to this many points a cell."""


@dataclass(frozen=True)
class Expectation:
    """Means and deviations of the numbers of `describe_cells`, and one layer of rectified answers to them."""

    means: Floats
    deviations: Floats
    inward: Floats
    """(numbers, answers)"""
    offsets: Floats
    outward: Floats
    """(answers,)"""
    offset: Floats
    """(1,)"""

    def weigh(self, cells: Floats) -> Floats:
        """Log odds (n,) that cells (n, numbers) show a garment."""
        answers = np.maximum(self.standardise(cells) @ self.inward + self.offsets, 0)
        return np.asarray(answers @ self.outward + self.offset)

    def standardise(self, cells: Floats) -> Floats:
        standard = (cells - self.means) / self.deviations
        return np.asarray(np.clip(standard, -FARTHEST, FARTHEST), dtype=np.float32)


def expect_garments(image: Image.Image) -> Floats | None:
    """Log odds of a garment over the whole photo, in few rows and columns; None without the trunk.

    Raises WeightsMismatchError.
    """
    trunk = find_trunk()
    if trunk is None:
        return None
    return spread_odds(load_expectation().weigh(describe_cells(image, trunk)), image.size)


def spread_odds(odds: Floats, size: tuple[int, int]) -> Floats:
    """Of all cells (CELLS²,), over a photo of that size (width, height), smooth and within SUREST."""
    left, top, right, bottom = box = locate_photo(size)
    points = [max(1, round(side * FINER)) for side in (right - left, bottom - top)]
    cells = Image.fromarray(odds.reshape(CELLS, CELLS))
    grown = cells.resize((points[0], points[1]), Image.Resampling.BICUBIC, box=box)
    return np.asarray(np.clip(np.asarray(grown), -SUREST, SUREST), dtype=np.float32)


def describe_cells(image: Image.Image, trunk: Trunk) -> Floats:
    """(CELLS², numbers): the trunk's maps, and where in the photo the cell lies."""
    maps = [enlarge_map(one) for one in trunk.map(image, ground=find_ground(image))]
    described = np.concatenate([*maps, place_cells(image.size)])
    return np.asarray(described.reshape(len(described), -1).T)


def enlarge_map(answers: Floats) -> Floats:
    """(channels, h, w) to (channels, CELLS, CELLS), between the cells in straight lines."""
    side = answers.shape[1]
    places = (np.arange(CELLS) + 0.5) * side / CELLS - 0.5
    low = np.clip(np.floor(places).astype(int), 0, side - 1)
    high = np.minimum(low + 1, side - 1)
    part = np.clip(places - low, 0, 1).astype(np.float32)
    rows = answers[:, low] * (1 - part)[None, :, None] + answers[:, high] * part[None, :, None]
    return np.asarray(rows[:, :, low] * (1 - part) + rows[:, :, high] * part)


def place_cells(size: tuple[int, int]) -> Floats:
    """Powers of how far each cell lies off the photo's middle: 1 at its edges, more beside it; then how far below it."""
    width, height = (side / max(size) for side in size)
    steps = ((np.arange(CELLS, dtype=np.float32) + 0.5) / CELLS - 0.5) * 2
    y, x = np.meshgrid(steps / height, steps / width, indexing="ij")
    return np.stack([x**2, y**2, x**4, y**4, np.abs(x), np.abs(y), y]).astype(np.float32)


def show_photo(size: tuple[int, int]) -> NDArray[np.bool_]:
    """(CELLS²,): the cells that the photo covers, and not the ground beside it."""
    off = place_cells(size)
    return np.asarray(((off[4] < 1) & (off[5] < 1)).ravel())


def locate_photo(size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a photo of that size among the cells."""
    width, height = (CELLS * side / max(size) for side in size)
    left, top = (CELLS - width) / 2, (CELLS - height) / 2
    return left, top, left + width, top + height


@lru_cache(maxsize=1)
def load_expectation() -> Expectation:
    """Raises WeightsMismatchError when the weights are not those of this release."""
    return read_expectation(read_weights(WEIGHTS, SHA256))


def read_expectation(content: bytes) -> Expectation:
    """What `write_expectation` wrote."""
    with np.load(BytesIO(content)) as file:
        arrays = {name: file[name].astype(np.float32) for name in file.files}
    return Expectation(**arrays)


def write_expectation(expectation: Expectation) -> bytes:
    """The network as 16-bit floats."""
    file = BytesIO()
    halves = {name: part.astype(np.float16) for name, part in vars(expectation).items()}
    kept = {"means": expectation.means, "deviations": expectation.deviations}
    np.savez_compressed(file, **{**halves, **kept})
    return file.getvalue()
