"""Measures of a garment's texture, from which its pattern is told.

All are taken inside the outline, at one size of the garment, in OKLab. Stripes show as one
direction of edges and one wave, checks as two at right angles, prints as many directions, a motif
as one busy place, folds as soft edges without a change of hue.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.clusters import Floats
from wardrobe.vision.filters import box_mean, halve
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.pieces import Mask, shrink

Bytes = NDArray[np.uint8]

SIDE = 160
"""Length in pixels of a garment's longer side when its texture is measured."""
EDGES = (0.03, 0.06, 0.12)
"""Colour differences between neighbours two apart, in OKLab, that count as edges of some strength."""
PARTS = 6
SPECTRUM = 128
BANDS = (4, 8, 14, 24, 40, 64)
"""Limits of frequency bands, in waves per SPECTRUM pixels."""


def cut_out(image: Image.Image, mask: Mask, side: int = SIDE) -> tuple[Bytes, Mask]:
    """The garment's box, its longer side `side` pixels, in sRGB (h, w, 3), and its outline there."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    across, down = image.width / mask.shape[1], image.height / mask.shape[0]
    box = (left * across, top * down, right * across, bottom * down)
    scale = side / max(box[2] - box[0], box[3] - box[1])
    size = (max(16, round((box[2] - box[0]) * scale)), max(16, round((box[3] - box[1]) * scale)))
    pixels = np.asarray(image.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=2.0))
    cut = Image.fromarray(mask[top:bottom, left:right]).resize(size, Image.Resampling.NEAREST)
    return pixels, np.asarray(cut).astype(bool)


def clear_outline(garment: Mask) -> Mask:
    """Its pixels four or more inside the outline, where background does not bleed in."""
    inside = shrink(np.pad(garment, 1), 4)[1:-1, 1:-1]
    return inside if inside.sum() > 300 else garment


def measure_texture(pixels: Bytes, garment: Mask) -> dict[str, float]:
    """The measures by name; most within 0..1. `garment` (h, w) holds at least one pixel."""
    lab, inside = to_oklab(pixels), clear_outline(garment)
    coarse, coarse_inside = halve(lab), halve(inside[..., None].astype(np.float32))[..., 0] > 0.9
    if not coarse_inside.any():
        coarse, coarse_inside = lab, inside
    return {
        **measure_edges(lab, inside, "fine"),
        **measure_edges(coarse, coarse_inside, "coarse"),
        **measure_waves(lab[..., 0], inside),
    }


def measure_edges(lab: Floats, inside: Mask, scale: str) -> dict[str, float]:
    """How many edges of each strength, which way they run and where they are."""
    strength, angle, tinted = find_gradients(lab)
    area = float(inside.sum())
    found = {
        f"edges_{scale}_{limit}": float((strength[inside] > limit).sum()) / area for limit in EDGES
    }
    edge = inside & (strength > EDGES[1])
    direction, across = concentrate(angle[edge], strength[edge])
    shares = share_by_part(edge, inside)
    mean = max(float(shares.mean()), 1e-4)
    found |= {
        f"direction_{scale}": direction,
        f"across_{scale}": across,
        f"tinted_{scale}": float((tinted[inside] > EDGES[0]).sum()) / area,
        f"cover_{scale}": float((shares > 0.1).mean()),
        f"uneven_{scale}": float(shares.std()) / (mean + 0.05),
        f"busiest_{scale}": float(shares.max()),
        f"calmest_{scale}": float(np.quantile(shares, 0.2)),
        f"middle_{scale}": share_in_middle(edge, inside),
    }
    return found


def find_gradients(lab: Floats) -> tuple[Floats, Floats, Floats]:
    """Strength, direction (0..1 for 0..180°), strength of hue alone: Di Zenzo's tensor (1986)."""
    down, right = np.zeros_like(lab), np.zeros_like(lab)
    down[1:-1] = lab[2:] - lab[:-2]
    right[:, 1:-1] = lab[:, 2:] - lab[:, :-2]
    squares = right**2 + down**2
    tinted = squares[..., 1] + squares[..., 2]
    xy = (right * down).sum(-1)
    difference = (right**2 - down**2).sum(-1)
    angle = 0.5 * np.arctan2(2 * xy, difference) / np.pi + 0.5
    total = squares[..., 0] + tinted
    return np.sqrt(total), np.asarray(angle % 1.0, dtype=np.float32), np.sqrt(tinted)


