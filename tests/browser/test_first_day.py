"""From sign-up to a first outfit: by five photos, counted in seconds; without a photo at hand, counted in steps."""

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE
from tests.browser.test_accessibility import faults, overflows

MOST_TAPS = 6
MOST_SECONDS = 90
FOLDER = Path(__file__).parents[2] / "fixtures" / "demo" / "photos"
PHOTOS = ("white-shirt", "dark-jeans", "white-sneakers", "grey-sweater", "camel-coat")


class Taps:
    """Taps of a wearer, each after what it leads to can be seen."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.count += 1


def test_a_first_outfit_is_a_few_taps_from_sign_up(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(**PHONE).new_page()
    taps = Taps(page)
    page.goto("/sign-up/")
    page.get_by_label("Email").fill("first-day@example.org")
    page.get_by_label("Password", exact=True).fill("seven linen shirts")
    taps.tap("button", "Create my wardrobe")
    expect(page.get_by_role("heading", name="One hanger, ready.")).to_be_visible()
    taps.tap("link", "Begin with basics")
    expect(page.locator(".hang__tick:checked")).to_have_count(5)
    assert faults(page) == [] and overflows(page) == []
    taps.tap("button", "Hang them up")
    expect(page.get_by_text("5 pieces: basics hung up.")).to_be_visible()
    assert faults(page) == [] and overflows(page) == []
    taps.tap("link", "Enough for a first outfit. Dress me.")
    page.wait_for_url("**/today/")
    page.locator(
        "main form[method=post] button[type=submit], main form[method=post] button:not([type])"
    ).last.wait_for()
    taps.tap("button", "Ask the stylist")
    page.wait_for_url("**/outfits/*/")
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    expect(page.locator("[data-prose] p").first).to_be_visible()
    assert taps.count <= MOST_TAPS

    page.goto("/wardrobe/basics/")
    page.get_by_role("button", name="Take the 5 basics down").click()
    expect(page.get_by_text("5 basics taken down.")).to_be_visible()
    expect(page.get_by_role("heading", name="One hanger, ready.")).to_be_visible()


def test_five_photos_are_a_first_outfit_in_a_minute_and_a_half(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(**PHONE).new_page()
    begun = time.monotonic()
    page.goto("/sign-up/")
    page.get_by_label("Email").fill("five-photos@example.org")
    page.get_by_label("Password", exact=True).fill("seven linen shirts")
    page.get_by_role("button", name="Create my wardrobe").click()
    page.get_by_role("link", name="Photograph some clothes").click()
    page.locator("#photos").set_input_files([FOLDER / f"{name}.jpg" for name in PHOTOS])
    page.get_by_role("heading", name="pieces, home.").wait_for()
    page.goto("/wardrobe/")
    for _ in PHOTOS:  # What the built-in eyes doubt is offered once its wearer has looked at it.
        doubted = page.locator("li.garment[id^=look-] .garment__name a")
        if not doubted.count():
            break
        doubted.first.click()
        with page.expect_navigation():
            page.get_by_role("button", name="All correct").click()
        page.goto("/wardrobe/")
    page.goto("/today/")
    page.get_by_role("button", name="Just dress me").click()
    page.wait_for_url("**/outfits/*/")
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    assert page.locator(".flatlay [data-piece]").count() >= 3
    assert time.monotonic() - begun < MOST_SECONDS
