"""What is measured of a garment's colours, before they are named.

Lightness varies with folds and light far more than hue does, so it counts less when pixels are
grouped. What the garment lies on tells the light that it lies in.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.clusters import Floats, cluster_colours
from wardrobe.vision.oklab import to_oklab

CLUSTERS = 12
SAMPLE = 4000
"""Pixels that are looked at; more change shares by less than one in a hundred."""
LIGHTNESS_WEIGHT = 0.7
FAINT = 0.05
"""Chroma up to which a hue counts for less."""
MEASURES = 38


@dataclass(frozen=True)
class ColourEvidence:
    """Up to CLUSTERS groups of a garment's pixels."""

    centres: Floats
    """(groups, 3), OKLab"""
    shares: Floats
    """(groups,)"""
    ground: Floats
    """Lightness of the lightest twentieth of the surroundings, then their median L, a, b."""
    labels: NDArray[np.intp]
    """(pixels,) the group of each"""
    pixels: NDArray[np.uint8]
    """(pixels, 3), sRGB"""


def look_at_colours(pixels: NDArray[np.uint8], surroundings: NDArray[np.uint8]) -> ColourEvidence:
    """Of sRGB bytes (n, 3), n > 0. Without surroundings the garment stands for them."""
    sample = pixels[:: max(1, len(pixels) // SAMPLE)]
    weights = np.array([LIGHTNESS_WEIGHT, 1, 1], dtype=np.float32)
    clusters = cluster_colours(to_oklab(sample) * weights, CLUSTERS)
    around = to_oklab(surroundings[:: max(1, len(surroundings) // SAMPLE)])
    if len(around) == 0:
        around = to_oklab(sample)
    ground = np.append(np.percentile(around[:, 0], 95), np.median(around, axis=0))
    return ColourEvidence(
        centres=np.asarray(clusters.centres / weights, dtype=np.float32),
        shares=clusters.shares,
        ground=ground.astype(np.float32),
        labels=clusters.labels,
        pixels=sample,
    )


def measure_groups(centres: Floats, ground: Floats) -> Floats:
    """Of groups (…, 3) on grounds (…, 4): lightness, chroma and hue and their products, (…, MEASURES)."""
    light, a, b = np.moveaxis(centres, -1, 0)
    white, ground_light, ground_a, ground_b = np.moveaxis(ground, -1, 0)
    one, chroma, hue = np.ones_like(light), np.hypot(a, b), np.arctan2(b, a)
    vivid = np.minimum(chroma / FAINT, 1)
    near_grey = np.exp(-chroma / 0.03)
    waves = [vivid * wave(turns * hue) for turns in (1, 2, 3, 4) for wave in (np.cos, np.sin)]
    return np.stack(
        [
            *(one, light, light**2, light**3),
            *(a, b, chroma, a * a, b * b, a * b, chroma**2),
            *(light * chroma, light * a, light * b),
            *(vivid, *waves),
            *(light * wave for wave in waves[:4]),
            *(light**2 * wave for wave in waves[:2]),
            *(np.exp(-chroma / 0.015), near_grey, near_grey * light),
            *(part * one for part in (ground_light, white, ground_a, ground_b)),
            *(ground_light * light, white * light),
        ],
        axis=-1,
    ).astype(np.float32)
