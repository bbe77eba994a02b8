"""What a fabric shows: solid, striped, checked, printed all over, or a motif.

A few measures of texture, and rules over them; thresholds were set while looking at labelled
photos, and confidence is modest. Folds look like stripes and laces like prints, so that trousers,
coats and shoes need stronger evidence.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from wardrobe.vision.clusters import Floats
from wardrobe.vision.filters import box_mean
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.pieces import Mask, label_pieces, shrink

SIDE = 192
"""Length in pixels of a garment's longer side when its texture is measured."""

EDGE = 0.04
"""Colour difference between neighbours two apart, in OKLab, that counts as an edge."""

BUSY_BY_TYPE = {"pants": 0.6, "shoes": 0.95, "jacket": 0.55, "shorts": 0.5, "hat": 0.4}
USUALLY_BUSY = 0.33
"""Share of edges from which a garment is no longer solid; folds make edges too."""

MOTIF_TYPES = frozenset({"t-shirt", "hat"})
CAMOUFLAGE = frozenset({"green", "olive", "brown", "black", "beige", "teal"})


@dataclass(frozen=True)
class Texture:
    edges: float
    """Share of the garment's pixels that lie on an edge."""
    cover: float
    """Share of its parts (a 6 × 6 grid) that are busy."""
    concentration: float
    """Edges of the busiest part over the mean."""
    contrast: float
    """Root mean square of the difference from the surroundings, in OKLab."""
    direction: float
    """Share of edge strength in the 30° around its main direction."""
    across: float
    """The same at right angles to it."""
    wave: float
    """Share of the lightness spectrum's power in its strongest peak."""
    wave_direction: float
    wave_across: float
    dots: int
    """Round spots of about one size."""


def name_pattern(
    image: Image.Image, mask: Mask, *, type: str, colours: list[str]
) -> tuple[str, float]:
    """Pattern and confidence of the garment under `mask`, whose grid spans the whole `image`."""
    lab, inside = cut_out(image, mask)
    return decide(measure_texture(lab, inside), type=type, colours=colours)


def cut_out(image: Image.Image, mask: Mask) -> tuple[Floats, Mask]:
    """The garment's box at the measuring size in OKLab, and its pixels clear of the outline."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    across, down = image.width / mask.shape[1], image.height / mask.shape[0]
    box = (left * across, top * down, right * across, bottom * down)
    scale = SIDE / max(box[2] - box[0], box[3] - box[1])
    size = (max(16, round((box[2] - box[0]) * scale)), max(16, round((box[3] - box[1]) * scale)))
    pixels = np.asarray(image.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=2.0))
    cut = Image.fromarray(mask[top:bottom, left:right]).resize(size, Image.Resampling.NEAREST)
    whole = np.asarray(cut).astype(bool)
    inside = shrink(np.pad(whole, 1), 5)[1:-1, 1:-1]
    return to_oklab(pixels), inside if inside.sum() > 300 else whole


def measure_texture(lab: Floats, inside: Mask) -> Texture:
    fine = np.stack([box_mean(channel, 1) for channel in lab.transpose(2, 0, 1)], -1)
    strength, angle = find_gradients(fine)
    edge = inside & (strength > EDGE)
    parts = share_by_part(edge, inside)
    direction, across = concentrate(angle[edge], strength[edge])
    wave, wave_direction, wave_across = find_wave(lab[..., 0], inside)
    relief = fine - local_mean(lab, inside, 12)
    return Texture(
        edges=float(edge.sum() / max(inside.sum(), 1)),
        cover=float((parts > 0.12).mean()),
        concentration=float(parts.max() / max(parts.mean(), 1e-6)),
        contrast=float(np.sqrt(np.square(relief[inside]).sum(1).mean())),
        direction=direction,
        across=across,
        wave=wave,
        wave_direction=wave_direction,
        wave_across=wave_across,
        dots=count_dots(relief[..., 0], inside),
    )


def find_gradients(lab: Floats) -> tuple[Floats, Floats]:
    """Strength and direction (0..1 for 0..180°) of change, from Di Zenzo's colour tensor (1986)."""
    down, right = np.zeros_like(lab), np.zeros_like(lab)
    down[1:-1] = lab[2:] - lab[:-2]
    right[:, 1:-1] = lab[:, 2:] - lab[:, :-2]
    xx, yy, xy = (right**2).sum(-1), (down**2).sum(-1), (right * down).sum(-1)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) / np.pi + 0.5
    return np.sqrt(xx + yy), np.asarray(angle % 1.0, dtype=np.float32)


def concentrate(angles: Floats, weights: Floats) -> tuple[float, float]:
    """Share of weight within 30° of the main direction, and of the one across it."""
    counts = np.bincount((angles * 18).astype(int) % 18, weights=weights, minlength=18)
    shares = counts / max(counts.sum(), 1e-6)
    window = shares + np.roll(shares, 1) + np.roll(shares, -1)
    main = int(window.argmax())
    return float(window[main]), float(max(window[(main + turn) % 18] for turn in (8, 9, 10)))


