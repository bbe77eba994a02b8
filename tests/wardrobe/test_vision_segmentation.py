import numpy as np
from PIL import Image

from tests.wardrobe.drawings import draw_floor, draw_shirt, draw_two_shirts
from wardrobe.vision.garments import shrink_image
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.pieces import fill_holes, label_pieces
from wardrobe.vision.segmentation import Region, clear_rim, find_regions

PARAMETERS = VisionParameters()
RED, NAVY = (190, 30, 40), (25, 35, 80)


def regions_of(image: Image.Image) -> list[Region]:
    return find_regions(to_oklab(shrink_image(image, PARAMETERS)), parameters=PARAMETERS)


def test_one_garment_is_boxed_tightly() -> None:
    (region,) = regions_of(draw_shirt(RED))
    assert np.allclose(region.box, (134 / 768, 200 / 1024, 500 / 768, 650 / 1024), atol=0.03)


def test_two_garments_laid_apart_are_two_regions() -> None:
    left, right = sorted(regions_of(draw_two_shirts(RED, NAVY)), key=lambda found: found.box[0])
    assert left.box[0] + left.box[2] < right.box[0]


def test_a_quiet_garment_is_found_beside_a_striking_one() -> None:
    assert len(regions_of(draw_two_shirts((220, 20, 20), (150, 140, 125)))) == 2


def test_background_is_no_part_of_a_garment() -> None:
    (region,) = regions_of(draw_shirt(NAVY))
    colours = shrink_image(draw_shirt(NAVY), PARAMETERS)[region.mask]
    assert (colours[:, 0] > 150).mean() < 0.03


def test_an_empty_floor_gives_the_middle_with_little_certainty() -> None:
    (region,) = regions_of(draw_floor())
    assert region.certainty <= 0.1
    assert 0.2 < region.area < 0.8


def test_noise_all_over_still_gives_a_region() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    assert regions_of(Image.fromarray(pixels))


def test_tiny_and_narrow_pictures_are_survived() -> None:
    for size in ((1, 1), (2000, 3), (3, 2000)):
        assert regions_of(Image.new("RGB", size, RED))


def test_at_most_the_allowed_number_of_garments() -> None:
    few = VisionParameters(maximum_garments=1)
    lab = to_oklab(shrink_image(draw_two_shirts(RED, NAVY), few))
    assert len(find_regions(lab, parameters=few)) == 1


def test_pieces_meet_across_a_bend() -> None:
    horseshoe = np.array([[1, 0, 1], [1, 0, 1], [1, 1, 1]], dtype=bool)
    assert len(label_pieces(horseshoe)) == 1


def test_diagonal_neighbours_are_two_pieces() -> None:
    assert len(label_pieces(np.eye(2, dtype=bool))) == 2


def test_holes_are_filled_and_bays_are_not() -> None:
    ring = np.ones((9, 9), dtype=bool)
    ring[4, 4] = False
    ring[0, 4] = False
    filled = fill_holes(ring)
    assert filled[4, 4]
    assert not filled[0, 4]


def test_a_garment_that_reaches_out_of_the_picture_is_no_background() -> None:
    """A white floor all around, and a red hem that leaves at the bottom."""
    picture = np.asarray(draw_floor((200, 200), (240, 240, 240))).copy()
    picture[100:, 90:105] = (200, 20, 30)
    rim = clear_rim(to_oklab(picture))
    assert rim[-1, 10] and rim[0, 95]
    assert not rim[-1, 97]


def test_a_floor_of_two_halves_is_background_in_both() -> None:
    picture = np.asarray(draw_floor((200, 200), (240, 240, 240))).copy()
    picture[100:] = (60, 90, 60)
    rim = clear_rim(to_oklab(picture))
    assert rim[0, 100] and rim[-1, 100]


def test_a_dark_thing_is_found_on_a_softly_shaded_sheet() -> None:
    y, x = np.mgrid[-1:1:192j, -1:1:256j].astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 0.004, (192, 256, 3)).astype(np.float32)
    sheet = noise * np.array([1, 0.3, 0.3], dtype=np.float32)
    sheet[..., 0] += 0.93 - 0.03 * np.exp(-(x**2 + y**2) / 0.5)
    thing = (1.3 * x) ** 2 + y**2 < 0.09
    sheet[thing] = [0.2, 0, 0]
    region = find_regions(sheet, parameters=PARAMETERS)[0]
    assert (region.mask & thing).sum() > 0.9 * (region.mask | thing).sum()
