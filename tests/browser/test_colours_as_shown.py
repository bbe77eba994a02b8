"""What we keep of a photo has the colours that this machine's Chromium shows of it, its own colours being sRGB."""

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import CHROMIUM, FLAGS
from tests.wardrobe.coloured import FILES, animated_avif, find_patches
from wardrobe.photos.ingestion import read_picture

TOLERANCE = 2
"""Of 255: what a decoder rounds."""


@pytest.fixture(scope="module")
def shown() -> dict[str, Image.Image]:
    """A screenshot of each file."""
    pictures = {}
    with sync_playwright() as playwright:
        flags = [*FLAGS, "--force-color-profile=srgb"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page()
        for name, (format, data) in {**FILES, "animated": ("avif", animated_avif())}.items():
            source = f"data:image/{format};base64,{base64.b64encode(data).decode()}"
            page.set_content(f"<body style='margin:0'><img src='{source}'>")
            page.wait_for_function("document.images[0].complete")
            pictures[name] = Image.open(io.BytesIO(page.locator("img").screenshot())).convert("RGB")
        browser.close()
    return pictures


@pytest.mark.parametrize("name", FILES)
def test_colours_are_those_that_chromium_shows(shown: dict[str, Image.Image], name: str) -> None:
    format, data = FILES[name]
    kept = find_patches(read_picture(data, format=format))
    pairs = zip(kept, find_patches(shown[name]), strict=True)
    assert (
        max(abs(a - b) for mine, its in pairs for a, b in zip(mine, its, strict=True)) <= TOLERANCE
    )


def test_an_animated_avif_is_what_chromium_shows_first(shown: dict[str, Image.Image]) -> None:
    kept = read_picture(animated_avif(), format="avif")
    for place in ((4, 4), (32, 32), (56, 56)):
        pairs = zip(kept.getpixel(place), shown["animated"].getpixel(place), strict=True)  # type: ignore[arg-type]
        assert all(abs(a - b) <= TOLERANCE for a, b in pairs)