def share_by_part(edge: Mask, inside: Mask, parts: int = 6) -> Floats:
    """Share of edges in each part of the grid that is mostly garment."""
    height, width = inside.shape
    shares = []
    for row in range(parts):
        for column in range(parts):
            part = np.s_[
                height * row // parts : height * (row + 1) // parts,
                width * column // parts : width * (column + 1) // parts,
            ]
            if inside[part].mean() > 0.4:
                shares.append(edge[part].sum() / inside[part].sum())
    return np.asarray(shares or [0.0], dtype=np.float32)


def local_mean(lab: Floats, inside: Mask, radius: int) -> Floats:
    """Average colour of the garment around each pixel; background does not count."""
    weight = inside.astype(np.float32)
    total = np.maximum(box_mean(weight, radius), 0.05)
    return np.stack(
        [box_mean(channel * weight, radius) / total for channel in lab.transpose(2, 0, 1)], -1
    )


def find_wave(lightness: Floats, inside: Mask) -> tuple[float, float, float]:
    """How much of the spectrum is one wave; shares of power along its direction and across."""
    weight = inside.astype(np.float32)
    mean = box_mean(lightness * weight, 9) / np.maximum(box_mean(weight, 9), 0.05)
    relief = (lightness - mean) * weight * box_mean(weight, 3)
    power = np.square(np.abs(np.fft.fftshift(np.fft.fft2(relief, (256, 256)))))
    y, x = np.mgrid[-128:128, -128:128]
    frequency = np.hypot(y, x)
    power *= (frequency > 8) & (frequency < 90)
    total = float(power.sum()) + 1e-9
    row, column = (int(value) - 128 for value in np.unravel_index(power.argmax(), power.shape))
    peak = (np.hypot(y - row, x - column) < 4) | (np.hypot(y + row, x + column) < 4)
    angles = (np.arctan2(y, x) / np.pi % 1.0).astype(np.float32)
    direction, across = concentrate(angles.ravel(), power.ravel().astype(np.float32))
    return float(power[peak].sum()) / total, direction, across


def count_dots(relief: Floats, inside: Mask) -> int:
    """Spots, light or dark, that are round and of about the median size; 0 for a mere few."""
    best = 0
    for spots in (inside & (relief > 0.08), inside & (relief < -0.08)):
        sizes = [size for spot in label_pieces(spots)[:600] if (size := round_size(spot))]
        if len(sizes) >= 12:
            middle = float(np.median(sizes))
            best = max(best, sum(0.5 * middle < size < 2 * middle for size in sizes))
    return best


def round_size(spot: Mask) -> int:
    """Pixels of a spot that fills its nearly square box; otherwise 0."""
    size = int(spot.sum())
    height, width = int(spot.any(1).sum()), int(spot.any(0).sum())
    is_round = 0.65 < height / width < 1.5 and size > 0.65 * height * width
    return size if 8 <= size <= 600 and is_round else 0


def decide(texture: Texture, *, type: str, colours: list[str]) -> tuple[str, float]:
    """The rules, from the surest to the guess."""
    busy = BUSY_BY_TYPE.get(type, USUALLY_BUSY)
    if texture.wave > 0.25 and texture.edges > (busy if type == "pants" else 0.28):
        return ("striped", 0.75) if is_one_way(texture, len(colours)) else ("checkered", 0.6)
    if texture.direction > 0.6 and texture.across < 0.1 and texture.edges > max(busy, 0.3):
        return "striped", 0.6
    if is_motif(texture, type):
        return "graphic", 0.5
    if texture.edges < busy:
        return "solid", round(0.5 + 0.45 * (1 - texture.edges / busy), 2)
    if texture.dots >= 25 and texture.edges < 0.6 and len(colours) <= 2:
        return "polka_dot", 0.5
    if is_checked(texture, type):
        return ("plaid" if len(colours) > 2 else "checkered"), 0.5
    if len(CAMOUFLAGE.intersection(colours)) >= 3:
        return "camouflage", 0.4
    return name_print(texture, type)


def is_one_way(texture: Texture, colours: int) -> bool:
    if texture.edges > 0.85 and texture.direction < 0.45:
        return False
    return texture.wave_across < 0.3 * texture.wave_direction


def is_motif(texture: Texture, type: str) -> bool:
    """One busy place on an otherwise calm front."""
    return type in MOTIF_TYPES and texture.concentration > 2.7 and texture.contrast > 0.04


def is_checked(texture: Texture, type: str) -> bool:
    """Two directions at right angles; shirts need less evidence, being checked so often."""
    if texture.wave_direction > 0.36 and texture.wave_across > 0.2:
        return True
    even = texture.across > 0.6 * texture.direction
    return texture.wave > 0.14 and texture.edges > 0.85 or (type == "shirt" and even)


def name_print(texture: Texture, type: str) -> tuple[str, float]:
    """Prints that cover everything are mostly flowers; the rest is hard to name."""
    if type in MOTIF_TYPES and texture.concentration > 1.2:
        return "graphic", 0.45
    if texture.cover > 0.95 and texture.edges > 0.55 and texture.direction < 0.32:
        return "floral", 0.4
    return ("graphic", 0.3) if texture.contrast > 0.06 else ("other", 0.3)
