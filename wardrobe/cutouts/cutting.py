"""A garment without what it lies on: a soft outline from its mask, and how sure that outline is.

The mask of the segmentation is coarse; along it the guided filter (He et al. 2010) finds the edge in
the photo's own lightness. Colours of the garment are bled outward under the soft rim, so that no halo
of the old floor shows on another ground.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.clusters import Floats
from wardrobe.vision.filters import EdgeGuide, box_mean
from wardrobe.vision.garments import last_look, look_for_garments
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.pieces import Mask, grow, label_pieces, shrink
from wardrobe.vision.segmentation import Region

CUT_SIZE = (400, 480)
"""Width and height in pixels that no cut-out goes beyond."""
SURE_ENOUGH = 0.9
"""Sureness from which a cut-out is shown. Of 60 real photos whose outline was drawn by hand
(`tests/wardrobe/masks`) it lets through 47, all but two of which overlap by 0.89 or more, and keeps back 13, eight of
which do by 0.86 (docs/vision.md has 200)."""
WITHIN = 0.6
"""Share of a region that must lie in a garment's box for it to be the garment's."""
ROOM = 0.15
"""Surroundings that are looked at beside a garment that was framed by hand, as a share of its box."""
SPECK = 0.03
"""Of the largest piece: what is smaller is a pocket of floor or a tag."""
MARGIN = 6
SOFT = (0.42, 0.72)
"""Smoothed mask at which a pixel begins to be seen, and is seen whole: a little inside the outline."""
LEAST_STEP = 0.045
"""Difference in OKLab across the outline from which it follows an edge that people see."""


@dataclass(frozen=True)
class CutOut:
    """`picture` is RGBA, cropped to the garment, CUT_SIZE at most. `sureness` is 0..1."""

    picture: Image.Image
    sureness: float


class NothingToCutError(Exception):
    """No region of the photo is the garment's."""


def find_cut_outs(
    picture: Image.Image,
    boxes: Sequence[Sequence[float]],
    *,
    parameters: VisionParameters,
    file: bytes = b"",
) -> list[CutOut | None]:
    """One for each box (x, y, width, height in fractions of the photo; empty for all of it), or None
    where nothing in the box stands out from its surroundings.

    `file` is what the photo is kept as: where its garments were told just now, it is not looked for them again.
    """
    picture = picture.convert("RGB")
    regions = last_look.find(file, parameters=parameters)
    regions = regions or look_for_garments(picture, parameters=parameters)
    return [cut_one(picture, regions, box, parameters=parameters) for box in boxes]


def cut_one(
    picture: Image.Image,
    regions: Sequence[Region],
    box: Sequence[float],
    *,
    parameters: VisionParameters,
) -> CutOut | None:
    try:
        mask, certainty = choose_mask(regions, box)
    except NothingToCutError:
        if not box:
            return None
        framed, inner = frame_closely(picture, box)
        try:
            mask, certainty = choose_mask(look_for_garments(framed, parameters=parameters), inner)
        except NothingToCutError:
            return None
        picture = framed
    return cut_along(picture, mask, certainty)


def choose_mask(regions: Sequence[Region], box: Sequence[float]) -> tuple[Mask, float]:
    """The regions in the box, joined, without specks; and how clearly they stand out.

    Raises NothingToCutError where they do not fill the box by half across and down.
    """
    if not box:
        chosen = list(regions)
    else:
        window = draw_box(box, regions[0].mask.shape)
        chosen = [one for one in regions if (one.mask & window).sum() >= WITHIN * one.mask.sum()]
    if not chosen:
        raise NothingToCutError
    mask = drop_specks(np.logical_or.reduce([one.mask for one in chosen]))
    if box:
        _, _, width, height = Region(mask, 1).box
        if min(width / box[2], height / box[3]) < 0.5:
            raise NothingToCutError
    return mask, max(one.certainty for one in chosen)


def draw_box(box: Sequence[float], shape: tuple[int, ...]) -> Mask:
    height, width = shape
    x, y, across, down = box
    mask = np.zeros((height, width), dtype=bool)
    top, left = int(y * height), int(x * width)
    mask[top : max(top + 1, round((y + down) * height)), left : round((x + across) * width)] = True
    return mask


def frame_closely(
    picture: Image.Image, box: Sequence[float]
) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """The photo around a box, and the box in fractions of that."""
    x, y, width, height = box
    left, top = max(0.0, x - ROOM * width), max(0.0, y - ROOM * height)
    right, bottom = min(1.0, x + (1 + ROOM) * width), min(1.0, y + (1 + ROOM) * height)
    framed = picture.crop(
        (
            round(left * picture.width),
            round(top * picture.height),
            round(right * picture.width),
            round(bottom * picture.height),
        )
    )
    across, down = right - left, bottom - top
    return framed, ((x - left) / across, (y - top) / down, width / across, height / down)


def drop_specks(mask: Mask) -> Mask:
    pieces = label_pieces(mask)
    least = SPECK * max(int(piece.sum()) for piece in pieces)
    kept: Mask = np.logical_or.reduce([piece for piece in pieces if piece.sum() >= least])
    return kept


