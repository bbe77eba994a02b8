"""Looking at the garments of a training set, as the engine looks at them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from feedback.models import TrainingRow
from feedback.training.fitting import Floats
from feedback.training.gathering import OF_CLOTH
from wardrobe.photos import storage
from wardrobe.vision import colours
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.garments import (
    crop_square,
    join_regions,
    pixels_around,
    pixels_under,
    shrink_image,
)
from wardrobe.vision.heads import MEASURED_LEAST
from wardrobe.vision.hues import look_at_colours
from wardrobe.vision.naming import look_at_garment
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.preprocessing import find_ground
from wardrobe.vision.segmentation import Box, Region, find_regions
from wardrobe.vision.trunk.sessions import FEATURES, NoTrunkError, Trunk, find_trunk

Report = Callable[[str], object]

REHEARSAL = Path(__file__).parent / "rehearsal.npz"
WHOLE = (0.0, 0.0, 1.0, 1.0)
TOLD_EVERY = 20
AT_ONCE = 2
"""Garments looked at side by side: the networks compute outside of Python."""


@dataclass(frozen=True)
class Look:
    """What is seen of garments: answers (…, FEATURES) of the trunk, and where the cloth was looked at too its measures
    and what the layers see of it behind these, with the logits (…, colours) of measuring, in the order of
    `list_colours`."""

    answers: Floats
    colours: Floats

    def take_first(self, width: int) -> "Look":
        return replace(self, answers=self.answers[..., :width])


def look_at_rows(
    rows: Sequence[TrainingRow], *, vision: VisionParameters, adapter: str, report: Report
) -> tuple[list[TrainingRow], Look]:
    """What is seen of the rows whose photos are still there, with these rows: of the cloth if a row teaches what it shows.

    `adapter` is that of the heads that are to learn. Raises NoTrunkError, WeightsMismatchError.
    """
    trunk = find_trunk()
    if trunk is None:
        raise NoTrunkError("The pretrained trunk is not installed: there is nothing to retrain.")
    trunk = trunk.adapt(adapter)
    sees_cloth = any(
        row.field in OF_CLOTH and row.split == TrainingRow.Split.TRAINING for row in rows
    )
    wanted = {find_place(row): row for row in rows}
    known: dict[tuple[str, str], Look | None] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looks = pool.map(
            lambda row: look_at_row(row, trunk, vision if sees_cloth else None), wanted.values()
        )
        for number, (place, look) in enumerate(zip(wanted, looks, strict=True), start=1):
            known[place] = look
            if number % TOLD_EVERY == 0:
                report(f"Looked at {number} of {len(wanted)} garments")
    found = [(row, known[find_place(row)]) for row in rows]
    there = [(row, look) for row, look in found if look is not None]
    return [row for row, _ in there], join_looks([look for _, look in there])


def find_place(row: TrainingRow) -> tuple[str, str]:
    """The garment that a row is of: the photo's pixels and the box."""
    return row.pixel_sha256, str(row.box)


def join_looks(looks: Sequence[Look]) -> Look:
    """As rows; of none as wide as the trunk's answers."""
    if not looks:
        return Look(np.zeros((0, FEATURES), np.float32), np.zeros((0, 0), np.float32))
    return Look(np.stack([one.answers for one in looks]), np.stack([one.colours for one in looks]))


def look_at_row(row: TrainingRow, trunk: Trunk, vision: VisionParameters | None) -> Look | None:
    """As the engine looks at it; None where the photo is gone. Without `vision` the trunk alone looks."""
    try:
        picture = storage.read_file(row.photo.image.name)
    except FileNotFoundError:
        return None
    with Image.open(BytesIO(picture), formats=["WEBP"]) as opened:
        return look_at_garment_in(opened.convert("RGB"), read_box(row), trunk, vision)


def look_at_garment_in(
    image: Image.Image, box: Box, trunk: Trunk, vision: VisionParameters | None
) -> Look:
    """What is seen of the garment in a box. Without `vision` the trunk alone looks."""
    crop = crop_square(image, box)
    if vision is None:
        seen = trunk.see([crop], ground=find_ground(image))[0]
        return Look(np.asarray(seen, dtype=np.float32), np.zeros(0, np.float32))
    region = find_region(image, box, vision)
    answers = look_at_garment(image, crop, region.mask, trunk)
    return Look(answers, measure_colours(image, region))


def read_box(row: TrainingRow) -> Box:
    x, y, width, height = row.box or WHOLE
    return x, y, width, height


def find_region(image: Image.Image, box: Box, vision: VisionParameters) -> Region:
    """The region of the garment in a box, of one piece, of two or of all: the one whose own box is most like that."""
    small = to_oklab(shrink_image(image, vision))
    regions = find_regions(small, parameters=vision)
    joined = [[one] for one in regions] + [list(pair) for pair in combinations(regions, 2)]
    return max(map(join_regions, [*joined, regions]), key=lambda region: overlap(region.box, box))


def overlap(one: Box, other: Box) -> float:
    """What two boxes share, of what they cover together."""
    shared = 1.0
    for side in (0, 1):
        ends = min(one[side] + one[side + 2], other[side] + other[side + 2])
        shared *= max(0.0, ends - max(one[side], other[side]))
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def measure_colours(image: Image.Image, region: Region) -> Floats:
    """The logits (colours,) that the engine's colour head leans on."""
    look = look_at_colours(pixels_under(image, region.mask), pixels_around(image, region.mask))
    model = colours.load_model()
    groups = model.rate_groups(look.centres, look.ground)
    return as_logits(model.rate_garments(groups, look.shares))


def as_logits(rates: Floats) -> Floats:
    return np.asarray(np.log(rates + MEASURED_LEAST), dtype=np.float32)


def list_colours() -> list[str]:
    """The words of the measured logits."""
    return [*colours.load_model().names, colours.MULTICOLOR]


@lru_cache(maxsize=1)
def read_rehearsal(adapter: str) -> Look:
    """Drawings of our own: what is rehearsed where there are few photos yet. `python -m lab pack_rehearsal` looks.

    Raises WeightsMismatchError where heads of another `adapter` were to rehearse.
    """
    with np.load(REHEARSAL) as file:
        if (packed := str(file["adapter"])) != adapter:
            raise WeightsMismatchError(
                f"These heads go by the trunk's adapter {adapter[:12] or '(none)'}, the drawings that are "
                f"rehearsed by {packed[:12]}: retrain from the heads of this release."
            )
        answers = file["answers"] * file["steps"] + file["lowest"]
        return Look(np.asarray(answers, dtype=np.float32), file["colours"].astype(np.float32))
