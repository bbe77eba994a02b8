"""What the engine sees in a photo before anything is named: the numbers that heads learn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from wardrobe.vision.classifier import get_classifier
from wardrobe.vision.cloth import SIDE, hash_layers, see_cloth
from wardrobe.vision.garments import (
    crop_square,
    join_parts,
    join_regions,
    look_for_garments,
    pixels_around,
    pixels_under,
)
from wardrobe.vision.hues import CLUSTERS, look_at_colours
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.preprocessing import find_ground, fit_square, normalise
from wardrobe.vision.segmentation import Region
from wardrobe.vision.textures import cut_out, measure_texture
from wardrobe.vision.trunk.sessions import Trunk, find_trunk

Array = NDArray[np.float32]

AT_ONCE = 200
"""Photos that one file keeps."""
PHOTO_SIDE = 1024
"""Photos are stored with this longer side, and looked at in it."""


@dataclass(frozen=True)
class Looks:
    """One row a photo; `files` names them."""

    files: NDArray[np.str_]
    seen: Array
    """(n, 2, FEATURES): the answers of the trunk as it came to the garment's part of the photo and to its mirror image."""
    families: Array
    types: Array
    """Log-probabilities of the type networks on the whole photo, before any temperature."""
    texture: Array
    cloth: Array
    centres: Array
    shares: Array
    ground: Array
    """The measures of `hues`; groups that are missing have a share of nought."""

    def __len__(self) -> int:
        return len(self.files)

    def save(self, path: Path) -> None:
        """The longer arrays as 16-bit floats."""
        halves = {name: getattr(self, name).astype(np.float16) for name in ("seen", "cloth")}
        np.savez(path, **{**vars(self), **halves})

    def take(self, files: Sequence[str]) -> "Looks":
        """Those of `files`, in that order. Raises KeyError."""
        places = {str(file): row for row, file in enumerate(self.files)}
        rows = [places[file] for file in files]
        return Looks(**{name: part[rows] for name, part in vars(self).items()})

    @classmethod
    def join(cls, parts: Sequence["Looks"]) -> "Looks":
        names = vars(parts[0])
        return cls(
            **{name: np.concatenate([getattr(one, name) for one in parts]) for name in names}
        )

    @classmethod
    def read(cls, path: Path) -> "Looks":
        """Raises OSError."""
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        return cls(
            arrays.pop("files"), **{name: part.astype(np.float32) for name, part in arrays.items()}
        )


def look_at_missing(
    root: Path, files: Sequence[str], kept: Path, *, report: Callable[[str], object]
) -> Looks:
    """Of all `files`; what was seen before is read out of the folder `kept`, the rest is put there.

    Raises FileNotFoundError for a photo that is not under `root`.
    """
    kept.mkdir(parents=True, exist_ok=True)
    parts = [Looks.read(path) for path in sorted(kept.glob("*.npz"))]
    known = {str(file) for part in parts for file in part.files}
    missing = [file for file in files if file not in known]
    for start in range(0, len(missing), AT_ONCE):
        part = look_at_files(root, missing[start : start + AT_ONCE], report=report)
        part.save(kept / f"{len(known) + start:05}.npz")
        parts.append(part)
    return Looks.join(parts).take(files)


def look_at_files(root: Path, files: Sequence[str], *, report: Callable[[str], object]) -> Looks:
    """Raises FileNotFoundError for a photo that is not under `root`."""
    rows: list[dict[str, Array]] = []
    for file in files:
        with Image.open(root / file) as image:
            rows.append(look_at_photo(read_upright(image)))
        if len(rows) % 100 == 0:
            report(f"{len(rows)} of {len(files)} photos")
    return Looks(
        np.array(files), **{name: np.stack([row[name] for row in rows]) for name in rows[0]}
    )


def take_trunk() -> Trunk:
    """Raises FileNotFoundError."""
    trunk = find_trunk()
    if trunk is None:
        raise FileNotFoundError("The heads learn from the pretrained trunk, which is not installed")
    return trunk


def read_upright(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    return upright


def look_at_photo(image: Image.Image) -> dict[str, Array]:
    parameters = VisionParameters()
    region = find_garment(image, parameters)
    crop, ground = crop_square(image, region.box), find_ground(image)
    trunk = take_trunk()
    classifier = get_classifier(parameters)
    families, types, _ = classifier.session.run(
        None, {"pictures": normalise(fit_square(image)[None])}
    )
    texture = measure_texture(*cut_out(image, region.mask))
    cut, outline = cut_out(image, region.mask, SIDE)
    return {
        "seen": trunk.see([crop, ImageOps.mirror(crop)], ground=ground),
        "families": families[0],
        "types": types[0],
        "texture": np.array(list(texture.values()), dtype=np.float32),
        "cloth": see_cloth(cut, outline, sha256=hash_layers()),
        **look_at_hues(image, region),
    }


def find_garment(image: Image.Image, parameters: VisionParameters) -> Region:
    """All larger pieces of the photo as one garment, for labelled photos show one."""
    regions = join_parts(look_for_garments(image, parameters=parameters))
    largest = max(region.area for region in regions)
    return join_regions([region for region in regions if region.area > largest / 4])


def look_at_hues(image: Image.Image, region: Region) -> dict[str, Array]:
    look = look_at_colours(pixels_under(image, region.mask), pixels_around(image, region.mask))
    missing = CLUSTERS - len(look.shares)
    return {
        "centres": np.pad(look.centres, ((0, missing), (0, 0))),
        "shares": np.pad(look.shares, (0, missing)),
        "ground": look.ground,
    }
