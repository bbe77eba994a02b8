"""One garment seen twice in one photo is one, and a scrap at the photo's edge is none."""

from typing import Any

import numpy as np
import pytest
from django.conf import settings
from PIL import Image, ImageEnhance, ImageOps

from lab.synthetic import FabricColour
from lab.training.heads.looks import read_upright
from tests.wardrobe.drawings import add_noise, draw_sewn, draw_two_shirts
from tests.wardrobe.test_vision_garments import NAVY, PARAMETERS, RED
from wardrobe.tasks import DigitizeAnswer, SeenColour, SeenGarment
from wardrobe.vision.classifier import TypeGuess
from wardrobe.vision.colours import MeasuredColour
from wardrobe.vision.garments import (
    DetectedGarment,
    Sighting,
    are_same,
    detect_garments,
    leave_out_scraps,
)
from wardrobe.vision.repeats import keep_each_once, share_covered
from wardrobe.vision.segmentation import Region

DYED_NAVY = FabricColour("navy", "#1f2a4d")
AHEAD, ASIDE = np.eye(128, dtype=np.float32)[:2]


def sight(
    type: str = "shirt",
    box: tuple[int, int, int, int] = (10, 10, 30, 50),
    *,
    colour: str = "navy",
    vector: Any = AHEAD,
    sure: float = 0.5,
) -> Sighting:
    """In a picture of 100 by 100; `box` is left, top, width and height."""
    left, top, width, height = box
    mask = np.zeros((100, 100), dtype=bool)
    mask[top : top + height, left : left + width] = True
    region = Region(mask, 0.9)
    words = dict.fromkeys(
        ("slot", "pattern", "material", "warmth", "layering", "formality", "sleeve", "length"), ""
    )
    garment = DetectedGarment(
        box=region.box,
        type=type,
        colours=[MeasuredColour(colour, "#000000", 1.0)],
        seasons=[],
        water_resistant=False,
        confidence={"slot": sure},
        alternatives=[],
        **words,
    )
    return Sighting(garment, region, TypeGuess(type, sure, {type: sure}, vector=vector))


def test_a_shirt_and_its_image_in_a_mirror_are_one_garment() -> None:
    alone = draw_sewn("shirt", DYED_NAVY, size=(512, 768)).image.convert("RGB")
    image = ImageEnhance.Brightness(ImageOps.mirror(alone)).enhance(0.9)
    both = Image.new("RGB", (1024, 768), image.getpixel((0, 0)))
    both.paste(alone, (0, 0))
    both.paste(image.resize((384, 576)), (576, 120))
    (garment,) = detect_garments(add_noise(both), parameters=PARAMETERS)
    assert garment.box[0] < 0.1
    assert garment.box[2] < 0.5


def test_shirts_of_two_colours_are_two() -> None:
    assert len(detect_garments(draw_two_shirts(RED, NAVY), parameters=PARAMETERS)) == 2


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (sight(box=(60, 10, 30, 50)), True),
        (sight(box=(60, 10, 30, 50), colour="red"), False),
        (sight(box=(60, 10, 30, 50), vector=ASIDE), False),
        (sight("skirt", box=(60, 10, 30, 50)), False),
        (sight(box=(15, 20, 20, 30), colour="red", vector=ASIDE), True),
        (sight("skirt", box=(15, 20, 20, 30)), False),
    ],
    ids=["mirrored", "other colour", "other cut", "other type", "within", "other type within"],
)
def test_what_is_the_same(other: Sighting, same: bool) -> None:
    assert are_same(other, sight()) is same


def test_of_three_the_first_stays() -> None:
    larger, smaller = sight(), sight(box=(60, 10, 20, 20))
    assert keep_each_once([larger, smaller, sight("skirt")], are_same)[0] is larger
    assert len(keep_each_once([larger, smaller, smaller], are_same)) == 1


@pytest.mark.parametrize(
    ("small", "count"),
    [
        (sight("belt", (0, 40, 5, 20), sure=0.89), 1),
        (sight("belt", (0, 40, 5, 20), sure=0.9), 2),
        (sight("belt", (1, 40, 5, 20), sure=0.89), 2),
        (sight("belt", (95, 40, 5, 20), sure=0.89), 1),
        (sight("belt", (0, 0, 20, 40), sure=0.89), 2),
    ],
    ids=["cut off", "surely a belt", "whole", "cut off on the right", "not small"],
)
def test_a_scrap_at_the_edge_is_no_garment(small: Sighting, count: int) -> None:
    assert len(leave_out_scraps([sight(box=(30, 10, 40, 60), sure=0.3), small])) == count


def test_beside_the_derbies_of_the_demo_there_is_no_belt() -> None:
    with Image.open(settings.BASE_DIR / "fixtures/demo/photos/black-derbies.jpg") as photo:
        garments = detect_garments(read_upright(photo), parameters=PARAMETERS)
    assert [garment.type for garment in garments] == ["derbies"]


def test_one_box_covers_another() -> None:
    assert share_covered((0, 0, 1, 1), (0.5, 0.5, 0.2, 0.2)) == pytest.approx(1)
    assert share_covered((0, 0, 0.4, 1), (0.3, 0, 0.4, 1)) == pytest.approx(0.25)
    assert share_covered((0, 0, 0.4, 1), (0.5, 0, 0.4, 1)) == 0
    assert share_covered((0, 0, 0, 0), (0, 0, 1, 1)) == 0


def answer(type: str, colour: str, box: list[float]) -> SeenGarment:
    colours = [SeenColour(name=colour)] if colour else []
    return SeenGarment(type=type, colours=colours, box=box)


def test_a_model_that_names_a_garment_twice_is_taken_once() -> None:
    part, whole = (
        answer("shirt", "navy", box) for box in ([0.1, 0.1, 0.2, 0.2], [0.1, 0.1, 0.5, 0.8])
    )
    trousers = answer("jeans", "blue", [0.1, 0.5, 0.5, 0.4])
    assert DigitizeAnswer(garments=[part, trousers, whole]).garments == [trousers, whole]


@pytest.mark.parametrize(
    "other",
    [
        answer("jacket", "navy", [0.1, 0.1, 0.5, 0.8]),
        answer("shirt", "white", [0.1, 0.1, 0.5, 0.8]),
        answer("shirt", "navy", [0.5, 0.1, 0.4, 0.8]),
        answer("shirt", "navy", []),
    ],
    ids=["over it", "beneath it", "beside it", "nobody knows where"],
)
def test_layers_and_neighbours_in_a_models_answer_stay(other: SeenGarment) -> None:
    shirt = answer("shirt", "navy", [0.1, 0.1, 0.5, 0.8])
    assert DigitizeAnswer(garments=[shirt, other]).garments == [shirt, other]
