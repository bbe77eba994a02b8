"""The first day of somebody who photographs five pieces: from signing up to a finished answer."""

from pathlib import Path

from playwright.sync_api import Page, expect

FOLDER = Path(__file__).parents[2] / "fixtures" / "demo" / "photos"
PHOTOS = ("white-shirt", "dark-jeans", "white-sneakers", "grey-sweater", "camel-coat")


def dress_by_photos(page: Page, *, email: str) -> None:
    page.goto("/sign-up/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill("seven linen shirts")
    page.get_by_role("button", name="Create my wardrobe").click()
    page.get_by_role("link", name="Photograph some clothes").click()
    page.wait_for_url("**/photos/add/")  # Loaded: nobody chooses files before scripts run.
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