def cut_along(picture: Image.Image, mask: Mask, certainty: float) -> CutOut | None:
    """The part of `picture` under `mask`, which is of any size."""
    cropped, inside = crop_to(picture, mask)
    pixels: Floats = np.asarray(cropped, dtype=np.float32) / np.float32(255)
    lab = to_oklab(np.asarray(cropped))
    alpha = soften(inside, lab[..., 0])
    solid = alpha > 0.5
    if not solid.any():
        return None
    sureness = judge_outline(lab, solid) * min(1.0, certainty / 0.6) * judge_frame(mask)
    coloured = np.dstack([bleed(pixels, alpha), alpha])
    picture = Image.fromarray((coloured * 255 + 0.5).astype(np.uint8), "RGBA")
    rows, columns = np.flatnonzero((alpha > 0.02).any(1)), np.flatnonzero((alpha > 0.02).any(0))
    picture = picture.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    return CutOut(picture, round(float(sureness), 3))


def crop_to(picture: Image.Image, mask: Mask) -> tuple[Image.Image, Floats]:
    """The photo around the mask, as large as a cut-out may be, and the mask as 0..1 at that size."""
    x, y, width, height = Region(mask, 1).box
    scale = min(
        1.0,
        (CUT_SIZE[0] - 2 * MARGIN) / (width * picture.width),
        (CUT_SIZE[1] - 2 * MARGIN) / (height * picture.height),
    )
    room_x, room_y = MARGIN / scale / picture.width, MARGIN / scale / picture.height
    box = (x - room_x, y - room_y, x + width + room_x, y + height + room_y)
    size = (
        max(1, min(CUT_SIZE[0], round((box[2] - box[0]) * picture.width * scale))),
        max(1, min(CUT_SIZE[1], round((box[3] - box[1]) * picture.height * scale))),
    )
    return frame(picture, box, size), frame_mask(mask, box, size)


def frame(
    picture: Image.Image, box: tuple[float, float, float, float], size: tuple[int, int]
) -> Image.Image:
    """A box that may reach beyond the picture, whose edge is then repeated."""
    pixels = np.asarray(picture)
    rows = span(box[1], box[3], picture.height)
    columns = span(box[0], box[2], picture.width)
    part = Image.fromarray(np.ascontiguousarray(pixels[rows][:, columns]))
    return part.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def span(start: float, end: float, length: int) -> NDArray[np.intp]:
    """The pixels from `start` to `end`, fractions of `length`; beyond an end, that end again."""
    return np.clip(np.arange(round(start * length), round(end * length)), 0, length - 1)


def frame_mask(mask: Mask, box: tuple[float, float, float, float], size: tuple[int, int]) -> Floats:
    """As `frame`, of a mask of which nothing lies beyond its edge."""
    height, width = mask.shape
    padded = np.pad(mask, ((height, height), (width, width)))
    picture = Image.fromarray((padded * np.uint8(255)).astype(np.uint8))
    window = (
        (1 + box[0]) * width,
        (1 + box[1]) * height,
        (1 + box[2]) * width,
        (1 + box[3]) * height,
    )
    resized = picture.resize(size, Image.Resampling.BILINEAR, box=window)
    return np.asarray(np.asarray(resized) / 255, dtype=np.float32)


def soften(inside: Floats, lightness: Floats) -> Floats:
    """The mask as opacity: along the edge that the lightness shows, and soft there."""
    guided = EdgeGuide(lightness, radius=4).smooth(inside)
    low, high = SOFT
    alpha = np.clip((guided - low) / (high - low), 0, 1)
    alpha[inside <= 0.01] = 0
    return np.asarray(box_mean(alpha, 1) * (alpha > 0), dtype=np.float32)


def bleed(pixels: Floats, alpha: Floats) -> Floats:
    """The colours (h, w, 3) with those of the garment's inside carried outward under its rim."""
    inner = shrink(alpha > 0.95, 1)
    if not inner.any():
        return pixels
    known = inner.astype(np.float32)
    colours = pixels * known[..., None]
    for radius in (2, 4, 8, 16):
        weight = box_mean(known, radius)
        near = np.dstack([box_mean(colours[..., i], radius) for i in range(3)])
        reached = (known == 0) & (weight > 1e-3)
        colours[reached] = near[reached] / weight[reached][:, None]
        known[reached] = 1
    return np.asarray(np.clip(colours, 0, 1), dtype=np.float32)


def judge_outline(lab: Floats, solid: Mask) -> float:
    """The share of the outline along which the photo has an edge: the garment's colours a step inside
    differ from those a step outside."""
    rim = grow(solid, 1) & ~solid
    if not rim.any():
        return 0.0
    inner, outer = shrink(solid, 2), ~grow(solid, 2)
    inside, outside = local_mean(lab, inner & grow(~inner, 5)), local_mean(lab, outer)
    known = rim & inside[1] & outside[1]
    if not known.any():
        return 0.0
    step = np.linalg.norm(inside[0][known] - outside[0][known], axis=1)
    return float((step > LEAST_STEP).mean())


def local_mean(lab: Floats, mask: Mask) -> tuple[Floats, NDArray[np.bool_]]:
    """The mean colour of the masked pixels within six of each, and where there are any."""
    weight = box_mean(mask.astype(np.float32), 6)
    total = np.dstack([box_mean(lab[..., i] * mask, 6) for i in range(3)])
    known = weight > 5e-3
    mean = total / np.maximum(weight, 5e-3)[..., None]
    return np.asarray(mean, dtype=np.float32), known


def judge_frame(mask: Mask) -> float:
    """Less the more of the outline is the photo's own edge: the garment goes on beyond it."""
    height, width = mask.shape
    at_edge = mask[0].sum() + mask[-1].sum() + mask[:, 0].sum() + mask[:, -1].sum()
    outline = int((mask & ~shrink(mask, 1)).sum()) + int(at_edge)
    return float(np.clip(1.15 - 3 * at_edge / max(outline, 1), 0, 1))
