"""The pictures to learn from: real photos out of folders, and photos that the renderer draws."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from lab.synthetic.sampling import sample_photo
from lab.training.splits import is_held_out
from wardrobe.vision.families import FAMILY_NAMES, FAMILY_OF, FOLDER_NAMES, TYPE_NAMES
from wardrobe.vision.preprocessing import INPUT_SIZE, fit_square

CACHED_SIZE = 160
"""Photos are kept a little larger than the input, so that zooming in stays sharp."""

UNKNOWN = -1
"""The type of a real photo: its folder tells the family only."""


@dataclass(frozen=True)
class Pictures:
    pixels: Tensor
    """uint8, (N, 3, side, side)"""
    families: Tensor
    types: Tensor
    """Indices into TYPE_NAMES, or UNKNOWN."""

    def __len__(self) -> int:
        return len(self.families)

    def to(self, device: torch.device) -> "Pictures":
        return Pictures(self.pixels.to(device), self.families.to(device), self.types.to(device))


@dataclass(frozen=True)
class Collection:
    """`held_out`, a tenth of the training photos, is for choosing and for calibration."""

    training: Pictures
    held_out: Pictures
    validation: Pictures
    drawn: Pictures
    drawn_held_out: Pictures


def read_collection(folder: Path, *, drawn: int, seed: int, processes: int) -> Collection:
    """Real photos of `folder`, and `drawn` rendered ones of which a tenth is held out.

    Raises FileNotFoundError when `folder` has no train/ and validation/ photos.
    """
    files = list_files(folder / "train")
    rendered = draw_photos(drawn, seed=seed, processes=processes)
    kept = drawn - drawn // 10
    return Collection(
        training=read_photos([file for file in files if not is_held_out(file[0])], CACHED_SIZE),
        held_out=read_photos([file for file in files if is_held_out(file[0])], INPUT_SIZE),
        validation=read_photos(list_files(folder / "validation"), INPUT_SIZE),
        drawn=gather(rendered[:kept], CACHED_SIZE),
        drawn_held_out=gather(rendered[kept:], INPUT_SIZE),
    )


def list_files(folder: Path) -> list[tuple[Path, str]]:
    """Each photo with its family. Raises FileNotFoundError, ValueError for an unknown folder."""
    found = [
        (path, FOLDER_NAMES.get(path.parent.name, path.parent.name))
        for path in sorted(folder.glob("*/*.jpg"))
    ]
    if not found:
        raise FileNotFoundError(f"No photos in {folder}/<type>/*.jpg")
    if unknown := {family for _, family in found} - set(FAMILY_NAMES):
        raise ValueError(f"{folder} has folders that are no family: {', '.join(sorted(unknown))}")
    return found


def read_photos(files: list[tuple[Path, str]], size: int) -> Pictures:
    squares = [read_square(path, size) for path, _ in files]
    families = torch.tensor([FAMILY_NAMES.index(family) for _, family in files])
    return Pictures(stack(squares), families, torch.full_like(families, UNKNOWN))


def read_square(path: Path, size: int) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return fit_square(image, size)


def draw_photos(count: int, *, seed: int, processes: int) -> list[tuple[Image.Image, str]]:
    """Rendered photos, each type as often as any other."""
    types = [TYPE_NAMES[number % len(TYPE_NAMES)] for number in range(count)]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(draw_photo, types, range(seed, seed + count), chunksize=16))


def draw_photo(type_: str, seed: int) -> tuple[Image.Image, str]:
    rng = np.random.default_rng(seed)
    size = ((180, 240), (240, 180), (200, 200))[rng.integers(3)]
    return sample_photo(rng, type_, size=size).image, type_


def gather(rendered: Iterable[tuple[Image.Image, str]], size: int) -> Pictures:
    images, types = zip(*rendered, strict=True)
    return Pictures(
        stack([fit_square(image, size) for image in images]),
        torch.tensor([FAMILY_NAMES.index(FAMILY_OF[type_]) for type_ in types]),
        torch.tensor([TYPE_NAMES.index(type_) for type_ in types]),
    )


def stack(squares: list[NDArray[np.uint8]]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(np.stack(squares).transpose(0, 3, 1, 2)))
