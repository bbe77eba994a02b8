"""What to photograph, and what is then known about the photo."""

from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image


@dataclass(frozen=True)
class FabricColour:
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
    colours: tuple[FabricColour, ...]
    pattern: str = "solid"
    material: str = "cotton"
    cut: str = ""
    fabric: str = ""
    trim: str = ""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """How the photo was taken; the default is a steady hand in daylight over a tidy floor.

    `dim` is the share of light that is missing, `blur` how far the hand moved and `tilt` how far
    the far corners stand in, both in widths of the photo. `clutter` counts things at the edges.
    """

    dim: float = 0.0
    blur: float = 0.0
    tilt: float = 0.0
    clutter: int = 0


@dataclass(frozen=True)
class GarmentTruth:
    """What is known about a garment in a photo. `box` is x, y, width, height in fractions.

    `sleeve` and `length` are words of the vocabulary, empty for what has none.
    """

    type: str
    slot: str
    colours: tuple[FabricColour, ...]
    pattern: str
    box: tuple[float, float, float, float]
    sleeve: str = ""
    length: str = ""


@dataclass(frozen=True)
class PhotoTruth:
    garments: tuple[GarmentTruth, ...]


class RenderedPhoto(NamedTuple):
    image: Image.Image
    truth: PhotoTruth
