"""What an upload event says of a file: facts of its header, and measures of its pixels. Pure code over Pillow.

Whatever a file tells is answered with one of a few words of ours, or a number: never with its own words.
"""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from wardrobe.photos.colours import MAXIMUM_PROFILE_BYTES
from wardrobe.photos.counted import CountedFile
from wardrobe.photos.formats import read_size
from wardrobe.photos.headers import read_make

CAMERAS = (
    *("apple", "samsung", "google", "xiaomi", "huawei", "honor", "oneplus", "oppo", "vivo"),
    *("realme", "motorola", "nokia", "sony", "lg", "canon", "nikon", "fujifilm", "panasonic"),
    *("olympus", "leica"),
)
OTHER, NONE = "other", "none"
CAMERA_NAMES = (*CAMERAS, OTHER)

PROFILES = {"srgb": "srgb", "display p3": "display-p3", "adobe rgb": "adobe-rgb"}
"""What stands in the description of a colour profile, in small letters, and our name for it."""

PROFILE_NAMES = (*PROFILES.values(), OTHER, NONE)


def read_header(data: bytes, *, format: str) -> dict[str, Any]:
    """Megapixels, aspect (width / height, as stored) and the camera's family; no decoder is asked.

    Raises UnreadablePhotoError.
    """
    file = CountedFile(data)
    width, height = read_size(file, format)
    if not (width and height):
        return {}
    return {
        "megapixels": round(width * height / 1e6, 3),
        "aspect": round(width / height, 4),
        "camera": name_camera(read_make(file, format)),
    }


def name_camera(make: str) -> str:
    """One of CAMERA_NAMES by the first word of what the camera calls its maker; empty if it does not."""
    word = next(iter(make.strip("\x00 ").casefold().split()), "")
    if not word:
        return ""
    return next((name for name in CAMERAS if word.startswith(name)), OTHER)


def measure_photo(small: Image.Image, profile: str) -> dict[str, Any]:
    """The name of its colour profile, and brightness and blur of its small rendition."""
    luma = np.asarray(small.convert("L"), dtype=np.float64)
    return {
        "colour_profile": profile,
        "brightness": round(float(luma.mean()), 2),
        "blur": round(measure_blur(luma), 2),
    }


def measure_blur(luma: NDArray[np.float64]) -> float:
    """The variance of the Laplacian (Pech-Pacheco et al., ICPR 2000): lower is more blurred.

    `luma` has two dimensions, 0 to 255. Each pixel's four neighbours are weighed against it.
    """
    middle = luma[1:-1, 1:-1]
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    return float((around - 4 * middle).var()) if middle.size else 0.0


def name_profile(profile: bytes) -> str:
    """One of PROFILE_NAMES. A colour space that is told in another way than by a profile counts as none."""
    if not profile:
        return NONE
    if len(profile) > MAXIMUM_PROFILE_BYTES:
        return OTHER
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        description = ImageCms.getProfileDescription(opened).casefold()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return OTHER
    return next((name for words, name in PROFILES.items() if words in description), OTHER)
