"""From photos and labels to the files that the engine reads, and their card."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.training.heads.calibration import (
    calibration_error,
    correct_all,
    fit_calibration,
)
from lab.training.heads.card import Line, write_card
from lab.training.heads.colours import Palette, fit_colours, rate_palette, write_colours
from lab.training.heads.drawings import draw_missing
from lab.training.heads.learning import (
    FAMILY_WEIGHT,
    FIELDS,
    FOLDS,
    TYPE_WEIGHT,
    Field,
    Lesson,
    Standard,
    cross_validate,
    fit_fields,
    sum_by_family,
)
from lab.training.heads.looks import Looks, look_at_missing
from lab.training.heads.regression import fit_softmax, rate
from lab.training.heads.rows import Row, read_drawn, read_folders, read_labelled, read_patterns
from lab.training.splits import is_held_out
from wardrobe.vision.colours import MULTICOLOR, ColourModel
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.heads import MEASURED_LEAST, Calibration, Head, Heads, write_heads
from wardrobe.vision.trunk.sessions import FEATURES

Report = Callable[[str], object]
Flags = NDArray[np.bool_]
Doubles = NDArray[np.float64]

FOLDER_WEIGHT = 2.0
"""What a photo counts of which the folder alone is known: there are three times as many as are looked at."""
DRAWN_COLOURS, DRAWN_LEANINGS = 1.0, 1.5
"""What a drawing counts where measured colours are named, and where a head leans beside them."""
COLOUR_DECAY = 1000.0


def train(
    photos: Path,
    labels: Path,
    *,
    patterns: Path,
    output: Path,
    kept: Path,
    folders: int,
    drawn: int,
    seed: int,
    report: Report,
) -> None:
    """Raises OSError."""
    lesson = gather(photos, labels, patterns, kept, folders=folders, drawn=drawn, report=report)
    rates = cross_validate(lesson, seed=seed, report=report)
    heads, lines = make_heads(lesson, rates)
    colours, colour, told_colours = make_colours(
        lesson, Standard(heads.means, heads.deviations), seed=seed
    )
    content = write_heads(replace(heads, heads={**heads.heads, "colour": colour}))
    (output / "heads.npz").write_bytes(content)
    write_colours(colours, output / "colours.npz")
    digest = hashlib.sha256(content).hexdigest()
    lines += told_colours
    (output / "HEADS.md").write_text(write_card(lesson.rows, lines, digest))
    report(f"heads_sha256 = {digest}")
    for told in lines:
        report(f"{told.field}: {told.right} of {told.count}, calibration error {told.error:.3f}")


def gather(
    photos: Path,
    labels: Path,
    patterns: Path,
    kept: Path,
    *,
    folders: int,
    drawn: int,
    report: Report,
) -> Lesson:
    rows = list(read_labelled(labels / "train.jsonl"))
    known = [row.file for row in rows]
    rows += read_folders(
        photos, known, read_patterns(patterns), count=folders, weight=FOLDER_WEIGHT
    )
    draw_missing(kept / "drawings", drawn, report=report)
    made = list(read_drawn(kept / "drawings"))[:drawn]
    looks = [
        look_at_missing(root, [row.file for row in some], kept / name, report=report)
        for root, name, some in (
            (photos, "photos", rows),
            (kept / "drawings", "drawn", made),
        )
    ]
    return Lesson([*rows, *made], Looks.join(looks))


def make_heads(lesson: Lesson, rates: dict[str, NDArray[np.float32]]) -> tuple[Heads, list[Line]]:
    """Fitted on everything, and calibrated on what heads said of photos that they had not seen."""
    standard, fitted = fit_fields(lesson, np.ones(len(lesson.rows), dtype=bool))
    joint = lesson.join_opinions(rates["type"])
    families, line = calibrate_families(lesson, joint)
    lines, heads = [line], {}
    for field in FIELDS:
        accepted, told = lesson.accepted(field), rates[field.name]
        asked = lesson.is_labelled() & accepted.any(axis=1)
        if field.name == "type":
            told, accepted = keep_finer(joint), keep_finer(accepted)
        calibration, line = calibrate(field.name, told, accepted > 0, asked)
        heads[field.name] = Head(field.words, fitted[field.name], calibration)
        lines.append(line)
    return (
        Heads(standard.means, standard.deviations, heads, FAMILY_WEIGHT, TYPE_WEIGHT, families),
        lines,
    )


def keep_finer(types: NDArray[np.float32]) -> NDArray[np.float32]:
    """Nought for the families' own words: whether the best of the others may be told is calibrated."""
    finer = [FAMILY_OF[word] != word for word in FIELDS[0].words]
    return types * np.array(finer, dtype=np.float32)


