"""What to photograph, and what is then known about the photo."""

from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image


@dataclass(frozen=True)
class Colour:
    """A colour as the vocabulary names it, and as it is dyed."""

    name: str
    hex: str


@dataclass(frozen=True, kw_only=True)
class GarmentSpec:
    """One garment to draw. The first colour is the ground, the others belong to the pattern.

    `type`, `pattern` and `material` are values of the vocabulary. `cut` and `fabric` say more exactly
    how it is sewn and of what, where the vocabulary is broader; `trim` colours buttons and soles.
    """

    type: str
    colours: tuple[Colour, ...]
    pattern: str = "solid"
    material: str = "cotton"
    cut: str = ""
    fabric: str = ""
    trim: str = ""


@dataclass(frozen=True)
class GarmentTruth:
    """What is known about a garment in a photo. `box` is x, y, width, height in fractions."""

    type: str
    slot: str
    colours: tuple[Colour, ...]
    pattern: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class PhotoTruth:
    garments: tuple[GarmentTruth, ...]


class RenderedPhoto(NamedTuple):
    image: Image.Image
    truth: PhotoTruth
