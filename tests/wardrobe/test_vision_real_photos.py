"""Accuracy on real photos: DRESSCODE_REAL_PHOTOS names a folder with validation/, finer/ and labelled.json.

Colours are asked by the labels of finer/: those of labelled.json chose the rules that named colours before.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from wardrobe.vision.classifier import get_classifier
from wardrobe.vision.families import FOLDER_NAMES
from wardrobe.vision.garments import DetectedGarment, detect_garments
from wardrobe.vision.parameters import VisionParameters

FOLDER = Path(os.environ.get("DRESSCODE_REAL_PHOTOS", ""))
PARAMETERS = VisionParameters()

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("DRESSCODE_REAL_PHOTOS"), reason="DRESSCODE_REAL_PHOTOS is not set"
    ),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def described() -> list[tuple[dict[str, Any], DetectedGarment]]:
    """Each labelled photo with the largest garment found in it."""
    labels = json.loads((FOLDER / "labelled.json").read_text())
    return [(label, detect(FOLDER / "validation" / label["file"])[0]) for label in labels]


def detect(path: Path) -> list[DetectedGarment]:
    with Image.open(path) as image:
        return detect_garments(image, parameters=PARAMETERS)


def test_types_are_named_on_unseen_photos() -> None:
    right = [
        guess_family(path) == FOLDER_NAMES.get(path.parent.name, path.parent.name)
        for path in sorted((FOLDER / "validation").glob("*/*.jpg"))
    ]
    assert sum(right) / len(right) >= 0.9


def guess_family(path: Path) -> str:
    with Image.open(path) as image:
        return get_classifier(PARAMETERS).guess_types([image], certainty=1.0)[0].family


def test_main_colours_are_acceptable(
    described: list[tuple[dict[str, Any], DetectedGarment]],
) -> None:
    lines = (FOLDER / "finer" / "validation.jsonl").read_text().splitlines()
    colours = {row["file"]: row["colors"] for row in map(json.loads, lines)}
    right = [
        garment.colours[0].name in colours[f"validation/{label['file']}"]
        for label, garment in described
    ]
    assert sum(right) / len(right) >= 0.8


def test_patterns_are_acceptable(
    described: list[tuple[dict[str, Any], DetectedGarment]],
) -> None:
    right = [garment.pattern in label["patterns"] for label, garment in described]
    assert sum(right) / len(right) >= 0.8


def test_a_photo_of_one_garment_is_rarely_taken_for_several(
    described: list[tuple[dict[str, Any], DetectedGarment]],
) -> None:
    several = [label["file"] for label, _ in described if len(detect_labelled(label)) > 1]
    assert len(several) <= 5


def detect_labelled(label: dict[str, Any]) -> list[DetectedGarment]:
    return detect(FOLDER / "validation" / label["file"])
