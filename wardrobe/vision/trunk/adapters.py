"""What the trunk learned of clothes, as a file: two thin matrices for each convolution that it changes."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.trunk.graph import Adapter

DOWN, UP = "down", "up"


def read_adapter(content: bytes) -> Adapter:
    """What `write_adapter` wrote. Raises KeyError when a matrix is missing."""
    with np.load(BytesIO(content)) as file:
        convolutions = sorted({name.rpartition("/")[0] for name in file.files})
        return {name: (file[f"{name}/{DOWN}"], file[f"{name}/{UP}"]) for name in convolutions}


def write_adapter(adapter: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]) -> bytes:
    """By the name of a convolution: (rank, channels in) and (channels out, rank), as 16-bit floats."""
    arrays = {
        f"{conv}/{name}": matrix.astype(np.float16)
        for conv, matrices in sorted(adapter.items())
        for name, matrix in zip((DOWN, UP), matrices, strict=True)
    }
    file = BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()
