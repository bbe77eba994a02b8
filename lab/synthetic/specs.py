"""What to photograph, and what is then known about the photo."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
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
    `fill` is how much of its part of the photo a garment takes, `turn` how far it is turned in
    radians, `aside` and `down` how far it lies off the middle in widths and heights of that part.
    `creased` multiplies its folds. `hung`: on a hanger; `worn`: by somebody of
    that colour of skin. `beyond` names a ground that begins along
    one side, as floor does beside a bed. `uneven` is how much more light the near side of the photo
    gets, `metered` how far, 0..1, the phone brings any scene to middle grey, `warmth` a white balance that is off, `curve` how steep the tones are.
    """

    dim: float = 0.0
    blur: float = 0.0
    tilt: float = 0.0
    clutter: int = 0
    fill: float = 0.86
    turn: float = 0.0
    aside: float = 0.0
    down: float = 0.0
    creased: float = 1.0
    hung: bool = False
    worn: str = ""
    beyond: str = ""
    uneven: float = 0.0
    metered: float = 0.0
    warmth: float = 0.0
    curve: float = 0.0


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
    """`masks` are the garments' outlines, one for each of the truth's garments, as (h, w) booleans."""

    image: Image.Image
    truth: PhotoTruth
    masks: tuple[NDArray[np.bool_], ...]
