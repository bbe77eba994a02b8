"""What heads are taught beside their fields, how sure they may be, and what the card says of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.training.heads.calibration import calibration_error, correct_all, fit_calibration
from lab.training.heads.card import Line
from lab.training.heads.colours import Palette, fit_colours, rate_palette
from lab.training.heads.learning import (
    FAMILY_WEIGHT,
    FIELDS,
    FOLDS,
    TYPE_WEIGHT,
    Field,
    Lesson,
    Task,
    sum_by_family,
)
from lab.training.heads.rows import Row
from lab.training.splits import is_held_out
from wardrobe.vision.colours import MULTICOLOR, ColourModel
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.heads import MEASURED_LEAST, Calibration, Head, Heads

Flags = NDArray[np.bool_]
Doubles = NDArray[np.float64]

DRAWN_COLOURS, DRAWN_LEANINGS = 1.0, 1.5
"""What a drawing counts where measured colours are named, and where a head leans beside them."""
COLOUR_DECAY = 2000.0


def make_heads(
    lesson: Lesson,
    tasks: Sequence[Task],
    rates: Mapping[str, NDArray[np.float32]],
    coefficients: Mapping[str, NDArray[np.float32]],
) -> tuple[Heads, list[Line]]:
    """Calibrated on what heads said of photos that they had not seen."""
    joint = lesson.join_opinions(rates["type"])
    families, line = calibrate_families(lesson, joint)
    lines, heads = [line], {}
    for task in tasks:
        name, accepted, told = task.field.name, task.known, rates[task.field.name]
        asked = lesson.is_real() & accepted.any(axis=1)
        if name == "type":
            told, accepted = keep_finer(joint), keep_finer(accepted)
        calibration, line = calibrate(name, told, accepted > 0, asked)
        heads[name] = Head(task.field.words, coefficients[name], calibration)
        lines.append(line)
    nothing = np.zeros(0, np.float32)
    return Heads(nothing, nothing, heads, FAMILY_WEIGHT, TYPE_WEIGHT, families), lines


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


def make_colours(lesson: Lesson, *, seed: int) -> tuple[ColourModel, Task, Line]:
    """The model of measured colours, and the task of the head that leans on the trunk's answers beside it."""
    palette, names, real = read_palette(lesson)
    chosen = has_colours(lesson)
    measured = np.zeros((len(palette.weights), len(names) + 1))
    for apart, learned in split_rows(lesson.folds(seed)[chosen]):
        model = fit_colours(palette.take(learned), names)
        measured[apart] = rate_palette(model, palette.take(apart))
    calibration, alone = calibrate("colour, measured", measured, palette.accepted > 0, real)
    field = Field("colour", "colours", (*names, MULTICOLOR), COLOUR_DECAY, drawn=DRAWN_LEANINGS)
    logits = np.zeros((len(lesson.rows), len(field.words)), np.float32)
    logits[chosen] = np.log(measured + MEASURED_LEAST)
    task = Task(field, lesson.accepted(field), lesson.weights(field.drawn), logits)
    return replace(fit_colours(palette, names), calibration=calibration), task, alone


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
    return palette, names, lesson.is_real()[chosen]
