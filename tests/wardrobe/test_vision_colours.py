import numpy as np
import pytest

from tests.wardrobe.terms import read_terms
from wardrobe.vision.colours import MULTICOLOR, MeasuredColour, load_model, measure_colours
from wardrobe.vision.heads import Calibration, Leaning
from wardrobe.vision.oklab import to_lightness_chroma_hue, to_oklab

PAPER = np.full((400, 3), 235, dtype=np.uint8)


def measure(*cloths: tuple[tuple[int, int, int], int]) -> list[MeasuredColour]:
    """Of pixels of each colour, so many, on paper."""
    pixels = [np.full((count, 3), colour, dtype=np.uint8) for colour, count in cloths]
    return measure_colours(np.concatenate(pixels), PAPER).colours


def name_of(red: int, green: int, blue: int) -> str:
    return measure(((red, green, blue), 500))[0].name


@pytest.mark.parametrize(
    ("hex_code", "name"),
    [
        ("161616", "black"),
        ("8b8d91", "grey"),
        ("fafafa", "white"),
        ("d8c5a3", "beige"),
        ("6b4630", "brown"),
        ("1f2a44", "navy"),
        ("2f66c4", "blue"),
        ("a5c8e8", "light_blue"),
        ("1b7a78", "teal"),
        ("2f8a4a", "green"),
        ("6b6b35", "olive"),
        ("f2d13a", "yellow"),
        ("ea7a24", "orange"),
        ("c8232c", "red"),
        ("eea6bd", "pink"),
        ("6a3a94", "purple"),
    ],
)
def test_colours_of_the_vocabulary_bear_their_names(hex_code: str, name: str) -> None:
    assert name_of(*bytes.fromhex(hex_code)) == name


def test_every_colour_has_a_name_of_the_vocabulary() -> None:
    known = {term["value"] for term in read_terms("colours")}
    assert {*load_model().names, MULTICOLOR} <= known


def test_white_is_light_without_chroma() -> None:
    lightness, chroma, _ = to_lightness_chroma_hue(to_oklab(np.uint8([255, 255, 255])))
    assert lightness == pytest.approx(1, abs=1e-3)
    assert chroma == pytest.approx(0, abs=1e-3)


def test_shares_and_hex_are_measured() -> None:
    red, navy = measure(((200, 30, 40), 750), ((30, 40, 90), 250))
    assert red == ("red", "#c81e28", 0.75)
    assert navy == ("navy", "#1e285a", 0.25)


def test_the_same_pixels_get_the_same_names() -> None:
    pixels = np.random.default_rng(3).integers(0, 255, (900, 3), dtype=np.uint8)
    assert measure_colours(pixels, PAPER) == measure_colours(pixels, PAPER)


def test_white_in_shade_is_not_grey() -> None:
    ramp = np.linspace(175, 250, 1000).astype(np.uint8)
    found = measure_colours(np.stack([ramp] * 3, axis=1), PAPER).colours
    assert found[0].name == "white"


def test_specks_are_left_out() -> None:
    assert [c.name for c in measure(((200, 30, 40), 990), ((30, 160, 60), 10))] == ["red"]


def test_no_pixels_still_have_a_colour_that_nobody_is_sure_of() -> None:
    none = measure_colours(np.empty((0, 3), dtype=np.uint8))
    assert (none.colours[0].name, none.confidence) == ("grey", 0.0)


def test_many_comparable_colours_are_multicolor_first() -> None:
    dyes = ((200, 30, 40), (40, 150, 60), (240, 210, 50), (40, 80, 200), (150, 60, 160))
    found = measure(*((dye, 200) for dye in dyes))
    assert found[0].name == "multicolor"
    assert {"red", "green", "yellow", "blue"} <= {colour.name for colour in found}


def test_washed_denim_is_many_shades_of_one_colour() -> None:
    shades = ((30, 40, 80), (60, 100, 190), (170, 200, 240), (235, 235, 235))
    assert measure(*((shade, 200) for shade in shades))[0].name != "multicolor"


def test_a_plain_colour_is_surer_than_one_between_two_names() -> None:
    plain, between = (
        measure_colours(np.full((500, 3), colour, dtype=np.uint8), PAPER).confidence
        for colour in ((200, 30, 40), (60, 60, 45))
    )
    assert plain > between


def test_what_such_garments_mostly_are_decides_between_near_names() -> None:
    words = (*load_model().names, MULTICOLOR)
    pixels = np.full((500, 3), (33, 34, 42), dtype=np.uint8)
    for name in ("navy", "black"):
        logits = np.array([6.0 * (word == name) for word in words], dtype=np.float32)
        leaning = Leaning(words, logits, Calibration(1.0, 0.0))
        assert measure_colours(pixels, PAPER, leaning).colours[0].name == name
