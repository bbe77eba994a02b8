"""Draw the installed app's icons and screenshots: `python -m tests.browser.app_pictures` writes static/app.

Icons are drawn from static/favicon.svg; screenshots are taken of the demo wearer's pages.
"""

import io
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.chromium import PHONE, open_browser, sign_in
from tests.browser.sites import PASSWORD, WEARER, address, serve_site

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "static" / "app"
GROUND = "#1d1f6b"
ICONS = {"icon-192": (192, 1.0), "icon-512": (512, 1.0), "maskable-512": (512, 0.6)}
"""Side in pixels, and how much of it the mark takes: devices cut a maskable icon to a circle of 80 %."""
WIDE = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with open_browser() as browser:
        for name, (side, share) in ICONS.items():
            draw_icon(browser, name, side, share)
        with serve_site() as launcher:
            photograph(browser, address(launcher))


def draw_icon(browser: Browser, name: str, side: int, share: float) -> None:
    mark = (ROOT / "static" / "favicon.svg").read_text()
    ground = GROUND if share < 1 else "transparent"
    inset = (1 - share) / 2 * 100
    page = browser.new_page(viewport={"width": side, "height": side})
    page.set_content(
        f"<style>body {{ margin: 0; background: {ground}; }} svg {{ position: fixed; inset: {inset}%; "
        f"width: {share * 100}%; height: {share * 100}%; }}</style>{mark}"
    )
    keep(page.screenshot(omit_background=True), name)
    page.close()


def photograph(browser: Browser, site: str) -> None:
    phone = browser.new_context(base_url=site, **PHONE).new_page()
    sign_in(phone, email=WEARER, password=PASSWORD)
    phone.goto("/today/")
    phone.get_by_role("button", name="Ask the stylist").click()
    phone.wait_for_selector("[data-answer][aria-busy=false]")
    phone.wait_for_load_state("networkidle")
    keep(phone.screenshot(), "answer-narrow", colours=128)
    take_rack(phone, "wardrobe-narrow")
    desk = browser.new_context(base_url=site, storage_state=phone.context.storage_state(), **WIDE)
    take_rack(desk.new_page(), "wardrobe-wide")


def take_rack(page: Page, name: str) -> None:
    page.goto("/wardrobe/")
    page.locator(".rack, .wall").last.evaluate("rack => rack.scrollIntoView()")
    page.wait_for_load_state("networkidle")
    keep(page.screenshot(), name, colours=128)


def keep(data: bytes, name: str, colours: int = 0) -> None:
    """As PNG; with so many `colours` where it is a picture of photos, which would be large without."""
    picture = Image.open(io.BytesIO(data))
    if colours:
        picture = picture.convert("RGB").quantize(colours, dither=Image.Dither.FLOYDSTEINBERG)
    picture.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
