"""Somebody in a photo is seen, and skin is no part of a garment."""

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.synthetic import FabricColour, GarmentSpec, RenderedPhoto, Shot, render_photo
from lab.synthetic.people import SKINS
from tests.wardrobe.drawings import draw_shirt
from wardrobe.tasks import DigitizeContext, DigitizePhoto
from wardrobe.vision.garments import look_for_garments
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.segmentation import Region

REAL_PHOTOS = os.environ.get("DRESSCODE_REAL_PHOTOS", "")
PARAMETERS = VisionParameters()
POLO = GarmentSpec(type="polo", colours=(FabricColour("navy", "#203a70"),))


def draw(skin: str, background: str = "sage_wall") -> RenderedPhoto:
    shot = Shot(fill=0.55, worn=skin)
    return render_photo(POLO, seed=8, background=background, size=(225, 300), shot=shot)


def regions_of(image: Image.Image) -> list[Region]:
    return look_for_garments(image, parameters=PARAMETERS)


@pytest.mark.parametrize("skin", SKINS)
def test_whoever_wears_it_is_seen_and_left_out_of_the_garment(skin):
    photo = draw(skin)
    region = regions_of(photo.image)[0]
    assert region.person
    height, width = region.mask.shape
    worn = Image.fromarray(photo.masks[0]).resize((width, height))
    true = np.asarray(worn, dtype=bool)
    assert (region.mask & true).sum() / (region.mask | true).sum() > 0.7
    face = slice(0, int(np.flatnonzero(true.any(1))[0]) - 4)
    assert region.mask[face].mean() < 0.02


def test_nobody_is_seen_in_a_flat_lay_on_any_wall():
    for background in ("sage_wall", "oak", "sand_sheet"):
        assert not regions_of(draw("", background).image)[0].person


@pytest.mark.parametrize("dye", [(226, 190, 160), (160, 110, 75), (214, 150, 120)])
def test_a_garment_of_the_colour_of_skin_is_no_person(dye):
    assert not regions_of(draw_shirt(dye))[0].person


@pytest.mark.parametrize(("skin", "seen"), [(SKINS[0], True), ("", False)])
def test_the_built_in_answer_says_whether_somebody_is_in_the_photo(words, skin, seen):
    file = io.BytesIO()
    draw(skin).image.save(file, "WEBP", lossless=True)
    context = DigitizeContext.of(file.getvalue())
    answer = json.loads("".join(DigitizePhoto().offline(context, {})))
    assert answer["person"] is seen
    assert answer["garments"]


@pytest.mark.slow
@pytest.mark.skipif(not REAL_PHOTOS, reason="DRESSCODE_REAL_PHOTOS is not set")
def test_real_flat_lays_are_hardly_ever_taken_for_people():
    seen = []
    for path in sorted(Path(REAL_PHOTOS).glob("train/*/*.jpg"))[4::24]:
        with Image.open(path) as image:
            seen.append(regions_of(image.convert("RGB"))[0].person)
    assert len(seen) > 100
    assert np.mean(seen) <= 0.02
