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
from wardrobe.identity.alignment import Floats
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


def draw_grain(width: int, height: int, *, around: int, levels: int) -> Floats:
    """Grey pixels that stray from one level, as a sensor's do."""
    grain = np.random.default_rng(1).integers(-levels, levels + 1, (height, width))
    return np.asarray(around + grain, dtype=np.float32)


@pytest.mark.parametrize(("levels", "height"), [(0, 240), (3, 240), (12, 320)])
def test_a_bar_may_stray_by_three_levels(levels: int, height: int) -> None:
    pixels = np.array(draw_noise(240, 320).convert("L"))
    pixels[:80] = draw_grain(240, 80, around=100, levels=levels)
    assert alignment.trim_bars(Image.fromarray(pixels)).size == (240, height)


def test_bars_that_leave_too_little_are_no_bars() -> None:
    pixels = np.full((240, 320), 100, dtype=np.uint8)
    noise = np.asarray(draw_noise(320, 240).convert("L"))
    pixels[:20], pixels[-20:], pixels[:, 140:180] = noise[:20], noise[-20:], noise[:, 140:180]
    assert alignment.trim_bars(Image.fromarray(pixels)).size == (320, 240)


def test_a_sky_that_is_taken_for_a_bar_in_one_of_both_does_no_harm() -> None:
    pixels = np.array(draw_noise(240, 320).convert("L"))
    skies = []
    for levels in (0, 12):
        pixels[:100] = draw_grain(240, 100, around=200, levels=levels)
        skies.append(Image.fromarray(pixels.copy()))
    assert alignment.trim_bars(skies[0]).size != alignment.trim_bars(skies[1]).size
    assert alignment.measure_overlap(*skies) >= IDENTITY.same_overlap


def test_a_tall_screenshot_stays_wide_enough() -> None:
    assert alignment.as_grey(Image.new("RGB", (400, 4000))).size == (160, 1600)


@pytest.mark.parametrize(("share", "is_same"), [(0.07, True), (0.12, False)])
def test_up_to_eight_hundredths_may_lack_at_an_edge(share: float, is_same: bool) -> None:
    picture = draw_noise(80, 104, seed=3).resize((480, 640))
    overlap = alignment.measure_overlap(crop(picture, share), picture)
    assert (overlap >= IDENTITY.same_overlap) is is_same


def draw_scene(coarse: int, fine: int, *, noise: int) -> Image.Image:
    """64 pixels across: fields of 16 by seed `coarse`, of 4 by seed `fine`, and grain."""
    fields = draw_noise(32, 32, seed=coarse).resize((64, 64), Image.Resampling.BICUBIC)
    details = draw_noise(128, 128, seed=fine).resize((64, 64), Image.Resampling.BOX)
    both = Image.blend(fields.convert("L"), details.convert("L"), 0.3)
    grain = np.random.default_rng(noise).normal(0, 4, (64, 64))
    return Image.fromarray(np.clip(np.asarray(both) + grain, 0, 255).astype(np.uint8))


def test_the_same_from_afar_is_not_the_same() -> None:
    one, other = draw_scene(1, 2, noise=1), draw_scene(1, 3, noise=1)
    assert alignment.measure_overlap(one, other) < 0.5


def test_grain_makes_no_other_picture() -> None:
    one, other = draw_scene(1, 2, noise=1), draw_scene(1, 2, noise=2)
    assert alignment.measure_overlap(one, other) >= IDENTITY.same_overlap


def test_a_negative_correlates_by_minus_one() -> None:
    square = np.asarray(draw_noise(64, 64).convert("L"), dtype=np.float32)
    assert alignment.correlate(square, 255 - square) == pytest.approx(-1)
    assert alignment.correlate(square, square / 2 + 100) == pytest.approx(1)


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
