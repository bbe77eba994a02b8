"""Drawn photos that are as hard to see through as real ones."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageFilter

from lab.commands.compare_drawings import Command
from lab.synthetic import FabricColour, GarmentSpec, Shot, render_photo
from lab.synthetic.bold_grounds import BOLD_GROUNDS
from lab.synthetic.cuts import CUTS
from lab.synthetic.measures import MEASURES, distance, measure_photo
from lab.synthetic.snapshots import CONFUSED, draw_confused, draw_snapshot

SMALL = (120, 160)
RUST = GarmentSpec(type="t-shirt", colours=(FabricColour("rust", "#c0451c"),), trim="#c0451c")


def noise(seed: int, side: int = 400) -> Image.Image:
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (side, side, 3), dtype=np.uint8))


def draw(shot: Shot) -> np.ndarray:
    photo = render_photo(RUST, seed=3, background="white_desk", size=SMALL, shot=shot)
    return np.asarray(photo.image, float)


def test_one_seed_gives_one_snapshot():
    once, twice = (draw_snapshot("boots", 5, size=SMALL) for _ in range(2))
    assert np.array_equal(once.image, twice.image)
    assert once.truth == twice.truth
    other = draw_snapshot("boots", 6, size=SMALL).image
    assert np.abs(np.asarray(once.image, float) - np.asarray(other, float)).mean() > 3


def test_confused_types_are_drawn_in_turn():
    boots = CONFUSED.index(("boots", "rain-boots"))
    assert {draw_confused(boots, seed)[1] for seed in (6, 7)} == set(CONFUSED[boots])


def test_whatever_is_confused_can_be_drawn():
    assert {type for group in CONFUSED for type in group} <= set(CUTS)


def test_a_mask_covers_what_was_drawn_and_fills_its_box():
    photo = render_photo(RUST, seed=4, background="concrete", size=SMALL, shot=Shot(tilt=0.06))
    picture, (mask,) = np.asarray(photo.image, float), photo.masks
    rusty = picture[..., 0] - picture[..., 2] > 40
    assert (mask & rusty).sum() / (mask | rusty).sum() > 0.95
    x, y, width, height = photo.truth.garments[0].box
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    assert (columns[0] / 120, (columns[-1] + 1) / 120) == pytest.approx((x, x + width), abs=0.02)
    assert (rows[0] / 160, (rows[-1] + 1) / 160) == pytest.approx((y, y + height), abs=0.02)


@pytest.mark.parametrize("background", BOLD_GROUNDS)
def test_two_throws_of_a_bold_ground_differ(background):
    one, other = (
        np.asarray(render_photo(RUST, seed=n, background=background, size=SMALL).image, float)
        for n in (1, 2)
    )
    assert np.abs(one[:16] - other[:16]).mean() > 5


def test_a_smaller_fill_and_a_step_aside_move_the_garment():
    usual = render_photo(RUST, seed=3, background="white_desk", size=SMALL).masks[0]
    shot = Shot(fill=0.5, aside=0.15)
    moved = render_photo(RUST, seed=3, background="white_desk", size=SMALL, shot=shot).masks[0]
    assert moved.sum() < 0.5 * usual.sum()
    assert np.nonzero(moved)[1].mean() > np.nonzero(usual)[1].mean() + 10


def test_a_hanger_shows_above_the_collar_and_is_none_of_the_garment():
    plain, hung = (
        render_photo(RUST, seed=3, background="white_desk", size=(300, 400), shot=Shot(hung=hung))
        for hung in (False, True)
    )
    changed = np.abs(np.asarray(plain.image, float) - np.asarray(hung.image, float)).max(2) > 25
    assert np.array_equal(plain.masks[0], hung.masks[0])
    assert (changed & ~plain.masks[0]).sum() > 30


def test_another_ground_begins_along_one_side():
    plain, two = draw(Shot()), draw(Shot(beyond="slate_tiles"))
    share = (np.abs(plain - two).mean(2) > 25).mean()
    assert 0.02 < share < 0.35


def test_metering_brings_a_dark_scene_to_the_middle():
    dark, metered = draw(Shot(dim=0.7)), draw(Shot(dim=0.7, metered=1.0))
    assert dark.mean() + 30 < metered.mean() < 160


def test_uneven_light_and_a_steep_curve_spread_the_tones():
    assert draw(Shot(uneven=1.2)).std() > 1.1 * draw(Shot()).std()
    assert draw(Shot(curve=1.0)).std() > 1.1 * draw(Shot()).std()


def test_measures_see_what_they_are_named_for():
    grey = Image.new("RGB", (300, 400), (128, 128, 128))
    black = Image.new("RGB", (300, 400), (10, 10, 10))
    red_rim = Image.new("RGB", (300, 400), (180, 20, 30))
    red_rim.paste((200, 200, 200), (60, 80, 240, 320))
    blurred = noise(1).filter(ImageFilter.GaussianBlur(3))
    of = {
        name: measure_photo(image)
        for name, image in {
            "grey": grey, "black": black, "red": red_rim, "noise": noise(1), "blurred": blurred,
        }.items()
    }  # fmt: skip
    assert of["black"]["brightness"] < of["grey"]["brightness"]
    assert of["grey"]["contrast"] < of["red"]["contrast"]
    assert of["red"]["ground chroma"] > 0.1 > of["grey"]["ground chroma"]
    assert of["blurred"]["sharpness"] < of["noise"]["sharpness"]
    assert of["noise"]["clutter"] > 4 > of["grey"]["clutter"]
    assert of["noise"]["detail"] > 0.5 > of["grey"]["detail"]
    assert of["red"]["separation"] > 0.2 > of["grey"]["separation"]


def test_the_distance_of_samples_is_in_deviations_of_the_first():
    values = np.random.default_rng(1).normal(0, 2, 500)
    assert distance(values, values) == 0
    assert distance(values, values + 4) == pytest.approx(4 / values.std())


def test_the_command_prints_a_line_a_measure(tmp_path):
    for number in range(6):
        path = tmp_path / "train" / "shirt" / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        noise(number, 60).save(path)
    out = StringIO()
    call_command(Command(stdout=out), photos=tmp_path, count=2)
    lines = out.getvalue().splitlines()[1:]
    assert [line[:16].strip() for line in lines] == list(MEASURES)
    assert all(len(line[16:].split()) == 9 for line in lines)


def test_the_command_wants_photos(tmp_path):
    with pytest.raises(CommandError, match="No photos"):
        call_command(Command(stdout=StringIO()), photos=tmp_path)
