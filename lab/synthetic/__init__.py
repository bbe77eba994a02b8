"""Photos of garments that nobody ever owned: for the demo, the browser tests and the README."""

from lab.synthetic.photos import render_photo
from lab.synthetic.specs import (
    FabricColour,
    GarmentSpec,
    GarmentTruth,
    PhotoTruth,
    RenderedPhoto,
    Shot,
)

__all__ = [
    "FabricColour",
    "GarmentSpec",
    "GarmentTruth",
    "PhotoTruth",
    "RenderedPhoto",
    "Shot",
    "render_photo",
]
