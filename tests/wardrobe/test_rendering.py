"""Photos that the project draws: one seed, one picture, and boxes that are true."""

from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image

from lab.commands.render_demo_photos import Command
from lab.synthetic import FabricColour, GarmentSpec, RenderedPhoto, render_photo
from lab.synthetic.cuts import CUTS
from lab.synthetic.demo import DemoPhoto, read_demo
from lab.synthetic.grounds import GROUNDS
from lab.synthetic.patterns import PAINTERS
from lab.synthetic.photos import corners_of
from wardrobe.vocabulary import read_terms

DEMO: Path = settings.BASE_DIR / "fixtures" / "demo"
SMALL = (150, 200)
RUST = FabricColour("rust", "#c0451c")
BLUE = FabricColour("blue", "#2040c0")


def garment(type: str, colour: FabricColour = RUST, **details: str) -> GarmentSpec:
    return GarmentSpec(type=type, colours=(colour,), **details)


def pixels(spec: GarmentSpec | list[GarmentSpec], *, seed: int = 5, background: str = "concrete"):
    return np.asarray(render_photo(spec, seed=seed, background=background, size=SMALL).image, float)


def crop(picture, box):
    width, height = SMALL
    x, y, w, h = box
    rows = slice(int(y * height), int((y + h) * height) + 1)
    return picture[rows, int(x * width) : int((x + w) * width) + 1]


def test_one_seed_gives_one_picture():
    assert np.array_equal(pixels(garment("shirt")), pixels(garment("shirt")))


def test_another_seed_gives_another_picture():
    difference = pixels(garment("shirt"), seed=1) - pixels(garment("shirt"), seed=2)
    assert np.abs(difference).mean() > 3


@cache
def rust_on_concrete(type: str, seed: int) -> RenderedPhoto:
    """Trims are rust too, so that every part of the garment differs from the ground."""
    spec = garment(type, trim=RUST.hex)
    return render_photo(spec, seed=seed, background="concrete", size=SMALL)


@pytest.mark.parametrize("type", CUTS)
def test_the_box_is_as_large_as_the_garment(type):
    photo = rust_on_concrete(type, 3)
    picture = np.asarray(photo.image, float)
    left, top, right, bottom = Image.fromarray(picture[..., 0] - picture[..., 2] > 40).getbbox()
    x, y, w, h = photo.truth.garments[0].box
    seen = (left / 150, top / 200, right / 150, bottom / 200)
    assert seen == pytest.approx((x, y, x + w, y + h), abs=0.06)


@pytest.mark.parametrize("type", CUTS)
def test_a_garment_stays_in_the_frame(type):
    x, y, w, h = rust_on_concrete(type, 3).truth.garments[0].box
    assert 0 < x < x + w < 1
    assert 0 < y < y + h < 1


@pytest.mark.parametrize("type", CUTS)
def test_seeds_cut_garments_of_different_proportions(type):
    shapes = []
    for seed in range(8):
        low, high = corners_of(CUTS[type].parts(garment(type), np.random.default_rng(seed)))
        shapes.append((high[0] - low[0]) / (high[1] - low[1]))
    assert len({round(shape, 3) for shape in shapes}) >= 6
    assert max(shapes) > 1.04 * min(shapes)


def test_every_cut_lies_in_the_slot_of_its_type():
    terms = read_terms(settings.BASE_DIR / "fixtures" / "vocabulary")
    slots = {term.value: term.slot for term in terms if term.kind == "type"}
    assert {type: cut.slot for type, cut in CUTS.items()} == {type: slots[type] for type in CUTS}


@pytest.mark.parametrize("background", GROUNDS)
def test_a_garment_differs_from_every_ground(background):
    photo = render_photo(garment("t-shirt"), seed=2, background=background, size=SMALL)
    picture = np.asarray(photo.image, float)
    middle, corner = picture[90:110, 65:85], picture[:15, :15]
    assert np.linalg.norm(middle.mean((0, 1)) - corner.mean((0, 1))) > 40


def test_several_garments_have_their_own_places_and_colours():
    photo = render_photo(
        [garment("beanie"), garment("scarf", BLUE)], seed=4, background="linen", size=SMALL
    )
    beanie, scarf = photo.truth.garments
    picture = np.asarray(photo.image, float)
    red, blue = (np.median(crop(picture, g.box), (0, 1)) for g in (beanie, scarf))
    assert (beanie.slot, scarf.slot) == ("hat", "accessory")
    assert beanie.box[0] + beanie.box[2] < scarf.box[0]
    assert red[0] > red[2] + 40
    assert blue[2] > blue[0] + 40


@pytest.mark.parametrize("pattern", [*PAINTERS, "graphic"])
def test_a_pattern_shows(pattern):
    inks = (
        FabricColour("white", "#f0f0f0"),
        FabricColour("navy", "#101a40"),
        FabricColour("red", "#b02020"),
    )
    spec = GarmentSpec(type="t-shirt", colours=inks, pattern=pattern)
    plain = GarmentSpec(type="t-shirt", colours=inks)
    spread, calm = (np.asarray(pixels(s)[60:140, 50:100]).std() for s in (spec, plain))
    assert spread > 1.5 * calm


def test_an_unknown_type_or_ground_is_refused():
    with pytest.raises(KeyError, match="toga"):
        render_photo(garment("toga"), seed=1, background="oak", size=SMALL)
    with pytest.raises(KeyError, match="lava"):
        render_photo(garment("shirt"), seed=1, background="lava", size=SMALL)


def test_the_command_draws_the_same_photos_again(tmp_path):
    rows = (DEMO / "wardrobe.toml").read_text().split("[[photos]]")
    wardrobe = tmp_path / "wardrobe.toml"
    wardrobe.write_text("[[photos]]".join([*rows[:3], rows[-1]]))

    def draw(folder: str) -> dict[str, bytes]:
        out = tmp_path / folder
        command = Command(stdout=StringIO())
        call_command(command, wardrobe=wardrobe, out=out, size=[60, 80])
        return {file.name: file.read_bytes() for file in out.iterdir()}

    assert len(draw("once")) == 3
    assert draw("once") == draw("twice")


DRAWN = [*read_demo(DEMO / "wardrobe.toml"), *read_demo(DEMO / "housemate.toml")]


@pytest.mark.parametrize("photo", DRAWN, ids=lambda photo: photo.file)
def test_the_demo_photo_is_light_and_its_boxes_are_true(photo: DemoPhoto):
    path = DEMO / "photos" / photo.file
    garments = photo.render((225, 300)).truth.garments
    for garment, box in zip(garments, photo.boxes, strict=True):
        assert garment.box == pytest.approx(box, abs=0.015)
    assert path.stat().st_size <= 120_000
    with Image.open(path) as picture:
        assert picture.size == (900, 1200)
