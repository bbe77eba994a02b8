"""Whether somebody is in a photo, by skin: so that a face is no garment and its colour no dye.

Skin of any tone keeps to a narrow band of hues (Chai and Ngan 1999 find the same in YCbCr); wood,
sand and beige cloth lie in it too. A person is believed only where such a colour makes a head: a
smooth, compact piece at the top of what stands out from the ground, with more skin of the same hue
elsewhere.
"""

import numpy as np

from wardrobe.vision.clusters import Floats
from wardrobe.vision.pieces import Mask, close_gaps, label_pieces, open_bridges

LIGHTNESS = (0.3, 0.93)
HUE = (25.0, 75.0)
"""Degrees in OKLab, from a rosy face to a tanned one."""
CHROMA = (0.025, 0.14)
GROUND_SHARE = 0.15
"""Of the photo's rim: where more of it has the colour of skin, skin tells nothing."""
HEAD_AREA = (0.002, 0.08)
HEAD_SHAPE = (0.7, 2.2)
"""Height by width."""
COMPACT = 0.55
"""Least share of its box that a head covers; an ellipse covers 0.79."""
HEAD_REACH = 0.25
"""How far below the top of what stands out a head's top may lie, of its height: hair, a hat."""
ASIDE = 0.22
"""How far off the middle of what stands out a head may be, of its width: arms go both ways."""
OTHER_AREA = 0.0006
MOST_SKIN = 0.6
"""Of what stands out: more of one colour is a garment."""
SAME_SKIN = 0.035
"""Distance in a, b of two pieces of one person's skin."""
EVEN = 0.03
"""Median change of lightness from pixel to pixel in a head: eyes and hair are few of them."""


def find_skin(lab: Floats, foreground: Mask) -> Mask:
    """The skin of the people in an OKLab picture (h, w, 3); empty where nobody is seen."""
    nothing = np.zeros_like(foreground)
    like_skin = is_skin_coloured(lab)
    if not foreground.any() or share_on_rim(like_skin) > GROUND_SHARE:
        return nothing
    pieces = label_pieces(open_bridges(close_gaps(like_skin & foreground, 1), 1))
    pieces = [piece for piece in pieces if piece.mean() >= OTHER_AREA]
    skin = nothing
    for head in pieces:
        if is_head(lab, head, foreground):
            same = [piece for piece in pieces if are_one_skin(lab, head, piece)]
            if len(same) > 1:
                skin = np.logical_or.reduce([skin, *same])
    return skin if skin.sum() < MOST_SKIN * foreground.sum() else nothing


def is_skin_coloured(lab: Floats) -> Mask:
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a))
    return np.asarray(
        (lightness > LIGHTNESS[0]) & (lightness < LIGHTNESS[1])
        & (chroma > CHROMA[0]) & (chroma < CHROMA[1])
        & (hue > HUE[0]) & (hue < HUE[1])
    )  # fmt: skip


def share_on_rim(mask: Mask) -> float:
    return float(
        np.concatenate([mask[:3].ravel(), mask[:, :3].ravel(), mask[:, -3:].ravel()]).mean()
    )


def is_head(lab: Floats, piece: Mask, foreground: Mask) -> bool:
    """Compact, even, and at the top of what stands out, above the middle of most of it."""
    rows, columns = np.flatnonzero(piece.any(1)), np.flatnonzero(piece.any(0))
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    upright = HEAD_SHAPE[0] <= height / width <= HEAD_SHAPE[1]
    compact = piece.sum() >= COMPACT * height * width
    sized = HEAD_AREA[0] <= piece.mean() <= HEAD_AREA[1]
    if not (upright and compact and sized):
        return False
    standing, spread = np.flatnonzero(foreground.any(1)), np.flatnonzero(foreground.any(0))
    aside = abs(columns.mean() - (spread[0] + spread[-1]) / 2)
    on_top = rows[0] - standing[0] <= HEAD_REACH * (np.ptp(standing) + 1)
    central = aside <= ASIDE * (np.ptp(spread) + 1)
    below = foreground[rows[-1] :].sum() >= 2 * piece.sum()
    return bool(on_top and central and below and is_even(lab[..., 0], piece))


def is_even(light: Floats, piece: Mask) -> bool:
    down = np.abs(np.diff(light, axis=0))[piece[1:] & piece[:-1]]
    return bool(down.size and np.median(down) < EVEN)


def are_one_skin(lab: Floats, one: Mask, other: Mask) -> bool:
    apart = np.median(lab[one][:, 1:], axis=0) - np.median(lab[other][:, 1:], axis=0)
    return float(np.linalg.norm(apart)) < SAME_SKIN
