"""The closer look at patterns: what the middle of each garment shows, and the head that learns from it."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from lab.synthetic.printing import SHARES, print_on
from lab.training.heads.assembling import calibrate, split_rows
from lab.training.heads.card import Line
from lab.training.heads.learning import Field, Lesson, Standard
from lab.training.heads.looks import find_garment, read_upright
from lab.training.heads.regression import fit_softmax, rate
from lab.training.heads.rows import Row
from wardrobe.vision.garments import crop_middle
from wardrobe.vision.heads import Calibration, CloserLook, Head
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.preprocessing import find_ground
from wardrobe.vision.trunk.sessions import FEATURES, Trunk

Array = NDArray[np.float32]
Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]
Report = Callable[[str], object]

PLAIN = "solid"
COPIES = 2
"""How often each plain garment that is labelled by eye is printed on."""
SEED = 770_000
DRAWN, PRINTED = 0.5, 0.4
"""What a drawing counts, and a print: a photo labelled by eye counts 1."""
PLAINER = 1.2
"""What a plain garment counts more, since there are its prints to speak against plain ones."""
DECAY, SCALE = 150.0, 0.5
WEIGHT, BELOW = 0.5, 0.9
"""What the closer look counts, and how likely the first look's word must be to go without."""
TOLD_EVERY = 200


@dataclass(frozen=True)
class Closeups:
    """What the trunk as it came answers to the middles of garments, as they are and printed on."""

    rows: Rows
    """(n,): of a lesson, the one whose garment it is."""
    seen: Array
    """(n, 2, FEATURES): the middle and its mirror image."""
    prints: NDArray[np.str_]
    """(n,): the pattern that was printed on it; empty for the garment as it is."""

    @property
    def is_printed(self) -> Flags:
        return np.asarray(self.prints != "", dtype=np.bool_)

    def accepted(self, lesson: Lesson, field: Field) -> Array:
        """(n, words)"""
        accepted = lesson.accepted(field)[self.rows]
        for place in np.flatnonzero(self.is_printed):
            accepted[place] = [word == self.prints[place] for word in field.words]
        return accepted

    def weights(self, lesson: Lesson) -> Array:
        """(n,)"""
        own = [weigh(lesson.rows[row]) for row in self.rows]
        return np.where(self.is_printed, PRINTED, own).astype(np.float32)


def weigh(row: Row) -> float:
    return (1 + PLAINER * is_plain(row)) if row.is_real else DRAWN


def is_plain(row: Row) -> bool:
    return row.is_real and row.patterns == {PLAIN: 1.0}


def look_closer(
    lesson: Lesson, paths: Sequence[Path], kept: Path, trunk: Trunk, *, report: Report
) -> Closeups:
    """At all whose patterns are labelled by eye or were drawn. What was seen of the same before is read from `kept`.

    Raises OSError.
    """
    wanted = [
        (number, path)
        for number, (row, path) in enumerate(zip(lesson.rows, paths, strict=True))
        if row.patterns
    ]
    files = np.array([lesson.rows[number].file for number, _ in wanted])
    if kept.exists():
        with np.load(kept) as known:
            if known["files"].tolist() == files.tolist():
                return Closeups(known["rows"], known["seen"].astype(np.float32), known["prints"])
    copies = [1 + COPIES * is_plain(lesson.rows[number]) for number, _ in wanted]
    rows = np.repeat([number for number, _ in wanted], copies)
    seen = np.zeros((len(rows), 2, FEATURES), np.float16)
    prints: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        looks = pool.map(
            lambda path, count: list(look_at_middles(path, trunk, count)),
            [path for _, path in wanted],
            copies,
        )
        for count, found in enumerate(looks, start=1):
            for pattern, answers in found:
                seen[len(prints)] = answers
                prints.append(pattern)
            if count % TOLD_EVERY == 0:
                report(f"{count} of {len(wanted)} garments looked at from near")
    np.savez(kept, files=files, rows=rows, seen=seen, prints=np.array(prints))
    return Closeups(rows, seen.astype(np.float32), np.array(prints))


def look_at_middles(path: Path, trunk: Trunk, count: int) -> Iterator[tuple[str, Array]]:
    """The pattern that was printed, and what is seen (2, FEATURES): of the garment as it is, then of printed copies."""
    with Image.open(path) as opened:
        image = read_upright(opened)
    region, ground = find_garment(image, VisionParameters()), find_ground(image)
    for copy in range(count):
        shown, pattern = image, ""
        if copy:
            rng = np.random.default_rng([SEED, zlib.crc32(path.name.encode()), copy])
            pattern = str(rng.choice(list(SHARES), p=list(SHARES.values())))
            shown = print_on(image, region.mask, pattern, rng)
        middle = crop_middle(shown, region.box)
        yield pattern, trunk.see([middle, ImageOps.mirror(middle)], ground=ground)


def teach_closer(
    lesson: Lesson, field: Field, rates: Array, closeups: Closeups, *, seed: int
) -> tuple[CloserLook, list[Line]]:
    """Calibrated on what it says, with the first look's `rates` (rows, words), of garments of which neither had seen any."""
    accepted, weights = closeups.accepted(lesson, field), closeups.weights(lesson)
    standard, coefficients = fit_closeups(closeups.seen, accepted, weights)
    head = Head(field.words, coefficients, Calibration(1.0, 0.0))
    closer = CloserLook(standard.means, standard.deviations, head, WEIGHT, BELOW)
    both, is_seen = rates.copy(), np.zeros(len(rates), dtype=bool)
    for apart, learned in split_rows(lesson.folds(seed)[closeups.rows]):
        fitted = fit_closeups(closeups.seen[learned], accepted[learned], weights[learned])
        own = apart[~closeups.is_printed[apart]]
        rows = closeups.rows[own]
        told = rate(fitted[0](closeups.seen[own, 0]), fitted[1])
        both[rows], is_seen[rows] = closer.join(rates[rows], told), True
    is_unsure = rates.max(axis=1) < BELOW
    known = lesson.accepted(field) > 0
    asked = lesson.is_real() & is_seen
    calibration, unsure = calibrate("pattern, looked at closer", both, known, asked & is_unsure)
    _, sure = calibrate("pattern, looked at once", rates, known, asked & ~is_unsure)
    return replace(closer, head=replace(head, calibration=calibration)), [unsure, sure]


def fit_closeups(seen: Array, accepted: Array, weights: Array) -> tuple[Standard, Array]:
    """Coefficients (FEATURES + 1, words) for standardised answers, from (n, 2, FEATURES)."""
    plain, mirrored = seen[:, 0], seen[:, 1]
    standard = Standard.of(plain)
    coefficients = fit_softmax(
        np.float32(SCALE) * np.concatenate([standard(plain), standard(mirrored)]),
        np.tile(accepted, (2, 1)),
        np.tile(weights, 2),
        decay=DECAY,
    )
    coefficients[:-1] *= SCALE
    return standard, coefficients
