"""Telling garments from what they lie on.

The rim of a photo shows background. Its colours, and those of what differs from it, become two
mixtures of Gaussians that are refitted in turn, as in GrabCut (Rother et al. 2004); in place of its
graph cut an edge-preserving filter (He et al. 2010) smooths the decision. What remains falls apart
into connected pieces; small ones join a neighbour or go.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.clusters import Floats, cluster_colours
from wardrobe.vision.filters import EdgeGuide, halve
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.people import find_skin
from wardrobe.vision.pieces import Mask, close_gaps, fill_holes, grow, label_pieces, open_bridges

Box = tuple[float, float, float, float]

ROUNDS = 4
MIXTURE = 5
SAMPLE = 1500
"""Pixels that a mixture is fitted to: more give the same Gaussians."""
NARROWEST = 7e-5
"""Least variance of a Gaussian along any direction, in OKLab: noise of a phone's sensor."""
RIM_MARGIN = 4.0
"""Log likelihood below that of the rim's oddest pixels at which a colour is surely foreign."""
SMALLEST = 0.03
"""Of the largest piece: what shoes or a hat cover beside a coat. Less is a tag or a speck."""
RIM = 0.04
"""Width of the rim, as a share of the shorter side."""

RIM_COLOURS = 8
STRETCHES = 32
WIDESPREAD = 0.4
"""Share of the rim's stretches that a colour must be met in to be the background's for sure."""
FOREIGN = 0.1
"""Distance in OKLab from any such colour beyond which another is none of the background's."""
FOREIGN_SHARE = 0.1
"""Of the rim: where more of it is foreign, the background itself is colourful."""


LOST = 0.2
"""Certainty below which refitting has lost the garment, if what differs from the rim at first is plain."""
PLAIN, PLAIN_AREA = 0.8, 0.03
"""Certainty, and share of the photo, of what is plain at first."""


@dataclass(frozen=True)
class Region:
    """One piece of clothing in the analysed picture, or the guess that stands in for it."""

    mask: Mask
    certainty: float
    """0..1: how clearly it stands out from its surroundings."""
    person: bool = False
    """Whether somebody is seen in the photo, who may wear it."""

    @property
    def area(self) -> float:
        return float(self.mask.mean())

    @property
    def box(self) -> Box:
        """x, y, width, height in fractions of the picture."""
        height, width = self.mask.shape
        rows, columns = np.flatnonzero(self.mask.any(1)), np.flatnonzero(self.mask.any(0))
        top, left = int(rows[0]), int(columns[0])
        bottom, right = int(rows[-1]) + 1, int(columns[-1]) + 1
        return left / width, top / height, (right - left) / width, (bottom - top) / height

    @property
    def is_cut_off(self) -> bool:
        """By the picture's edge."""
        mask = self.mask
        return bool(any(side.any() for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1])))


@dataclass(frozen=True)
class Mixture:
    """Gaussians over colours: each log density is a polynomial, one row of `coefficients`."""

    centres: Floats
    coefficients: Floats
    """(components, 10), for the rows of `expand`."""

    def log_likelihood(self, terms: Floats) -> Floats:
        """Of each colour, given as its terms (10, n), under the component that explains it best."""
        return np.asarray((self.coefficients @ terms).max(axis=0))


def find_regions(
    lab: Floats, *, parameters: VisionParameters, expected: Floats | None = None
) -> list[Region]:
    """The garments in an OKLab picture (h, w, 3), largest first; never an empty list.

    The skin of people is no part of a garment. `expected` are log odds of a garment over the whole
    picture, in any number of rows and columns; without them garments are expected in the middle.
    """
    mask = separate_foreground(lab, expected=expected)
    regions = cut_regions(lab, mask, parameters=parameters)
    if max(region.certainty for region in regions) < LOST:
        mask = separate_foreground(lab, rounds=0, expected=expected)
        first = cut_regions(lab, mask, parameters=parameters)
        if first[0].area >= PLAIN_AREA and first[0].certainty > PLAIN:
            return first
    return regions


def cut_regions(lab: Floats, mask: Mask, *, parameters: VisionParameters) -> list[Region]:
    """The pieces of a mask that may be garments; the middle of the photo where there is none."""
    skin = find_skin(lab, mask)
    person = bool(skin.any())
    if person:
        mask = mask & ~grow(skin, 1)
    pieces = join_pieces(label_pieces(mask), parameters=parameters)
    regions = [
        Region(piece, certainty, person)
        for piece in pieces
        if (certainty := judge_piece(lab, piece)) >= parameters.minimum_certainty
    ]
    regions.sort(key=lambda region: region.area, reverse=True)
    return regions[: parameters.maximum_garments] or [replace(central_region(lab), person=person)]


