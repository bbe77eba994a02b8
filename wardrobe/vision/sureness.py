"""How far a mask is to be trusted: a cut-out along a poor one is worse than the photo.

The garment's part of the photo is looked at once more, by its colours alone and with what the trunk
expects. Where both find the same outline, the trunk expects a garment inside it and colours change
across it, masks are mostly good. How mostly was fitted to the 60 photos outlined by hand
(`tests/wardrobe/masks/outlines.json`) and, at a fifth of their weight, to 150 hard drawings.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from wardrobe.vision.clusters import Floats
from wardrobe.vision.expectation import expect_garments
from wardrobe.vision.filters import box_mean
from wardrobe.vision.garments import look_for_garments, name_types, shrink_image
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.pieces import Mask, grow, shrink
from wardrobe.vision.segmentation import Box, Region, find_regions, fit_to

SURE_MASK = 0.6
"""Sureness from which a mask is worth a cut-out. Of the 60 outlined photos, each judged without itself, 51 reach it: 47 of
the 49 whose mask overlaps its outline by more than 0.9, and 2 of the 7 below 0.8."""

SURROUNDINGS = 0.15
"""What is looked at around the garment, of its longer side."""
ALONE, EXPECTED, WHERE, CONTRAST, OFFSET = 1.67, 1.23, 1.82, 2.82, -4.61
"""Of log odds, for the `Agreement`'s numbers in their order: logistic regression, ridge of 1."""
PLAIN_CONTRAST = 0.25
"""Distance in OKLab across an outline beyond which more tells nothing."""
WEAKEST = 0.3
"""Quantile along the outline that stands for its contrast: a third may be in the shade."""
SAME = 0.5
"""Least overlap of the box asked for with that of a garment that is found."""


@dataclass(frozen=True)
class Agreement:
    """What speaks for a mask, each 0..1: overlaps, and the contrast across the outline."""

    alone: float
    """With the mask that colours alone give."""
    expected: float
    """With the one that takes what the trunk expects into account."""
    where: float
    """With the cells where the trunk expects a garment."""
    contrast: float


def find_garment_mask(
    image: Image.Image, box: Box, *, parameters: VisionParameters
) -> tuple[Mask, float] | None:
    """The mask of the garment in that box of an upright sRGB photo, and how sure it is (0..1).

    The mask is a grid of any size over the whole photo. None where no garment is found there.
    Raises WeightsMismatchError.
    """
    image = image.convert("RGB")
    regions = look_for_garments(image, parameters=parameters)
    named = [region for region, _ in name_types(image, regions, parameters=parameters)]
    best = max(named, key=lambda region: overlap_boxes(region.box, box))
    if overlap_boxes(best.box, box) < SAME:
        return None
    return best.mask, mask_sureness(image, best.mask, parameters=parameters)


def mask_sureness(image: Image.Image, mask: Mask, *, parameters: VisionParameters) -> float:
    """How likely (0..1) the mask overlaps the garment's true outline by 0.9 or more.

    `mask` (h, w) is a grid over the whole photo and holds at least one pixel. Nought without the
    trunk. Raises WeightsMismatchError.
    """
    found = compare_looks(image.convert("RGB"), mask, parameters=parameters)
    if found is None:
        return 0.0
    odds = (
        ALONE * found.alone
        + EXPECTED * found.expected
        + WHERE * found.where
        + CONTRAST * found.contrast
        + OFFSET
    )
    return float(1 / (1 + np.exp(-odds)))


def compare_looks(
    image: Image.Image, mask: Mask, *, parameters: VisionParameters
) -> Agreement | None:
    """None without the trunk."""
    crop, inside = crop_around(image, mask, parameters)
    expected = expect_garments(crop)
    if expected is None:
        return None
    lab = to_oklab(shrink_image(crop, parameters))
    alone = find_regions(lab, parameters=parameters)
    again = find_regions(lab, parameters=parameters, expected=expected)
    return Agreement(
        alone=overlap(inside, join(alone)),
        expected=overlap(inside, join(again)),
        where=overlap(inside, fit_to(expected, *inside.shape) > 0),
        contrast=min(measure_contrast(lab, inside) / PLAIN_CONTRAST, 1.0),
    )


def crop_around(
    image: Image.Image, mask: Mask, parameters: VisionParameters
) -> tuple[Image.Image, Mask]:
    """The square around the garment, and its mask at the size that is analysed."""
    x, y, width, height = (
        share * side for share, side in zip(Region(mask, 1).box, image.size * 2, strict=True)
    )
    half = max(width, height) * (0.5 + SURROUNDINGS)
    left, top = max(0, round(x + width / 2 - half)), max(0, round(y + height / 2 - half))
    right = min(image.width, round(x + width / 2 + half))
    bottom = min(image.height, round(y + height / 2 + half))
    crop = image.crop((left, top, right, bottom))
    across, down = mask.shape[1] / image.width, mask.shape[0] / image.height
    rows, columns, _ = shrink_image(crop, parameters).shape
    cut = Image.fromarray((mask * 255).astype(np.uint8)).resize(
        (columns, rows),
        Image.Resampling.BILINEAR,
        box=(left * across, top * down, right * across, bottom * down),
    )
    return crop, np.asarray(cut) > 127


def join(regions: list[Region]) -> Mask:
    return np.asarray(np.logical_or.reduce([region.mask for region in regions]))


def overlap(one: Mask, other: Mask) -> float:
    """Intersection over union."""
    return float((one & other).sum() / max(int((one | other).sum()), 1))


def overlap_boxes(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(across, 0.0) * max(down, 0.0)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def measure_contrast(lab: Floats, mask: Mask) -> float:
    """How far colours just inside and just outside are apart, where the outline is weak; in OKLab."""
    inside, outside = mask & ~shrink(mask, 3), grow(mask, 3) & ~mask
    shares = [box_mean(band.astype(np.float32), 5) for band in (inside, outside)]
    means = [
        np.stack([box_mean(plane * band, 5) for plane in np.moveaxis(lab, -1, 0)], axis=-1)
        / np.maximum(share, 1e-3)[..., None]
        for band, share in zip((inside, outside), shares, strict=True)
    ]
    edge = mask & ~shrink(mask, 1) & (np.minimum(*shares) > 0.01)
    edge[:2] = edge[-2:] = False
    edge[:, :2] = edge[:, -2:] = False
    if edge.sum() < 20:
        return 0.0
    return float(np.quantile(np.linalg.norm(means[0] - means[1], axis=-1)[edge], WEAKEST))
