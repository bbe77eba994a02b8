"""Colours that a file tells by other means than a profile. The wanted values are those that Chromium 156 shows;
`tests/browser/test_colours_as_shown.py` asks the Chromium of this machine."""

import numpy as np
import pytest
from PIL import Image

from tests.wardrobe.coloured import (
    FILES,
    animated_avif,
    avif_with,
    code_points,
    find_patches,
    gamma,
    png_with,
    primaries,
)
from tests.wardrobe.pictures import encode, png_chunk
from tests.wardrobe.test_renditions import colour_at, display_p3, is_near
from wardrobe.photos import colours
from wardrobe.photos.ingestion import read_picture

GREYS = slice(1, 7)
"""32, 64, 96, 128, 148, 160."""
AS_THEY_ARE = [32, 64, 96, 128, 148, 160]
SHOWN = {
    "gamma 1": [99, 137, 165, 188, 200, 208],
    "gamma 0.625": [53, 93, 126, 156, 173, 183],
    "gamma that says nothing": AS_THEY_ARE,
    "gamma beside sRGB": AS_THEY_ARE,
    "gamma and primaries": [26, 62, 96, 129, 149, 161],
    "primaries alone": AS_THEY_ARE,
    "sRGB by code points": AS_THEY_ARE,
    "BT.709 by code points": [20, 54, 87, 121, 142, 155],
    "linear by code points": [99, 137, 165, 188, 200, 208],
    "PQ": [5, 30, 70, 132, 187, 213],
    "PQ beside a gamma": [5, 30, 70, 132, 187, 213],
    "HLG": [14, 43, 71, 99, 120, 135],
    "AVIF of video": AS_THEY_ARE,
    "AVIF of nothing said": AS_THEY_ARE,
    "AVIF of PQ": [5, 30, 70, 132, 187, 213],
    "AVIF of HLG": [14, 43, 71, 99, 120, 135],
}


@pytest.mark.parametrize("name", SHOWN)
def test_greys_are_shown_as_a_browser_shows_them(name: str) -> None:
    format, data = FILES[name]
    greys = find_patches(read_picture(data, format=format))[GREYS]
    for grey, wanted in zip(greys, SHOWN[name], strict=True):
        assert is_near(grey, (wanted,) * 3, within=1)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("gamma and primaries", (231, 57, 57)),
        ("P3 by code points", (217, 42, 52)),
        ("PQ", (255, 0, 0)),
        ("HLG", (230, 0, 39)),
        ("AVIF of P3", (217, 42, 52)),
    ],
)
def test_a_red_is_shown_as_a_browser_shows_it(name: str, wanted: tuple[int, ...]) -> None:
    format, data = FILES[name]
    assert is_near(find_patches(read_picture(data, format=format))[-1], wanted, within=2)


def test_what_is_lighter_than_white_keeps_its_steps() -> None:
    """A highlight of 1,000 nits is white, and those below it are told apart."""
    greys = [
        patch[0] for patch in find_patches(read_picture(png_with(code_points(9, 16)), format="png"))
    ]
    reference, brighter, highlight = greys[5], greys[7], greys[8]
    assert reference < 200 < brighter < highlight == 255


def test_a_profile_goes_before_gamma_and_code_points_before_a_profile() -> None:
    picture = Image.new("RGB", (64, 64), (148, 148, 148))
    png = encode(picture, "png", icc_profile=display_p3())
    behind = 33
    with_gamma = png[:behind] + gamma(1.0) + png[behind:]
    assert colour_at(read_picture(with_gamma, format="png"), 0.5, 0.5) == colour_at(
        read_picture(png, format="png"), 0.5, 0.5
    )
    with_points = png[:behind] + code_points(9, 16) + png[behind:]
    assert is_near(
        colour_at(read_picture(with_points, format="png"), 0.5, 0.5), (187, 187, 187), within=1
    )


def test_of_an_animated_avif_the_first_frame_is_seen_on_white() -> None:
    read = read_picture(animated_avif(), format="avif")
    assert is_near(colour_at(read, 0.05, 0.05), (255, 255, 255), within=1)
    assert is_near(colour_at(read, 0.5, 0.5), (199, 32, 29), within=2)
    assert is_near(colour_at(read, 0.9, 0.9), (142, 142, 226), within=2)


@pytest.mark.parametrize(
    "chunk",
    [
        gamma(0.0),
        gamma(40_000.0),
        primaries((0.3127, 0.0, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)) + gamma(1.0),
        primaries((0.3, 0.3) * 4) + gamma(1.0),
        png_chunk(b"cICP", b"\x09"),
        code_points(255, 255),
        code_points(0, 0),
    ],
)
def test_nonsense_about_colours_ends_in_a_picture(chunk: bytes) -> None:
    assert read_picture(png_with(chunk), format="png").mode == "RGB"


def test_unknown_code_points_count_as_srgb() -> None:
    assert colours.explain_code_points(255, 255) is colours.explain_code_points(2, 2) is None
    shown = find_patches(read_picture(avif_with(77, 99), format="avif"))
    assert [grey[0] for grey in shown[GREYS]] == AS_THEY_ARE


@pytest.mark.parametrize("curve", [colours.pq_to_light, colours.hlg_to_light])
def test_white_of_both_curves_is_that_of_the_report(curve: object) -> None:
    """BT.2408: reference white, 203 nits, is 58 % of PQ and 75 % of HLG."""
    level = 0.5807 if curve is colours.pq_to_light else 0.75
    assert curve(np.full((1, 1, 3), level)) == pytest.approx(1.0, rel=0.01)  # type: ignore[operator]