def separate_foreground(
    lab: Floats, *, rounds: int = ROUNDS, expected: Floats | None = None
) -> Mask:
    """Mixtures are refitted at half the size; the outline is then found at the full one."""
    small = halve(lab)
    height, width, _ = small.shape
    colours = small.reshape(-1, 3)
    terms = expand(colours)
    rim = clear_rim(small).ravel()
    centred = centre_prior(height, width) if expected is None else fit_to(expected, height, width)
    guide = EdgeGuide(small[..., 0], radius=2)
    background, foreground = fit_mixture(colours[rim]), None
    unlike = -background.log_likelihood(terms).reshape(height, width)
    score = first_guess(unlike, rim.reshape(height, width), centred)
    for _ in range(rounds):
        inside = (guide.smooth(score) > 0).ravel()
        if inside.sum() < 12 or (~inside).sum() < 12:
            break
        foreground = fit_mixture(colours[inside], like=foreground)
        background = fit_mixture(colours[~inside | rim], like=background)
        evidence = foreground.log_likelihood(terms) - background.log_likelihood(terms)
        score = np.clip(evidence.reshape(height, width), -6, 6) + centred
    mask = guide.enlarge(score, lab[..., 0]) > 0
    return fill_holes(open_bridges(close_gaps(mask)))


def rim_mask(height: int, width: int) -> Mask:
    thickness = max(2, round(RIM * min(height, width)))
    mask = np.ones((height, width), dtype=bool)
    mask[thickness:-thickness, thickness:-thickness] = False
    return mask


def clear_rim(lab: Floats) -> Mask:
    """The rim, less the stretches where a garment seems to reach out of the picture.

    Background goes round the picture, or is at least like what does. A colour that is unlike all
    such and keeps to one stretch is a garment's or clutter's: it must not pass for background.
    """
    rim = rim_mask(*lab.shape[:2])
    colours = lab[rim]
    clusters = cluster_colours(colours, RIM_COLOURS, rounds=5)
    around = stretches(rim)
    spread = np.array(
        [
            np.count_nonzero(np.bincount(around[clusters.labels == i]))
            for i in range(len(clusters.centres))
        ]
    )
    widespread = spread >= WIDESPREAD * STRETCHES
    if not widespread.any():
        return rim
    apart = clusters.centres[:, None] - clusters.centres[None, widespread]
    foreign = np.linalg.norm(apart, axis=2).min(axis=1) > FOREIGN
    foreign_pixels = foreign[clusters.labels]
    if foreign_pixels.mean() > FOREIGN_SHARE:
        return rim
    kept = rim.copy()
    kept[rim] = ~foreign_pixels
    return kept


def stretches(rim: Mask) -> NDArray[np.intp]:
    """Which of the equal angles around the middle each pixel of the rim lies in."""
    height, width = rim.shape
    y, x = np.nonzero(rim)
    angle = np.arctan2(y / height - 0.5, x / width - 0.5) / (2 * np.pi) + 0.5
    return np.asarray((angle * STRETCHES).astype(np.intp) % STRETCHES)


def centre_prior(height: int, width: int) -> Floats:
    """Log odds of garment before any colour is seen: 1 in the middle, −3 in the corners."""
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    return np.asarray(1.0 - 2.0 * (x**4 + y**4), dtype=np.float32)


def fit_to(expected: Floats, height: int, width: int) -> Floats:
    picture = Image.fromarray(expected).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(picture, dtype=np.float32)


def first_guess(unlike: Floats, rim: Mask, centred: Floats) -> Floats:
    """Above 0 where the colour is unlike the rim, weighed by the centre.

    The threshold is Otsu's, or what hardly any of the rim reaches where that is lower: beside a
    striking garment, a quiet one must not pass for background.
    """
    capped = np.minimum(unlike, np.quantile(unlike, 0.98)) + centred
    usual = float(np.quantile(unlike[rim], 0.98)) + RIM_MARGIN
    return np.asarray(capped - min(otsu_threshold(capped), usual), dtype=np.float32)