def calibrate_families(lesson: Lesson, types: NDArray[np.float32]) -> tuple[Calibration, Line]:
    """On photos that the type networks had not learned from."""
    accepted = sum_by_family(lesson.accepted(FIELDS[0])) > 0
    unseen = np.array([row.is_real and is_held_out(Path(row.file)) for row in lesson.rows])
    return calibrate("family", sum_by_family(types), accepted, unseen)


def calibrate(
    name: str, rates: NDArray[np.floating], accepted: Flags, asked: Flags
) -> tuple[Calibration, Line]:
    best = rates.argmax(axis=1)
    right = accepted[np.arange(len(rates)), best][asked]
    likely = rates.max(axis=1)[asked].astype(np.float64)
    calibration = fit_calibration(likely, right)
    error = calibration_error(correct_all(calibration, likely), right)
    return calibration, Line(name, int(right.sum()), len(right), error)


def make_colours(
    lesson: Lesson, standard: Standard, *, seed: int
) -> tuple[ColourModel, Head, list[Line]]:
    """The model of measured colours, and the head that leans on the trunk's answers beside it."""
    palette, names, real = read_palette(lesson)
    folds = lesson.folds(seed)[has_colours(lesson)]
    measured = np.zeros((len(palette.weights), len(names) + 1))
    for apart, learned in split_rows(folds):
        model = fit_colours(palette.take(learned), names)
        measured[apart] = rate_palette(model, palette.take(apart))
    calibration, alone = calibrate("colour, measured", measured, palette.accepted > 0, real)
    model = replace(fit_colours(palette, names), calibration=calibration)
    head, rates = fit_leanings(lesson, standard, (*names, MULTICOLOR), measured, folds)
    calibration, line = calibrate("colour", rates, palette.accepted > 0, real)
    return model, replace(head, calibration=calibration), [alone, line]


def fit_leanings(
    lesson: Lesson,
    standard: Standard,
    words: tuple[str, ...],
    measured: Doubles,
    folds: NDArray[np.intp],
) -> tuple[Head, NDArray[np.float32]]:
    """The head beside `measured` (n, words), not calibrated, and rates of rows that it had not learned from."""
    chosen = has_colours(lesson)
    seen = standard(lesson.answers())[chosen, :FEATURES]
    accepted = lesson.accepted(Field("colour", "colours", words, COLOUR_DECAY))[chosen]
    weights = lesson.weights(DRAWN_LEANINGS)[chosen]
    logits = np.log(measured + MEASURED_LEAST).astype(np.float32)

    def fit(rows: NDArray[np.intp]) -> NDArray[np.float32]:
        return fit_softmax(
            seen[rows], accepted[rows], weights[rows], decay=COLOUR_DECAY, measured=logits[rows]
        )

    rates = np.zeros_like(logits)
    for apart, learned in split_rows(folds):
        rates[apart] = rate(seen[apart], fit(learned), logits[apart])
    return Head(words, fit(np.arange(len(seen))), Calibration(1.0, 0.0)), rates


def has_colours(lesson: Lesson) -> Flags:
    return np.array([bool(row.colours) for row in lesson.rows])


def split_rows(folds: NDArray[np.intp]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The rows of each fold, and all others."""
    for fold in range(FOLDS):
        yield np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)


def read_palette(lesson: Lesson) -> tuple[Palette, tuple[str, ...], Flags]:
    """Rows whose colours are known, the colours that are not MULTICOLOR, and which rows are labelled by eye."""
    chosen = has_colours(lesson)
    rows: list[Row] = [row for row in lesson.rows if row.colours]
    words = {word for row in rows for word in row.colours} - {MULTICOLOR}
    names = tuple(sorted(words))
    accepted = np.array(
        [[row.colours.get(name, 0.0) for name in (*names, MULTICOLOR)] for row in rows]
    )
    palette = Palette(
        centres=lesson.looks.centres[chosen].astype(np.float64),
        shares=lesson.looks.shares[chosen].astype(np.float64),
        ground=lesson.looks.ground[chosen].astype(np.float64),
        accepted=accepted / accepted.sum(axis=1, keepdims=True),
        weights=lesson.weights(DRAWN_COLOURS)[chosen].astype(np.float64),
    )
    return palette, names, lesson.is_labelled()[chosen]
