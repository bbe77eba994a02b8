"""An outfit built around a piece becomes a picture, is seen by a stranger, and is taken back."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, Complaints, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults, overflows

PIECE = "Camel wool coat"


def test_an_outfit_around_a_piece_is_shared_and_taken_back(
    open_context: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    build_around(page, PIECE)

    page.get_by_role("link", name="As a picture").click()
    picture = page.locator("[data-picture]")
    expect(picture).to_have_js_property("complete", True)
    assert faults(page) == [] and overflows(page) == []
    page.get_by_label("Name the pieces").focus()
    page.keyboard.press("Space")
    page.get_by_text("Square").click()
    expect(page.locator(".postcard--square")).to_be_visible()
    expect(page.get_by_label("Name the pieces")).to_be_checked()
    page.get_by_role("button", name="Link").click()
    link = page.get_by_role("region", name="Links to this outfit").get_by_role("link").first
    address = link.inner_text()

    stranger = open_context(**PHONE).new_page()
    stranger.goto(address)
    seen = stranger.get_by_role("main").get_by_role("img")
    expect(seen).to_have_js_property("complete", True)
    assert seen.evaluate("image => image.naturalWidth") > 300
    assert stranger.get_by_role("main").get_by_role("link").count() == 0
    assert faults(stranger) == [] and overflows(stranger) == []

    page.get_by_role("button", name="Take back").click()
    links = page.get_by_role("region", name="Links to this outfit")
    expect(links.get_by_text("That link shows nothing any more.")).to_be_visible()
    complaints.expected.append("404")
    assert (stranger.reload() or stranger).status == 404
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    assert stranger.reload().status == 200


def build_around(page: Page, name: str) -> None:
    page.goto(f"/wardrobe/?q={name}")
    page.locator("#rack .garment__name a").first.click()
    page.get_by_role("button", name="Dress me around this").click()
    page.wait_for_url("**/outfits/*/")
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("main").get_by_role("link", name=name).first).to_be_attached()
