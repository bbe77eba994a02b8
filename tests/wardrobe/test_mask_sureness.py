"""A mask says how far it is to be trusted, so that a poor one is not used."""

import numpy as np
import pytest

from lab.synthetic.snapshots import draw_snapshot
from wardrobe.vision import sureness
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.sureness import SURE_MASK, find_garment_mask, mask_sureness

PARAMETERS = VisionParameters()


@pytest.fixture(scope="module")
def photo():
    return draw_snapshot("dress", 60_000, size=(150, 200))


def test_a_mask_along_the_garment_is_surer_than_one_beside_it(photo):
    mask = np.logical_or.reduce(photo.masks)
    beside = np.roll(mask, mask.shape[1] // 4, axis=1)
    sure = mask_sureness(photo.image, mask, parameters=PARAMETERS)
    assert sure >= SURE_MASK > mask_sureness(photo.image, beside, parameters=PARAMETERS)
    assert 0 <= sure <= 1


def test_a_mask_is_found_by_the_box_of_its_garment(photo):
    found = find_garment_mask(photo.image, photo.truth.garments[0].box, parameters=PARAMETERS)
    assert found is not None
    mask, sure = found
    assert mask.ndim == 2 and mask.any()
    assert sure == mask_sureness(photo.image, mask, parameters=PARAMETERS)


def test_no_mask_is_found_where_no_garment_is(photo):
    corner = (0.0, 0.0, 0.05, 0.05)
    assert find_garment_mask(photo.image, corner, parameters=PARAMETERS) is None


def test_no_mask_is_sure_without_the_trunk(photo, monkeypatch):
    monkeypatch.setattr(sureness, "expect_garments", lambda image: None)
    mask = np.logical_or.reduce(photo.masks)
    assert mask_sureness(photo.image, mask, parameters=PARAMETERS) == 0
