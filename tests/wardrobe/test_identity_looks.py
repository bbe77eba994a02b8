"""Whether two pictures show the same scene: pure pixels, no database."""

import io
import itertools
import os
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from tests.conftest import ROOT
from tests.wardrobe.pictures import draw_noise, encode
from wardrobe.identity import alignment
from wardrobe.identity.policy import IDENTITY
from wardrobe.photos import ingestion

PICTURE = draw_noise(480, 640, seed=3)
REAL_PHOTOS = os.environ.get("DRESSCODE_REAL_PHOTOS", "")


def crop(picture: Image.Image, share: float) -> Image.Image:
    x, y = round(share * picture.width), round(share * picture.height)
    return picture.crop((x, y, picture.width - x, picture.height - y))


def put_in_bars(picture: Image.Image, colour: str) -> Image.Image:
    """A screenshot, with a clock on the upper bar."""
    screen = Image.new("RGB", (picture.width, picture.height * 2), colour)
    screen.paste(picture, (0, picture.height // 2))
    screen.paste((128, 128, 128), (20, 20, 70, 40))
    return screen


def resave(picture: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(encode(picture, "jpeg", quality=60)))


COPIES = {
    "resaved": resave(PICTURE),
    "smaller": PICTURE.resize((240, 320)),
    "cropped": crop(PICTURE, 0.025),
    "cropped more": crop(PICTURE, 0.05),
    "off a corner": PICTURE.crop((0, 0, 456, 608)),
    "brighter": ImageEnhance.Brightness(PICTURE).enhance(1.2),
    "darker": ImageEnhance.Brightness(PICTURE).enhance(0.8),
    "black bars": put_in_bars(PICTURE, "black"),
    "white bars": put_in_bars(PICTURE, "white"),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_near_and_overlaps(kind: str) -> None:
    cosine = alignment.describe_appearance(COPIES[kind]) @ alignment.describe_appearance(PICTURE)
    assert cosine >= IDENTITY.minimum_cosine
    assert alignment.measure_overlap(COPIES[kind], PICTURE) >= IDENTITY.same_overlap


@pytest.mark.parametrize("seed", range(4, 9))
def test_other_pictures_do_not_overlap(seed: int) -> None:
    other = draw_noise(480, 640, seed=seed)
    assert alignment.measure_overlap(other, PICTURE) < 0.5


def test_what_was_cut_off_one_or_the_other_makes_no_difference() -> None:
    smaller = crop(PICTURE, 0.03)
    assert alignment.measure_overlap(smaller, PICTURE) == pytest.approx(
        alignment.measure_overlap(PICTURE, smaller), abs=0.02
    )


def test_bars_are_trimmed_and_nothing_else() -> None:
    trimmed = alignment.trim_bars(put_in_bars(PICTURE, "black"))
    assert trimmed.width / trimmed.height == pytest.approx(0.75, abs=0.02)
    assert alignment.trim_bars(PICTURE).size == (240, 320)


@pytest.mark.parametrize("colour", ["black", "white", "navy"])
def test_a_flat_picture_has_a_vector_and_overlaps_with_nothing(colour: str) -> None:
    flat = Image.new("RGB", (300, 400), colour)
    assert np.linalg.norm(alignment.describe_appearance(flat)) == pytest.approx(1)
    assert alignment.measure_overlap(flat, PICTURE) < 0.1


def test_a_picture_of_one_pixel_is_no_fault() -> None:
    dot = Image.new("RGB", (1, 1), "red")
    assert alignment.measure_overlap(dot, PICTURE) < 0.5


def test_nobody_is_asked_about_the_demo_wardrobe() -> None:
    paths = sorted((ROOT / "fixtures" / "demo" / "photos").glob("*.jpg"))
    pictures = [
        ingestion.read_picture(path.read_bytes(), format="jpeg", side=320) for path in paths
    ]
    vectors = [alignment.describe_appearance(picture) for picture in pictures]
    asked = [
        (paths[one].name, paths[other].name)
        for one, other in itertools.combinations(range(len(paths)), 2)
        if vectors[one] @ vectors[other] >= IDENTITY.minimum_cosine
        and alignment.measure_overlap(pictures[one], pictures[other]) >= IDENTITY.same_overlap
    ]
    assert asked == []


@pytest.mark.skipif(not REAL_PHOTOS, reason="DRESSCODE_REAL_PHOTOS names no folder of photos")
def test_copies_of_real_photos_are_known_and_strangers_are_not() -> None:
    paths = sorted(Path(REAL_PHOTOS).rglob("validation/*/*.jpg"))
    chosen = random.Random(1).sample(paths, min(12, len(paths)))
    pictures = [ingestion.read_picture(path.read_bytes(), format="jpeg") for path in chosen]
    for index, picture in enumerate(pictures):
        copy = put_in_bars(resave(crop(picture, 0.04)), "white")
        overlaps = [alignment.measure_overlap(copy, other) for other in pictures]
        assert [overlap >= IDENTITY.same_overlap for overlap in overlaps] == [
            other == index for other in range(len(pictures))
        ]
