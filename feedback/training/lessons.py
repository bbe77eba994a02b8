"""Rows of a training set as numbers: what the trunk answers to each garment, and which words are accepted of it."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from feedback.models import TrainingRow
from feedback.training.fitting import CORRECTED, Lesson
from wardrobe.photos import storage
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.garments import crop_square
from wardrobe.vision.heads import Head
from wardrobe.vision.preprocessing import find_ground
from wardrobe.vision.trunk.sessions import FEATURES, NoTrunkError, Trunk, find_trunk

Floats = NDArray[np.float32]
Report = Callable[[str], object]

REHEARSAL = Path(__file__).parent / "rehearsal.npz"
WHOLE = (0.0, 0.0, 1.0, 1.0)
TOLD_EVERY = 20


def look_at_rows(
    rows: Sequence[TrainingRow], *, report: Report
) -> tuple[list[TrainingRow], Floats]:
    """The trunk's answers (n, FEATURES) to the rows whose photos are still there, with these rows.

    Raises NoTrunkError.
    """
    trunk = find_trunk()
    if trunk is None:
        raise NoTrunkError("The pretrained trunk is not installed: there is nothing to retrain.")
    known: dict[tuple[str, str], Floats | None] = {}
    for number, row in enumerate(rows, start=1):
        place = (row.pixel_sha256, str(row.box))
        if place not in known:
            known[place] = look_at_row(row, trunk)
        if number % TOLD_EVERY == 0:
            report(f"Looked at {number} of {len(rows)} garments")
    found = [(row, known[row.pixel_sha256, str(row.box)]) for row in rows]
    there = [(row, answers) for row, answers in found if answers is not None]
    empty = np.zeros((0, FEATURES), dtype=np.float32)
    return [row for row, _ in there], np.stack([a for _, a in there]) if there else empty


def look_at_row(row: TrainingRow, trunk: Trunk) -> Floats | None:
    """As the engine looks at it; None where the photo is gone."""
    try:
        picture = storage.read_file(row.photo.image.name)
    except FileNotFoundError:
        return None
    with Image.open(BytesIO(picture), formats=["WEBP"]) as opened:
        image = opened.convert("RGB")
    x, y, width, height = row.box or WHOLE
    crop = crop_square(image, (x, y, width, height))
    return np.asarray(trunk.see([crop], ground=find_ground(image))[0], dtype=np.float32)


@lru_cache(maxsize=1)
def read_rehearsal() -> Floats:
    """The trunk's answers (n, FEATURES) to drawings of our own: what is rehearsed where there are few photos yet."""
    with np.load(REHEARSAL) as file:
        answers = file["answers"] * file["steps"] + file["lowest"]
    return np.asarray(answers, dtype=np.float32)


def accept(head: Head, field: str, value: str) -> Floats:
    """(words,): 1 for each that is right. Of a type that is the name of a family any type of it is."""
    same = [word == value for word in head.words]
    if field == "type" and FAMILY_OF.get(value) == value:
        same = [FAMILY_OF.get(word) == value for word in head.words]
    return np.array(same, dtype=np.float32)


def teach(head: Head, field: str, rows: Sequence[TrainingRow], standard: Floats) -> Lesson:
    """The lesson of the rows of one field, in the order of `standard` (n, answers). Words that the head lacks teach
    nothing: `knows` tells them."""
    accepted = np.stack([accept(head, field, row.value) for row in rows])
    weights = np.array([CORRECTED * row.weight for row in rows], dtype=np.float32)
    lesson = Lesson(standard, accepted, weights)
    return lesson.take(accepted.sum(axis=1) > 0)


def knows(head: Head, row: TrainingRow) -> bool:
    return bool(accept(head, row.field, row.value).any())
