"""Shapes in a mask: connected pieces, holes, thin bridges."""

import numpy as np
from numpy.typing import NDArray

# By hand: with scipy.ndimage instead, a process that has seen 20 photos peaks at 237 MB, not 219, for the
# same masks (`docs/benchmarks.md`). Pillow labels no pieces, and its MaxFilter takes ten times as long as `grow`.

Mask = NDArray[np.bool_]


def label_pieces(mask: Mask) -> list[Mask]:
    """The connected pieces of `mask`, by runs of pixels that touch the row above."""
    runs, parents = find_runs(mask), list[int]()
    above: list[int] = []
    row = -1
    here: list[int] = []
    for index, (y, start, end) in enumerate(runs):
        parents.append(index)
        if y != row:
            above, here, row = (here if y == row + 1 else []), [], y
        for other in above:
            _, other_start, other_end = runs[other]
            if other_start < end and start < other_end:
                parents[root(parents, index)] = root(parents, other)
        here.append(index)
    return draw_pieces(runs, parents, mask.shape)


def find_runs(mask: Mask) -> list[tuple[int, int, int]]:
    """Row, start and end (exclusive) of each horizontal run of set pixels."""
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))


def root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def draw_pieces(
    runs: list[tuple[int, int, int]], parents: list[int], shape: tuple[int, ...]
) -> list[Mask]:
    pieces: dict[int, Mask] = {}
    for index, (y, start, end) in enumerate(runs):
        piece = pieces.setdefault(root(parents, index), np.zeros(shape, dtype=bool))
        piece[y, start:end] = True
    return list(pieces.values())


def fill_holes(mask: Mask, largest: float = 0.03) -> Mask:
    """Fill background that garment encloses, up to `largest` as a share of the picture."""
    filled = mask.copy()
    for hole in label_pieces(~mask):
        touches_edge = hole[0].any() or hole[-1].any() or hole[:, 0].any() or hole[:, -1].any()
        if not touches_edge and hole.mean() <= largest:
            filled |= hole
    return filled


def grow(mask: Mask, radius: int) -> Mask:
    """The mask and all within `radius` of it, across, down and diagonally."""
    return _sweep(_sweep(mask, radius).T, radius).T


def shrink(mask: Mask, radius: int) -> Mask:
    """What lies at least `radius` inside; beyond the picture's edge everything counts as inside."""
    return ~grow(~mask, radius)


def close_gaps(mask: Mask, radius: int = 2) -> Mask:
    return shrink(grow(mask, radius), radius)


def open_bridges(mask: Mask, radius: int = 2) -> Mask:
    return grow(shrink(mask, radius), radius)


def _sweep(mask: Mask, radius: int) -> Mask:
    """Each row joined with those up to `radius` above and below it."""
    grown = mask.copy()
    for step in range(1, min(radius, len(mask) - 1) + 1):
        grown[step:] |= mask[:-step]
        grown[:-step] |= mask[step:]
    return grown
