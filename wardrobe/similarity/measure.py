"""How well an extractor's distances tell garments of one type from garments of two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wardrobe.photos.formats import UnreadablePhotoError, inspect_photo
from wardrobe.photos.ingestion import read_picture
from wardrobe.similarity.extractors import Extractor, Floats

ODD_PAIRS = 1 / 1000
"""The share of pairs of two types that may be as near as what is called alike."""


@dataclass(frozen=True)
class Separation:
    """Cosine distances of all pairs of photos, ascending: of one type, and of two."""

    same: NDArray[np.float64]
    different: NDArray[np.float64]

    def share_same(self, distance: float) -> float:
        """Of the pairs of one type, the part up to `distance`."""
        return float(np.searchsorted(self.same, distance, "right") / max(1, len(self.same)))

    def share_different(self, distance: float) -> float:
        return float(
            np.searchsorted(self.different, distance, "right") / max(1, len(self.different))
        )

    def suggest_distance(self) -> float:
        """The largest hundredth up to which at most ODD_PAIRS of the pairs of two types are as near."""
        hundredths = [step / 100 for step in range(201)]
        return max((d for d in hundredths if self.share_different(d) <= ODD_PAIRS), default=0.0)


def embed_folders(
    extractor: Extractor, folder: Path, *, per_type: int
) -> Iterator[tuple[str, Floats]]:
    """The type, its folder's name, and the vector of up to `per_type` photos of each.

    Raises EngineError. A file that is no photo is passed over.
    """
    for type_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        for file in sorted(type_folder.iterdir())[:per_type]:
            data = file.read_bytes()
            try:
                picture = read_picture(data, format=inspect_photo(data).format)
            except UnreadablePhotoError:
                continue
            yield type_folder.name, extractor.embed(picture)


def measure_separation(types: Sequence[str], vectors: Sequence[Floats]) -> Separation:
    """Of all pairs of the unit `vectors`, whose `types` stand beside them."""
    matrix = np.stack(vectors).astype(np.float64)
    distances = 1.0 - matrix @ matrix.T
    first, second = np.triu_indices(len(types), 1)
    names = np.array(types)
    is_same = names[first] == names[second]
    pairs = distances[first, second]
    return Separation(np.sort(pairs[is_same]), np.sort(pairs[~is_same]))
