"""Photos of garments that nobody ever owned: for the demo, the browser tests and the README."""

from wardrobe.rendering.photos import render_photo
from wardrobe.rendering.specs import (
    Colour,
    GarmentSpec,
    GarmentTruth,
    PhotoTruth,
    RenderedPhoto,
    Shot,
)

__all__ = [
    "Colour",
    "GarmentSpec",
    "GarmentTruth",
    "PhotoTruth",
    "RenderedPhoto",
    "Shot",
    "render_photo",
]