def concentrate(angles: Floats, weights: Floats) -> tuple[float, float]:
    """Share of weight within 30° of the main direction, and of the one across it."""
    counts = np.bincount((angles * 18).astype(int) % 18, weights=weights, minlength=18)
    shares = counts / max(counts.sum(), 1e-6)
    window = shares + np.roll(shares, 1) + np.roll(shares, -1)
    main = int(window.argmax())
    return float(window[main]), float(max(window[(main + turn) % 18] for turn in (8, 9, 10)))


def share_by_part(edge: Mask, inside: Mask) -> Floats:
    """Share of edges in each part of the grid that is mostly garment."""
    edges, area, whole = (
        sum_by_part(plane) for plane in (edge, inside, np.ones_like(inside, dtype=bool))
    )
    mostly = area > 0.4 * whole
    return edges[mostly] / area[mostly] if mostly.any() else np.zeros(1, dtype=np.float32)


def sum_by_part(plane: Mask) -> Floats:
    rows, columns = (np.arange(PARTS) * side // PARTS for side in plane.shape)
    sums = np.add.reduceat(np.add.reduceat(plane.astype(np.float32), rows, 0), columns, 1)
    return np.asarray(sums)


def share_in_middle(edge: Mask, inside: Mask) -> float:
    """Edges in the middle ninth, less those elsewhere, each as a share of its pixels."""
    height, width = inside.shape
    middle = np.zeros_like(inside)
    middle[height // 5 : height * 3 // 5, width * 3 // 10 : width * 7 // 10] = True
    here, there = inside & middle, inside & ~middle
    return float(edge[here].sum() / max(here.sum(), 1) - edge[there].sum() / max(there.sum(), 1))


def measure_waves(lightness: Floats, inside: Mask) -> dict[str, float]:
    """What repeats: the strongest wave, the one across it, and the spread of power."""
    weight = inside.astype(np.float32)
    mean = box_mean(lightness * weight, 9) / np.maximum(box_mean(weight, 9), 0.05)
    relief: Floats = ((lightness - mean) * weight * box_mean(weight, 3)).astype(np.float32)
    rows, columns, frequency, angles = spectrum_grid()
    power = np.square(np.abs(np.fft.rfft2(fold(relief)))).astype(np.float32)
    power *= (frequency >= BANDS[0]) & (frequency < BANDS[-1])
    total = float(power.sum()) + 1e-6
    row, column = (int(value) for value in np.unravel_index(power.argmax(), power.shape))
    y, x = rows[row, 0], columns[0, column]
    peak = np.hypot(rows - y, columns - x) < 3
    across = np.minimum(np.hypot(rows + x, columns - y), np.hypot(rows - x, columns + y)) < 4
    direction, crossing = concentrate(angles.ravel(), power.ravel())
    shares = [
        float(power[(frequency >= low) & (frequency < high)].sum()) / total
        for low, high in zip(BANDS, BANDS[1:], strict=False)
    ]
    return {
        "wave": float(power[peak].sum()) / total,
        "wave_square": float(power[across].sum()) / total,
        "wave_length": float(np.hypot(y, x)) / BANDS[-1],
        "wave_direction": direction,
        "wave_across": crossing,
        "wave_strength": float(np.sqrt(power.max()) / max(inside.sum(), 1)),
        **{f"band_{low}": share for low, share in zip(BANDS, shares, strict=False)},
    }


def fold(relief: Floats) -> Floats:
    """Into a square of SPECTRUM pixels, what reaches beyond it laid over the beginning."""
    square = np.zeros((SPECTRUM, SPECTRUM), dtype=np.float32)
    for top in range(0, relief.shape[0], SPECTRUM):
        for left in range(0, relief.shape[1], SPECTRUM):
            tile = relief[top : top + SPECTRUM, left : left + SPECTRUM]
            square[: tile.shape[0], : tile.shape[1]] += tile
    return square


def spectrum_grid() -> tuple[Floats, Floats, Floats, Floats]:
    """Rows, columns, frequency and direction (0..1 for 0..180°) of rfft2's answer."""
    half = SPECTRUM // 2
    rows = ((np.arange(SPECTRUM, dtype=np.float32) + half) % SPECTRUM - half)[:, None]
    columns = np.arange(half + 1, dtype=np.float32)[None, :]
    angles = np.asarray(np.arctan2(rows, columns) / np.pi % 1.0, dtype=np.float32)
    return rows, columns, np.hypot(rows, columns), angles
