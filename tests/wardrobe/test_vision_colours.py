import numpy as np
import pytest

from tests.wardrobe.terms import read_terms
from wardrobe.vision.colours import measure_colours, name_colour
from wardrobe.vision.oklab import to_lightness_chroma_hue, to_oklab


def name_of(red: int, green: int, blue: int) -> str:
    return name_colour(to_oklab(np.array([red, green, blue], dtype=np.uint8)))


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
    steps = range(0, 256, 17)
    assert {name_of(r, g, b) for r in steps for g in steps for b in steps} <= known


def test_white_is_light_without_chroma() -> None:
    lightness, chroma, _ = to_lightness_chroma_hue(to_oklab(np.uint8([255, 255, 255])))
    assert lightness == pytest.approx(1, abs=1e-3)
    assert chroma == pytest.approx(0, abs=1e-3)


def test_shares_and_hex_are_measured() -> None:
    pixels = np.array([[200, 30, 40]] * 750 + [[30, 40, 90]] * 250, dtype=np.uint8)
    red, navy = measure_colours(pixels)
    assert red == ("red", "#c81e28", 0.75)
    assert navy == ("navy", "#1e285a", 0.25)


def test_white_in_shade_is_not_grey() -> None:
    ramp = np.linspace(175, 250, 1000).astype(np.uint8)
    assert [colour.name for colour in measure_colours(np.stack([ramp] * 3, axis=1))] == ["white"]


def test_specks_are_left_out() -> None:
    pixels = np.array([[200, 30, 40]] * 990 + [[30, 160, 60]] * 10, dtype=np.uint8)
    assert [colour.name for colour in measure_colours(pixels)] == ["red"]


def test_no_pixels_still_have_a_colour() -> None:
    assert measure_colours(np.empty((0, 3), dtype=np.uint8))[0].name == "grey"


def test_many_comparable_colours_are_multicolor_first() -> None:
    dyes = ((200, 30, 40), (40, 150, 60), (240, 210, 50), (40, 80, 200), (150, 60, 160))
    found = measure_colours(np.repeat(np.array(dyes, dtype=np.uint8), 200, axis=0))
    assert found[0].name == "multicolor"
    assert {"red", "green", "yellow", "blue"} <= {colour.name for colour in found}


def test_washed_denim_is_many_shades_of_one_colour() -> None:
    shades = ((30, 40, 80), (60, 100, 190), (170, 200, 240), (235, 235, 235))
    found = measure_colours(np.repeat(np.array(shades, dtype=np.uint8), 200, axis=0))
    assert found[0].name != "multicolor"


def test_a_little_white_does_not_whiten_grey_cloth() -> None:
    grey, white = np.full((900, 3), 170, np.uint8), np.full((100, 3), 245, np.uint8)
    assert measure_colours(np.concatenate([grey, white]))[0].name == "grey"
