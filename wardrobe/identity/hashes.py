"""Whether two photos are the same: by their bytes, by their pixels, by how they look."""

import hashlib
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

DCT_SIDE = 32
HASH_SIDE = 8


def hash_file(data: bytes) -> str:
    """SHA-256 of the file as it came, hex."""
    return hashlib.sha256(data).hexdigest()


def hash_pixels(picture: Image.Image) -> str:
    """SHA-256 of size and pixels, hex. `picture` is upright sRGB at its stored size.

    Two files agree when they hold the same picture whatever their metadata; a re-save that loses
    a little does not, and is for the perceptual hash.
    """
    digest = hashlib.sha256(f"{picture.mode} {picture.width} {picture.height} ".encode())
    digest.update(picture.tobytes())
    return digest.hexdigest()


def hash_appearance(picture: Image.Image) -> str:
    """A 64-bit perceptual hash, 16 hex digits: alike pictures differ in few bits.

    The signs, about their median, of the 8 by 8 lowest frequencies of the discrete cosine
    transform of the grey picture at 32 by 32 (Zauner, "Implementation and Benchmarking of
    Perceptual Image Hash Functions", 2010). The mean is left out of the median.
    """
    grey = picture.convert("L").resize((DCT_SIDE, DCT_SIDE), Image.Resampling.LANCZOS)
    basis = cosine_basis()
    frequencies = basis @ np.asarray(grey, dtype=np.float64) @ basis.T
    # What is 0 stays 0: of a flat picture the signs would be those of rounding errors.
    low = frequencies[:HASH_SIDE, :HASH_SIDE].ravel().round(6)
    bits = low > np.median(low[1:])
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


@cache
def cosine_basis() -> NDArray[np.float64]:
    """The rows of the DCT-II of DCT_SIDE samples, unnormalised: only signs are used."""
    k, n = np.mgrid[0:DCT_SIDE, 0:DCT_SIDE]
    basis: NDArray[np.float64] = np.cos(np.pi * k * (2 * n + 1) / (2 * DCT_SIDE))
    return basis