# By hand: scikit-image takes 30 MB more of a process for it.
def otsu_threshold(values: Floats) -> float:
    """The split with the largest variance between its two sides (Otsu 1979)."""
    counts, edges = np.histogram(values, bins=64)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = values.size - below
    sums = np.cumsum(counts * middles)
    means_below = sums[:-1] / np.maximum(below, 1)
    means_above = (sums[-1] - sums[:-1]) / np.maximum(above, 1)
    return float(edges[1:-1][(below * above * (means_below - means_above) ** 2).argmax()])


def expand(colours: Floats) -> Floats:
    """The terms of a polynomial of degree two in three channels: (n, 3) to (10, n)."""
    x, y, z = colours.T
    return np.stack([np.ones_like(x), x, y, z, x * x, y * y, z * z, x * y, x * z, y * z])


def fit_mixture(colours: Floats, *, like: Mixture | None = None) -> Mixture:
    """Gaussians around clusters of `colours` (n, 3), beginning at those of `like`."""
    sample = colours[:: max(1, len(colours) // SAMPLE)]
    if like is None:
        clusters = cluster_colours(sample, MIXTURE, rounds=5)
    else:
        clusters = cluster_colours(sample, MIXTURE, rounds=2, start=like.centres)
    rows = [
        log_density(sample[clusters.labels == label], centre, float(share))
        for label, (centre, share) in enumerate(zip(clusters.centres, clusters.shares, strict=True))
    ]
    return Mixture(clusters.centres, np.stack(rows))


def log_density(members: Floats, centre: Floats, share: float) -> Floats:
    """Of the Gaussian of `members`, less a constant: a coefficient for each row of `expand`."""
    away = members - centre
    covariance = away.T @ away / max(len(members), 1) + np.eye(3) * NARROWEST
    precision = np.linalg.inv(covariance)
    slope = precision @ centre
    _, spread = np.linalg.slogdet(covariance)
    constant = np.log(max(share, 1e-3)) - 0.5 * (spread + centre @ slope)
    mixed = -precision[[0, 0, 1], [1, 2, 2]]
    return np.array([constant, *slope, *(-0.5 * precision.diagonal()), *mixed], dtype=np.float32)


def join_pieces(pieces: list[Mask], *, parameters: VisionParameters) -> list[Mask]:
    """Join what lies close together; drop what is too small for a garment."""
    pieces = sorted(pieces, key=lambda piece: int(piece.sum()), reverse=True)
    joined: list[Mask] = []
    for piece in pieces:
        if piece.mean() < parameters.minimum_area / 10:
            break
        near = next((i for i, other in enumerate(joined) if are_close(piece, other)), None)
        if near is None:
            joined.append(piece)
        else:
            joined[near] = joined[near] | piece
    largest = max((float(piece.mean()) for piece in joined), default=0.0)
    floor = max(parameters.minimum_area, SMALLEST * largest)
    return [piece for piece in joined if piece.mean() >= floor]


def are_close(piece: Mask, other: Mask) -> bool:
    """Less than 2 % of the picture's side apart, box to box."""
    return gap_between(Region(piece, 1).box, Region(other, 1).box) < 0.02


def gap_between(one: Box, other: Box) -> float:
    """Free space between two boxes, across or down; negative where they overlap both ways."""
    across = max(other[0] - one[0] - one[2], one[0] - other[0] - other[2])
    down = max(other[1] - one[1] - one[3], one[1] - other[1] - other[3])
    return max(across, down)


def judge_piece(lab: Floats, piece: Mask) -> float:
    """How much a piece looks cut out of its surroundings: contrast, and little of it on the rim."""
    lab, piece = lab[::2, ::2], piece[::2, ::2]
    rim = rim_mask(*piece.shape)
    on_rim = float((piece & rim).sum() / rim.sum())
    around = ~piece & ~rim if (~piece & ~rim).any() else ~piece
    if not around.any() or not piece.any():
        return 0.0
    inside, outside = lab[piece], lab[around]
    contrast = float(np.linalg.norm(np.median(inside, 0) - np.median(outside, 0)))
    return float(np.clip(contrast / 0.2, 0.1, 1) * np.clip(1.3 - 2 * on_rim, 0, 1))


def central_region(lab: Floats) -> Region:
    """The middle of the photo, where people hold what they show: an ellipse."""
    height, width, _ = lab.shape
    y = np.linspace(-1, 1, height)[:, None]
    x = np.linspace(-1, 1, width)[None, :]
    return Region(np.asarray((x / 0.7) ** 2 + (y / 0.8) ** 2 < 1), 0.1)
