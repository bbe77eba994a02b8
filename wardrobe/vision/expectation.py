"""Where in a photo the trunk expects garments, before any colours are compared.

A logistic regression over what the trunk's maps show around each cell of the photo. Its teachers
were our own masks of some hundred photos: what they get wrong differs from photo to photo, and what
they agree in is cloth, not shadow, boards or skin. `python -m lab train_expectation` fits it.
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
SHA256 = "2359f572611d60a42f59bc7e92a62fce9982bfde994d5708d782329177bbdeb3"
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
    """Numbers for each of `describe_cells`, the last of which is always one."""

    means: Floats
    deviations: Floats
    coefficients: Floats

    def weigh(self, cells: Floats) -> Floats:
        """Log odds (n,) that cells (n, numbers) show a garment."""
        return np.asarray(self.standardise(cells) @ self.coefficients)

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
    odds = load_expectation().weigh(describe_cells(image, trunk)).reshape(CELLS, CELLS)
    left, top, right, bottom = locate_photo(image.size)
    size = (round((right - left) * FINER), round((bottom - top) * FINER))
    grown = Image.fromarray(odds).resize(
        (max(1, size[0]), max(1, size[1])), Image.Resampling.BICUBIC, box=(left, top, right, bottom)
    )
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
    """Powers of how far each cell lies off the photo's middle: 1 at its edges, more beside it."""
    width, height = (side / max(size) for side in size)
    steps = ((np.arange(CELLS, dtype=np.float32) + 0.5) / CELLS - 0.5) * 2
    y, x = np.meshgrid(steps / height, steps / width, indexing="ij")
    ones = np.ones_like(x)
    return np.stack([x**2, y**2, x**4, y**4, np.abs(x), np.abs(y), y, ones]).astype(np.float32)


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
    with np.load(BytesIO(read_weights(WEIGHTS, SHA256))) as file:
        arrays = {name: file[name].astype(np.float32) for name in file.files}
    return Expectation(**arrays)


def write_expectation(expectation: Expectation) -> bytes:
    file = BytesIO()
    np.savez_compressed(file, **vars(expectation))
    return file.getvalue()
